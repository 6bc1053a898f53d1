"""A field phone tells where it is. The phone becomes a device of its team at the first word."""

from __future__ import annotations

from datetime import datetime

from app.db import Tx
from app.dispatch.actions.permission import require
from app.dispatch.commands import PositionIn
from app.dispatch.store import teams
from app.org import store as org
from app.org.rules.access import Viewer
from app.tracking import store as tracking
from app.tracking.rules import believable


async def hear_position(tx: Tx, by: Viewer, told: PositionIn, now: datetime) -> None:
    """Store the position of the person's phone. Raises NotPermitted for people without a team."""
    require(by, "answer")
    team_id = min(by.team_ids, default=None)
    if team_id is None:
        return
    team = await teams.fact(tx, team_id)
    device_id = await org.phone_of(
        tx, by.stream, by.account_id, f"{by.name} 手机", team.region_code, team_id, now
    )
    heard = tracking.Heard(
        device_id=device_id,
        stream=by.stream,
        team_id=team_id,
        region_code=team.region_code,
        lon=told.lon,
        lat=told.lat,
        altitude_m=None,
        speed_mps=told.speed_mps,
        course_deg=told.course_deg,
        fixed_at=told.fixed_at,
        true_at=believable(told.fixed_at, now),
        heard_at=now,
    )
    await tracking.write_many(tx, [heard])
