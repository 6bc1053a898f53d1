"""Every SQL statement about roll calls."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, text
from sqlmodel import col, select

from app.db import Tx, sql
from app.devices.radio_log.store import RADIO_FAMILY
from app.devices.roll_call.facts import RollCallAnswerFact, RollCallFact, RollCallMine
from app.devices.roll_call.tables import RollCall, RollCallAnswer
from app.org.rules.access import Viewer

_FACT = """
SELECT r.id, r.title, r.talk_group, r.region_codes, r.state, r.opened_at, r.opened_by, r.closed_at,
       r.closed_by, count(a.*) AS total, count(a.*) FILTER (WHERE a.state = 'answered') AS answered,
       count(a.*) FILTER (WHERE a.state = 'missing') AS missing,
       count(a.*) FILTER (WHERE a.state = 'waiting') AS waiting
  FROM roll_call r LEFT JOIN roll_call_answer a ON a.roll_call_id = r.id
 WHERE r.stream = :stream
"""
_CONCERNING = " AND EXISTS (SELECT 1 FROM unnest(r.region_codes) c WHERE c LIKE :scope || '%')"
_ANSWER = """
SELECT a.roll_call_id, a.device_id, d.label AS call_sign, d.number, d.region_code, p.name_zh AS holder_name,
       p.phones[1] AS holder_phone, a.state, a.how, a.note, a.answered_at, a.noted_by, a.asked_at
  FROM roll_call_answer a JOIN device d ON d.id = a.device_id LEFT JOIN person p ON p.id = d.holder_id
 WHERE a.roll_call_id = :id
"""
_MINE = """
SELECT r.id AS roll_call_id, r.title, r.opened_at, r.opened_by,
       array_agg(d.label ORDER BY d.label) AS call_signs, bool_and(a.state = 'answered') AS answered,
       max(a.answered_at) FILTER (WHERE a.state = 'answered') AS answered_at
  FROM roll_call r JOIN roll_call_answer a ON a.roll_call_id = r.id JOIN device d ON d.id = a.device_id
 WHERE r.stream = :stream AND r.state = 'open'
   AND (d.holder_id = CAST(:person AS bigint) OR d.team_id = ANY(CAST(:teams AS bigint[])))
 GROUP BY r.id ORDER BY r.id DESC
"""
_MY_DEVICES = """
SELECT a.device_id FROM roll_call_answer a JOIN device d ON d.id = a.device_id
 WHERE a.roll_call_id = :id
   AND (d.holder_id = CAST(:person AS bigint) OR d.team_id = ANY(CAST(:teams AS bigint[])))
 ORDER BY a.device_id
