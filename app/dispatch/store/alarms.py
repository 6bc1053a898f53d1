"""Alarms and the signals that raised them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import text
from sqlmodel import col, select

from app.db import Tx
from app.dispatch.facts import AlarmFact
from app.dispatch.tables import Alarm, HeardSignal
from app.journal.concern import Concern
from app.shaping import all_shaped, shaping

_FACT = """
SELECT a.*, d.family, d.number AS device_number, d.label AS device_label,
       p.name_zh AS holder_name, p.phones[1] AS holder_phone,
       coalesce(t.name_zh, u.name_zh) AS unit_name, d.team_id,
       (SELECT string_agg(r.name_zh, '' ORDER BY r.code) FROM region r
         WHERE r.code IN (left(a.region_code, 6) || '000000', left(a.region_code, 9) || '000', a.region_code)
       ) AS region_path
  FROM alarm a
  JOIN device d ON d.id = a.device_id
  LEFT JOIN person p ON p.id = d.holder_id
  LEFT JOIN team t ON t.id = d.team_id
  LEFT JOIN org_unit u ON u.id = p.unit_id
"""


async def fact(tx: Tx, alarm_id: int) -> AlarmFact:
    """Return the wire shape of one alarm."""
    rows = await tx.execute(text(_FACT + " WHERE a.id = :id"), {"id": alarm_id})
    return shaping(AlarmFact, rows)(rows.one())


async def unsettled(tx: Tx, stream: str) -> list[tuple[AlarmFact, Concern]]:
    """Return the alarms that still wait for a judgement, with whom they concern while no incident says it."""
    rows = await tx.execute(
        text(_FACT + " WHERE a.stream = :s AND a.state IN ('open', 'acknowledged') ORDER BY a.id"),
        {"s": stream},
    )
    fact = shaping(AlarmFact, rows)
    return [(fact(row), Concern((row.region_code,), readers=tuple(row.readers))) for row in rows]


async def locked(tx: Tx, stream: str, alarm_id: int) -> Alarm | None:
    """Return the row, locked until commit; None if it is not in this county."""
    found = await tx.execute(
        select(Alarm).where(col(Alarm.id) == alarm_id, col(Alarm.stream) == stream).with_for_update()
    )
    return found.scalar_one_or_none()


async def current_of_device(tx: Tx, device_id: int, kind: str = "sos", subject: str = "") -> Alarm | None:
    """Return the alarm a new call of this kind belongs to: unsettled, or of an incident still open.

    The caller holds the device's lock, so that no other alarm can be raised. The alarm and its incident
    are locked and looked at again: an officer who settles, closes or restricts them in this very instant
    is either seen or waits for us. Lock order: device → alarm → incident → stream.
    """
    while (current := await _current_id(tx, device_id, kind, subject)) is not None:
        found = await tx.execute(
            select(Alarm)
            .where(col(Alarm.id) == current)
            .with_for_update()
            .execution_options(populate_existing=True)
        )
        alarm = found.scalar_one()
        if alarm.incident_id is not None:
            await tx.execute(
                text("SELECT id FROM incident WHERE id = :id FOR SHARE"), {"id": alarm.incident_id}
            )
        if await _current_id(tx, device_id, kind, subject) == current:
            return alarm
    return None


async def _current_id(tx: Tx, device_id: int, kind: str, subject: str) -> int | None:
    found = await tx.scalar(
        text(
            """
            SELECT a.id FROM alarm a LEFT JOIN incident i ON i.id = a.incident_id
             WHERE a.device_id = :device AND a.kind = :kind AND a.subject = :subject
               AND a.drill_id IS NULL
               AND (a.state IN ('open', 'acknowledged')
                    OR (a.state = 'confirmed' AND i.state = 'open' AND a.kind <> 'call'))
             ORDER BY a.id DESC LIMIT 1
            """
        ),
        {"device": device_id, "kind": kind, "subject": subject},
    )
    return None if found is None else int(found)


@dataclass(frozen=True, slots=True)
class Settled:
    """The last alarm of a device that is over: since when, and how late its calls came at the least."""

    alarm_id: int
    at: datetime
    least_delay: timedelta


async def last_settled(tx: Tx, device_id: int) -> Settled | None:
    """Return the device's last call for help that was dismissed or whose incident was closed, or None."""
    rows = await tx.execute(
        text(
            """
            SELECT a.id, coalesce(i.closed_at, a.settled_at),
                   (SELECT min(s.heard_at - s.sent_at) FROM heard_signal s
                     WHERE s.alarm_id = a.id AND s.kind = 'distress'
                       AND s.heard_at <= coalesce(i.closed_at, a.settled_at))
              FROM alarm a LEFT JOIN incident i ON i.id = a.incident_id
             WHERE a.device_id = :device AND a.kind = 'sos' AND a.settled_at IS NOT NULL
               AND a.drill_id IS NULL
             ORDER BY a.id DESC LIMIT 1
            """
        ),
        {"device": device_id},
    )
    row = rows.first()
    return Settled(row[0], row[1], row[2] or timedelta()) if row else None


async def count_signals(tx: Tx, alarm_id: int) -> int:
    """Return how many calls were heard for this alarm, copies included."""
    found = await tx.scalar(
        text("SELECT count(*) FROM heard_signal WHERE alarm_id = :id AND kind <> 'text'"), {"id": alarm_id}
    )
    return int(found or 0)


async def already_heard(tx: Tx, device_id: int, dedup_key: str, since: datetime) -> HeardSignal | None:
    """Return an earlier copy of this signal within the window, or None."""
    found = await tx.execute(
        select(HeardSignal)
        .where(
            col(HeardSignal.device_id) == device_id,
            col(HeardSignal.dedup_key) == dedup_key,
            col(HeardSignal.heard_at) >= since,
        )
        .limit(1)
    )
    return found.scalars().first()


async def same_words(tx: Tx, device_id: int, words: str, since: datetime) -> HeardSignal | None:
    """Return a text of the same words that a device sent since, or None. The caller holds its lock."""
    found = await tx.execute(
        select(HeardSignal)
        .where(
            col(HeardSignal.device_id) == device_id,
            col(HeardSignal.kind) == "text",
            col(HeardSignal.text) == words,
            col(HeardSignal.heard_at) >= since,
        )
        .limit(1)
    )
    return found.scalar_one_or_none()


async def of_incident(tx: Tx, incident_ids: Sequence[int]) -> list[AlarmFact]:
    """Return the alarms that belong to incidents."""
    rows = await tx.execute(
        text(_FACT + " WHERE a.incident_id = ANY(:ids) ORDER BY a.id"), {"ids": list(incident_ids)}
    )
    return all_shaped(AlarmFact, rows)
