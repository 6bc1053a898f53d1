import pytest

from tests.api.desk import desk
from tests.broadcast.links import linked
from tests.broadcast.loudspeakers import Speakers, install
from tests.county import county, county_url
from tests.world import World, world

__all__ = ["county", "county_url", "desk", "linked", "speakers", "world"]


@pytest.fixture
async def speakers(world: World) -> Speakers:
    """Two loudspeakers in each village of the county, all alive, carried by the county's platform."""
    await world.do(install)
    return Speakers(world)
