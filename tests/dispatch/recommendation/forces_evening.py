"""Every event of the forces, in one evening."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any

from app.db import Tx
from app.dispatch.recommendation import actions
from app.dispatch.recommendation.commands import DeployIn, PartnerIn
from app.org.rules.access import Viewer
from tests.world import EAST, LAKE

Do = Callable[[Callable[[Tx], Awaitable[Any]]], Awaitable[Any]]


async def forces_evening(do: Do, officer: Viewer, leader: Viewer, now: datetime) -> None:
    """Station a team and call it back; enter, amend and retire a partner."""
    station = DeployIn(region_code=EAST, reason="值守")
    await do(lambda tx: actions.deploy(tx, officer, LAKE, station, now))
    await do(lambda tx: actions.call_back(tx, officer, LAKE, now))
    partner = PartnerIn(kind="neighbour", name_zh="邻县", phone="0798-12350")
    made = await do(lambda tx: actions.register_partner(tx, leader, partner, now))
    await do(lambda tx: actions.amend_partner(tx, leader, made.id, partner, now))
    await do(lambda tx: actions.retire_partner(tx, leader, made.id, now))
