"""What the database says of itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import asyncpg


@dataclass(frozen=True, slots=True)
class Waiting:
    """Messages of one channel that should have left by now: how many, and for how long the oldest waits."""

    channel: str
    count: int
    oldest_s: float


@dataclass(frozen=True, slots=True)
class Facts:
    """A database: version, its own clock, its migration (None without a schema), what waits to leave."""

    version: str
    now: datetime
    migration: str | None
    waiting: tuple[Waiting, ...]


async def facts(url: str, stream: str) -> Facts:
    """Ask a database. Raises OSError or asyncpg.PostgresError when it cannot be asked."""
    connection = await asyncpg.connect(url, timeout=10, command_timeout=10)
    try:
        version, now, migrated = await connection.fetchrow(
            """SELECT current_setting('server_version'), clock_timestamp(),
                      to_regclass('public.alembic_version')"""
        )
        if migrated is None:
            return Facts(version, now, None, ())
        migration = await connection.fetchval("SELECT version_num FROM alembic_version")
        rows = await connection.fetch(
            """
            SELECT channel, count(*) AS count,
                   extract(epoch FROM now() - min(greatest(queued_at, not_before))) AS oldest_s
              FROM delivery
             WHERE stream = $1 AND state = 'queued' AND expires_at > now()
               AND coalesce(not_before, queued_at) <= now()
               AND channel <> 'app'  -- waits for its reader, not for a line
             GROUP BY channel ORDER BY channel
            """,
            stream,
        )
        waiting = tuple(Waiting(row["channel"], row["count"], float(row["oldest_s"])) for row in rows)
        return Facts(version, now, migration, waiting)
    finally:
        await connection.close()
