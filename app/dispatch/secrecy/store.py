"""Every SQL statement about who may know what."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from app.db import Tx, sql
from app.dispatch.facts import ReaderFact
from app.dispatch.secrecy.sealed import Sealed
from app.org.accounts import session_values, token_hash, viewer_behind
from app.org.rules.access import PERMISSIONS, READ_ONLY, Concern, Viewer
from app.org.store.sessions import ONE_SESSION, SESSION_OF

_SEALED = """
SELECT id, alarm_ids, concern_regions, concern_teams, readers,
       restricted, ARRAY(SELECT n.id FROM intake_notice n WHERE n.incident_id = i.id) AS notice_ids
  FROM incident i WHERE stream = :stream AND (restricted OR readers <> '{}' AND NOT restricted)
"""
# A program (password "-") is nobody's desk.
_READERS = """
SELECT unnest(readers) FROM incident WHERE stream = :stream AND state = 'open' AND readers <> '{}'
UNION
SELECT unnest(readers) FROM alarm
 WHERE stream = :stream AND state IN ('open', 'acknowledged') AND readers <> '{}'
"""
# Those whom orders and round-ups of incidents address: teams, people, the desks of townships.
_ADDRESSED = """
WITH told AS (
  SELECT 'order' AS noun, o.id, o.incident_id,
         CASE WHEN r.unit_id IS NOT NULL THEN r.region_code END AS place, r.team_id, r.person_id
    FROM dispatch_order o JOIN order_recipient r ON r.order_id = o.id AND r.state <> 'released'
   WHERE o.issued_at IS NOT NULL AND o.incident_id = ANY(:incidents)
  UNION ALL
  SELECT 'status_call', c.id, c.incident_id, u.region_code, NULL, p.id
    FROM status_call c JOIN status_recipient r ON r.call_id = c.id JOIN org_unit u ON u.id = r.unit_id
    LEFT JOIN person p ON p.unit_id = u.id AND p.active
   WHERE c.state <> 'planned' AND c.incident_id = ANY(:incidents)
)
SELECT t.noun, t.id, t.incident_id,
       array_remove(array_agg(DISTINCT t.team_id), NULL) AS teams,
       array_remove(array_agg(DISTINCT 'person:' || t.person_id), NULL) AS people,
       array_remove(array_agg(DISTINCT 'account:' || a.id), NULL) AS desks
  FROM told t
  LEFT JOIN account a ON a.stream = :stream AND a.active AND a.role = ANY(:roles)
        AND a.password_hash <> '-'
        AND length(a.scope) > length(a.stream) AND t.place LIKE a.scope || '%'
 GROUP BY t.noun, t.id, t.incident_id
"""
# A unit stands for its own people and those of the units below it; a post for who is on duty there now.
_NAMED_AS = """
WITH RECURSIVE above AS (
  SELECT u.id, u.parent_id FROM person p JOIN org_unit u ON u.id = p.unit_id WHERE p.id = {person}
  UNION SELECT u.id, u.parent_id FROM above a JOIN org_unit u ON u.id = a.parent_id
)
SELECT 'unit:' || id FROM above
UNION
SELECT 'post:' || post_id FROM shift
 WHERE person_id = {person} AND state = 'planned' AND starts_at <= :now AND ends_at > :now
"""
_NAMED = _NAMED_AS.format(person=":person")
_NAMED_WITH_IT = f"ARRAY({_NAMED_AS.format(person='account.person_id')})"
_LOGGED_IN = SESSION_OF.format(which=ONE_SESSION, more=f", {_NAMED_WITH_IT} AS named_as")
# The accounts behind many sessions.
_ALL_LOGGED_IN = SESSION_OF.format(
    which="held.token_hash = ANY(:hashes)", more=f", held.token_hash, {_NAMED_WITH_IT} AS named_as"
)
# A desk below the county, which is asked and answers for everybody of its place.
_DESKS = """
SELECT 'account:' || id FROM account
 WHERE stream = :stream AND active AND role = ANY(:roles) AND length(scope) > length(stream)
   AND password_hash <> '-'
   AND EXISTS (SELECT 1 FROM unnest(CAST(:places AS text[])) p WHERE p LIKE scope || '%') ORDER BY id
"""
NAMES = """
SELECT 'person:' || id AS key, name_zh AS name FROM person WHERE region_code LIKE :stream || '%'
   AND 'person:' || id = ANY(:keys)
UNION ALL
SELECT 'account:' || id, name_zh FROM account WHERE stream = :stream AND 'account:' || id = ANY(:keys)
UNION ALL
SELECT 'unit:' || id, name_zh FROM org_unit WHERE region_code LIKE :stream || '%'
   AND 'unit:' || id = ANY(:keys)
UNION ALL
SELECT 'post:' || id, name_zh FROM duty_post WHERE region_code LIKE :stream || '%'
   AND 'post:' || id = ANY(:keys)
