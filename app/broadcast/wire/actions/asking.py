"""What we ask of platforms below us: their terminals once a day, and how messages that play stand."""

from __future__ import annotations

from datetime import datetime, timedelta

from app.broadcast.wire.manners import manners_of
from app.broadcast.wire.store import errands, wires
from app.codecs.ebm.fields import Field
from app.db import Tx

LISTS_EVERY = timedelta(days=1)
LISTS = ("EBRDTInfo", "EBRDTState")
MOST_POLLED = 20


async def ask(tx: Tx, stream: str, now: datetime) -> int:
    """Owe the questions that are due; return how many. The first time for all, then for what is new."""
    asked = 0
    first = await wires.never_asked(tx, stream)
    for peer_id in await wires.due_lists(tx, stream, LISTS_EVERY, now):
        asked += await _lists(tx, stream, peer_id, "Full" if peer_id in first else "Incremental", now)
    for peer_id in await wires.due_polls(tx, stream, now):
        asked += await _states(tx, stream, peer_id, now)
    return asked


async def _lists(tx: Tx, stream: str, peer_id: int, scope: str, now: datetime) -> int:
    for kind in LISTS:
        payload: dict[str, Field] = {"OMDType": kind, "Params": {"RptType": scope}}
        await errands.owe(tx, stream, peer_id, "OMDRequest", payload, now, LISTS_EVERY)
    return len(LISTS)


async def ask_now(tx: Tx, stream: str, peer_id: int, now: datetime) -> int:
    """Owe a platform the question for all its terminals at once, as somebody asked for."""
    return await _lists(tx, stream, peer_id, "Full", now)


async def _states(tx: Tx, stream: str, peer_id: int, now: datetime) -> int:
    known = await wires.one(tx, stream, peer_id)
    if known is None:
        return 0
    manners = manners_of(known.wire)
    playing = await errands.playing(tx, stream, peer_id, now, MOST_POLLED)
    for ebm_id in playing:
        payload: dict[str, Field] = {"EBM": {"EBMID": manners.their_ebm_id(ebm_id)}}
        useful = timedelta(seconds=known.wire.poll_s)
        await errands.owe(tx, stream, peer_id, "EBMStateRequest", payload, now, useful)
    return len(playing)
