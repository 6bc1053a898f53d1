"""What was known of a unit at an instant. Need-to-know incidents are left out: the board is everybody's."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import text

from app.db import Tx
from app.dispatch.contact.facts import FrozenSituation
from app.dispatch.contact.rules import UnitKind
from app.dispatch.tables import ACTIVE_STATES

_PLACE = """
SELECT ARRAY(SELECT i.number || ' ' || i.title FROM incident i
              WHERE i.stream = :stream AND i.state = 'open' AND i.region_code LIKE :scope || '%'
                AND NOT i.restricted AND i.readers = '{}' ORDER BY i.id LIMIT 20) AS incidents,
       ARRAY(SELECT t.name_zh || ' ' || a.state FROM assignment a JOIN team t ON t.id = a.team_id
               JOIN incident i ON i.id = a.incident_id
              WHERE t.stream = :stream AND t.region_code LIKE :scope || '%' AND a.state = ANY(:active)
                AND NOT i.restricted AND i.readers = '{}' ORDER BY a.id LIMIT 20) AS teams_out,
       coalesce((SELECT sum(c.heads) FROM shelter_opening o JOIN shelter s ON s.id = o.shelter_id
                   JOIN LATERAL (SELECT heads FROM shelter_count x WHERE x.opening_id = o.id
                                  ORDER BY x.counted_at DESC, x.id DESC LIMIT 1) c ON true
                  WHERE o.closed_at IS NULL AND s.region_code LIKE :scope || '%'), 0) AS shelter_heads
"""
_WORDS = """
SELECT words, at FROM (
  SELECT n.title AS words, n.told_at AS at FROM intake_notice n
   WHERE n.stream = :stream AND n.region_code LIKE :scope || '%' AND n.incident_id IS NULL
  UNION ALL
  SELECT s.text, s.heard_at FROM heard_signal s JOIN device d ON d.id = s.device_id
   WHERE d.stream = :stream AND d.region_code LIKE :scope || '%' AND s.kind = 'text' AND s.text <> ''
) said ORDER BY at DESC LIMIT 1
"""
_TEAM = """
SELECT i.number || ' ' || i.title AS incident, a.state
  FROM assignment a JOIN incident i ON i.id = a.incident_id
 WHERE a.team_id = :team AND a.state = ANY(:active) AND NOT i.restricted AND i.readers = '{}'
 ORDER BY a.id DESC LIMIT 5
"""


async def known_of(
    tx: Tx, stream: str, kind: UnitKind, unit: str, last_means: str | None, now: datetime
) -> FrozenSituation:
    """Return what is known of a unit: its incidents, teams out, heads in shelters, last words."""
    active = list(ACTIVE_STATES)
    if kind == "team":
        rows = (await tx.execute(text(_TEAM), {"team": int(unit[5:]), "active": active})).mappings().all()
        return FrozenSituation(
            at=now,
            last_means=last_means,
            incidents=[row["incident"] for row in rows],
            teams_out=[row["state"] for row in rows],
        )
    scope = unit[:9] if unit.endswith("000") else unit
    values = {"stream": stream, "scope": scope}
    place = (await tx.execute(text(_PLACE), {**values, "active": active})).mappings().one()
    words = (await tx.execute(text(_WORDS), values)).mappings().first()
    return FrozenSituation(
        at=now,
        last_means=last_means,
        incidents=list(place["incidents"]),
        teams_out=list(place["teams_out"]),
        shelter_heads=int(place["shelter_heads"]),
        last_words=words["words"] if words else "",
        last_words_at=words["at"] if words else None,
    )
