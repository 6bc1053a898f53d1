from datetime import UTC, datetime

import pytest
from sqlalchemy import text

from tests.api.desk import Desk, desk
from tests.api.desk import Desk as Api
from tests.api.desk import desk as api
from tests.county import county, county_url
from tests.duty.spot_county import settle_23
from tests.response.callout_county import Callout, settle
from tests.response.war_room import WarRoom, settle_departments
from tests.world import World, world

__all__ = ["api", "callout", "county", "county_url", "desk", "world"]

AT_0240 = datetime(2025, 6, 17, 18, 40, tzinfo=UTC)


@pytest.fixture
async def room(desk: Desk) -> WarRoom:
    """The centre, 22 townships with their people on duty, the member units, and four carded plans."""
    at = datetime(2025, 6, 20, 4, 0, tzinfo=UTC)
    await desk.world.do(lambda tx: settle_23(tx, at))
    await desk.world.do(settle_departments)
    await desk.world.do(
        lambda tx: tx.execute(text("UPDATE login_session SET expires_at = expires_at + interval '9 days'"))
    )
    return WarRoom(desk)


@pytest.fixture
async def callout(world: World, api: Api) -> Callout:
    """36 villages of two townships at 02:40 on 18 June 2025, everybody logged in for days."""
    world.clock.advance(AT_0240 - world.clock.now())
    await settle(world)
    await world.do(
        lambda tx: tx.execute(text("UPDATE login_session SET expires_at = expires_at + interval '900 days'"))
    )
    return Callout(api)
