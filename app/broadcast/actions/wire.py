"""What the wire does: it takes what is to be handed over, and notes what platforms say."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from typing import TypeVar

from app.broadcast.actions.settling import reached, settle
from app.broadcast.actions.telling import tell
from app.broadcast.shapes import Outcome, TerminalEntry, TerminalResult, TerminalState
from app.broadcast.store import wire as store
from app.broadcast.tables import BroadcastHandover
from app.db import Tx

LEASE = timedelta(seconds=60)
"""So long one node holds a row it has taken; GD/J's peers count as failed after 20 s."""
WAITS_S = (2, 5, 10, 20, 30, 60)
MOST = 50  # handed over in one round
PAGE = 5_000  # rows in one statement
WORDS = 500
_EBRID = re.compile(r"[1-6][0-9]{22}")
_Row = TypeVar("_Row")


@dataclass(frozen=True, slots=True)
class Noted:
    """How many rows told something new, and which codes (of terminals, or the EBMID) nobody knows."""

    changed: int = 0
    unknown: tuple[str, ...] = ()


async def take_handovers(tx: Tx, stream: str, now: datetime, most: int = MOST) -> list[BroadcastHandover]:
    """Take what is to be handed over, stops first; each is this caller's for LEASE. Commit, then send."""
    rows = await store.take_due(tx, stream, now, most)
    for row in rows:
        row.attempts += 1
        row.tried_at = now
        row.next_at = now + LEASE
    await tx.flush()
    return rows


async def note_handover(tx: Tx, handover_id: int, outcome: Outcome, words: str, now: datetime) -> bool:
    """Note how an attempt went; False when the row was withdrawn or settled meanwhile."""
    # The message first, as whoever stops it does: two that wait for each other would wait for ever.
    message = await store.message_of_handover(tx, handover_id)
    row = await store.handover(tx, handover_id)
    if message is None or row is None or row.state not in ("waiting", "failed"):
        return False
    row.words = words[:WORDS]
    if outcome in ("receipted", "refused"):
        row.state, row.next_at, row.receipt_at = outcome, None, now
    elif row.give_up_at is not None and now >= row.give_up_at:
        row.state, row.next_at = "sent" if outcome == "sent" else "failed", None
    else:
        row.next_at = now + timedelta(seconds=WAITS_S[min(row.attempts, len(WAITS_S)) - 1])
    await tx.flush()
    if row.state != "waiting":
        if row.state in ("refused", "failed"):
            await tell(tx, message, "broadcast.undelivered", now, None, row.words)
        await settle(tx, message, now)
    return True


async def note_terminals(tx: Tx, stream: str, rows: Sequence[TerminalEntry], now: datetime) -> Noted:
    """Take a platform's register over: new terminals enter, known ones are put right, none is deleted.

    Unknown are rows whose code is no EBRID or whose place is none of the county's.
    """
    good = {one.resource_code: one for one in rows if _EBRID.fullmatch(one.resource_code)}
    taken: set[str] = set()
    for page in _pages(good.values()):
        taken |= await store.enter(tx, stream, page)
    return Noted(len(taken), _without(rows, lambda one: one.resource_code in taken))


async def note_terminal_states(tx: Tx, stream: str, rows: Sequence[TerminalState], now: datetime) -> Noted:
    """Note states of terminals; an older word, or one from the future, undoes nothing."""
    changed: set[str] = set()
    known: set[str] = set()
    for page in _pages(rows):
        known |= await store.known(tx, stream, [one.resource_code for one in page])
        changed |= await store.set_states(tx, stream, [one for one in page if one.at <= now + LEASE])
    return Noted(len(changed), _without(rows, lambda one: one.resource_code in known))


async def note_results(
    tx: Tx,
    ebmid: str,
    rows: Sequence[TerminalResult],
    reported_at: datetime,
    *,
    now: datetime | None = None,
) -> Noted:
    """Note what terminals made of a message, and which villages are reached by it.

    `reported_at` is the peer's time; `now` ours, where it is known: a peer's clock may be ahead.
    """
    now = now or reported_at
    reported_at = min(reported_at, now)
    message = await store.message_of(tx, ebmid)
    if message is None:
        return Noted(unknown=(ebmid,))
    changed, known = 0, set[str]()
    for page in _pages(rows):
        known |= await store.known(tx, message.stream, [one.resource_code for one in page])
        changed += len(await store.set_results(tx, message, page, reported_at))
    if changed:
        new = await store.set_reached(tx, message.id or 0)
        await reached(tx, message, new, changed, now)
        await settle(tx, message, now)
    return Noted(changed, _without(rows, lambda one: one.resource_code in known))


async def note_message_state(
    tx: Tx,
    ebmid: str,
    code: int,
    words: str,
    at: datetime,
    *,
    peer_id: int | None = None,
    now: datetime | None = None,
) -> Noted:
    """Note the BrdStateCode a peer gives the whole message; without `peer_id`, of every peer it went to."""
    message = await store.message_of(tx, ebmid)
    if message is None:
        return Noted(unknown=(ebmid,))
    changed = 0
    for row in await store.handovers_of(tx, message.id or 0):
        if peer_id not in (None, row.peer_id) or (row.play_at is not None and row.play_at > at):
            continue
        if row.play_state != code:
            changed += 1
        row.play_state, row.play_words, row.play_at = code, words[:WORDS], at
    await tx.flush()
    if changed:
        await settle(tx, message, now or at)
    return Noted(changed)


def _pages(rows: Iterable[_Row]) -> Iterator[list[_Row]]:
    left = iter(rows)
    while page := list(islice(left, PAGE)):
        yield page


def _without(
    rows: Iterable[TerminalEntry | TerminalState | TerminalResult],
    known: Callable[[TerminalEntry | TerminalState | TerminalResult], bool],
) -> tuple[str, ...]:
    return tuple(dict.fromkeys(one.resource_code[:40] for one in rows if not known(one)))
