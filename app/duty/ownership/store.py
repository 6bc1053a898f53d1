"""Every SQL statement about who owns a desk."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import text

from app.db import Tx
from app.duty.ownership.facts import OwnerFact
from app.duty.roster.rules.ranks import RANKS

# A desk that nobody has signed for in a day and a half is the roster's again: an alarm has to find somebody.
_SIGNED = """
SELECT o.post_id, d.name_zh AS post_name, o.lead_person_id, p.name_zh AS lead_name,
       coalesce(p.phones[1], '') AS lead_phone, o.team_person_ids, o.since
  FROM desk_ownership o JOIN duty_post d ON d.id = o.post_id JOIN person p ON p.id = o.lead_person_id
 WHERE o.post_id = :post AND o.since <= :at AND o.since > :at - interval '36 hours'
 ORDER BY o.since DESC, o.id DESC LIMIT 1
"""
# Before the first signed hand-over the roster says who leads: the first of the highest seat at the desk.
_PLANNED = """
SELECT h.post_id, d.name_zh AS post_name, h.person_id AS lead_person_id, p.name_zh AS lead_name,
       coalesce(p.phones[1], '') AS lead_phone,
       array_agg(h.person_id) OVER (ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING)
         AS team_person_ids,
       CAST(NULL AS timestamptz) AS since
  FROM shift h JOIN duty_seat s ON s.id = h.seat_id JOIN duty_post d ON d.id = h.post_id
  JOIN person p ON p.id = h.person_id
 WHERE h.post_id = :post AND h.state = 'planned' AND tstzrange(h.starts_at, h.ends_at) @> :at
   AND s.role = ANY(:ranks)
 ORDER BY array_position(CAST(:ranks AS text[]), s.role), h.id LIMIT 1
"""


async def owner_at(tx: Tx, post_id: int, at: datetime) -> OwnerFact | None:
    """Return who owned a post's desk at an instant; None if nobody signed for it and nobody is rostered."""
    for query, values in ((_SIGNED, {}), (_PLANNED, {"ranks": list(RANKS)})):
        statement = text(query).bindparams(post=post_id, at=at, **values)
        row = (await tx.execute(statement)).mappings().first()
        if row is not None:
            return OwnerFact(**row)
    return None


async def centre_owner_at(tx: Tx, stream: str, at: datetime) -> OwnerFact | None:
    """Return who owned the command centre's desk at an instant, or None."""
    post_id = await tx.scalar(
        text(
            "SELECT id FROM duty_post WHERE kind = 'centre' AND region_code LIKE :stream || '%' "
            "ORDER BY id LIMIT 1"
        ),
        {"stream": stream},
    )
    return None if post_id is None else await owner_at(tx, int(post_id), at)
