"""Bring a database to the present schema, and refuse to serve one that is not there yet."""

from __future__ import annotations

import asyncio
from pathlib import Path

from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection
from sqlalchemy.ext.asyncio import create_async_engine

from alembic import command
from app.db import async_url

SCRIPTS = Path(__file__).resolve().parent.parent / "alembic"


class SchemaBehind(RuntimeError):
    """The database misses migrations: `zhishou migrate` brings it up."""


def _config() -> Config:
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

    def work(connection: Connection) -> None:
        config = _config()
        config.attributes["connection"] = connection
        command.revision(config, message=message, autogenerate=True)

    asyncio.run(_with_connection(url, work))


async def require_current(url: str) -> None:
    """Raise SchemaBehind unless the database stands at the newest migration."""

    def work(connection: Connection) -> str | None:
        return MigrationContext.configure(connection).get_current_revision()

    current = await _with_connection(url, work)
    newest = ScriptDirectory.from_config(_config()).get_current_head()
    if current != newest:
        raise SchemaBehind(
            f"数据库结构不是最新({current} → {newest}),请先运行 zhishou migrate / "
            f"the database schema is at {current}, not {newest}: run `zhishou migrate`"
        )
