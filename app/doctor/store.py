"""What the database says of itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import asyncpg

from app.backup.chain.store import Slot, slot
from app.database_role import may_alter
from app.doctor.archiving import NO_ARCHIVE, Archiving, archiving
from app.org.rules.access import PERMISSIONS
from app.tracking.history import store as history
from app.tracking.history.rules import Part


@dataclass(frozen=True, slots=True)
class Waiting:
    """Messages of one channel that should have left by now: how many, and for how long the oldest waits."""

    channel: str
    count: int
    oldest_s: float


@dataclass(frozen=True, slots=True)
class History:
    """Positions: the tables of days, the rows that belong to none of them, the archives that were written."""

    parts: tuple[Part, ...]
    outside: int
    files: tuple[tuple[str, int], ...]  # name and size


@dataclass(frozen=True, slots=True)
class Facts:
    """A database: version, its own clock, its migration (None without a schema), what waits to leave.

    `altering_role` is the role in use if it could change the journal.
    `keepers_without_factor` accounts may change who logs in, and log in by a password alone. `history` is
    None before positions are kept by the day. `schema_word`: which programs the last migration left the
    schema to. `chained_by`: how the journal goes on being chained, "" where none is open.
    """

    version: str
    now: datetime
    migration: str | None
    waiting: tuple[Waiting, ...]
    keepers_without_factor: int = 0
    altering_role: str | None = None
    emergency_sealed: bool = False
    history: History | None = None
    schema_word: str = ""
    archiving: Archiving = NO_ARCHIVE
    chained_by: str = ""
    slot: Slot | None = None


KEEPERS = tuple(role for role, granted in PERMISSIONS.items() if "manage_accounts" in granted)
_CHAINED_BY = "SELECT to_jsonb(h)->>'algorithm' FROM journal_head h WHERE stream = $1"  # none in old schemas
_SEALED = """
SELECT EXISTS (SELECT 1 FROM break_glass WHERE stream = $1 AND opened_at IS NULL AND void_at IS NULL)
"""
_WITHOUT_FACTOR = """
SELECT count(*) FROM account a
 WHERE a.stream = $1 AND a.active AND a.role = ANY($2::text[]) AND a.password_hash <> '-'
   AND NOT EXISTS (SELECT 1 FROM second_factor f WHERE f.account_id = a.id AND f.confirmed_at IS NOT NULL)
"""


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
        migration, word = await connection.fetchrow(
            """SELECT version_num, coalesce(obj_description('alembic_version'::regclass), '')
                 FROM alembic_version"""
        )
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
        kept = await connection.fetchval("SELECT to_regclass('public.second_factor') IS NOT NULL")
        without = await connection.fetchval(_WITHOUT_FACTOR, stream, list(KEEPERS)) if kept else 0
        there = await connection.fetchval("SELECT to_regclass('public.break_glass') IS NOT NULL")
        sealed = bool(there and await connection.fetchval(_SEALED, stream))
        altering = await may_alter(connection)
        return Facts(
            version,
            now,
            migration,
            waiting,
            without,
            altering,
            sealed,
            await _history(connection),
            word,
            await archiving(connection),
            await connection.fetchval(_CHAINED_BY, stream) or "",
            await slot(connection, stream),
        )
    finally:
        await connection.close()


async def _history(connection: asyncpg.Connection[Any]) -> History | None:
    if not await connection.fetchval("SELECT to_regclass('public.track_departure') IS NOT NULL"):
        return None
    files = await connection.fetch(
        "SELECT file, size FROM track_departure WHERE file IS NOT NULL ORDER BY id"
    )
    outside = await history.outside(connection)
    return History(
        tuple(await history.parts(connection)),
        sum(outside.values()),
        tuple((row["file"], row["size"]) for row in files),
    )
