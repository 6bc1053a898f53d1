"""What people read of reporting, and the guard that they may."""

from __future__ import annotations

from datetime import datetime

from app.db import Tx
from app.dispatch.store import incidents
from app.org.rules.access import Viewer, may_see, require
from app.refusals import NotFound
from app.reporting.facts import IncidentReporting, ReportDueFact
from app.reporting.rulebook.in_force import in_force
from app.reporting.settings import Reporting
from app.reporting.shapes import due_fact
from app.reporting.store import dues as store
from app.reporting.store import situation as facts
from app.reporting.tables import ReportDue

_ORDER = {"open": 0, "done": 1, "dropped": 2}


async def of_incident(
    tx: Tx, by: Viewer, policy: Reporting, incident_id: int, now: datetime
) -> IncidentReporting:
    """Return all of one incident's reporting. Raises NotFound."""
    seen = await incidents.seen(tx, by.stream, incident_id)
    if seen is None or not may_see(by, seen.concern):
        raise NotFound("该事件", "incident")
    rows = sorted(
        await store.of_incident(tx, incident_id), key=lambda row: (_ORDER[row.state], row.due_at, row.id)
    )
    lates = await store.lates(tx, [row.id or 0 for row in rows])
    policy = await in_force(tx, policy, by.stream, now)
    named = (incident_id, seen.fact.number, seen.fact.title)
    semantics = policy.rules.semantics
    shown = [row for row in rows if row.state != "dropped" or row.id in lates]
    return IncidentReporting(
        incident_id=incident_id,
        incident_number=seen.fact.number,
        rules_version=policy.rules.version,
        profiles=list(policy.profiles),
        scopes=sorted(policy.rules.scopes),
        dues=[due_fact(row, named, lates.get(row.id or 0, ()), semantics, now) for row in shown],
        known=facts.known_facts(await facts.facts(tx, incident_id)),
    )


async def open_dues(tx: Tx, by: Viewer, policy: Reporting, limit: int, now: datetime) -> list[ReportDueFact]:
    """Return the open dues of all incidents this person may see, the soonest first."""
    require(by, "see_desk")
    policy = await in_force(tx, policy, by.stream, now)
    rows = await store.open_rows(tx, by, limit)
    lates = await store.lates(tx, [row["id"] for row in rows])
    return [
        due_fact(
            ReportDue.model_construct(**{k: v for k, v in row.items() if k not in ("number", "title")}),
            (row["incident_id"], row["number"], row["title"]),
            lates.get(row["id"], ()),
            policy.rules.semantics,
            now,
        )
        for row in rows
    ]
