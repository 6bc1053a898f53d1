"""Accepted person-days, and the sheets that were approved."""

from __future__ import annotations

from datetime import date

from sqlalchemy import text

from app.db import Tx
from app.duty.standby.facts import ApprovedFact, SheetLineFact
from app.duty.standby.rules.allowance import PersonDay

# Only accepted persons of days that were key days by the terms of their acceptance (rules B7 R17).
_DAYS = """
SELECT l.region_code, p.day, p.name, p.phone, p.person_id, l.yuan_per_day AS yuan
  FROM standby_person p JOIN standby_list l ON l.id = p.list_id
 WHERE l.stream = :stream AND l.region_code LIKE :scope || '%' AND l.day >= :first AND l.day < :after
   AND p.state = 'accepted' AND l.key_day AND l.yuan_per_day IS NOT NULL
 ORDER BY l.region_code, p.day, p.id
"""
_APPROVED = """
SELECT DISTINCT ON (region_code) region_code, revision, person_days, yuan, approved_by, approved_at, lines
  FROM allowance_sheet
 WHERE stream = :stream AND region_code LIKE :scope || '%' AND month = :first
 ORDER BY region_code, revision DESC
"""


async def person_days(tx: Tx, stream: str, scope: str, first: date, after: date) -> list[PersonDay]:
    """Return what is paid for, from `first` up to but not including `after`."""
    rows = await tx.execute(text(_DAYS), {"stream": stream, "scope": scope, "first": first, "after": after})
    return [PersonDay(**row) for row in rows.mappings()]


async def approved(
    tx: Tx, stream: str, scope: str, first: date
) -> dict[str, tuple[ApprovedFact, list[SheetLineFact]]]:
    """Return what was approved last for a month, by township, with the lines as they stood."""
    rows = await tx.execute(text(_APPROVED), {"stream": stream, "scope": scope, "first": first})
    found: dict[str, tuple[ApprovedFact, list[SheetLineFact]]] = {}
    for row in rows.mappings():
        fields = dict(row)
        code, lines = fields.pop("region_code"), fields.pop("lines")
        found[code] = (ApprovedFact(**fields), [SheetLineFact.model_validate(line) for line in lines])
    return found
