"""Every SQL statement about ties between incidents and what a merge or split moves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import text
from sqlmodel import col, or_, select

from app.db import Tx
from app.dispatch.exercise.store import runs
from app.dispatch.lifecycle.tables import IncidentLink
from app.dispatch.store.incidents import IncidentSeen, by_state
from app.dispatch.tables import Incident
from app.org.rules.access import Viewer

# What hangs on an incident by its number, and moves with it.
_HANGS = (
    "assignment",
    "delivery",
    "alarm",
    "incident_figure",
    "attachment",
    "dispatch_order",
    "status_call",
    "leader_instruction",
    "intake_notice",
    "command_activation",
)
LATELY = timedelta(hours=24)


async def hold(tx: Tx, incident_id: int) -> None:
    """Lock what is locked before its incident elsewhere: alarms and assignments."""
    for table in ("alarm", "assignment"):
        await tx.execute(
            text(f"SELECT id FROM {table} WHERE incident_id = :i ORDER BY id FOR UPDATE"),  # noqa: S608
            {"i": incident_id},
        )


async def move_all(tx: Tx, from_id: int, into: Incident) -> dict[str, list[int]]:
    """Let everything that hangs on one incident hang on another; return the rows by table.

    A team reserved for both stays reserved for the second only.
    """
    moved = {}
    for table in _HANGS:
        grown = ", version = version + 1" if table == "assignment" else ""
        rows = await tx.execute(
            text(f"UPDATE {table} SET incident_id = :to{grown} WHERE incident_id = :from RETURNING id"),  # noqa: S608
            {"to": into.id, "from": from_id},
        )
        moved[table] = sorted(row[0] for row in rows)
    rows = await tx.execute(
        text(
            "UPDATE reservation r SET incident_id = :to WHERE r.incident_id = :from AND NOT EXISTS ("
            "SELECT 1 FROM reservation o WHERE o.incident_id = :to AND o.team_id = r.team_id "
            "AND o.state IN ('reserved', 'blocked') AND r.state IN ('reserved', 'blocked')) RETURNING r.id"
        ),
        {"to": into.id, "from": from_id},
    )
    moved["reservation"] = sorted(row[0] for row in rows)
    rows = await tx.execute(
        text(
            "UPDATE supply_request SET incident_id = :to, incident_number = :number "
            "WHERE incident_id = :from RETURNING id"
        ),
        {"to": into.id, "number": into.number, "from": from_id},
    )
    moved["supply_request"] = sorted(row[0] for row in rows)
    rows = await tx.execute(
        text(
            "UPDATE incident_link SET to_id = :to WHERE to_id = :from AND from_id <> :to "
            "AND kind = 'child' AND undone_at IS NULL RETURNING id"
        ),
        {"to": into.id, "from": from_id},
    )
    moved["incident_link"] = sorted(row[0] for row in rows)
    return moved


async def move_back(tx: Tx, moved: Mapping[str, Sequence[int]], back: Incident) -> None:
    """Let moved rows hang on the incident they came from."""
    for table, ids in moved.items():
        column = "to_id" if table == "incident_link" else "incident_id"
        more = {
            "assignment": ", version = version + 1",
            "supply_request": ", incident_number = :number",
        }.get(table, "")
        values: dict[str, Any] = {"to": back.id, "ids": list(ids)}
        if table == "supply_request":
            values["number"] = back.number
        await tx.execute(
            text(f"UPDATE {table} SET {column} = :to{more} WHERE id = ANY(:ids)"),  # noqa: S608
            values,
        )


async def move_some(tx: Tx, to_id: int, assignment_ids: Sequence[int], alarm_ids: Sequence[int]) -> None:
    """Let some assignments with their messages, and some alarms, belong to another incident."""
    values = {"to": to_id, "sent": list(assignment_ids), "alarms": list(alarm_ids)}
    for statement in (
        "UPDATE assignment SET incident_id = :to, version = version + 1 WHERE id = ANY(:sent)",
        "UPDATE delivery SET incident_id = :to WHERE assignment_id = ANY(:sent)",
        "UPDATE alarm SET incident_id = :to WHERE id = ANY(:alarms)",
    ):
        await tx.execute(text(statement), {k: v for k, v in values.items() if f":{k}" in statement})


async def common_command(tx: Tx, first_id: int, second_id: int) -> str | None:
    """Return the headquarters that commands both incidents, or None."""
    found = await tx.scalar(
        text(
            "SELECT b.name_zh FROM command_activation x JOIN command_activation y ON y.body_id = x.body_id "
            "JOIN command_body b ON b.id = x.body_id WHERE x.incident_id = :a AND y.incident_id = :b "
            "AND x.stood_down_at IS NULL AND y.stood_down_at IS NULL LIMIT 1"
        ),
        {"a": first_id, "b": second_id},
    )
    return None if found is None else str(found)


async def fresh_official(tx: Tx, from_id: int, into_id: int) -> list[tuple[str, int]]:
    """Return (kind, figure) that are official at one incident and of a kind the other knows nothing of."""
    rows = await tx.execute(
        text(
            """
            WITH held AS (SELECT DISTINCT ON (incident_id, kind) incident_id, kind, figure_id
                            FROM figure_choice WHERE incident_id IN (:from, :to)
                           ORDER BY incident_id, kind, id DESC)
            SELECT a.kind, a.figure_id FROM held a
             WHERE a.incident_id = :from AND a.figure_id IS NOT NULL
               AND NOT EXISTS (SELECT 1 FROM held b WHERE b.incident_id = :to AND b.kind = a.kind
                                AND b.figure_id IS NOT NULL) ORDER BY a.kind
            """
        ),
        {"from": from_id, "to": into_id},
    )
    return [(row[0], row[1]) for row in rows]


async def happened_since(tx: Tx, stream: str, first_id: int, second_id: int) -> int:
    """Return how much the journal says of two incidents after the second took the first up.

    What becomes of messages is no doing of a person.
    """
    found = await tx.scalar(
        text(
            """
            SELECT count(*) FROM journal j
             WHERE j.stream = :s AND j.incident_id IN (:a, :b) AND j.type NOT LIKE 'delivery.%'
               AND j.type <> 'incident.absorbed'
               AND j.seq > (SELECT max(seq) FROM journal WHERE stream = :s AND incident_id = :b
                             AND type = 'incident.absorbed')
            """
        ),
        {"s": stream, "a": first_id, "b": second_id},
    )
    return int(found or 0)


async def of_incident(tx: Tx, stream: str, incident_id: int) -> list[IncidentLink]:
    """Return every tie of an incident, undone ones too, the latest first."""
    found = await tx.execute(
        select(IncidentLink)
        .where(
            col(IncidentLink.stream) == stream,
            or_(col(IncidentLink.from_id) == incident_id, col(IncidentLink.to_id) == incident_id),
        )
        .order_by(col(IncidentLink.id).desc())
        .limit(200)
    )
    return list(found.scalars())


async def locked(tx: Tx, stream: str, link_id: int) -> IncidentLink | None:
    """Return one tie, locked until commit; None if it is not in this county."""
    found = await tx.execute(
        select(IncidentLink)
        .where(col(IncidentLink.id) == link_id, col(IncidentLink.stream) == stream)
        .with_for_update()
    )
    return found.scalar_one_or_none()


async def standing(tx: Tx, kind: str, from_id: int, to_id: int | None = None) -> IncidentLink | None:
    """Return the tie of a kind that stands from an incident (to another, if named), or None."""
    query = select(IncidentLink).where(
        col(IncidentLink.kind) == kind,
        col(IncidentLink.from_id) == from_id,
        col(IncidentLink.undone_at).is_(None),
    )
    if to_id is not None:
        query = query.where(col(IncidentLink.to_id) == to_id)
    return (await tx.execute(query.limit(1))).scalar_one_or_none()


async def absorbed_by(tx: Tx, incident_id: int) -> list[int]:
    """Return the incidents that were merged into one, and into those."""
    rows = await tx.execute(
        text(
            """
            WITH RECURSIVE taken AS (
              SELECT id FROM incident WHERE merged_into_id = :i
              UNION SELECT i.id FROM incident i JOIN taken t ON i.merged_into_id = t.id)
            SELECT id FROM taken ORDER BY id
            """
        ),
        {"i": incident_id},
    )
    return [row[0] for row in rows]


async def above(tx: Tx, incident_id: int) -> list[int]:
    """Return the incidents above one, the nearest first."""
    rows = await tx.execute(
        text(
            """
            WITH RECURSIVE up AS (
              SELECT to_id FROM incident_link
               WHERE kind = 'child' AND from_id = :i AND undone_at IS NULL
              UNION SELECT l.to_id FROM incident_link l JOIN up ON l.from_id = up.to_id
               WHERE l.kind = 'child' AND l.undone_at IS NULL)
            SELECT to_id FROM up
            """
        ),
        {"i": incident_id},
    )
    return [row[0] for row in rows]


async def open_children(tx: Tx, incident_id: int) -> list[int]:
    """Return the child incidents that are not closed."""
    rows = await tx.execute(
        text(
            "SELECT i.id FROM incident_link l JOIN incident i ON i.id = l.from_id WHERE l.kind = 'child' "
            "AND l.to_id = :i AND l.undone_at IS NULL AND i.state <> 'closed' ORDER BY i.id"
        ),
        {"i": incident_id},
    )
    return [row[0] for row in rows]


async def due(tx: Tx, now: datetime) -> Incident | None:
    """Return one planned incident whose time has come, locked; others may be held by another node."""
    found = await tx.execute(
        select(Incident)
        .where(
            col(Incident.state) == "scheduled",
            col(Incident.scheduled_for) <= now,
            text(runs("incident.id")),
        )
        .order_by(col(Incident.scheduled_for), col(Incident.id))
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    return found.scalar_one_or_none()


@dataclass(frozen=True, slots=True)
class Moved:
    """What stood under an incident before it was merged away."""

    into_id: int
    assignment_ids: tuple[int, ...]


async def moved_away(tx: Tx, incident_id: int) -> Moved | None:
    """Return what an incident that was merged away gave up, or None."""
    link = await standing(tx, "merged", incident_id)
    return Moved(link.to_id, tuple(link.moved.get("assignment", ()))) if link else None


async def lately(tx: Tx, viewer: Viewer, now: datetime) -> list[IncidentSeen]:
    """Return what this person sees that is open, planned, or was closed within a day and not merged."""
    running = [
        *await by_state(tx, viewer, "open", 300),
        *await by_state(tx, viewer, "scheduled", 100),
    ]
    past = [
        seen
        for seen in await by_state(tx, viewer, "closed", 100)
        if seen.fact.merged_into_id is None and seen.fact.closed_at and now - seen.fact.closed_at < LATELY
    ]
    return [*running, *past]