"""


async def sealed(tx: Tx, stream: str) -> Sealed:
    """Return what is need-to-know in the county now; whom an order addresses may know of that order."""
    incidents: dict[int, Concern] = {}
    judged: dict[tuple[str, int], Concern] = {}
    addressed: dict[tuple[str, int], Concern] = {}
    for row in await tx.execute(sql(_SEALED), {"stream": stream}):
        concern = Concern(
            tuple(row.concern_regions), tuple(row.concern_teams), row.restricted, readers=tuple(row.readers)
        )
        incidents[row.id] = concern
        judged |= {("alarm", id_): concern for id_ in row.alarm_ids}
        judged |= {("notice", id_): concern for id_ in row.notice_ids}
    told = {"stream": stream, "roles": _desk_roles(), "incidents": list(incidents)}
    for row in await tx.execute(sql(_ADDRESSED), told) if incidents else ():
        whole = incidents[row.incident_id]
        readers = (*whole.readers, *row.desks, *row.people) if whole.readers else ()
        addressed[row.noun, row.id] = replace(whole, team_ids=(*whole.team_ids, *row.teams), readers=readers)
    return Sealed(incidents, judged, addressed)


async def named(tx: Tx, stream: str) -> frozenset[str]:
    """Return everybody who is named as a reader of an open incident, or of an alarm of a drill."""
    return frozenset((await tx.execute(sql(_READERS), {"stream": stream})).scalars())


def may_know(column: str) -> str:
    """Return the condition that a reader may know the incident in a column; a row of none is nobody's secret.

    The same decision as `may_see` once the place is looked at. Its values are those of `knowing`.
    """
    return f"""(CAST(:named AS text[]) IS NULL OR NOT EXISTS (
      SELECT 1 FROM incident known WHERE known.id = {column} AND NOT (
        known.readers && CAST(:named AS text[])
        OR known.readers = '{{}}' AND (CAST(:need_to_know AS boolean) OR NOT known.restricted))))"""  # noqa: S608


def unnamed(column: str) -> str:
    """Return the condition that for the incident in a column no readers were named."""
    return f"NOT EXISTS (SELECT 1 FROM incident x WHERE x.id = {column} AND x.readers <> '{{}}')"  # noqa: S608


def knowing(by: Viewer | None) -> dict[str, Any]:
    """Return what `may_know` asks of a reader; None is the house itself, which knows everything."""
    return {
        "named": by.names if by is not None else None,
        "need_to_know": by is None or by.may("see_restricted"),
    }


async def knows(tx: Tx, by: Viewer, incident_id: int | None) -> bool:
    """Whether a person may know what belongs to an incident, wherever it is."""
    if incident_id is None:
        return True
    statement = sql("SELECT " + may_know("CAST(:incident AS bigint)"))
    return bool(await tx.scalar(statement, {**knowing(by), "incident": incident_id}))


@dataclass(frozen=True, slots=True)
class Secrecy:
    """How far an incident is need-to-know, and who was named."""

    restricted: bool = False
    readers: tuple[str, ...] = ()


async def of_incident(tx: Tx, incident_id: int | None) -> Secrecy:
    """Return how far an incident is need-to-know now; what belongs to none is open."""
    if incident_id is None:
        return Secrecy()
    rows = await tx.execute(
        sql("SELECT restricted, readers FROM incident WHERE id = :id"), {"id": incident_id}
    )
    row = rows.one()
    return Secrecy(row.restricted, tuple(row.readers))


async def desks_at(tx: Tx, stream: str, region_codes: Sequence[str]) -> list[str]:
    """Return the accounts of the desks below the county that answer for these places, as readers' keys."""
    told = {"stream": stream, "places": list(region_codes), "roles": _desk_roles()}
    return list((await tx.execute(sql(_DESKS), told)).scalars())


def _desk_roles() -> list[str]:
    return [role for role, granted in PERMISSIONS.items() if "see_desk" in granted and role not in READ_ONLY]


async def people_of(tx: Tx, unit_ids: Sequence[int]) -> list[str]:
    """Return those who belong to these units themselves, as readers' keys."""
    statement = sql("SELECT 'person:' || id FROM person WHERE unit_id = ANY(:units) AND active ORDER BY id")
    return list((await tx.execute(statement, {"units": list(unit_ids)})).scalars())


async def recognised(tx: Tx, viewer: Viewer, now: datetime) -> Viewer:
    """Return the viewer with the units and posts under which this person may be named now."""
    if viewer.person_id is None:
        return viewer
    rows = await tx.execute(sql(_NAMED), {"person": viewer.person_id, "now": now})
    return replace(viewer, named_as=frozenset(row[0] for row in rows))


async def logged_in(tx: Tx, token: str, now: datetime) -> Viewer | None:
    """Return whose session this is, recognised; None if it ended: one statement before every request."""
    row = (await tx.execute(sql(_LOGGED_IN), session_values(token, now))).one_or_none()
    return replace(viewer_behind(row), named_as=frozenset(row.named_as)) if row else None


async def all_logged_in(tx: Tx, tokens: Sequence[str], now: datetime) -> dict[str, Viewer]:
    """Return whose those of the sessions are that hold, by token, as `logged_in` would for each."""
    by_hash = {token_hash(token): token for token in tokens}
    rows = await tx.execute(sql(_ALL_LOGGED_IN), {"hashes": list(by_hash), "now": now})
    return {
        by_hash[row.token_hash]: replace(viewer_behind(row), named_as=frozenset(row.named_as)) for row in rows
    }


async def names_of(tx: Tx, stream: str, keys: Sequence[str]) -> list[ReaderFact]:
    """Return the known ones of these keys with their names, in the order of the keys."""
    rows = await tx.execute(sql(NAMES), {"stream": stream, "keys": list(keys)})
    found = {row.key: ReaderFact(key=row.key, name=row.name) for row in rows}
    return [found[key] for key in keys if key in found]
