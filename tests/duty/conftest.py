import pytest
from sqlalchemy import text

from tests.api.desk import Desk as Api
from tests.api.desk import desk as api
from tests.county import county, county_url
from tests.duty.county import Desk, settle_in
from tests.duty.spot_county import AT_2210, Round, settle_23
from tests.world import World, world

__all__ = ["api", "county", "county_url", "desk", "spot_round", "world"]


@pytest.fixture
async def desk(world: World) -> Desk:
    """The two desks, nobody planned yet; the clock stands at 02:13:20 on 18 June 2025."""
    await world.do(settle_in)
    return Desk(world)


@pytest.fixture
async def spot_round(world: World, api: Api) -> Round:
    """23 manned posts at 22:10 on 18 June 2025, everybody logged in for days."""
    world.clock.advance(AT_2210 - world.clock.now())
    await world.do(lambda tx: settle_23(tx, AT_2210))
    await world.do(
        lambda tx: tx.execute(text("UPDATE login_session SET expires_at = expires_at + interval '9 days'"))
    )
    return Round(api)
