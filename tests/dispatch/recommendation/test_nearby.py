"""Where units are is read beside the questions, and by the question itself when nobody does."""

from __future__ import annotations

import asyncio

import pytest
from sqlalchemy import event

from app.dispatch.recommendation.nearby import Nearby
from app.dispatch.recommendation.settings import load_force_rules
from tests.world import STREAM, World

pytestmark = pytest.mark.database
ROADS = load_force_rules().roads
POINT = (118.9, 28.9)


async def _all_capabilities(world: World) -> list[str]:
    return [row["one"] for row in await world.rows("SELECT DISTINCT unnest(capabilities) AS one FROM team")]


async def test_whoever_asks_again_waits_for_no_reading(world: World) -> None:
    nearby = Nearby(STREAM, fresh_s=60.0)
    read: list[str] = []
    engine = world.database.engine.sync_engine
    event.listen(engine, "before_cursor_execute", lambda *said: read.append(said[2]))
    async with nearby.running(world.database):
        await world.do(nearby.refresh)
        assert any("FROM team" in statement for statement in read)
        read.clear()
        await world.do(nearby.refresh)
        assert not any("FROM team" in statement or "FROM position" in statement for statement in read)


async def test_the_keeper_follows_what_moves_while_somebody_asks(world: World) -> None:
    nearby, able = Nearby(STREAM, fresh_s=0.0), await _all_capabilities(world)

    def first(count: int = 1) -> set[int]:
        return set(nearby.nearest(*POINT, able, STREAM, count, ROADS, night=True).team_ids)

    async with nearby.running(world.database):
        await world.do(nearby.refresh)
        far = (first(10) - first()).pop()
        await world.run(
            "INSERT INTO position (device_id, stream, team_id, region_code, lon, lat, true_at, heard_at)"
            " SELECT 900, stream, id, region_code, :lon, :lat, now(), now() FROM team WHERE id = :far",
            lon=POINT[0],
            lat=POINT[1],
            far=far,
        )
        async with asyncio.timeout(30):
            while first() != {far}:  # noqa: ASYNC110  nobody asks meanwhile: the keeper reads
                await asyncio.sleep(0.05)
    assert nearby.health()["ok"]
