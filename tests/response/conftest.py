from datetime import UTC, datetime

import pytest
from sqlalchemy import text

from tests.api.desk import Desk as Api
from tests.api.desk import desk
from tests.api.desk import desk as api
from tests.county import county, county_url
from tests.response.callout_county import Callout, settle
from tests.world import World, world

__all__ = ["api", "callout", "county", "county_url", "desk", "world"]

AT_0240 = datetime(2025, 6, 17, 18, 40, tzinfo=UTC)


@pytest.fixture
async def callout(world: World, api: Api) -> Callout:
    """36 villages of two townships at 02:40 on 18 June 2025, everybody logged in for days."""
    world.clock.advance(AT_0240 - world.clock.now())
    await settle(world)
    await world.do(
        lambda tx: tx.execute(text("UPDATE login_session SET expires_at = expires_at + interval '900 days'"))
    )
    return Callout(api)
