"""Reckon an incident by rules that came into force since it was reckoned last."""

from __future__ import annotations

from datetime import datetime

from app.db import Tx
from app.dispatch.store import incidents
from app.journal import store as journal
from app.reporting.actions.recompute import recompute
from app.reporting.settings import Reporting


async def take_up(tx: Tx, stream: str, policy: Reporting, incident_id: int, now: datetime) -> None:
    """Reckon the dues of one incident by the rules of now; the journal is told what was late."""
    incident = await incidents.locked(tx, stream, incident_id)
    assert incident is not None
    entries = await recompute(tx, policy, incident, now)
    await journal.append(tx, stream, now, entries)
