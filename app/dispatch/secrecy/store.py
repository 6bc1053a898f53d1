"""Every SQL statement about who may know what."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import text

from app.db import Tx
from app.dispatch.facts import ReaderFact
from app.dispatch.secrecy.sealed import Sealed
from app.org.rules.access import Concern, Viewer

_SEALED = """
SELECT id, alarm_ids, concern_regions, concern_teams, readers,
       ARRAY(SELECT n.id FROM intake_notice n WHERE n.incident_id = i.id) AS notice_ids
  FROM incident i WHERE stream = :stream AND restricted
"""
# A unit stands for its own people and those of the units below it; a post for who is on duty there now.
_NAMED = """
WITH RECURSIVE above AS (
  SELECT u.id, u.parent_id FROM person p JOIN org_unit u ON u.id = p.unit_id WHERE p.id = :person
  UNION SELECT u.id, u.parent_id FROM above a JOIN org_unit u ON u.id = a.parent_id
)
SELECT 'unit:' || id FROM above
UNION
SELECT 'post:' || post_id FROM shift
 WHERE person_id = :person AND state = 'planned' AND starts_at <= :now AND ends_at > :now
"""
_NAMES = """
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
    """Return what is need-to-know in the county now."""
    incidents: dict[int, Concern] = {}
    judged: dict[tuple[str, int], Concern] = {}
    for row in await tx.execute(text(_SEALED), {"stream": stream}):
        concern = Concern(
            tuple(row.concern_regions), tuple(row.concern_teams), restricted=True, readers=tuple(row.readers)
        )
        incidents[row.id] = concern
        judged |= {("alarm", id_): concern for id_ in row.alarm_ids}
        judged |= {("notice", id_): concern for id_ in row.notice_ids}
    return Sealed(incidents, judged)


async def recognised(tx: Tx, viewer: Viewer, now: datetime) -> Viewer:
    """Return the viewer with the units and posts under which this person may be named now."""
    if viewer.person_id is None:
        return viewer
    rows = await tx.execute(text(_NAMED), {"person": viewer.person_id, "now": now})
    return replace(viewer, named_as=frozenset(row[0] for row in rows))


async def names_of(tx: Tx, stream: str, keys: Sequence[str]) -> list[ReaderFact]:
    """Return the known ones of these keys with their names, in the order of the keys."""
    rows = await tx.execute(text(_NAMES), {"stream": stream, "keys": list(keys)})
    found = {row.key: ReaderFact(key=row.key, name=row.name) for row in rows}
    return [found[key] for key in keys if key in found]
