"""Tell of a step: the journal is the last thing each action writes."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from app.db import Tx
from app.duty.roster.actions.post import concern
from app.duty.roster.actions.settle import Settled
from app.duty.roster.store import shifts
from app.duty.swaps import store
from app.duty.swaps.events import SwapCarriedOut, SwapChanged
from app.duty.swaps.facts import SwapFact
from app.duty.swaps.tables import Swap
from app.duty.tables import DutyPost
from app.journal import store as journal
from app.wire import Actor

Change = Literal[
    "swap.asked",
    "swap.taken",
    "swap.refused",
    "swap.withdrawn",
    "swap.filed",
    "swap.lapsed",
    "swap.unapproved",
]


async def tell(tx: Tx, row: Swap, post: DutyPost, type_: Change, now: datetime, by: Actor | None) -> SwapFact:
    """Append what happened to a swap."""
    told = await entry(tx, row, post, type_)
    await journal.append(tx, row.stream, now, [told], by)
    assert isinstance(told.payload, SwapChanged)
    return told.payload.swap


async def entry(tx: Tx, row: Swap, post: DutyPost, type_: Change) -> journal.Entry:
    """Return what is to be told of a step."""
    await tx.flush()
    assert row.id is not None
    fact = await store.fact(tx, row.id)
    return journal.Entry(SwapChanged(type=type_, swap=fact), concern(post))


async def tell_carried_out(
    tx: Tx,
    row: Swap,
    post: DutyPost,
    type_: Literal["swap.approved", "swap.revoked"],
    settled: Settled,
    now: datetime,
    by: Actor,
) -> SwapFact:
    """Append that shifts have changed hands."""
    await tx.flush()
    assert row.id is not None
    fact = await store.fact(tx, row.id)
    event = SwapCarriedOut(
        type=type_, swap=fact, added=await shifts.facts(tx, settled.added), dropped=settled.dropped
    )
    await journal.append(tx, row.stream, now, [journal.Entry(event, concern(post))], by)
    return fact
