"""Bring a database to the present schema, and refuse to serve one that is not there yet."""

from __future__ import annotations

import asyncio
import re
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, inspect, text
from sqlalchemy.ext.asyncio import create_async_engine

from app.db import async_url

if TYPE_CHECKING:
    from alembic.config import Config

SCRIPTS = Path(__file__).resolve().parent.parent / "alembic"
_NAMED = re.compile(r'^(revision|down_revision) = "(\w+)"$', re.MULTILINE)


class SchemaBehind(RuntimeError):
    """The database misses migrations: `zhishou migrate` brings it up."""


def _config() -> Config:
    from alembic.config import Config  # Alembic takes half a second to load, and a start needs none of it

    config = Config()
    config.set_main_option("script_location", str(SCRIPTS))
    return config


async def _with_connection(url: str, work: object) -> object:
    engine = create_async_engine(async_url(url))
    try:
        async with engine.begin() as connection:
            return await connection.run_sync(work)  # type: ignore[arg-type]
    finally:
        await engine.dispose()


async def upgrade_async(url: str) -> None:
    """Run every missing migration in one transaction."""
    from alembic import command

    def work(connection: Connection) -> None:
        config = _config()
        config.attributes["connection"] = connection
        command.upgrade(config, "head")

    await _with_connection(url, work)


def upgrade(url: str) -> None:
    """Run every missing migration; for callers without an event loop."""
    asyncio.run(upgrade_async(url))


def draft(url: str, message: str) -> None:
    """Write a new migration from the difference between tables and database (for developers)."""
    from alembic import command

    def work(connection: Connection) -> None:
        config = _config()
        config.attributes["connection"] = connection
        command.revision(config, message=message, autogenerate=True)

    asyncio.run(_with_connection(url, work))


def newest() -> str:
    """Return the migration no other builds upon. Raises RuntimeError if there are two: a merge went wrong."""
    named: dict[str, set[str]] = {"revision": set(), "down_revision": set()}
    for script in (SCRIPTS / "versions").glob("*.py"):
        for kind, name in _NAMED.findall(script.read_text(encoding="utf-8")):
            named[kind].add(name)
    heads = named["revision"] - named["down_revision"]
    if len(heads) != 1:
        raise RuntimeError(f"迁移脚本应有唯一最新版 / one newest migration is wanted: {sorted(heads)}")
    return heads.pop()


async def require_current(url: str) -> None:
    """Raise SchemaBehind unless the database stands at the newest migration."""

    def work(connection: Connection) -> str | None:
        if not inspect(connection).has_table("alembic_version"):
            return None
        found: str | None = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
        return found

    current = await _with_connection(url, work)
    wanted = newest()
    if current != wanted:
        raise SchemaBehind(
            f"数据库结构不是最新({current} → {wanted}),请先运行 zhishou migrate / "
            f"the database schema is at {current}, not {wanted}: run `zhishou migrate`"
        )
