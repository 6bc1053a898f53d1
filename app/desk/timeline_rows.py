"""What the story of an incident is made of: its own rows, and those of incidents merged into it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from app.db import Tx
from app.dispatch.assignment_facts import AssignmentFact
from app.dispatch.facts import IncidentFact
from app.dispatch.lifecycle import store as lifecycle
from app.dispatch.store import assignments
from app.journal import store as journal
from app.journal.store import JournalRow


async def rows_of(tx: Tx, stream: str, incident: IncidentFact) -> list[JournalRow]:
    """Return everything the journal knows of an incident and of what was merged into it, in order."""
    rows = await journal.read_incident(tx, stream, incident.id, incident.alarm_ids)
    for taken in await lifecycle.absorbed_by(tx, incident.id):
        rows += await journal.read_incident(tx, stream, taken, [])
    return sorted({row.seq: row for row in rows}.values(), key=lambda row: row.seq)


async def sent_to(tx: Tx, incident_id: int) -> list[AssignmentFact]:
    """Return the assignments of an incident; of one that was merged away those it gave up."""
    moved = await lifecycle.moved_away(tx, incident_id)
    if moved is None:
        return await assignments.of_incidents(tx, [incident_id])
    return [await assignments.fact(tx, id_) for id_ in moved.assignment_ids]


NOTEWORTHY = timedelta(minutes=1)


def three_times_of(body: Mapping[str, Any], at: datetime) -> dict[str, Any]:
    """Return when what a row tells of happened and was told, where it was written down clearly later.

    Nothing for what came in live: its three times are one.
    """
    for thing in (body, *(part for part in body.values() if isinstance(part, dict))):
        told = [thing.get(name) for name in ("happened_at", "told_at")]
        if not all(isinstance(one, str) for one in told):
            continue
        happened_at, told_at = (datetime.fromisoformat(str(one)) for one in told)
        if at - happened_at < NOTEWORTHY:
            return {}
        return {
            "happened_at": happened_at,
            "told_at": told_at,
            "channel": str(thing.get("channel") or ""),
            "voucher": str(thing.get("voucher") or thing.get("source") or ""),
        }
    return {}
