"""Recommend units for an incident: load, decide; nothing is written."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from app.db import Tx
from app.dispatch.actions.permission import require
from app.dispatch.rules.capability import GENERAL, wanted_capabilities
from app.dispatch.rules.recommend import Recommendation, Scene, rank
from app.dispatch.store import incidents, teams
from app.org.rules.access import Viewer, may_see
from app.refusals import NotFound


@dataclass(frozen=True, slots=True)
class Advice:
    """A recommendation with what it was asked for."""

    incident_id: int
    at: datetime
    wanted: tuple[str, ...]
    recommendation: Recommendation


async def recommend(tx: Tx, by: Viewer, incident_id: int, now: datetime, position_limit: timedelta) -> Advice:
    """Return which units should go, with reasons. Raises NotFound, NotPermitted."""
    require(by, "command")
    seen = await incidents.seen(tx, by.stream, incident_id)
    if seen is None or not may_see(by, seen.concern):
        raise NotFound("该事件", "incident")
    wanted = wanted_capabilities(seen.fact.event_code)
    candidates = await teams.candidates(tx, by, incident_id, wanted)
    scene = Scene(seen.fact.lon, seen.fact.lat, wanted, any_of=wanted == GENERAL)
    return Advice(incident_id, now, wanted, rank(scene, candidates, now, position_limit))
