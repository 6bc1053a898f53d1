"""The demo's shelters: 3 of the city, 22 of townships, 300 of villages; one open, two villages moving."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime

import pytest
from sqlmodel import select

from app.db import Database
from app.org.accounts import viewer_of
from app.org.tables import Account
from app.shelters.store import evacuations, shelters
from app.stage.seed import seed
from app.stage.shelters import CURVE, move_out

pytestmark = pytest.mark.database
NOW = datetime(2025, 6, 18, 1, 0, tzinfo=UTC)


async def test_the_demo_has_325_shelters_one_with_a_curve_and_an_evacuation(database: Database) -> None:
    await seed(database, NOW)
    await move_out(database, NOW)
    async with database.transaction() as tx:
        found = await tx.execute(select(Account).where(Account.username == "shift"))
        by = viewer_of(found.scalar_one())
        every = await shelters.listed(tx, by)
        (running,) = await evacuations.listed(tx, by)
        goals = await shelters.villages(tx, by)
        (park,) = [one for one in every if one.opening is not None]
        assert park.opening is not None
        counts = await shelters.counts(tx, park.opening.id)
    assert Counter(one.level for one in every) == {"city": 3, "township": 22, "village": 300}
    assert sorted(one.capacity for one in every[:3]) == [2000, 5000, 12000]
    assert all(one.opener and one.opener_phone and one.elevation_m for one in every)
    assert [one.heads for one in counts] == list(CURVE)
    tally = running.evacuation.tally
    assert (tally.total, tally.moved, tally.refused) == (112, 74, 2)
    assert park.present == CURVE[-1] + tally.moved
    assert sum(one.shelter_id is not None for one in goals) == 300
