from datetime import UTC, datetime

import pytest
from sqlalchemy import text

from tests.api.desk import Desk, desk
from tests.county import county, county_url
from tests.duty.spot_county import settle_23
from tests.orders.order_room import Room
from tests.world import world

__all__ = ["county", "county_url", "desk", "world"]


@pytest.fixture
async def room(desk: Desk) -> Room:
    """The centre and 22 townships with their people on duty on 18 June 2025, from midnight to midnight."""
    noon = datetime(2025, 6, 18, 4, 0, tzinfo=UTC)
    await desk.world.do(lambda tx: settle_23(tx, noon))
    await desk.world.do(
        lambda tx: tx.execute(text("UPDATE login_session SET expires_at = expires_at + interval '9 days'"))
    )
    return Room(desk)
