"""What happens at the door: whose body is it, is it whole, who signed it, was it here; then its receipt.

Order as platforms have it: address, archive, business data, known sender, signature, content. The receipt
goes back in the same answer, with HTTP 200 also for a refusal; what the packet asks for is done afterwards.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from app.broadcast.wire.actions import taking
from app.broadcast.wire.actions.taking import Arrival
from app.broadcast.wire.manners import Manners, comes_from, manners_of
from app.broadcast.wire.store import wires
from app.broadcast.wire.store.wires import Known
from app.broadcast.wire.terms import WireTerms
from app.codecs.ebm.multipart import upload_of
from app.codecs.ebm.receive import Received, ResultCode, receive
from app.codecs.findings import Refused
from app.db import Database, Tx

PREFIX = "/EB"
MOST_BODY = 33 * 1024 * 1024
"""The largest archive and what a multipart has around it."""
_SOURCE = re.compile(rb"<SRC>.{0,200}?<EBRID>\s*([0-9]{1,40})\s*</EBRID>", re.DOTALL)
_EBD_ID = re.compile(rb"<EBDID>\s*([0-9]{1,60})\s*</EBDID>")
_PEEKED = 64 * 1024


@dataclass(frozen=True, slots=True)
class Knock:
    """A body that was posted: to which path below /EB, from which address."""

    door: str
    address: str
    body: bytes
    content_type: str


@dataclass(frozen=True, slots=True)
class Reply:
    """The receipt that goes back: a TAR and its name."""

    name: str
    data: bytes


async def who_may(tx: Tx, stream: str, door: str, address: str) -> list[Known]:
    """Return the platforms that may post to this path from this address: without one the body is not read."""
    return [one for one in await wires.at_door(tx, stream, door) if comes_from(address, one.wire.allowed)]


async def answer(
    database: Database, stream: str, terms: WireTerms, who: Sequence[Known], knock: Knock, now: datetime
) -> Reply:
    """Judge a body and return its receipt. `who` is what `who_may` returned, not empty. Raises Trouble."""
    known, manners, got, data = await asyncio.to_thread(_read, who, knock)
    arrival = Arrival(known, manners, got, data, knock.address, _related(got, data))
    async with database.transaction() as tx:
        parcel = await taking.take(tx, stream, terms, arrival, now)
    return Reply(parcel.name, parcel.data)


def _read(who: Sequence[Known], knock: Knock) -> tuple[Known, Manners, Received, bytes]:
    """Find the peer by what the packet says of its sender, and judge the packet as that peer's."""
    try:
        data = upload_of(knock.body, knock.content_type).content
    except Refused as refused:
        known = who[0]
        got = Received(ResultCode.UNREADABLE, findings=(refused.finding,))
        return known, manners_of(known.wire), got, knock.body
    known = _peer(who, data)
    manners = manners_of(known.wire)
    return known, manners, receive(data, manners.trust, manners.profile), data


def _peer(who: Sequence[Known], data: bytes) -> Known:
    """Return the peer that a packet names as its sender; `take` compares it again with what was read."""
    said = _SOURCE.search(data[: 10 * _PEEKED])
    code = said[1].decode("ascii") if said else ""
    return next((one for one in who if one.wire.code == code), who[0])


def _related(got: Received, data: bytes) -> str:
    """Return the EBDID a receipt names, also of a packet that cannot be read as a whole."""
    if got.packet is not None:
        return got.packet.ebd_id
    said = _EBD_ID.search(data[: 10 * _PEEKED])
    return said[1].decode("ascii") if said else ""
