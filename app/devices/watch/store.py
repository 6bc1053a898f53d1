"""Every SQL statement of the watch."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import text

from app.db import Tx
from app.devices.ledger.rules import Vouched, vouched_by
from app.dispatch.tables import ACTIVE_STATES


@dataclass(frozen=True, slots=True)
class Watched:
    """What the watch knows of one device; `place` and `middle` are (lon, lat)."""

    device_id: int
    kind: str
    active: bool
    heard_at: datetime | None
    battery_pct: float | None
    health_at: datetime | None
    vouched: Vouched
    engaged_at: datetime | None
    fenced: bool
    place: tuple[float, float] | None
    middle: tuple[float, float]
    region_kind: str
    stands: frozenset[str]  # what is told and not over
    facts: Mapping[str, object] = field(default_factory=dict)  # what a drone tells of itself


_WATCHED = """
SELECT d.id, d.kind, d.active, d.last_heard_at, d.battery_pct, d.health_at,
       d.facts,
       (SELECT min(a.assigned_at) FROM assignment a
         WHERE a.team_id = d.team_id AND a.state = ANY(:active)) AS engaged_at,
       pos.lon, pos.lat, r.lon AS middle_lon, r.lat AS middle_lat, r.kind AS region_kind,
       ARRAY(SELECT k.kind FROM device_trouble k WHERE k.device_id = d.id) AS stands
  FROM device d JOIN region r ON r.code = d.region_code
  LEFT JOIN position pos ON pos.device_id = d.id
 WHERE d.stream = :stream
   AND ((d.active AND d.last_heard_at IS NOT NULL)
        OR EXISTS (SELECT 1 FROM device_trouble k WHERE k.device_id = d.id))
"""


async def watched(tx: Tx, stream: str, device_id: int | None = None) -> list[Watched]:
    """Return the devices that were ever heard, and those in trouble; or one of them."""
    one = " AND d.id = :device" if device_id is not None else ""
    rows = await tx.execute(
        text(_WATCHED + one + " ORDER BY d.id"),
        {"stream": stream, "active": list(ACTIVE_STATES), "device": device_id},
    )
    return [
        Watched(
            row.id,
            row.kind,
            row.active,
            row.last_heard_at,
            row.battery_pct,
            row.health_at,
            vouched_by(row.facts),
            row.engaged_at,
            row.facts.get("fence") is True,
            None if row.lon is None else (row.lon, row.lat),
            (row.middle_lon, row.middle_lat),
            row.region_kind,
            frozenset(row.stands),
            row.facts,
        )
        for row in rows
    ]


async def begin(tx: Tx, device_id: int, kind: str, now: datetime) -> bool:
    """Note that a trouble stands; False if another node did."""
    rows = await tx.execute(
        text(
            "INSERT INTO device_trouble (device_id, kind, since) VALUES (:device, :kind, :now) "
            "ON CONFLICT DO NOTHING RETURNING device_id"
        ),
        {"device": device_id, "kind": kind, "now": now},
    )
    return rows.first() is not None


async def end(tx: Tx, device_id: int, kind: str) -> bool:
    """Note that a trouble is over; False if another node did."""
    rows = await tx.execute(
        text("DELETE FROM device_trouble WHERE device_id = :device AND kind = :kind RETURNING device_id"),
        {"device": device_id, "kind": kind},
    )
    return rows.first() is not None


async def silent_since(tx: Tx, stream: str, before: datetime) -> list[tuple[int, datetime]]:
    """Return the devices in use that have been silent since before an instant, and since when."""
    rows = await tx.execute(
        text(
            "SELECT t.device_id, t.since FROM device_trouble t JOIN device d ON d.id = t.device_id"
            " WHERE d.stream = :stream AND d.active AND t.kind = 'silent' AND t.since <= :before"
            " ORDER BY t.device_id"
        ),
        {"stream": stream, "before": before},
    )
    return [(row.device_id, row.since) for row in rows]
