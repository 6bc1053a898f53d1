"""Every SQL statement about what points to a person: offices, places, groups, teams — and about totals."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import text

from app.db import Tx
from app.org.events import TeamLeaderChanged
from app.org.facts import KindTotal, PeopleTotals

# In each statement one who holds the same already keeps it, and the predecessor's entry goes.
_HAND_OVER = (
    "UPDATE office SET person_id = :new WHERE person_id = :old",
    "DELETE FROM responsibility d WHERE d.person_id = :old AND EXISTS (SELECT 1 FROM responsibility o "
    "WHERE o.person_id = :new AND (o.region_code, o.point, o.kind) = (d.region_code, d.point, d.kind))",
    "UPDATE responsibility SET person_id = :new WHERE person_id = :old",
    "DELETE FROM group_member m WHERE m.person_id = :old AND EXISTS (SELECT 1 FROM group_member o "
    "WHERE o.person_id = :new AND o.group_id = m.group_id)",
    "UPDATE group_member SET person_id = :new WHERE person_id = :old",
    "UPDATE team_member n SET role = o.role FROM team_member o WHERE o.person_id = :old "
    "AND n.person_id = :new AND n.team_id = o.team_id AND o.role = 'leader'",
    "DELETE FROM team_member m WHERE m.person_id = :old AND EXISTS (SELECT 1 FROM team_member o "
    "WHERE o.person_id = :new AND o.team_id = m.team_id)",
    "UPDATE team_member SET person_id = :new WHERE person_id = :old",
    "UPDATE team SET leader_id = :new, revision = revision + 1 WHERE leader_id = :old",
)
_TOTALS = """
WITH here AS (
  SELECT id, full_time FROM person
   WHERE active AND region_code LIKE :stream || '%' AND region_code LIKE :scope || '%'),
member AS (
  SELECT m.person_id, count(*) AS teams FROM team_member m
    JOIN team t ON t.id = m.team_id AND t.stream = :stream JOIN here ON here.id = m.person_id
   GROUP BY m.person_id)
SELECT (SELECT count(*) FROM here) AS people, (SELECT count(*) FROM here WHERE full_time) AS full_time,
       coalesce(sum(teams), 0)::bigint AS memberships, count(*) AS in_teams,
       count(*) FILTER (WHERE teams > 1) AS in_several
  FROM member
"""
_BY_KIND = """
SELECT t.kind, count(DISTINCT t.id) AS teams, count(DISTINCT p.id) AS people
  FROM team t
  LEFT JOIN team_member m ON m.team_id = t.id
  LEFT JOIN person p ON p.id = m.person_id AND p.active
 WHERE t.stream = :stream AND t.region_code LIKE :scope || '%'
 GROUP BY t.kind ORDER BY t.kind
"""
_STATIONS = """
SELECT count(*) AS stations, count(*) FILTER (
         WHERE coalesce(s.people, 0) < k.min_posts OR coalesce(s.full_time, 0) < k.min_full_time) AS short
  FROM org_unit u JOIN unit_kind k ON k.code = u.kind AND k.min_posts > 0
  LEFT JOIN (SELECT unit_id, count(*) AS people, count(*) FILTER (WHERE full_time) AS full_time
               FROM person WHERE active GROUP BY unit_id) s ON s.unit_id = u.id
 WHERE u.active AND u.region_code LIKE :stream || '%' AND u.region_code LIKE :scope || '%'
"""


async def hand_over(tx: Tx, old: int, new: int) -> int:
    """Let everything that points to one person point to another; return how much did."""
    count = await tx.scalar(
        text(
            "SELECT (SELECT count(*) FROM office WHERE person_id = :old)"
            " + (SELECT count(*) FROM responsibility WHERE person_id = :old)"
            " + (SELECT count(*) FROM group_member WHERE person_id = :old)"
            " + (SELECT count(*) FROM (SELECT team_id FROM team_member WHERE person_id = :old"
            " UNION SELECT id FROM team WHERE leader_id = :old) led)"
        ),
        {"old": old},
    )
    for statement in _HAND_OVER:
        await tx.execute(text(statement), {"old": old, "new": new})
    return int(count or 0)


async def places_of(tx: Tx, person_id: int) -> list[str]:
    """Return the places in which something points to a person directly."""
    rows = await tx.execute(
        text(
            "SELECT region_code FROM office WHERE person_id = :id"
            " UNION SELECT region_code FROM responsibility WHERE person_id = :id"
            " UNION SELECT g.region_code FROM group_member m JOIN recipient_group g ON g.id = m.group_id"
            " WHERE m.person_id = :id"
            " UNION SELECT t.region_code FROM team t LEFT JOIN team_member m ON m.team_id = t.id"
            " WHERE t.leader_id = :id OR m.person_id = :id ORDER BY 1"
        ),
        {"id": person_id},
    )
    return list(rows.scalars())


async def led_by(tx: Tx, stream: str, person_ids: Sequence[int]) -> list[tuple[str, TeamLeaderChanged]]:
    """Return place and present leader of the teams that these people lead."""
    rows = await tx.execute(
        text(
            "SELECT t.id, t.name_zh, t.region_code, p.name_zh AS leader, p.phones[1] AS phone"
            "  FROM team t LEFT JOIN person p ON p.id = t.leader_id AND p.active"
            " WHERE t.stream = :stream AND t.leader_id = ANY(:ids) AND t.dispatchable ORDER BY t.id"
        ),
        {"stream": stream, "ids": list(person_ids)},
    )
    return [
        (
            row.region_code,
            TeamLeaderChanged(
                type="team.leader_changed",
                team_id=row.id,
                team_name=row.name_zh,
                leader_name=row.leader,
                leader_phone=row.phone,
            ),
        )
        for row in rows
    ]


async def totals(tx: Tx, stream: str, scope: str) -> PeopleTotals:
    """Count the people of a scope, each once, and its teams by kind."""
    where = {"stream": stream, "scope": scope}
    people = (await tx.execute(text(_TOTALS), where)).mappings().one()
    kinds = (await tx.execute(text(_BY_KIND), where)).mappings().all()
    stations = (await tx.execute(text(_STATIONS), where)).one()
    return PeopleTotals(
        **people,
        by_kind=[KindTotal(**row) for row in kinds],
        stations=stations.stations,
        stations_short=stations.short,
    )
