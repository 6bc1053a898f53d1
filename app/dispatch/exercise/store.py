"""Every SQL statement about who takes part in a drill."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from app.db import Tx, sql
from app.dispatch.exercise.refusals import NotInDrill, OnlyLooksOn
from app.dispatch.facts import ReaderFact
from app.dispatch.secrecy.store import NAMES
from app.journal.concern import Concern
from app.org.rules.access import Viewer

_NAMED = """
SELECT key, min(name) AS name FROM drill_party p
 WHERE drill_id = :drill AND key NOT LIKE 'team:%'
   AND EXISTS (SELECT 1 FROM drill_party x WHERE x.drill_id = p.drill_id AND x.role = 'participant')
 GROUP BY key ORDER BY min(CASE role WHEN 'participant' THEN 0 WHEN 'controller' THEN 1 ELSE 2 END), key
"""
# Whoever is asked takes part himself, or by his unit or one above it, his township, his post of this hour.
_OUTSIDE = """
WITH RECURSIVE asked AS (
  SELECT 'team:' || id AS key, name_zh AS name, region_code, unit_id, CAST(NULL AS bigint) AS person_id
    FROM team WHERE id = ANY(:teams)
  UNION ALL
  SELECT 'unit:' || id, name_zh, region_code, id, NULL FROM org_unit WHERE id = ANY(:units)
  UNION ALL
  SELECT 'person:' || id, name_zh, region_code, unit_id, id FROM person WHERE id = ANY(:people)
), above AS (
  SELECT key, unit_id FROM asked WHERE unit_id IS NOT NULL
  UNION
  SELECT a.key, u.parent_id FROM above a JOIN org_unit u ON u.id = a.unit_id WHERE u.parent_id IS NOT NULL
)
SELECT a.key, a.name FROM asked a
 WHERE EXISTS (SELECT 1 FROM drill_party WHERE drill_id = :drill AND role = 'participant')
   AND NOT EXISTS (
     SELECT 1 FROM drill_party p WHERE p.drill_id = :drill AND p.role <> 'observer' AND (
       p.key = a.key
       OR p.key LIKE 'place:%' AND a.region_code LIKE substr(p.key, 7) || '%'
       OR p.key IN (SELECT 'unit:' || unit_id FROM above WHERE above.key = a.key)
       OR p.key IN (SELECT 'account:' || id FROM account WHERE person_id = a.person_id)
       OR p.key IN (SELECT 'post:' || post_id FROM shift WHERE person_id = a.person_id
                       AND state = 'planned' AND starts_at <= :now AND ends_at > :now)))
 ORDER BY a.key
"""
_ROLES = "SELECT role FROM drill_party WHERE drill_id = :drill AND key = ANY(:names)"
# Whoever may read, and besides teams and townships.
_NAMES = f"""{NAMES}UNION ALL
SELECT 'team:' || id, name_zh FROM team WHERE stream = :stream AND active AND 'team:' || id = ANY(:keys)
UNION ALL
SELECT 'place:' || left(code, 9), name_zh FROM region
 WHERE code LIKE :stream || '%' AND right(code, 3) = '000' AND right(code, 6) <> '000000'
   AND 'place:' || left(code, 9) = ANY(:keys)
