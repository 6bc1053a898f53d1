"""Where scenarios play: a PostgreSQL of their own, one city written once, a copy of it for each scenario."""

from __future__ import annotations

import asyncio
import itertools
import os
import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import datetime
from pathlib import Path

import asyncpg
from sqlalchemy import make_url

from app.db import Database
from app.migrations import upgrade_async
from app.postgres import embedded
from app.preflight import CannotStart
from app.stage.seed import seed

_HASTY = ("fsync = off", "synchronous_commit = off", "full_page_writes = off", "max_wal_size = '128MB'")
_MEMORY = Path("/dev/shm")  # noqa: S108  a database is a thousand files
_ROOM = 2**31
_numbers = itertools.count(1)


class Ground:
    """A server on which databases may be made: never one that was there before, and each is dropped again."""

    def __init__(self, url: str, *, schema: str = "", keep: bool = False) -> None:
        self._url = url.replace("postgresql+asyncpg://", "postgresql://")
        self._schema = schema  # the name of a database that has the schema, if there is one
        self._own: list[str] = []
        self._cities: dict[datetime, str] = {}
        self._keep = keep

    @asynccontextmanager
    async def lent(self) -> AsyncIterator[Ground]:
        """Lend it; afterwards every database that was made here is gone."""
        try:
            yield self
        finally:
            for name in reversed(self._own):
                await self._execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
            self._own.clear()
            self._cities.clear()

    @asynccontextmanager
    async def city(self, at: datetime) -> AsyncIterator[str]:
        """Lend the URL of a database in which the city stands as of this instant, and nothing happened."""
        template = await self._ready(at)
        name = self._name("play")
        await self._execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}" STRATEGY = file_copy')
        try:
            yield self.url_of(name)
        finally:
            if not self._keep:
                await self._execute(f'DROP DATABASE "{name}" WITH (FORCE)')

    async def make_hasty(self) -> None:
        """Give durability up for speed. Only for a server that dies with the run."""
        for setting in _HASTY:
            await self._execute(f"ALTER SYSTEM SET {setting}")
        await self._execute("SELECT pg_reload_conf()")

    def url_of(self, name: str) -> str:
        """Return the URL of another database on this server."""
        return make_url(self._url).set(database=name).render_as_string(hide_password=False)

    async def _ready(self, at: datetime) -> str:
        if at not in self._cities:
            name = await self._made("city", self._schema)
            if not self._schema:
                await upgrade_async(self.url_of(name))
            database = Database(self.url_of(name), pool_size=1)
            try:
                await seed(database, at)
            finally:
                await database.close()
            self._cities[at] = name
        return self._cities[at]

    async def _made(self, what: str, template: str) -> str:
        name = self._name(what)
        await self._execute(f'CREATE DATABASE "{name}"' + (f' TEMPLATE "{template}"' if template else ""))
        self._own.append(name)
        return name

    def _name(self, what: str) -> str:
        return f"zhishou_scenario_{os.getpid()}_{next(_numbers)}_{what}"

    async def _execute(self, statement: str) -> None:
        try:
            connection = await asyncpg.connect(self._url, timeout=20)
        except (OSError, asyncpg.PostgresError, ValueError) as error:
            raise CannotStart(f"无法连接数据库:{error}\nThe database cannot be reached: {error}") from error
        try:
            await connection.execute(statement)
        except asyncpg.InsufficientPrivilegeError as error:
            raise CannotStart(
                "这个数据库用户不能新建数据库,请换一个有 CREATEDB 权限的用户。\n"
                "This user of the database may not create databases: use one with CREATEDB."
            ) from error
        finally:
            await connection.close()


@contextmanager
def own_server() -> Iterator[str]:
    """Run the embedded PostgreSQL in a folder of its own while the block lasts; delete the folder then."""
    folder = Path(tempfile.mkdtemp(prefix="zhishou-scenario-", dir=_in_memory()))
    try:
        with embedded(folder / "postgres") as url:
            asyncio.run(Ground(url).make_hasty())
            yield url
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _in_memory() -> Path | None:
    """Return the folder in memory, if it is there and has room."""
    if not os.access(_MEMORY, os.W_OK):
        return None
    return _MEMORY if shutil.disk_usage(_MEMORY).free > _ROOM else None
