"""The embedded database is never thrown away."""

from __future__ import annotations

import asyncio
from pathlib import Path

import asyncpg
import pytest

from app.postgres import embedded

pytestmark = pytest.mark.database


async def _execute(url: str, statement: str) -> None:
    connection = await asyncpg.connect(url)
    try:
        await connection.execute(statement)
    finally:
        await connection.close()


def test_a_restored_folder_without_its_marker_keeps_its_data(tmp_path: Path) -> None:
    folder = tmp_path / "postgres"
    with embedded(folder) as url:
        asyncio.run(_execute(url, "CREATE TABLE precious (n int)"))
    folder.with_name("postgres.complete").unlink()
    with embedded(folder) as url:
        asyncio.run(_execute(url, "INSERT INTO precious VALUES (1)"))


def test_a_folder_whose_first_start_was_interrupted_is_set_aside_and_made_anew(tmp_path: Path) -> None:
    folder = tmp_path / "postgres"
    folder.mkdir()
    (folder / "PG_VERSION").write_text("18\n")
    with embedded(folder) as url:
        asyncio.run(_execute(url, "SELECT 1"))
    assert [path.name for path in tmp_path.glob("postgres.unfinished-*/PG_VERSION")] == ["PG_VERSION"]
