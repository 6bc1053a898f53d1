"""What happens to a message: each function is one step within the caller's transaction."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from app.db import Tx
from app.delivery import store
from app.delivery.events import DeliveryChanged
from app.delivery.rules import (
    ENDED,
    FEEDBACK_LIMIT,
    after_silence,
    feedback_limit,
    next_delivery_state,
    pause_after_silence,
)
from app.delivery.tables import Delivery
from app.journal import store as journal
from app.org.rules.access import Concern
from app.wire import Actor

Step = Literal["submit", "accept", "next_part", "deliver", "fail", "lose", "retry", "expire", "cancel"]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a device or person reported of a message."""

    step: Step
    reason: str = ""
    retry_after: timedelta | None = None


def move(row: Delivery, step: Step, now: datetime, reason: str = "") -> bool:
    """Move a locked row on; False if a late or doubled answer changes nothing."""
    state = next_delivery_state(row.state, step)
    if state is None:
        return False
    row.state = state
    row.reason = reason
    if state == "submitted":
        row.submitted_at = now
        row.attempt += 1
    elif state == "accepted":
        row.accepted_at = now
    elif state == "delivered":
        row.delivered_at = now
    if state in ENDED:
        row.ended_at = now
    return True


async def note(tx: Tx, row: Delivery, now: datetime, actor: Actor | None = None) -> None:
    """Write the row and put its new state into the journal. The last call of the transaction."""
    await tx.flush()
    await journal.append(
        tx,
        row.stream,
        now,
        [
            journal.Entry(
                DeliveryChanged(type=f"delivery.{row.state}", delivery=store.fact(row)),
                Concern(
                    tuple(row.concern_regions),
                    tuple(row.concern_teams),
                    row.restricted,
                    readers=tuple(row.readers),
                ),
                row.incident_id,
            )
        ],
        actor,
    )


async def submit(tx: Tx, row: Delivery, wire_ref: str, part_count: int, now: datetime) -> None:
    """Mark a locked row as handed to the radio; committed before the bytes leave."""
    row.wire_ref = wire_ref
    row.part_count = part_count
    if move(row, "submit", now):
        await note(tx, row, now)


async def accept_part(tx: Tx, row: Delivery, next_after: timedelta, now: datetime) -> None:
    """Note that the radio took a part; the next part waits its turn, the last one ends the sending."""
    if row.parts_sent + 1 >= row.part_count:
        if move(row, "accept", now):
            row.parts_sent = row.part_count
            await note(tx, row, now)
        return
    if move(row, "next_part", now, f"{row.parts_sent + 1}/{row.part_count}"):
        row.parts_sent += 1
        row.attempt = 0
        row.not_before = now + next_after
        await note(tx, row, now)


async def report(tx: Tx, row: Delivery, outcome: Outcome, now: datetime) -> None:
    """Take in what the device said of a message; a refusal that names a waiting time is tried again."""
    again = after_silence(row.attempt, row.expires_at, now, row.channel) == "retry"
    if outcome.step == "fail" and outcome.retry_after is not None and again:
        row.not_before = now + outcome.retry_after
        changed = move(row, "retry", now, outcome.reason)
    else:
        changed = move(row, outcome.step, now, outcome.reason)
    if changed:
        await note(tx, row, now)


async def give_up_waiting(tx: Tx, now: datetime) -> int:
    """Deal with silence: no feedback in 15 s → try again as the channel allows; too old → expired.

    Returns how many messages moved.
    """
    moved = 0
    for row in await store.silent_since(tx, now, FEEDBACK_LIMIT):
        if row.submitted_at and now - row.submitted_at < feedback_limit(row.channel):
            continue
        step = after_silence(row.attempt, row.expires_at, now, row.channel)
        if step == "retry" and (pause := pause_after_silence(row.attempt, row.channel)):
            row.not_before = now + pause
        moved += await _noted(tx, row, step, "no_feedback", now)
    for row in await store.overdue(tx, now):
        moved += await _noted(tx, row, "expire", "too_late", now)
    return moved


async def _noted(tx: Tx, row: Delivery, step: Step, reason: str, now: datetime) -> int:
    if not move(row, step, now, reason):
        return 0
    await note(tx, row, now)
    return 1
