"""Bring a database to the present schema, and refuse to serve one that is not there yet.

Nodes are replaced one after the other, so a program meets a schema that is newer than itself. It serves it
when the program that migrated has left a word that it may: the comment of `alembic_version`. What a migration
may do is in docs/deployment.md; tests/test_migrations.py holds every new one to it.
"""

from __future__ import annotations

import asyncio
import re
from pathlib import Path
from typing import TYPE_CHECKING, Literal, cast

from sqlalchemy import Connection, inspect, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import create_async_engine

from app.db import async_url

if TYPE_CHECKING:
    from alembic.config import Config

SCRIPTS = Path(__file__).resolve().parent.parent / "alembic"
# From here on migrations only add, and programs as old as this serve what comes after (docs/deployment.md).
SINCE = "0470_widened_rounds"
_ONE_AT_A_TIME = 0x5A5B  # advisory lock: nodes that start together migrate one after the other
_WAIT_S, _TRIES = 2, 30  # for a table that somebody reads or writes; meanwhile nobody else waits behind us
_WORD = re.compile(r"(\w+) serves (\w+)")
_NAMED = re.compile(r'^(revision|down_revision) = "(\w+)"$', re.MULTILINE)


class SchemaBehind(RuntimeError):
    """The database misses migrations: `zhishou migrate` brings it up."""


class SchemaAhead(RuntimeError):
    """The database was migrated by a newer program, which left no word that this one may serve it."""


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


async def upgrade_async(url: str) -> bool:
    """Run every missing migration in one transaction; True when the schema is newer than we and serves us.

    A table that a running node holds is waited for two seconds at a time, with everything undone between:
    whoever queues behind a change of a table waits as long as it does. Raises SchemaAhead, DBAPIError.
    """
    for left in reversed(range(_TRIES)):
        try:
            return bool(await _with_connection(url, _upgrade))
        except DBAPIError as error:
            if getattr(error.orig, "sqlstate", None) != "55P03" or not left:  # lock_not_available
                raise
            await asyncio.sleep(_WAIT_S)
    raise AssertionError


def _upgrade(connection: Connection) -> bool:
    from alembic import command

    connection.execute(text(f"SELECT pg_advisory_xact_lock({_ONE_AT_A_TIME})"))
    connection.execute(text(f"SET LOCAL lock_timeout = '{_WAIT_S}s'"))
    if serves(*_stands(connection)) == "ahead":
        return True
    config = _config()
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
    connection.execute(text(f"COMMENT ON TABLE alembic_version IS '{newest()} serves {oldest_served()}'"))
    return False


def upgrade(url: str) -> bool:
    """Run every missing migration; for callers without an event loop."""
    return asyncio.run(upgrade_async(url))


def draft(url: str, message: str) -> None:
    """Write a new migration from the difference between tables and database (for developers)."""
    from alembic import command

    def work(connection: Connection) -> None:
        config = _config()
        config.attributes["connection"] = connection
        command.revision(config, message=message, autogenerate=True)

    asyncio.run(_with_connection(url, work))


def _chained() -> dict[str, set[str]]:
    named: dict[str, set[str]] = {"revision": set(), "down_revision": set()}
    for script in (SCRIPTS / "versions").glob("*.py"):
        for kind, name in _NAMED.findall(script.read_text(encoding="utf-8")):
            named[kind].add(name)
    return named


def _known() -> set[str]:
    return _chained()["revision"]


def newest() -> str:
    """Return the migration no other builds upon. Raises RuntimeError if there are two: a merge went wrong."""
    named = _chained()
    heads = named["revision"] - named["down_revision"]
    if len(heads) != 1:
        raise RuntimeError(f"迁移脚本应有唯一最新版 / one newest migration is wanted: {sorted(heads)}")
    return heads.pop()


def oldest_served() -> str:
    """Return the oldest migration whose programs serve the present schema.

    A migration that takes something away says `contract = "<the newest migration of the oldest program that
    does without it>"`. Raises RuntimeError for one that names no migration before itself.
    """
    from alembic.script import ScriptDirectory

    chain = list(ScriptDirectory.from_config(_config()).walk_revisions())[::-1]
    order = [script.revision for script in chain]
    served = SINCE
    for at, script in enumerate(chain):
        named = getattr(script.module, "contract", None)
        if named is not None and named not in order[:at]:
            raise RuntimeError(
                f"{script.revision}: contract = {named!r} 不是更早的迁移 / no earlier migration"
            )
        if named is not None and order.index(named) > order.index(served):
            served = named
    return served


def serves(current: str | None, word: str) -> Literal["current", "behind", "ahead"]:
    """Judge a schema by where it stands and the word that its migration left. Raises SchemaAhead.

    `ahead`: newer than this program, which may serve it all the same.
    """
    if current == newest():
        return "current"
    found = _WORD.fullmatch(word)
    if found is None or found[1] != current or current in _known():
        return "behind"
    if found[2] in _known():
        return "ahead"
    raise SchemaAhead(
        f"数据库结构({current})比本程序新,本程序不能再使用它,请安装新版本 / "
        f"the database schema ({current}) is newer than this program can serve: install the newer one"
    )


def _stands(connection: Connection) -> tuple[str | None, str]:
    if not inspect(connection).has_table("alembic_version"):
        return None, ""
    told = connection.execute(
        text("SELECT version_num, obj_description('alembic_version'::regclass) FROM alembic_version")
    ).first()
    return (told[0], told[1] or "") if told else (None, "")


async def require_current(url: str) -> None:
    """Raise SchemaBehind or SchemaAhead unless this program may serve the database as it stands."""
    current, word = cast("tuple[str | None, str]", await _with_connection(url, _stands))
    if serves(current, word) == "behind":
        wanted = newest()
        raise SchemaBehind(
            f"数据库结构不是最新({current} → {wanted}),请先运行 zhishou migrate / "
            f"the database schema is at {current}, not {wanted}: run `zhishou migrate`"
        )
