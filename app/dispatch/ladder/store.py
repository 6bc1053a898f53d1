"""Every SQL statement about whom and what a rung can reach."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.db import Tx, sql
from app.duty.roster.on_call import LEADING
from app.duty.roster.store import on_call
from app.org.store import TextDevice

_AWAY = """EXISTS (SELECT 1 FROM leave l WHERE l.person_id = {0} AND l.state = 'approved'
        AND tstzrange(l.starts_at, l.ends_at) @> CAST(:at AS timestamptz))"""
_LISTENING = f"""EXISTS (
  SELECT 1 FROM account a JOIN login_session s ON s.account_id = a.id
   WHERE a.active AND :team = ANY(a.team_ids) AND s.expires_at > :at AND NOT {_AWAY.format("a.person_id")}
)"""  # noqa: S608
# What a rung can reach, in one statement: an order must not wait for a question after another.
_REACH = f"""
SELECT ARRAY(SELECT m.channel FROM contact_maintenance m WHERE m.stream = :stream AND m.ended_at IS NULL
              AND (m.channel IS NOT NULL OR m.team_id = :team)) AS off,
       ARRAY(SELECT json_build_array(d.id, d.family, d.number) FROM device d
              WHERE d.team_id = :team AND d.active AND d.family = ANY(:families)
                AND d.test_passed IS DISTINCT FROM false
              ORDER BY d.last_heard_at DESC NULLS LAST, d.id) AS devices,
       ARRAY(SELECT json_build_object('person_id', p.id, 'name', p.name_zh, 'capacity', w.capacity,
                                      'away', {_AWAY.format("p.id")})
               FROM (SELECT leader_id AS person_id, 'team_leader' AS capacity, 0 AS rank
                       FROM team WHERE id = :team
                     UNION ALL
                     SELECT person_id, 'deputy', 1 FROM team_member
                      WHERE team_id = :team AND role = 'deputy') w
               JOIN person p ON p.id = w.person_id AND p.active
              WHERE cardinality(p.phones) > 0
              ORDER BY w.rank, p.id) AS people,
       {_LISTENING} AS listening,
       ARRAY(SELECT to_json(l) FROM ({on_call.LEADING}) l) AS leading
"""  # noqa: S608
_HEAD_OF_PLACE = f"""
SELECT p.id AS person_id, p.name_zh AS name, o.title, {_AWAY.format("p.id")} AS away
  FROM office o JOIN person p ON p.id = o.person_id AND p.active
 WHERE o.stream = :stream AND o.kind = 'township_leader' AND left(o.region_code, 9) = left(:place, 9)
   AND cardinality(p.phones) > 0
 ORDER BY o.id
"""  # noqa: S608
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
_LEADERS = f"""
SELECT a.person_id, a.name_zh AS name, {_AWAY.format("a.person_id")} AS away FROM account a
 WHERE a.active AND a.stream = :stream AND a.role = 'centre_leader' ORDER BY a.id
"""  # noqa: S608
_PHONES = "SELECT id, phones FROM person WHERE id = ANY(:ids) AND active"


async def _rows(tx: Tx, statement: str, **values: Any) -> list[dict[str, Any]]:
    found = await tx.execute(sql(statement), values)
    return [dict(row) for row in found.mappings()]


@dataclass(frozen=True, slots=True)
class Reach:
    """What there is to reach a team by.

    `team_off`: it is in maintenance itself; `channels_off` are the county's. `devices` carry texts, the one
    heard last first; one that failed its last test is left out: an order must not hang on it. `people` are
    the leader and the deputies who have a number, each with whether they are away. `listening`: somebody who
    answers for the team is logged in and not away on leave. `leading` are those on duty who lead at the
    places that were asked for, by region code.
    """

    team_off: bool
    channels_off: frozenset[str]
    devices: tuple[TextDevice, ...]
    people: tuple[dict[str, Any], ...]
    listening: bool
    leading: dict[str, list[dict[str, Any]]]


async def reach(
    tx: Tx, stream: str, team_id: int, families: Collection[str], places: Collection[str], at: datetime
) -> Reach:
    """Return what there is to reach a team by at an aware instant, over devices of these families."""
    told = {
        "stream": stream,
        "team": team_id,
        "families": list(families),
        "at": at,
        "places": sorted(set(places)),
        "roles": list(LEADING),
    }
    row = (await tx.execute(sql(_REACH), told)).one()
    return Reach(
        team_off=None in row.off,
        channels_off=frozenset(channel for channel in row.off if channel is not None),
        devices=tuple(TextDevice(*one) for one in row.devices),
        people=tuple(row.people),
        listening=row.listening,
        leading=on_call.by_place(places, row.leading),
    )


async def is_listening(tx: Tx, team_id: int, at: datetime) -> bool:
    """Whether somebody who answers for the team is logged in and not away on leave."""
    return bool(await tx.scalar(sql("SELECT " + _LISTENING), {"team": team_id, "at": at}))


async def heads_of_place(tx: Tx, stream: str, place: str, at: datetime) -> list[dict[str, Any]]:
    """Return who heads the township of a place by office, each with whether they are away."""
    return await _rows(tx, _HEAD_OF_PLACE, stream=stream, place=place, at=at)


async def centre_on_duty(tx: Tx, stream: str, at: datetime) -> list[dict[str, Any]]:
    """Return everybody on duty at the centre at an instant, whatever the seat."""
    return await _rows(tx, _ON_DUTY, stream=stream, at=at)


async def next_leader(tx: Tx, stream: str, at: datetime) -> list[dict[str, Any]]:
    """Return who leads the centre next by the roster, or nobody."""
    return await _rows(tx, _NEXT_LEADER, stream=stream, at=at)


async def leader_accounts(tx: Tx, stream: str, at: datetime) -> list[dict[str, Any]]:
    """Return who may lead the centre by account, each with whether they are away."""
    return await _rows(tx, _LEADERS, stream=stream, at=at)


async def phones(tx: Tx, person_ids: list[int]) -> dict[int, list[str]]:
    """Return the numbers of persons, the first of which is tried first."""
    rows = await tx.execute(sql(_PHONES), {"ids": person_ids})
    return {person: list(numbers) for person, numbers in rows.all()}
