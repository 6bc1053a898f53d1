"""Write positions in batches, read the latest and the trail."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import text

from app.db import Tx, sql
from app.tracking.facts import PositionFact, TrackFact, TrackPoint, TrailPoint

_UPSERT = """
WITH heard AS (
  SELECT * FROM unnest($1::bigint[], $2::text[], $3::bigint[], $4::text[], $5::float8[], $6::float8[],
                       $7::float8[], $8::float8[], $9::float8[], $10::timestamptz[], $11::timestamptz[],
                       $12::timestamptz[])
    AS h(device_id, stream, team_id, region_code, lon, lat, altitude_m, speed_mps, course_deg,
         fixed_at, true_at, heard_at)
), kept AS (
  INSERT INTO track (device_id, true_at, lon, lat, altitude_m, speed_mps, course_deg, fixed_at, heard_at)
  SELECT device_id, true_at, lon, lat, altitude_m, speed_mps, course_deg, fixed_at, heard_at FROM heard
  ON CONFLICT DO NOTHING
)
INSERT INTO position (device_id, stream, team_id, region_code, lon, lat, speed_mps, course_deg,
                      fixed_at, true_at, heard_at)
SELECT DISTINCT ON (device_id)
       device_id, stream, team_id, region_code, lon, lat, speed_mps, course_deg, fixed_at, true_at, heard_at
  FROM heard ORDER BY device_id, true_at DESC
ON CONFLICT (device_id) DO UPDATE
   SET (stream, team_id, region_code, lon, lat, speed_mps, course_deg, fixed_at, true_at, heard_at)
     = (EXCLUDED.stream, EXCLUDED.team_id, EXCLUDED.region_code, EXCLUDED.lon, EXCLUDED.lat,
        EXCLUDED.speed_mps, EXCLUDED.course_deg, EXCLUDED.fixed_at, EXCLUDED.true_at, EXCLUDED.heard_at)
 WHERE position.true_at <= EXCLUDED.true_at
"""
_FACT = (
    "SELECT device_id, team_id, region_code, lon, lat, speed_mps, course_deg, fixed_at, heard_at "
    "FROM position"
)

_TRAIL = """
SELECT lon, lat, fixed_at, heard_at FROM track WHERE device_id = :d {within} ORDER BY true_at DESC LIMIT :n
"""
_LAST_DAY = _TRAIL.format(within="AND true_at > :a AND true_at <= :b")
_A_DAY = timedelta(days=1)

# The primary key (device_id, true_at) finds the rows; a slot is the window's length over the most points.
_TRACKS = """
SELECT DISTINCT ON (device_id, slot) device_id, true_at, lon, lat, speed_mps
  FROM (SELECT device_id, true_at, lon, lat, speed_mps,
               floor(extract(epoch FROM true_at - :a) * :n / extract(epoch FROM cast(:b AS timestamptz) - :a))
                 AS slot
          FROM track WHERE device_id = ANY(:ids) AND true_at >= :a AND true_at < :b) AS went
 ORDER BY device_id, slot, true_at DESC
"""


@dataclass(frozen=True, slots=True)
class Heard:
    """One position to be stored, with the register's knowledge of the device."""

    device_id: int
    stream: str
    team_id: int | None
    region_code: str
    lon: float
    lat: float
    altitude_m: float | None
    speed_mps: float | None
    course_deg: float | None
    fixed_at: datetime | None
    true_at: datetime
    heard_at: datetime


async def write_batch(connection: Any, batch: Sequence[Heard]) -> None:
    """Write history and latest in one statement on a bare asyncpg connection (one commit)."""
    if not batch:
        return
    columns = zip(
        *(
            (
                h.device_id,
                h.stream,
                h.team_id,
                h.region_code,
                h.lon,
                h.lat,
                h.altitude_m,
                h.speed_mps,
                h.course_deg,
                h.fixed_at,
                h.true_at,
                h.heard_at,
            )
            # Sorted, so that two nodes that write the same devices cannot deadlock.
            for h in sorted(batch, key=lambda h: h.device_id)
        ),
        strict=True,
    )
    await connection.execute(_UPSERT, *(list(column) for column in columns))


async def latest(tx: Tx, stream: str) -> list[PositionFact]:
    """Return the latest position of every device of the county."""
    rows = await tx.execute(text(_FACT + " WHERE stream = :stream"), {"stream": stream})
    return [PositionFact.model_validate(row, from_attributes=True) for row in rows]


async def heard_since(tx: Tx, stream: str, since: datetime) -> list[PositionFact]:
    """Return the positions heard after an instant: what the telemetry lane sends next."""
    rows = await tx.execute(
        text(_FACT + " WHERE stream = :stream AND heard_at > :since"), {"stream": stream, "since": since}
    )
    return [PositionFact.model_validate(row, from_attributes=True) for row in rows]


async def trail(tx: Tx, device_id: int, limit: int = 5) -> list[TrailPoint]:
    """Return the last positions of a device, newest first.

    Most lie in its last day of movement: only who has fewer there is looked for in all days.
    """
    told = {"d": device_id, "n": limit}
    newest = await tx.scalar(sql("SELECT true_at FROM position WHERE device_id = :d"), {"d": device_id})
    rows: Sequence[Any] = ()
    if newest is not None:
        rows = (await tx.execute(sql(_LAST_DAY), {**told, "a": newest - _A_DAY, "b": newest})).all()
    if len(rows) < limit:
        rows = (await tx.execute(sql(_TRAIL.format(within="")), told)).all()
    return [TrailPoint.model_validate(row, from_attributes=True) for row in rows]


async def latest_of_team(tx: Tx, stream: str, team_id: int) -> list[PositionFact]:
    """Return the latest position of every device a team carries."""
    rows = await tx.execute(
        sql(_FACT + " WHERE stream = :stream AND team_id = :team ORDER BY device_id"),
        {"stream": stream, "team": team_id},
    )
    return [PositionFact.model_validate(row, from_attributes=True) for row in rows]


async def tracks(
    tx: Tx, device_ids: Sequence[int], since: datetime, until: datetime, most: int
) -> list[TrackFact]:
    """Return where devices went in [since, until], oldest first.

    At most `most` points a device: of each slot of equal length the last. A device that was not heard is
    left out.
    """
    rows = await tx.execute(sql(_TRACKS), {"ids": list(device_ids), "a": since, "b": until, "n": most})
    found: dict[int, list[TrackPoint]] = defaultdict(list)
    for row in rows:
        point = TrackPoint(lon=row.lon, lat=row.lat, at=row.true_at, speed_mps=row.speed_mps)
        found[row.device_id].append(point)
    return [TrackFact(device_id=device, points=points) for device, points in sorted(found.items())]


async def write_many(tx: Tx, batch: Sequence[Heard]) -> None:
    """Write positions within an open transaction."""
    connection = await (await tx.connection()).get_raw_connection()
    await write_batch(connection.driver_connection, batch)
