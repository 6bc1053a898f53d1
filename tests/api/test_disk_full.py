"""The disk of the database is full: a command is refused as a whole, and works when there is room again."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import asyncpg
import pytest

from tests.api.desk import Desk, problem
from tests.small_disk import mounted
from tests.world import EAST_BANK, OPEN_KIND

pytestmark = pytest.mark.database
MOST = 400  # pages of the last extent may be free still
WANTED = {"event_code": OPEN_KIND, "region_code": EAST_BANK, "title": "涨" * 40}
_COUNTS = (
    "SELECT (SELECT count(*) FROM incident), (SELECT count(*) FROM journal), (SELECT seq FROM journal_head)"
)


async def test_a_command_on_a_full_disk_changes_nothing_and_says_so(desk: Desk) -> None:
    async with desk.world.database.raw() as server:
        folder = Path(await server.fetchval("SHOW data_directory"))
    with mounted(folder) as disk:
        async with desk.world.database.raw() as server:
            await server.execute(f"CREATE TABLESPACE soon_full LOCATION '{disk}'")
            try:
                await server.execute("ALTER TABLE journal SET TABLESPACE soon_full")
                await server.execute("CREATE TABLE filling (words text STORAGE PLAIN) TABLESPACE soon_full")
                await _until_refused_and_again(desk, server)
            finally:
                await server.execute("DROP TABLE IF EXISTS filling")
                await server.execute("ALTER TABLE journal SET TABLESPACE pg_default")
                await server.execute("DROP TABLESPACE soon_full")


async def _until_refused_and_again(desk: Desk, server: asyncpg.Connection[Any]) -> None:
    with pytest.raises(asyncpg.DiskFullError):
        await _fill(server)
    opened, answer = 0, await desk.post("officer", "/api/incidents", WANTED)
    while answer.status_code == 201 and opened < MOST:
        opened, answer = opened + 1, await desk.post("officer", "/api/incidents", WANTED)
    problem(answer, 503, "disk_full")
    incidents, rows, seq = await server.fetchrow(_COUNTS)
    assert incidents == opened and rows == seq  # nothing half-written
    await server.execute("DROP TABLE filling")  # somebody made room
    assert (await desk.post("officer", "/api/incidents", WANTED)).status_code == 201


async def _fill(server: asyncpg.Connection[Any]) -> None:
    while True:
        await server.execute("INSERT INTO filling SELECT repeat('x', 7000)")
