"""Every SQL statement about who leads where."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import text

from app.db import Tx

_SOURCES = {
    "roster": ("按值班表", "by the roster"),
    "override": ("替班或代行", "standing in"),
    "temporary": ("临时排班", "temporary schedule"),
}
_LEADING = """
SELECT h.person_id, p.name_zh AS name, o.id AS post_id, o.name_zh AS post_name, s.role, h.id AS shift_id,
       h.source
  FROM shift h
  JOIN duty_seat s ON s.id = h.seat_id
  JOIN duty_post o ON o.id = h.post_id
  JOIN person p ON p.id = h.person_id
 WHERE h.stream = :stream AND h.state = 'planned' AND tstzrange(h.starts_at, h.ends_at) @> :at
   AND s.role = ANY(:roles)
   AND (o.kind = 'centre' OR (o.kind <> 'department' AND left(o.region_code, 9) = left(:place, 9)))
 ORDER BY o.kind = 'centre', array_position(:roles, s.role::text), h.id
"""


async def leading(
    tx: Tx, stream: str, region_code: str, roles: Sequence[str], at: datetime
) -> list[dict[str, Any]]:
    """Return who leads the post of a place and the centre at an instant, with why they are there."""
    rows = await tx.execute(
        text(_LEADING).bindparams(at=at, stream=stream, place=region_code, roles=list(roles))
    )
    found = []
    for row in rows.mappings():
        zh, en = _SOURCES[row["source"]]
        found.append({**row, "source_zh": zh, "source_en": en})
    return found
