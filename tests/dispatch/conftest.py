from datetime import UTC, datetime

import pytest
from sqlalchemy import text

from tests.api.desk import Desk as Api
from tests.api.desk import desk as api
from tests.county import county, county_url
from tests.dispatch.status_county import RoundUp, settle_bureau
from tests.duty.spot_county import settle_23
from tests.world import World, world

__all__ = ["api", "county", "county_url", "round_up", "world"]

AT_0840 = datetime(2025, 6, 18, 0, 40, tzinfo=UTC)


@pytest.fixture
async def round_up(world: World, api: Api) -> RoundUp:
    """23 units at 08:40 on 18 June 2025, the desks of the east and the west logged in for days."""
    world.clock.advance(AT_0840 - world.clock.now())
    await world.do(lambda tx: settle_23(tx, AT_0840))
    await settle_bureau(world)
    await world.do(
        lambda tx: tx.execute(text("UPDATE login_session SET expires_at = expires_at + interval '9 days'"))
    )
    return RoundUp(api)
