import pytest

from tests.api.desk import desk as api
from tests.county import county, county_url
from tests.duty.county import Desk, settle_in
from tests.world import World, world

__all__ = ["api", "county", "county_url", "desk", "world"]


@pytest.fixture
async def desk(world: World) -> Desk:
    """The two desks, nobody planned yet; the clock stands at 02:13:20 on 18 June 2025."""
    await world.do(settle_in)
    return Desk(world)
