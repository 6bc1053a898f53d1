"""What leaves: a message of the outbox or a packet that is owed is packed, and what came of it is noted."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import datetime

from app.broadcast import ports
from app.broadcast.wire.manners import Manners, manners_of
from app.broadcast.wire.message import message_said
from app.broadcast.wire.parcel import Parcel, Said, parcel
from app.broadcast.wire.post import Receipt
from app.broadcast.wire.rules.guard import NotSent
from app.broadcast.wire.rules.identity import digest, fields
from app.broadcast.wire.rules.retry import LEASE, next_try, packs_anew
from app.broadcast.wire.rules.trouble import Trouble, trouble_words
from app.broadcast.wire.store import errands, packets, wires
from app.broadcast.wire.store.wires import Known
from app.broadcast.wire.tables import BroadcastErrand, BroadcastPacket
from app.broadcast.wire.terms import WireTerms
from app.codecs.ebm.fields import text
from app.codecs.ebm.receive import ResultCode
from app.db import Tx

_MAYBE_THERE = frozenset({"silent", "hung_up", "broken_answer", "unsigned_receipt", "wrong_receipt", "http"})
"""After these the peer may have the packet: what it says of the next try is no proof that it has not."""


@dataclass(frozen=True, slots=True)
class Ready:
    """A packet to be posted now, and the row that it is of."""

    errand_id: int
    handover_id: int | None
    manners: Manners
    parcel: Parcel
    ebm_id: str
    maybe_there: bool


async def pack_handover(
    tx: Tx, stream: str, terms: WireTerms, handover_id: int, peer_id: int, told: ports.Payload, now: datetime
) -> Ready:
    """Pack a message of the outbox for its peer. Raises Trouble, also for what may not be sent."""
    known = await _reachable(tx, stream, peer_id)
    manners = manners_of(known.wire)
    row = await errands.of_handover(tx, stream, peer_id, handover_id, now)
    row.attempts, row.tried_at = row.attempts + 1, now
    voice = await ports.voice(tx, told.voice.file_id) if told.voice is not None else None
    try:
        said = message_said(manners, told, for_drills=known.peer.drills, voice=voice)
    except NotSent as refused:
        raise Trouble("not_sent", str(refused)) from refused
    return await _packed(tx, terms, manners, row, said, now)


async def pack_errand(tx: Tx, stream: str, terms: WireTerms, errand_id: int, now: datetime) -> Ready | None:
    """Pack a packet that is owed; None when another node has it. Raises Trouble."""
    row = await errands.claim(tx, errand_id, now, LEASE)
    if row is None:
        return None
    known = await _reachable(tx, stream, row.peer_id)
    said = Said(row.kind, fields(row.payload), row.related)
    return await _packed(tx, terms, manners_of(known.wire), row, said, now)


async def note_handover(
    tx: Tx, stream: str, ready: Ready, came: Receipt | Trouble, now: datetime
) -> ports.Outcome:
    """Note what came of a message: on the link, in the packets, in the outbox of broadcasts."""
    assert ready.handover_id is not None
    row = await errands.locked(tx, ready.errand_id)
    outcome, words = _outcome(ready, came)
    if row is not None:
        _tell(row, came)
        row.state = outcome if outcome in ("receipted", "refused") else "waiting"
    await _note(tx, stream, ready, came, now)
    await ports.note_handover(tx, ready.handover_id, outcome, words, now)
    return outcome


async def note_errand(tx: Tx, stream: str, ready: Ready, came: Receipt | Trouble, now: datetime) -> None:
    """Note what came of a packet that was owed; what found no receipt is tried again while it is of use."""
    row = await errands.locked(tx, ready.errand_id)
    if row is None or row.state != "waiting":
        return
    _tell(row, came)
    if isinstance(came, Receipt):
        row.state, row.next_at = "receipted" if came.taken else "refused", None
    else:
        settle(row, came, now)
    await _note(tx, stream, ready, came, now)


async def note_unpacked(tx: Tx, errand_id: int, why: Trouble, now: datetime) -> None:
    """Note that a packet that is owed could not even be packed."""
    row = await errands.locked(tx, errand_id)
    if row is not None and row.state == "waiting":
        _tell(row, why)
        settle(row, why, now)


def settle(row: BroadcastErrand, why: Trouble, now: datetime) -> None:
    """Put the next try of a packet that found no receipt, or end it."""
    row.next_at = None if why.final else next_try(row.queued_at, row.useful_until, row.attempts, now)
    if row.next_at is None:
        row.state = "failed"


async def _reachable(tx: Tx, stream: str, peer_id: int) -> Known:
    known = await wires.one(tx, stream, peer_id)
    if known is None or not known.wire.url:
        raise Trouble("unreachable", "该平台没有登记接口地址 / no address is registered for it")
    if not known.peer.active:
        raise Trouble("peer_retired")
    return known


async def _packed(
    tx: Tx, terms: WireTerms, manners: Manners, row: BroadcastErrand, said: Said, now: datetime
) -> Ready:
    """Take the bytes of the last try while they are of now, else write and sign anew."""
    assert row.id is not None
    maybe_there = row.attempts > 1 and row.trouble in _MAYBE_THERE
    if packs_anew(row.packed_at, now) or row.packed is None:
        sequence = await packets.next_sequence(tx, now)
        made = await asyncio.to_thread(parcel, manners, terms.keys, said, sequence, now, terms.our_url)
        row.packed, row.packed_at, row.ebd_id = made.data, now, made.ebd_id
        await tx.flush()
    one = Parcel(row.ebd_id, row.kind, row.packed)
    return Ready(row.id, row.handover_id, manners, one, text(said.payload, "EBMID"), maybe_there)


def _outcome(ready: Ready, came: Receipt | Trouble) -> tuple[ports.Outcome, str]:
    if isinstance(came, Trouble):
        zh, en = trouble_words(came.code, came.detail)
        if came.final:
            return "refused", f"{zh} / {en}"
        return "sent" if came.code in _MAYBE_THERE else "failed", f"{zh} / {en}"
    if came.taken:
        return "receipted", came.words
    words = f"ResultCode {came.result}: {came.words}"
    if ready.maybe_there and came.result == ResultCode.OTHER:
        # An earlier try may have arrived: some platforms refuse a number they know instead of repeating.
        return "sent", f"{words}(此前一次可能已送达 / an earlier try may have arrived)"
    return "refused", words


def _tell(row: BroadcastErrand, came: Receipt | Trouble) -> None:
    if isinstance(came, Receipt):
        row.result, row.trouble, row.trouble_detail = came.result, "", came.words[:300]
    else:
        row.result, row.trouble, row.trouble_detail = None, came.code, came.detail


async def _note(tx: Tx, stream: str, ready: Ready, came: Receipt | Trouble, now: datetime) -> None:
    peer_id = ready.manners.peer_id
    if isinstance(came, Trouble):
        await wires.failed(tx, peer_id, came.code, came.detail, now)
        return
    await wires.answered(tx, peer_id, now)
    row = BroadcastPacket(
        stream=stream,
        peer_id=peer_id,
        direction="out",
        state="sent",
        source=ready.manners.our_code,
        ebd_id=ready.parcel.ebd_id,
        kind=ready.parcel.kind,
        related="",
        ebm_id=ready.ebm_id,
        at=now,
        address=ready.manners.url,
        sha256=digest(ready.parcel.data),
        data=ready.parcel.data,
        result=came.result,
        findings=[],
        answer=came.data,
        words=came.words[:500],
    )
    await packets.keep(tx, row)
