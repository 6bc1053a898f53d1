import pytest

from tests.api.desk import Desk, desk
from tests.county import county, county_url
from tests.shelters.refuges import Refuges, settle_refuges
from tests.world import world

__all__ = ["county", "county_url", "desk", "refuges", "world"]


@pytest.fixture
async def refuges(desk: Desk) -> Refuges:
    """A park, two schools and a village's point; the east bank goes to its school."""
    return await settle_refuges(desk)
