"""The database goes away under load, its disk is full, a gateway empties a day's store: nothing is lost."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import make_url

from app.clock import SetClock, SystemClock
from app.db import Database
from app.devices.recorder import MAX_WAITING, Recorder
from app.tracking.store import Heard
from tests.database import Postgres
from tests.nodes.cluster import (
    Person,
    Wanderer,
    compared,
    head,
    nodes,
    rows,
    session,
    until,
    watching,
)
from tests.small_disk import mounted

pytestmark = pytest.mark.database
STREAM = "990181"
_HANG_UP = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1"


async def test_a_database_that_restarts_under_load_loses_and_doubles_nothing(
    city_url: str, postgres: Postgres, tmp_path: Path
) -> None:
    name = make_url(city_url).database
    async with nodes(city_url, tmp_path, 2) as services:
        cookie, begun = await session(services[0]), await head(city_url)
        screens = [Wanderer(services, cookie, begun, at) for at in range(4)]
        people = [Person(services[at:] + services[:at], cookie, f"person-{at}") for at in range(2)]
        async with watching(screens):
            writing = asyncio.gather(*(person.write(20) for person in people))

            async def under_load() -> bool:
                return sum(len(person.done) for person in people) >= 10

            await until(under_load)
            await rows(postgres.url, f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS false')
            await rows(
                postgres.url,
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1",
                name,
            )
            await asyncio.sleep(1)  # as long as a restart takes
            await rows(postgres.url, f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS true')
            await writing
            await compared(city_url, screens, begun, people)


def _heard(device: int, true_at: datetime, heard_at: datetime, lat: float = 28.5) -> Heard:
    place = "990181100000"
    return Heard(device, STREAM, None, place, 115.5, lat, None, None, None, true_at, true_at, heard_at)


async def test_fifty_thousand_positions_of_yesterday_are_stored_and_move_nobody_back(
    database: Database,
) -> None:
    now = datetime(2025, 6, 18, 4, tzinfo=UTC)
    yesterday = now - timedelta(days=1)
    devices, each = 50, 1_000
    async with Recorder(database, SetClock(now)).running() as recorder:
        await asyncio.wait_for(
            asyncio.shield(await recorder.record([_heard(n, now, now, 29.0) for n in range(devices)])), 20
        )
        most = 0
        for device in range(devices):
            times = [yesterday + timedelta(minutes=minute) for minute in range(each)]
            done = await recorder.record([_heard(device, at, now) for at in times])
            most = max(most, int(str(recorder.health()["waiting"])))
        await asyncio.wait_for(done, 60)
    assert most < MAX_WAITING + each  # the line waits; memory does not grow with the burst
    async with database.raw() as connection:
        assert await connection.fetchval("SELECT count(*) FROM track") == devices * (each + 1)
        assert await connection.fetchval("SELECT count(*) FROM position WHERE lat = 29.0") == devices


@pytest.fixture
async def small_disk(database: Database) -> AsyncIterator[Path]:
    """A disk of 3 MB that the server may write; where it cannot be mounted the test is skipped."""
    async with database.raw() as connection:
        folder = Path(await connection.fetchval("SHOW data_directory"))
    with mounted(folder) as disk:
        yield disk


async def test_on_a_full_disk_a_flush_fails_as_a_whole_is_not_acknowledged_and_works_again_later(
    database: Database, small_disk: Path
) -> None:
    now = datetime.now(UTC)
    async with database.raw() as connection:
        await connection.execute(f"CREATE TABLESPACE small LOCATION '{small_disk}'")
        await connection.execute("ALTER TABLE track_other SET TABLESPACE small")
    try:
        recorder = Recorder(database, SystemClock())
        stored = 0
        for number in range(200):
            at = now + timedelta(seconds=number)
            done = await recorder.record([_heard(device, at, now) for device in range(1_000)])
            await recorder.flush()
            if done.exception() is not None:
                break
            stored += 1_000
        assert 0 < stored < 200_000
        async with database.raw() as connection:
            assert await connection.fetchval("SELECT count(*) FROM track") == stored
            newest = await connection.fetchval("SELECT max(true_at) FROM position")
            assert newest == now + timedelta(
                seconds=number - 1
            )  # the latest did not run ahead of the history
        for _ in range(5):
            await recorder.record([_heard(1, now, now + timedelta(days=1))] * 1)
            await recorder.record([_heard(d, now + timedelta(days=1), now) for d in range(60_000)][:19_000])
            await recorder.flush()
        assert recorder.health()["ok"] is False
        async with database.raw() as connection:
            await connection.execute("TRUNCATE track")  # the administrator made room
        done = await recorder.record([_heard(1, now + timedelta(days=2), now)])
        await recorder.flush()
        assert done.exception() is None
        assert recorder.health()["ok"] is True
    finally:
        async with database.raw() as connection:
            await connection.execute("DROP TABLE track")
            await connection.execute("DROP TABLESPACE small")
