"""Where a team went: the history of the devices it carries now."""

from __future__ import annotations

from datetime import datetime, timedelta

from app.db import Tx
from app.desk.snapshot import concern_of_position
from app.dispatch.store import teams
from app.org.rules.access import Concern, Viewer, may_see, require
from app.refusals import NotFound
from app.tracking import store as tracking
from app.tracking.facts import TrackFact

MOST_POINTS = 1000  # a device: a line on a screen shows no more


async def of_team(tx: Tx, by: Viewer, team_id: int, within: timedelta, now: datetime) -> list[TrackFact]:
    """Return the tracks of a team's devices, each oldest first; none was heard: an empty list.

    Raises NotPermitted, and NotFound for a team outside this person's scope.
    """
    require(by, "see_desk")
    known = next((team for team in await teams.facts(tx, by.stream) if team.id == team_id), None)
    if known is None or not may_see(by, Concern((known.region_code,), (team_id,))):
        raise NotFound("该队伍", "team")
    carried = [
        position.device_id
        for position in await tracking.latest_of_team(tx, by.stream, team_id)
        if may_see(by, concern_of_position(position))
    ]
    # A device's clock may be ahead of ours by as much as is still believed.
    return await tracking.tracks(tx, carried, now - within, now + timedelta(minutes=5), MOST_POINTS)
