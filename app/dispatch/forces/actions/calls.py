"""Experts are called in for an incident: who called, when, what was answered and advised."""

from __future__ import annotations

from datetime import datetime

from app.db import Tx
from app.dispatch.actions.permission import concern_of, incident_for_command
from app.dispatch.commands import earlier
from app.dispatch.forces.actions.experts import reaches
from app.dispatch.forces.commands import ExpertCallIn
from app.dispatch.forces.events import ExpertCalled
from app.dispatch.forces.facts import ExpertCallFact
from app.dispatch.forces.rules.kinds import call_words
from app.dispatch.forces.store import experts as store
from app.dispatch.forces.tables import ExpertCall
from app.dispatch.store import incidents
from app.journal import store as journal
from app.org.rules.access import Viewer, actor, may_see, require
from app.refusals import NotFound

CALLS_TOLD = 200


async def call_in(tx: Tx, by: Viewer, incident_id: int, told: ExpertCallIn, now: datetime) -> ExpertCallFact:
    """Write down that an expert was called for an incident, and what he said.

    Raises NotFound (incident or expert), NotPermitted.
    """
    incident = await incident_for_command(tx, by, incident_id)
    row = await store.locked(tx, by.stream, told.expert_id)
    if row is None or not row.active or not reaches(by, row.region_code):
        raise NotFound("该专家", "expert")
    made = ExpertCall(
        stream=by.stream,
        expert_id=told.expert_id,
        incident_id=incident_id,
        called_by=told.called_by or by.name,
        called_at=earlier(told.called_at, now),
        outcome=told.outcome,
        advice=told.advice,
        entered_by=by.name,
        entered_at=now,
    )
    tx.add(made)
    await tx.flush()
    fact = await store.call(tx, made.id or 0)
    zh, en = call_words(fact.sector, fact.expert_name, fact.called_by, fact.outcome, fact.advice)
    event = ExpertCalled(type="incident.expert_called", call=fact, zh=zh, en=en)
    entry = journal.Entry(event, concern_of(incident), incident_id)
    await journal.append(tx, by.stream, now, [entry], actor(by))
    return fact


async def of_incident(tx: Tx, by: Viewer, incident_id: int) -> list[ExpertCallFact]:
    """Return the calls for an incident this person may see, the newest first. Raises NotFound."""
    require(by, "see_desk")
    seen = await incidents.seen(tx, by.stream, incident_id)
    if seen is None or not may_see(by, seen.concern):
        raise NotFound("该事件", "incident")
    return await store.calls_of_incident(tx, incident_id, CALLS_TOLD)