"""  # noqa: S608  two fixed texts

_FOUND = """
SELECT key, name, kind FROM (
  SELECT 'post:' || id AS key, name_zh AS name, 'post' AS kind, 1 AS first FROM duty_post
   WHERE region_code LIKE :stream || '%'
  UNION ALL
  SELECT 'place:' || left(code, 9), name_zh, 'place', 2 FROM region
   WHERE code LIKE :stream || '%' AND right(code, 3) = '000' AND right(code, 6) <> '000000'
  UNION ALL
  SELECT 'team:' || id, name_zh, 'team', 3 FROM team WHERE stream = :stream AND active
  UNION ALL
  SELECT 'unit:' || id, name_zh, 'unit', 4 FROM org_unit WHERE region_code LIKE :stream || '%' AND active
  UNION ALL
  SELECT 'person:' || id, name_zh, 'person', 5 FROM person WHERE region_code LIKE :stream || '%' AND active
  UNION ALL
  SELECT 'account:' || id, name_zh, 'account', 6 FROM account
   WHERE stream = :stream AND active AND password_hash <> '-'
) who WHERE name LIKE '%' || :words || '%' ORDER BY first, name, key LIMIT 30
"""


async def find(tx: Tx, stream: str, words: str) -> list[dict[str, str]]:
    """Return who may be named by these words: posts and townships first, then teams, units and people."""
    rows = await tx.execute(sql(_FOUND), {"stream": stream, "words": words.replace("%", "").replace("_", "")})
    return [dict(row) for row in rows.mappings()]


async def named(tx: Tx, drill_id: int | None) -> list[ReaderFact]:
    """Return who alone may know what belongs to a drill; nobody: the desk, as of anything else."""
    if drill_id is None:
        return []
    rows = await tx.execute(sql(_NAMED), {"drill": drill_id})
    return [ReaderFact(key=row.key, name=row.name) for row in rows]


async def readers(tx: Tx, drill_id: int | None) -> list[str]:
    """Return their keys alone."""
    return [one.key for one in await named(tx, drill_id)]


async def check_asked(
    tx: Tx,
    drill_id: int | None,
    now: datetime,
    *,
    teams: Sequence[int] = (),
    units: Sequence[int] = (),
    people: Sequence[int] = (),
) -> None:
    """Let a drill send and ask only who takes part in it. Raises NotInDrill."""
    if drill_id is not None and (found := await outside(tx, drill_id, now, teams, units, people)):
        raise NotInDrill(list(found.values()))


async def outside(
    tx: Tx,
    drill_id: int,
    now: datetime,
    teams: Sequence[int] = (),
    units: Sequence[int] = (),
    people: Sequence[int] = (),
) -> dict[str, str]:
    """Return those of them who do not take part in a drill, by their keys with their names."""
    told = {"drill": drill_id, "teams": list(teams), "units": list(units), "people": list(people), "now": now}
    return {row.key: row.name for row in await tx.execute(sql(_OUTSIDE), told)}


async def teams_outside(tx: Tx, incident_ids: Sequence[int], teams: Sequence[int], now: datetime) -> set[int]:
    """Return which of these teams take no part in the drills of these incidents."""
    drills = await tx.execute(
        sql("SELECT DISTINCT drill_id FROM incident WHERE id = ANY(:ids) AND drill_id IS NOT NULL"),
        {"ids": list(incident_ids)},
    )
    found: set[int] = set()
    for drill_id in list(drills.scalars()):
        found |= {int(key[5:]) for key in await outside(tx, drill_id, now, teams)}
    return found


async def check_acts(tx: Tx, by: Viewer, drill_id: int | None) -> None:
    """Let who only looks on change nothing in a drill. Raises OnlyLooksOn."""
    if drill_id is None:
        return
    roles = set((await tx.execute(sql(_ROLES), {"drill": drill_id, "names": by.names})).scalars())
    if roles == {"observer"}:
        raise OnlyLooksOn


async def names_of(tx: Tx, stream: str, keys: Sequence[str]) -> dict[str, str]:
    """Return the names of those of these keys that somebody or something in the county stands behind."""
    rows = await tx.execute(sql(_NAMES), {"stream": stream, "keys": list(keys)})
    return {row.key: row.name for row in rows}


def concern(region_code: str, keys: Sequence[str]) -> Concern:
    """Return whom a notice or an alarm concerns while no incident says it: the place, or who takes part."""
    return Concern((region_code,), readers=tuple(keys))


def runs(column: str) -> str:
    """Return the condition that the incident in a column is of no drill that stands still: its clocks run."""
    return (
        "NOT EXISTS (SELECT 1 FROM drill_pause still JOIN incident held ON held.drill_id = still.drill_id"  # noqa: S608
        f" WHERE held.id = {column})"
    )