"""
TAKEN_BY_ANYBODY_AFTER_S = 30  # whoever holds the link to the device comes first


async def fact(tx: Tx, stream: str, roll_call_id: int) -> RollCallFact | None:
    """Return one roll call of the county, or None."""
    rows = await tx.execute(
        text(_FACT + " AND r.id = :id GROUP BY r.id"), {"stream": stream, "id": roll_call_id}
    )
    row = rows.mappings().first()
    return RollCallFact(**row) if row else None


async def latest(tx: Tx, stream: str, scope: str, limit: int) -> list[RollCallFact]:
    """Return the last roll calls that concern a scope, the latest first."""
    rows = await tx.execute(
        text(_FACT + _CONCERNING + " GROUP BY r.id ORDER BY r.id DESC LIMIT :limit"),
        {"stream": stream, "scope": scope, "limit": limit},
    )
    return [RollCallFact(**row) for row in rows.mappings()]


async def answers(tx: Tx, roll_call_id: int, scope: str) -> list[RollCallAnswerFact]:
    """Return the devices of a scope that are called, by call sign."""
    rows = await tx.execute(
        text(_ANSWER + " AND d.region_code LIKE :scope || '%' ORDER BY d.label, d.id"),
        {"id": roll_call_id, "scope": scope},
    )
    return [RollCallAnswerFact(**row) for row in rows.mappings()]


async def mine(tx: Tx, by: Viewer) -> list[RollCallMine]:
    """Return the running roll calls that call a device which this person or one of his teams holds."""
    told = {"stream": by.stream, "person": by.person_id, "teams": sorted(by.team_ids)}
    return [RollCallMine(**row) for row in (await tx.execute(sql(_MINE), told)).mappings()]


async def my_devices(tx: Tx, by: Viewer, roll_call_id: int) -> Sequence[int]:
    """Return the devices that a roll call calls and this person or one of his teams holds."""
    told = {"id": roll_call_id, "person": by.person_id, "teams": sorted(by.team_ids)}
    return (await tx.execute(sql(_MY_DEVICES), told)).scalars().all()


async def answer(tx: Tx, roll_call_id: int, device_id: int) -> RollCallAnswerFact:
    """Return what stands of one device."""
    rows = await tx.execute(
        text(_ANSWER + " AND a.device_id = :device"), {"id": roll_call_id, "device": device_id}
    )
    return RollCallAnswerFact(**rows.mappings().one())


async def locked(tx: Tx, stream: str, roll_call_id: int) -> RollCall | None:
    """Return the row, locked until commit; None if it is not in this county."""
    found = await tx.execute(
        select(RollCall)
        .where(col(RollCall.id) == roll_call_id, col(RollCall.stream) == stream)
        .with_for_update()
    )
    return found.scalar_one_or_none()


async def locked_answer(tx: Tx, roll_call_id: int, device_id: int) -> RollCallAnswer | None:
    """Return what stands of one device, locked until commit."""
    found = await tx.execute(
        select(RollCallAnswer)
        .where(col(RollCallAnswer.roll_call_id) == roll_call_id, col(RollCallAnswer.device_id) == device_id)
        .with_for_update()
    )
    return found.scalar_one_or_none()


async def open_count(tx: Tx, stream: str) -> int:
    """Return how many roll calls are open."""
    found = await tx.scalar(
        text("SELECT count(*) FROM roll_call WHERE stream = :stream AND state = 'open'"), {"stream": stream}
    )
    return int(found or 0)


async def called(
    tx: Tx,
    stream: str,
    scope: str,
    talk_group: str | None,
    place: str | None,
    device_ids: Sequence[int] | None,
    limit: int,
) -> Sequence[Row[Any]]:
    """Return (id, region_code) of the active devices that are called: radios, unless they were named.

    `place` is a prefix of region codes.
    """
    rows = await tx.execute(
        text(
            """
            SELECT d.id, d.region_code FROM device d
             WHERE d.stream = :stream AND d.active AND d.region_code LIKE :scope || '%'
               AND (d.id = ANY(:ids) OR (CAST(:ids AS bigint[]) IS NULL AND d.family = :family
                    AND (CAST(:talk_group AS text) IS NULL OR :talk_group = ANY(d.talk_groups))
                    AND d.region_code LIKE coalesce(CAST(:place AS text), '') || '%'))
             ORDER BY d.id LIMIT :limit
            """
        ),
        {
            "stream": stream,
            "scope": scope,
            "ids": None if device_ids is None else list(device_ids),
            "family": RADIO_FAMILY,
            "talk_group": talk_group,
            "place": place,
            "limit": limit,
        },
    )
    return rows.all()


async def close_waiting(tx: Tx, roll_call_id: int) -> None:
    """Whoever did not answer is missing."""
    await tx.execute(
        text("UPDATE roll_call_answer SET state = 'missing' WHERE roll_call_id = :id AND state = 'waiting'"),
        {"id": roll_call_id},
    )


async def heard_on_air(tx: Tx, stream: str) -> Sequence[Row[Any]]:
    """Return (roll_call_id, device_id, at) of those called who talked since their roll call was opened."""
    rows = await tx.execute(
        text(
            """
            SELECT a.roll_call_id, a.device_id, min(k.started_at) AS at
              FROM roll_call r
              JOIN roll_call_answer a ON a.roll_call_id = r.id AND a.state = 'waiting'
              JOIN radio_talk k ON k.stream = r.stream AND k.started_at >= r.opened_at
                               AND k.device_id = a.device_id
             WHERE r.stream = :stream AND r.state = 'open'
             GROUP BY a.roll_call_id, a.device_id ORDER BY a.device_id LIMIT 100
            """
        ),
        {"stream": stream},
    )
    return rows.all()


async def take_unasked(
    tx: Tx, stream: str, drivers: Sequence[str], now: datetime, limit: int
) -> Sequence[Row[Any]]:
    """Return (roll_call_id, device_id) of those to be asked now, marked as asked so that nobody else does."""
    rows = await tx.execute(
        text(
            """
            UPDATE roll_call_answer t SET asked_at = :now
              FROM (SELECT a.roll_call_id, a.device_id FROM roll_call_answer a
                      JOIN roll_call r ON r.id = a.roll_call_id AND r.stream = :stream AND r.state = 'open'
                      JOIN device d ON d.id = a.device_id
                     WHERE a.state = 'waiting' AND a.asked_at IS NULL
                       AND (d.heard_via IS NULL OR d.heard_via = ANY(:drivers)
                            OR split_part(d.heard_via, ':', 1) = ANY(:drivers)
                            OR r.opened_at < CAST(:now AS timestamptz) - make_interval(secs => :patience))
                     ORDER BY a.roll_call_id, d.label LIMIT :limit FOR UPDATE OF a SKIP LOCKED) due
             WHERE t.roll_call_id = due.roll_call_id AND t.device_id = due.device_id
            RETURNING t.roll_call_id, t.device_id
            """
        ),
        {
            "stream": stream,
            "drivers": list(drivers),
            "now": now,
            "patience": TAKEN_BY_ANYBODY_AFTER_S,
            "limit": limit,
        },
    )
    return rows.all()
