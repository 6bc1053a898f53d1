import pytest

from tests.api.desk import Desk, desk
from tests.county import county, county_url
from tests.supplies.stores import Stores, settle_stores
from tests.world import world

__all__ = ["county", "county_url", "desk", "stores", "world"]


@pytest.fixture
async def stores(desk: Desk) -> Stores:
    """The city's warehouse and one in each township, with blankets and boats in them."""
    return await settle_stores(desk)
