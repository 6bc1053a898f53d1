"""What a database server says of itself, and the slot by which it keeps its log until it was fetched."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import asyncpg

_FACTS = """
SELECT current_setting('server_version_num')::int / 10000 AS major,
       pg_is_in_recovery() AS standby,
       (SELECT system_identifier::text FROM pg_control_system()) AS system,
       (SELECT timeline_id FROM pg_control_checkpoint()) AS timeline,
       (SELECT rolsuper FROM pg_roles WHERE rolname = current_user) AS superuser,
       (SELECT rolsuper OR rolreplication FROM pg_roles WHERE rolname = current_user) AS replicates,
       coalesce(current_setting('summarize_wal', true), 'off') = 'on' AS summarizes,
       current_setting('wal_level') AS wal_level,
       least(current_setting('max_wal_senders')::int, current_setting('max_replication_slots')::int) AS lines,
       pg_size_bytes(current_setting('wal_segment_size')) AS segment,
       current_setting('max_slot_wal_keep_size') AS most_kept,
       current_database() AS database, current_user AS login
"""
_SLOT = """
SELECT wal_status AS state,
       CASE WHEN pg_is_in_recovery() THEN 0 ELSE (pg_current_wal_lsn() - restart_lsn)::bigint END AS behind
  FROM pg_replication_slots WHERE slot_name = $1
"""


@dataclass(frozen=True, slots=True)
class Server:
    """A server as one login sees it. `lines`: how many may fetch its log at once, 0 where none may."""

    major: int
    standby: bool
    system: str
    timeline: int
    superuser: bool
    replicates: bool
    summarizes: bool
    wal_level: str
    lines: int
    segment: int
    most_kept: str
    database: str
    login: str


@dataclass(frozen=True, slots=True)
class Slot:
    """How much of the log a server keeps for us (`behind` in bytes); `lost`: it could not keep it."""

    lost: bool
    behind: int


@asynccontextmanager
async def connected(url: str) -> AsyncIterator[asyncpg.Connection[Any]]:
    """Lend a connection. Raises OSError, asyncpg.PostgresError."""
    connection = await asyncpg.connect(url, timeout=10, server_settings={"statement_timeout": "0"})
    try:
        yield connection
    finally:
        await connection.close()


async def server(connection: asyncpg.Connection[Any]) -> Server:
    """Ask a server what it is."""
    row = await connection.fetchrow(_FACTS)
    assert row is not None
    return Server(**dict(row))


def slot_name(stream: str) -> str:
    """Return the name of the slot of a stream."""
    return f"zhishou_{stream}".lower()


async def slot(connection: asyncpg.Connection[Any], stream: str) -> Slot | None:
    """Return the slot; None where there is none."""
    row = await connection.fetchrow(_SLOT, slot_name(stream))
    return None if row is None else Slot(row["state"] in ("lost", None), int(row["behind"] or 0))


async def keep_log(connection: asyncpg.Connection[Any], stream: str) -> None:
    """Have the server keep its log from now on until it was fetched; a slot that lost it begins anew."""
    found = await slot(connection, stream)
    if found is not None and found.lost:
        await connection.execute("SELECT pg_drop_replication_slot($1)", slot_name(stream))
    if found is None or found.lost:
        await connection.execute("SELECT pg_create_physical_replication_slot($1, true)", slot_name(stream))


async def summarize(connection: asyncpg.Connection[Any], most_kept: str | None) -> None:
    """Have the server note which blocks change, and keep no more than that much of the log for us."""
    await connection.execute("ALTER SYSTEM SET summarize_wal = on")
    if most_kept is not None:
        await connection.execute(f"ALTER SYSTEM SET max_slot_wal_keep_size = '{most_kept}'")
    await connection.execute("SELECT pg_reload_conf()")


async def heads(connection: asyncpg.Connection[Any]) -> dict[str, tuple[int, str]]:
    """Return where each stream of the journal ends."""
    rows = await connection.fetch("SELECT stream, seq, hash FROM journal_head ORDER BY stream")
    return {row["stream"]: (row["seq"], row["hash"].hex()) for row in rows}


async def position(connection: asyncpg.Connection[Any]) -> int:
    """Return how many bytes of the log are on the server's disk."""
    return int(await connection.fetchval("SELECT (pg_current_wal_flush_lsn() - '0/0'::pg_lsn)::bigint"))


async def lacking(url: str, wanted: Mapping[str, tuple[int, str]]) -> list[str]:
    """Return the ends of the journal that a copy does not hold as they were noted."""
    async with connected(url) as connection:
        found = []
        for stream, (seq, digest) in wanted.items():
            row = await connection.fetchval(
                "SELECT hash FROM journal WHERE stream = $1 AND seq = $2", stream, seq
            )
            if seq and (row is None or row.hex() != digest):
                found.append(f"{stream} {seq} {digest[:12]}")
        return found
