"""Every SQL statement about who leads where."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from app.db import Tx, sql

_SOURCES = {
    "roster": ("按值班表", "by the roster"),
    "override": ("替班或代行", "standing in"),
    "temporary": ("临时排班", "temporary schedule"),
}
LEADING = """
SELECT w.place, h.person_id, p.name_zh AS name, o.id AS post_id, o.name_zh AS post_name, s.role,
       h.id AS shift_id, h.source, coalesce(p.phones[1], '') AS phone
  FROM shift h
  JOIN duty_seat s ON s.id = h.seat_id
  JOIN duty_post o ON o.id = h.post_id
  JOIN person p ON p.id = h.person_id
  JOIN unnest(CAST(:places AS text[])) AS w(place)
    ON o.kind = 'centre' OR (o.kind <> 'department' AND left(o.region_code, 9) = left(w.place, 9))
 WHERE h.stream = :stream AND h.state = 'planned'
   AND tstzrange(h.starts_at, h.ends_at) @> CAST(:at AS timestamptz)
   AND s.role = ANY(:roles)
 ORDER BY o.kind = 'centre', array_position(:roles, s.role::text), h.id
"""

# The first of those who lead at each place's post; the centre's place is the county's own code.
_CONTACTS = """
SELECT DISTINCT ON (w.place) w.place, h.person_id, p.name_zh AS name, o.id AS post_id, o.name_zh AS post_name,
       s.role, h.id AS shift_id, h.source
  FROM unnest(CAST(:places AS text[])) AS w(place)
  JOIN duty_post o ON o.kind <> 'department'
   AND left(o.region_code, 9) = w.place
  JOIN duty_seat s ON s.post_id = o.id AND s.role = ANY(:roles)
  JOIN shift h ON h.seat_id = s.id AND h.stream = :stream AND h.state = 'planned'
   AND tstzrange(h.starts_at, h.ends_at) @> CAST(:at AS timestamptz)
  JOIN person p ON p.id = h.person_id
 ORDER BY w.place, array_position(:roles, s.role::text), h.id
"""


async def contacts(
    tx: Tx, stream: str, places: Sequence[str], roles: Sequence[str], at: datetime
) -> dict[str, dict[str, Any]]:
    """Return, by 9-digit place, the first of those who lead the post of that place at an instant."""
    told = {"at": at, "stream": stream, "places": sorted(set(places)), "roles": list(roles)}
    rows = await tx.execute(sql(_CONTACTS), told)
    return {row["place"]: _with_words(row) for row in rows.mappings()}


async def leading(
    tx: Tx, stream: str, region_codes: Collection[str], roles: Sequence[str], at: datetime
) -> dict[str, list[dict[str, Any]]]:
    """Return, by place, who leads its post and the centre at an instant, with why they are there."""
    told = {"at": at, "stream": stream, "places": sorted(set(region_codes)), "roles": list(roles)}
    rows = await tx.execute(sql(LEADING), told)
    return by_place(region_codes, rows.mappings())


def by_place(
    region_codes: Collection[str], rows: Iterable[Mapping[Any, Any]]
) -> dict[str, list[dict[str, Any]]]:
    """Return rows of `LEADING` by place, each with why the person is there."""
    found: dict[str, list[dict[str, Any]]] = {code: [] for code in region_codes}
    for row in rows:
        found[row["place"]].append(_with_words(row))
    return found


def _with_words(row: Mapping[Any, Any]) -> dict[str, Any]:
    zh, en = _SOURCES[row["source"]]
    return {**row, "source_zh": zh, "source_en": en}
