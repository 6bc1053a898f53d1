"""Tables of days: made, filled from what came before them, written out, dropped. On bare connections.

No statement here may hold up those who write positions: a lock that is not free at once is left for the
next look. A dump of the database (`zhishou backup`) holds every table for as long as it takes.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any

import asyncpg

from app.tracking.history.rules import Part

_LONG_S = 3600.0
OTHER = "track_other"  # takes the rows that no day takes
# Two counties on one database have two leaders: one at a time changes its tables.
_ALONE = "SELECT pg_advisory_xact_lock(hashtext('track'))"
_PARTS = """
SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
 WHERE i.inhparent = 'track'::regclass ORDER BY c.relname
"""
_OUTSIDE = """
SELECT CAST(true_at AT TIME ZONE 'UTC' AS date) AS day, count(*) AS rows
  FROM track_other GROUP BY 1 ORDER BY 1
"""
_COLUMNS = "device_id, true_at, lon, lat, altitude_m, speed_mps, course_deg, fixed_at, heard_at"

_MOVE = f"""
WITH moved AS (DELETE FROM track_other WHERE true_at >= $1 AND true_at < $2 RETURNING {_COLUMNS})
INSERT INTO {{}} ({_COLUMNS}) SELECT {_COLUMNS} FROM moved
"""  # noqa: S608  names of ours
_ALL = f"SELECT {_COLUMNS} FROM {{}} ORDER BY device_id, true_at"  # noqa: S608  names of ours
_COUNT = "SELECT count(*) FROM {}"


class Altered(Exception):
    """A table holds other rows than its archive: it is written out anew."""


class Busy(Exception):
    """Somebody reads or writes what should be changed: at the next look."""


@dataclass(frozen=True, slots=True)
class Departure:
    """A table whose rows lie in a file."""

    rows: int
    file: str
    size: int
    sha256: str


async def parts(connection: Any) -> list[Part]:
    """Return the tables of days there are."""
    names = [row["relname"] for row in await connection.fetch(_PARTS)]
    return [part for name in names if (part := Part.named(name)) is not None]


async def outside(connection: Any) -> dict[date, int]:
    """Return how many rows of each day have no table of their own."""
    return {row["day"]: row["rows"] for row in await connection.fetch(_OUTSIDE, timeout=_LONG_S)}


async def filled(connection: Any, among: Sequence[Part]) -> list[Part]:
    """Return those of the tables that hold rows."""
    asked = "SELECT EXISTS (SELECT 1 FROM {})"
    return [part for part in among if await connection.fetchval(asked.format(part.name))]


async def create(connection: Any, day: date) -> int:
    """Make the table of a day, with its rows that came before it; return how many. Raises Busy."""
    part = Part.of(day)
    begins, ends = _bounds(part)
    async with _changing(connection, "2s"):
        if await connection.fetchval("SELECT to_regclass($1) IS NOT NULL", part.name):
            return 0
        # Attached, not created in place, which would hold up everybody; nobody adds to what moves.
        await connection.execute(f"LOCK TABLE {OTHER} IN ACCESS EXCLUSIVE MODE")
        await connection.execute(f"CREATE TABLE {part.name} (LIKE track INCLUDING ALL)")
        moved = await connection.execute(
            _MOVE.format(part.name),
            begins,
            ends,
            timeout=_LONG_S,
        )
        await connection.execute(
            f"ALTER TABLE track ATTACH PARTITION {part.name} "
            f"FOR VALUES FROM ('{begins.isoformat()}') TO ('{ends.isoformat()}')"
        )
    return int(moved.split()[-1])


async def write_out(connection: Any, part: Part, write: Callable[[bytes], Awaitable[None]]) -> int:
    """Write a table as CSV, in the order of devices and time; return how many rows it had."""
    status = await connection.copy_from_query(
        _ALL.format(part.name),
        output=write,
        format="csv",
        header=True,
        timeout=_LONG_S,
    )
    return int(status.split()[-1])


async def archived(connection: Any, part: Part) -> Departure | None:
    """Return where the rows of a table lie that is still there; None when they were not written out."""
    row = await connection.fetchrow(
        "SELECT rows, file, size, sha256 FROM track_departure WHERE part = $1 AND dropped_at IS NULL",
        part.name,
    )
    return Departure(**row) if row else None


async def note_archive(connection: Any, part: Part, told: Departure, now: datetime) -> None:
    """Write down where the rows of a table lie."""
    await connection.execute(
        "INSERT INTO track_departure (part, first, until, rows, file, size, sha256, archived_at) "
        "VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        *(part.name, part.first, part.end, told.rows, told.file, told.size, told.sha256, now),
    )


async def drop(connection: Any, part: Part, now: datetime, *, with_archive: bool) -> int:
    """Drop a table and write down that it is gone, in one transaction; return how many rows it had.

    Raises Busy; Altered when there must be an archive and the table has other rows than it.
    """
    async with _changing(connection, "300ms"):
        # Its readers go on until the last moment, its writers (there are none, but for a broken clock) wait.
        await connection.execute(f"LOCK TABLE {part.name} IN SHARE MODE")
        rows = await connection.fetchval(_COUNT.format(part.name), timeout=_LONG_S)
        kept = await archived(connection, part)
        if kept is None and not with_archive:
            await connection.execute(
                "INSERT INTO track_departure (part, first, until, rows) VALUES ($1, $2, $3, $4)",
                *(part.name, part.first, part.end, rows),
            )
        elif kept is None or kept.rows != rows:
            raise Altered(part.name)
        await connection.execute("LOCK TABLE ONLY track IN ACCESS EXCLUSIVE MODE")
        await connection.execute(f"DROP TABLE {part.name}")
        await connection.execute(
            "UPDATE track_departure SET dropped_at = $2 WHERE part = $1 AND dropped_at IS NULL",
            part.name,
            now,
        )
    return int(rows)


async def forget_archive(connection: Any, part: Part) -> None:
    """Forget an archive that is not what its table holds; the file stays."""
    await connection.execute("DELETE FROM track_departure WHERE part = $1 AND dropped_at IS NULL", part.name)


@asynccontextmanager
async def _changing(connection: Any, patience: str) -> AsyncIterator[None]:
    """Change tables in one transaction; what waits longer than this for a lock is Busy."""
    try:
        async with connection.transaction():
            await connection.execute(f"SET LOCAL lock_timeout = '{patience}'")
            await connection.execute(_ALONE)
            yield
    except asyncpg.LockNotAvailableError as error:
        raise Busy(str(error)) from error


def _bounds(part: Part) -> tuple[datetime, datetime]:
    return (
        datetime.combine(part.first, time(), UTC),
        datetime.combine(part.end, time(), UTC),
    )
