"""Reckon incidents by rules that came into force since they were reckoned last."""

from __future__ import annotations

from datetime import datetime

from app.db import Tx
from app.dispatch.store import incidents
from app.journal import store as journal
from app.org.rules.access import Concern
from app.reporting.actions.recompute import recompute
from app.reporting.rulebook import store
from app.reporting.rulebook.actions.versions import brief
from app.reporting.rulebook.events import RulesChanged
from app.reporting.settings import Reporting


async def take_up(tx: Tx, stream: str, policy: Reporting, incident_id: int, now: datetime) -> None:
    """Reckon the dues of one incident by the rules of now; the journal is told what was late."""
    incident = await incidents.locked(tx, stream, incident_id)
    assert incident is not None
    entries = await recompute(tx, policy, incident, now)
    await journal.append(tx, stream, now, entries)


async def tell_taken_up(tx: Tx, stream: str, rules_id: int, count: int, now: datetime) -> None:
    """Tell the screens that so many incidents were reckoned by a version: they read their dues again."""
    row = await store.row(tx, rules_id, stream)
    assert row is not None
    event = RulesChanged(type="reporting_rules.taken_up", rules=brief(row), incidents=count)
    await journal.append(tx, stream, now, [journal.Entry(event, Concern((stream.ljust(12, "0"),)))])
