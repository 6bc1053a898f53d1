"""A whistle that turns out to be worse becomes an incident (吹哨转事件)."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from app.db import Tx
from app.dispatch.actions.incidents import draft_of, open_incident
from app.dispatch.actions.permission import require
from app.dispatch.actions.tell import tell
from app.dispatch.commands import IncidentIn
from app.dispatch.facts import IncidentFact
from app.org.rules.access import Viewer
from app.task import actions as tasks


async def open_of_whistle(
    tx: Tx, by: Viewer, task_id: int, told: IncidentIn, now: datetime, zone: ZoneInfo
) -> IncidentFact:
    """Open an incident of an open whistle, which ends with it.

    Raises NoWhistle, InvalidInput, NotFound, NotPermitted.
    """
    require(by, "command")
    incident, learned = await open_incident(tx, by, draft_of(told, now), now, zone)
    ended = await tasks.convert(tx, by, task_id, incident.id or 0, incident.number, now)
    return await tell(tx, by, incident, "incident.opened", now, [ended], learned)
