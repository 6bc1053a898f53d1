"""Every SQL statement about whom and what a rung can reach."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import text

from app.db import Tx

_AWAY = """
SELECT person_id FROM leave
 WHERE person_id = ANY(:ids) AND state = 'approved'
   AND tstzrange(starts_at, ends_at) @> CAST(:at AS timestamptz)
"""
_LISTENING = """
SELECT EXISTS (
  SELECT 1 FROM account a JOIN login_session s ON s.account_id = a.id
   WHERE a.active AND :team = ANY(a.team_ids) AND s.expires_at > :at
     AND NOT EXISTS (SELECT 1 FROM leave l WHERE l.person_id = a.person_id AND l.state = 'approved'
                      AND tstzrange(l.starts_at, l.ends_at) @> CAST(:at AS timestamptz))
)
"""
_OF_TEAM = """
SELECT p.id AS person_id, p.name_zh AS name, w.capacity
  FROM (SELECT leader_id AS person_id, 'team_leader' AS capacity, 0 AS rank FROM team WHERE id = :team
        UNION ALL
        SELECT person_id, 'deputy', 1 FROM team_member WHERE team_id = :team AND role = 'deputy') w
  JOIN person p ON p.id = w.person_id AND p.active
 WHERE cardinality(p.phones) > 0
 ORDER BY w.rank, p.id
"""
_HEAD_OF_PLACE = """
SELECT p.id AS person_id, p.name_zh AS name, o.title
  FROM office o JOIN person p ON p.id = o.person_id AND p.active
 WHERE o.stream = :stream AND o.kind = 'township_leader' AND left(o.region_code, 9) = left(:place, 9)
   AND cardinality(p.phones) > 0
 ORDER BY o.id
"""
_CENTRE_SHIFTS = """
SELECT h.person_id, p.name_zh AS name, o.id AS post_id, o.name_zh AS post_name, s.role, h.id AS shift_id,
       h.starts_at
  FROM shift h
  JOIN duty_seat s ON s.id = h.seat_id
  JOIN duty_post o ON o.id = h.post_id AND o.kind = 'centre'
  JOIN person p ON p.id = h.person_id
 WHERE h.stream = :stream AND h.state = 'planned' AND
"""
_ON_DUTY = _CENTRE_SHIFTS + " tstzrange(h.starts_at, h.ends_at) @> CAST(:at AS timestamptz) ORDER BY h.id"
_NEXT_LEADER = (
    _CENTRE_SHIFTS
    + " h.starts_at > :at AND s.role IN ('leader_in_charge', 'chief_leader')"
    + " ORDER BY h.starts_at, h.id LIMIT 1"
)
_LEADERS = """
SELECT person_id, name_zh AS name FROM account
 WHERE active AND stream = :stream AND role = 'centre_leader' ORDER BY id
"""
_PHONES = "SELECT id, phones FROM person WHERE id = ANY(:ids) AND active"


async def _rows(tx: Tx, statement: str, **values: Any) -> list[dict[str, Any]]:
    found = await tx.execute(text(statement), values)
    return [dict(row) for row in found.mappings()]


async def _with_leave(tx: Tx, rows: list[dict[str, Any]], at: datetime) -> list[dict[str, Any]]:
    ids = [row["person_id"] for row in rows if row["person_id"] is not None]
    away = {row["person_id"] for row in await _rows(tx, _AWAY, ids=ids, at=at)}
    return [{**row, "away": row["person_id"] in away} for row in rows]


async def is_listening(tx: Tx, team_id: int, at: datetime) -> bool:
    """Whether somebody who answers for the team is logged in and not away on leave."""
    return bool(await tx.scalar(text(_LISTENING), {"team": team_id, "at": at}))


async def people_of_team(tx: Tx, team_id: int, at: datetime) -> list[dict[str, Any]]:
    """Return the team's leader and deputies who have a number, each with whether they are away."""
    return await _with_leave(tx, await _rows(tx, _OF_TEAM, team=team_id), at)


async def heads_of_place(tx: Tx, stream: str, place: str, at: datetime) -> list[dict[str, Any]]:
    """Return who heads the township of a place by office, each with whether they are away."""
    return await _with_leave(tx, await _rows(tx, _HEAD_OF_PLACE, stream=stream, place=place), at)


async def centre_on_duty(tx: Tx, stream: str, at: datetime) -> list[dict[str, Any]]:
    """Return everybody on duty at the centre at an instant, whatever the seat."""
    return await _rows(tx, _ON_DUTY, stream=stream, at=at)


async def next_leader(tx: Tx, stream: str, at: datetime) -> list[dict[str, Any]]:
    """Return who leads the centre next by the roster, or nobody."""
    return await _rows(tx, _NEXT_LEADER, stream=stream, at=at)


async def leader_accounts(tx: Tx, stream: str, at: datetime) -> list[dict[str, Any]]:
    """Return who may lead the centre by account, each with whether they are away."""
    return await _with_leave(tx, await _rows(tx, _LEADERS, stream=stream), at)


async def phones(tx: Tx, person_ids: list[int]) -> dict[int, list[str]]:
    """Return the numbers of persons, the first of which is tried first."""
    rows = await tx.execute(text(_PHONES), {"ids": person_ids})
    return {person: list(numbers) for person, numbers in rows.all()}
