"""Callers who say nothing more, and the alarms that told so."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from app.db import Tx, sql

# A call is followed once a person has seen it, until it is judged to be none, its incident is closed, or
# somebody has reached the place; nobody is told of a caller whose incident is need-to-know.
_FOLLOWED = """
WITH followed AS (
  SELECT a.id, a.device_id, a.stream, a.incident_id, a.acknowledged_at, a.last_heard_at
    FROM alarm a WHERE a.kind = 'sos' AND a.state = 'acknowledged' AND a.drill_id IS NULL
   UNION ALL
  SELECT a.id, a.device_id, a.stream, a.incident_id, a.acknowledged_at, a.last_heard_at
    FROM incident i JOIN alarm a ON a.incident_id = i.id
   WHERE i.state = 'open' AND a.kind = 'sos' AND a.state = 'confirmed' AND a.drill_id IS NULL
     AND NOT i.restricted AND i.readers = '{}'
     AND NOT EXISTS (SELECT 1 FROM assignment s WHERE s.incident_id = i.id AND s.on_scene_at IS NOT NULL)
), word AS (
  SELECT f.*, greatest(f.last_heard_at, p.heard_at,
           (SELECT max(h.heard_at) FROM heard_signal h
             WHERE h.device_id = f.device_id AND h.heard_at > f.last_heard_at)) AS last_word
    FROM followed f LEFT JOIN position p ON p.device_id = f.device_id
)
"""
_FELL_SILENT = sql(
    _FOLLOWED  # noqa: S608  both are fixed texts
    + """
SELECT w.id, w.device_id, w.stream, w.incident_id, w.last_word FROM word w
 WHERE greatest(w.last_word, w.acknowledged_at) <= :before
   AND NOT EXISTS (SELECT 1 FROM alarm s WHERE s.device_id = w.device_id AND s.kind = 'caller_silent'
                    AND s.first_heard_at > w.last_word)
 ORDER BY w.id LIMIT 1
"""
)
_IS_OVER = sql(
    _FOLLOWED  # noqa: S608  both are fixed texts
    + """
SELECT s.device_id, s.stream,
       CASE WHEN EXISTS (SELECT 1 FROM word w WHERE w.device_id = s.device_id)
            THEN 'spoke' ELSE 'settled' END AS why
  FROM alarm s
 WHERE s.kind = 'caller_silent' AND s.state IN ('open', 'acknowledged')
   AND NOT EXISTS (SELECT 1 FROM word w WHERE w.device_id = s.device_id AND w.last_word < s.first_heard_at)
 ORDER BY s.id LIMIT 1
"""
)
_SEEN = sql(
    """
SELECT lon, lat, at FROM (
  SELECT p.lon, p.lat, p.true_at AS at FROM position p WHERE p.device_id = :device
   UNION ALL
  SELECT a.lon, a.lat, least(coalesce(a.fixed_at, a.last_heard_at), a.last_heard_at)
    FROM alarm a WHERE a.id = :alarm AND a.lon IS NOT NULL AND a.lat IS NOT NULL
) seen ORDER BY at DESC LIMIT 1
"""
)


@dataclass(frozen=True, slots=True)
class Silent:
    """A caller who says nothing: his call, and when he was heard last."""

    alarm_id: int
    device_id: int
    stream: str
    incident_id: int | None
    last_word: datetime


@dataclass(frozen=True, slots=True)
class Over:
    """A silence that is over: the caller spoke, or the call was settled."""

    device_id: int
    stream: str
    why: Literal["spoke", "settled"]


async def fell_silent(tx: Tx, now: datetime, silence: timedelta) -> Silent | None:
    """Return a caller whose silence nobody was told of yet, or None."""
    row = (await tx.execute(_FELL_SILENT, {"before": now - silence})).first()
    return Silent(*row) if row else None


async def is_over(tx: Tx) -> Over | None:
    """Return a told silence that is over, or None."""
    row = (await tx.execute(_IS_OVER)).first()
    return Over(*row) if row else None


async def last_seen(tx: Tx, device_id: int, alarm_id: int) -> tuple[float, float, datetime] | None:
    """Return (lon, lat, when) of the newest place of a caller, by his device or by his call."""
    row = (await tx.execute(_SEEN, {"device": device_id, "alarm": alarm_id})).first()
    return (row[0], row[1], row[2]) if row else None
