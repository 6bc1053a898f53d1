"""What is known of the teams' people today: names on standby lists and morning returns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import text

from app.db import Tx

# A list without a single name says nothing yet; one whose names were all struck says: nobody.
_NAMED = """
SELECT l.team_id, count(*) FILTER (WHERE p.state <> 'struck') AS people,
       greatest(max(p.named_at), max(p.struck_at)) AS at
  FROM standby_list l JOIN standby_person p ON p.list_id = l.id
 WHERE l.team_id = ANY(:teams) AND l.day = :day
 GROUP BY l.team_id
"""
_RETURNED = """
SELECT team_id, on_post AS people, returned_at AS at FROM readiness_return
 WHERE team_id = ANY(:teams) AND day = :day
"""


@dataclass(frozen=True, slots=True)
class Told:
    """How many people, and when that was said last."""

    people: int
    at: datetime


async def named(tx: Tx, team_ids: Sequence[int], day: date) -> dict[int, Told]:
    """Return how many people stand by name on the standby list of a day, by team."""
    return await _by_team(tx, _NAMED, team_ids, day)


async def returned(tx: Tx, team_ids: Sequence[int], day: date) -> dict[int, Told]:
    """Return how many people a team's return of a day reports on post, by team."""
    return await _by_team(tx, _RETURNED, team_ids, day)


async def _by_team(tx: Tx, query: str, team_ids: Sequence[int], day: date) -> dict[int, Told]:
    rows = await tx.execute(text(query), {"teams": list(team_ids), "day": day})
    return {row.team_id: Told(row.people, row.at) for row in rows}
