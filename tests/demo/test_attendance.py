"""The demo's people are at their desks when it begins."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import text

from app.clock import SystemClock
from app.db import Database
from app.stage.attendance import KEEPING, be_present

pytestmark = pytest.mark.database


async def test_everybody_of_the_shift_that_runs_is_there_at_the_posts_that_keep_presence(
    city_url: str,
) -> None:
    database = Database(city_url)
    now = SystemClock().now()
    await be_present(database, now)
    async with database.transaction() as tx:
        rows = (await tx.execute(text("SELECT post_id, arrived_at FROM attendance"))).all()
    await database.close()
    assert len({row.post_id for row in rows}) == len(KEEPING)
    assert len(rows) >= 7 + 2 * 3  # the centre's seven, two in each township
    assert all(row.arrived_at < now + timedelta(minutes=10) for row in rows)
