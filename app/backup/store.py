"""What a database holds at one instant, as numbers that can be compared with those of a copy."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import asyncpg

from app.backup.rules import Contents, TableSum

# Texts of values are compared: whatever the server's own settings are, they are written one way.
_ONE_WAY = {
    "TimeZone": "UTC",
    "DateStyle": "ISO, YMD",
    "IntervalStyle": "postgres",
    "extra_float_digits": "1",
    "bytea_output": "hex",
    "statement_timeout": "0",
    "idle_in_transaction_session_timeout": "0",
}
_TABLES = """
    SELECT relname, format('%I.%I', nspname, relname) AS quoted
      FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace
     WHERE relkind = 'r' AND nspname = 'public' ORDER BY relname  -- of a history of days each day
"""
# 64 bits of each row's MD5, added: any order of the rows gives the same sum.
_SUM = """
    SELECT count(*) AS rows,
           coalesce(sum(('x' || left(md5(CAST(one AS text)), 16))::bit(64)::bigint::numeric), 0) AS digest
      FROM {table} AS one
"""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """One instant of a database, kept open; `name` lets pg_dump read the very same."""

    connection: asyncpg.Connection[Any]
    name: str
    server_version: str

    async def contents(self) -> Contents:
        """Return every table's sum and the ends of the journal. Reads the whole database."""
        heads = await self.connection.fetch("SELECT stream, seq, hash FROM journal_head ORDER BY stream")
        tables = {}
        for table in await self.connection.fetch(_TABLES):
            row = await self.connection.fetchrow(_SUM.format(table=table["quoted"]))
            assert row is not None
            tables[table["relname"]] = TableSum(row["rows"], str(row["digest"]))
        schema = await self.connection.fetchval("SELECT version_num FROM alembic_version")
        return Contents(schema, {row["stream"]: (row["seq"], row["hash"].hex()) for row in heads}, tables)


@asynccontextmanager
async def snapshot(url: str) -> AsyncIterator[Snapshot]:
    """Hold one instant of a database. Raises OSError or asyncpg.PostgresError when it cannot be reached."""
    connection = await asyncpg.connect(url, timeout=10, server_settings=_ONE_WAY)
    try:
        days = await connection.fetchval("SELECT to_regclass('public.track') IS NOT NULL")
        async with connection.transaction(isolation="repeatable_read", readonly=True):
            if days:  # before the instant is taken: no day of positions is let go between it and its sum
                await connection.execute("LOCK TABLE track IN ACCESS SHARE MODE")
            name = await connection.fetchval("SELECT pg_export_snapshot()")
            version = await connection.fetchval("SHOW server_version")
            yield Snapshot(connection, name, version)
    finally:
        await connection.close()


async def is_empty(url: str) -> bool:
    """Whether a database holds no table yet."""
    connection = await asyncpg.connect(url, timeout=10)
    try:
        return not await connection.fetch(_TABLES)
    finally:
        await connection.close()
