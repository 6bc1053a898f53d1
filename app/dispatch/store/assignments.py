"""Assignments: rows, wire shapes, timers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import text
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import col, select

from app.db import Tx, sql
from app.dispatch.assignment_facts import AssignmentFact, AssignmentStepFact
from app.dispatch.exercise.store import runs
from app.dispatch.tables import ACTIVE_STATES, Assignment, AssignmentStep
from app.org.rules.access import Viewer
from app.read_row import read_row
from app.shaping import all_remembered

_OWN = [column for column in Assignment.__table__.columns if column.name in AssignmentFact.model_fields]  # type: ignore[attr-defined]
_TEXTS = frozenset(column.name for column in _OWN if isinstance(column.type, JSONB))
_TOLD = [f"CAST(a.{c.name} AS text) AS {c.name}" if c.name in _TEXTS else f"a.{c.name}" for c in _OWN]
_FACT = f"""
SELECT {", ".join(_TOLD)}, i.number AS incident_number, t.name_zh AS team_name, t.call_sign
  FROM assignment a JOIN incident i ON i.id = a.incident_id JOIN team t ON t.id = a.team_id
"""  # noqa: S608  names of our own columns


async def fact(tx: Tx, assignment_id: int) -> AssignmentFact:
    """Return the wire shape of one assignment."""
    rows = await tx.execute(sql(_FACT + " WHERE a.id = :id"), {"id": assignment_id})
    return all_remembered(AssignmentFact, rows, _TEXTS)[0]


async def of_incidents(tx: Tx, incident_ids: Sequence[int]) -> list[AssignmentFact]:
    """Return the assignments of some incidents, oldest first."""
    if len(incident_ids) == 1:  # planned once: how many an array may hold PostgreSQL asks each time
        rows = await tx.execute(
            sql(_FACT + " WHERE a.incident_id = :id ORDER BY a.id"), {"id": incident_ids[0]}
        )
    else:
        rows = await tx.execute(
            sql(_FACT + " WHERE a.incident_id = ANY(:ids) ORDER BY a.id"), {"ids": list(incident_ids)}
        )
    return all_remembered(AssignmentFact, rows, _TEXTS)


async def locked(tx: Tx, stream: str, assignment_id: int) -> Assignment | None:
    """Return the row, locked until commit; None if it is not in this county."""
    return await read_row(tx, Assignment, _LOCKED, {"id": assignment_id, "stream": stream})


_LOCKED = sql("SELECT * FROM assignment WHERE id = :id AND stream = :stream FOR UPDATE")


async def row(tx: Tx, stream: str, assignment_id: int) -> Assignment | None:
    """Return the row as it is read, not locked; None if it is not in this county."""
    found = await tx.get(Assignment, assignment_id)
    return found if found is not None and found.stream == stream else None


@dataclass(frozen=True, slots=True)
class Commitment:
    """What holds a team: the assignment, its incident, who sent it and when, and whether it is a drill."""

    assignment_id: int
    incident_id: int
    incident_number: str
    assigned_by: str
    assigned_at: datetime
    restricted: bool
    readers: list[str]
    drill: bool

    def known_to(self, viewer: Viewer) -> bool:
        """Whether this person may know for which incident the team is out."""
        if self.readers:
            return viewer.is_named(self.readers)
        return viewer.may("see_restricted") or not self.restricted


async def commitment_of_team(tx: Tx, team_id: int) -> Commitment | None:
    """Return the team's active assignment, or None."""
    row = (
        await tx.execute(
            sql(
                "SELECT a.id, i.id, i.number, a.assigned_by, a.assigned_at, i.restricted, "
                "i.readers, a.drill FROM assignment a "
                "JOIN incident i ON i.id = a.incident_id WHERE a.team_id = :team AND a.state = ANY(:active)"
            ),
            {"team": team_id, "active": list(ACTIVE_STATES)},
        )
    ).first()
    return Commitment(*row) if row else None


