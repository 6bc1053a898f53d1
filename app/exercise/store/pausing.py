"""A drill stands still and goes on: every deadline of what belongs to it moves by the pause."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from app.db import Tx, sql

_INCIDENT = "{of} IN (SELECT id FROM incident WHERE drill_id = :drill)"
_CAUSE = "cause_kind = 'incident' AND cause_id IN (SELECT id FROM incident WHERE drill_id = :drill)"


@dataclass(frozen=True, slots=True)
class Clocks:
    """The deadlines of one table: which columns move, of which rows, and since when a row has run."""

    columns: tuple[str, ...]
    rows: str
    since: str


_OF_INCIDENT = _INCIDENT.format(of="incident_id")
_LIVE = f"state IN ('draft', 'issued') AND {_OF_INCIDENT}"
_ORDERS = f"order_id IN (SELECT id FROM dispatch_order WHERE {_LIVE})"  # noqa: S608
_TARGETS = f"(SELECT t.id FROM callout_target t JOIN callout_round r ON r.id = t.round_id WHERE {_CAUSE})"  # noqa: S608
_RUNS = f"(SELECT id FROM plan_run WHERE state = 'running' AND {_OF_INCIDENT})"  # noqa: S608
_SERIES = f"(SELECT id FROM status_call WHERE {_OF_INCIDENT})"  # noqa: S608
CLOCKS: Mapping[str, Clocks] = {
    "incident": Clocks(("scheduled_for",), "drill_id = :drill AND state = 'scheduled'", "received_at"),
    "assignment": Clocks(
        (
            *("answer_due_at", "escalation_began_at", "next_step_at", "depart_due_at", "remind_at"),
            *("watch_at", "safety_since"),
        ),
        f"{_OF_INCIDENT} AND task_done_at IS NULL AND cancelled_at IS NULL AND declined_at IS NULL",
        "assigned_at",
    ),
    "reservation": Clocks(("starts_at", "look_at"), f"{_OF_INCIDENT} AND ended_at IS NULL", "reserved_at"),
    "dispatch_order": Clocks(("report_due_at",), _LIVE, "drafted_at"),
    "order_recipient": Clocks(
        ("ack_due_at", "report_due_at", "next_step_at"),
        f"{_ORDERS} AND closed_at IS NULL",
        "coalesce(sent_at, :since)",
    ),
    "order_task": Clocks(("due_at",), f"{_ORDERS} AND state = 'open'", "CAST(:since AS timestamptz)"),
    "delivery": Clocks(("expires_at",), f"{_OF_INCIDENT} AND ended_at IS NULL", "queued_at"),
    "status_call": Clocks(
        ("opens_at", "due_at", "remind_at"),
        f"{_OF_INCIDENT} AND state IN ('planned', 'open')",
        "coalesce(opened_at, :since)",
    ),
    "status_repeat": Clocks(
        ("next_due_at",),
        f"stopped_at IS NULL AND series_id IN {_SERIES}",
        "set_at",
    ),
    "plan_task": Clocks(
        ("due_at",),
        f"withdrawn_at IS NULL AND run_id IN {_RUNS}",
        "sent_at",
    ),
    "callout_target": Clocks(
        ("next_at", "due_at", "feedback_due_at"),
        f"id IN {_TARGETS} AND fed_back_at IS NULL",
        "begun_at",
    ),
    "callout_call": Clocks(("due_at",), f"target_id IN {_TARGETS} AND result = 'due'", "entered_at"),
    "broadcast_message": Clocks(
        ("start_at", "end_at", "reask_at"),
        f"{_CAUSE} AND state IN ('draft', 'submitted', 'returned', 'approved')",
        "CAST(:since AS timestamptz)",
    ),
}
"""What a pause moves. A table that gets a new deadline of an incident belongs here (tests/exercise)."""


async def hold(tx: Tx, drill_id: int, now: datetime) -> None:
    """Let every clock of a drill stand still."""
    await tx.execute(
        sql("INSERT INTO drill_pause (drill_id, since) VALUES (:drill, :now)"),
        {"drill": drill_id, "now": now},
    )


async def go_on(tx: Tx, drill_id: int, now: datetime) -> None:
    """Let the clocks run again, each deadline later by as long as it stood still."""
    since = await tx.scalar(
        sql("DELETE FROM drill_pause WHERE drill_id = :drill RETURNING since"), {"drill": drill_id}
    )
    if since is None:
        return
    told = {"drill": drill_id, "since": since, "now": now}
    for table, one in CLOCKS.items():
        by = f"(CAST(:now AS timestamptz) - greatest(CAST(:since AS timestamptz), {one.since}))"
        moved = ", ".join(f"{column} = {column} + {by}" for column in one.columns)
        await tx.execute(sql(f"UPDATE {table} SET {moved} WHERE {one.rows}"), told)  # noqa: S608


async def over(tx: Tx, drill_id: int) -> None:
    """Forget that a drill stands still: it has ended, and nothing of it runs."""
    await tx.execute(sql("DELETE FROM drill_pause WHERE drill_id = :drill"), {"drill": drill_id})


async def on_the_air(tx: Tx, drill_id: int) -> list[int]:
    """Return the broadcasts of a drill that platforms have."""
    return await _ids(
        tx,
        drill_id,
        f"SELECT id FROM broadcast_message WHERE {_CAUSE} AND state IN ('issued', 'playing')"  # noqa: S608
        " AND msg_type <> 2 ORDER BY id",
    )


async def asked(tx: Tx, drill_id: int) -> tuple[list[int], list[int]]:
    """Return the round-ups of a drill that are planned or open, and those whose series repeats."""
    calls = f"SELECT id FROM status_call WHERE {_OF_INCIDENT} AND state IN ('planned', 'open') ORDER BY id"  # noqa: S608
    series = (
        f"SELECT series_id FROM status_repeat WHERE stopped_at IS NULL AND series_id IN {_SERIES}"  # noqa: S608
        " ORDER BY series_id"
    )
    return await _ids(tx, drill_id, calls), await _ids(tx, drill_id, series)


async def called(tx: Tx, drill_id: int) -> list[int]:
    """Return the rounds of call and respond of a drill that run."""
    return await _ids(
        tx,
        drill_id,
        f"SELECT id FROM callout_round WHERE {_CAUSE} AND state = 'running' ORDER BY id",  # noqa: S608
    )


async def cards(tx: Tx, drill_id: int) -> list[int]:
    """Return the cards of a drill that are proposed or in force; those a response leads end with it."""
    return await _ids(
        tx,
        drill_id,
        f"SELECT id FROM plan_run WHERE {_OF_INCIDENT} AND state IN ('proposed', 'running')"  # noqa: S608
        " AND NOT led ORDER BY id",
    )


async def _ids(tx: Tx, drill_id: int, statement: str) -> list[int]:
    return list((await tx.execute(sql(statement), {"drill": drill_id})).scalars())