async def active_of_incident(tx: Tx, incident_id: int) -> int:
    """Return how many teams are still out for the incident."""
    found = await tx.scalar(
        sql("SELECT count(*) FROM assignment WHERE incident_id = :i AND state = ANY(:active)"),
        {"i": incident_id, "active": list(ACTIVE_STATES)},
    )
    return int(found or 0)


async def active_id_of_team(tx: Tx, team_id: int) -> int | None:
    """Return the id of the team's active assignment, or None."""
    found = await tx.scalar(
        sql("SELECT id FROM assignment WHERE team_id = :team AND state = ANY(:active)"),
        {"team": team_id, "active": list(ACTIVE_STATES)},
    )
    return int(found) if found is not None else None


async def due(tx: Tx, now: datetime) -> Assignment | None:
    """Return one assignment whose timer has run out, locked; others may be held by another node."""
    found = await tx.execute(
        select(Assignment)
        .where(col(Assignment.next_step_at) <= now, text(runs("assignment.incident_id")))
        .order_by(col(Assignment.next_step_at), col(Assignment.id))
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    return found.scalar_one_or_none()


async def due_watch(tx: Tx, now: datetime) -> Assignment | None:
    """Return one assignment whose second timer has run out, locked; others may be held by another node."""
    found = await tx.execute(
        select(Assignment)
        .where(col(Assignment.watch_at) <= now, text(runs("assignment.incident_id")))
        .order_by(col(Assignment.watch_at), col(Assignment.id))
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    return found.scalar_one_or_none()


async def put_off(tx: Tx, assignment_id: int, now: datetime, until: datetime) -> None:
    """Move timers that have run out to a later instant; one that was stopped or moved meanwhile stays."""
    await tx.execute(
        sql(
            "UPDATE assignment SET "
            "next_step_at = CASE WHEN next_step_at <= :now THEN :until ELSE next_step_at END, "
            "watch_at = CASE WHEN watch_at <= :now THEN :until ELSE watch_at END "
            "WHERE id = :id AND (next_step_at <= :now OR watch_at <= :now)"
        ),
        {"until": until, "id": assignment_id, "now": now},
    )


async def last_step(tx: Tx, assignment_id: int) -> AssignmentStep | None:
    """Return the last step of an assignment that was not taken back, locked."""
    found = await tx.execute(
        select(AssignmentStep)
        .where(col(AssignmentStep.assignment_id) == assignment_id, col(AssignmentStep.undone_at).is_(None))
        .order_by(col(AssignmentStep.id).desc())
        .limit(1)
        .with_for_update()
    )
    return found.scalar_one_or_none()


async def steps(tx: Tx, assignment_id: int) -> list[AssignmentStepFact]:
    """Return every step as it was told, those taken back too, oldest first."""
    found = await tx.execute(
        select(AssignmentStep)
        .where(col(AssignmentStep.assignment_id) == assignment_id)
        .order_by(col(AssignmentStep.id))
    )
    hidden = {"milestones", "account_id"}
    return [AssignmentStepFact(**row.model_dump(exclude=hidden)) for row in found.scalars()]


async def returning_id_of_team(tx: Tx, team_id: int) -> int | None:
    """Return the id of the team's last assignment whose task is done and that is on its way back, or None."""
    found = await tx.scalar(
        sql(
            "SELECT id FROM assignment WHERE team_id = :team AND state = 'task_done' "
            "AND terms->'steps' ? 'return' ORDER BY id DESC LIMIT 1"
        ),
        {"team": team_id},
    )
    return int(found) if found is not None else None


async def hurry_app_rung(tx: Tx, team_id: int, now: datetime) -> None:
    """Let the timer of an order that waits on the app of a team run out now."""
    await tx.execute(
        sql(
            "UPDATE assignment SET next_step_at = :now WHERE team_id = :team AND state = 'dispatched' "
            "AND escalation_step = 0 AND next_step_at > :now"
        ),
        {"team": team_id, "now": now},
    )
