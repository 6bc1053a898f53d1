"""Every SQL statement about offices and who answers for a place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import RowMapping, text
from sqlmodel import col, select

from app.db import Tx
from app.org.callbook.facts import OfficeFact, ResponsibilityFact
from app.org.callbook.tables import Office, Responsibility
from app.org.rules.responsible import Answerable
from app.org.store import people

_PATH = """
       (SELECT string_agg(r.name_zh, '' ORDER BY r.code) FROM region r
         WHERE r.code IN (left({0}, 6) || '000000', left({0}, 9) || '000', {0})) AS region_path
"""
_OFFICE = f"""
SELECT o.id, o.kind, o.title, o.region_code, {_PATH.format("o.region_code")}, o.person_id FROM office o
 WHERE o.stream = :stream
"""  # noqa: S608  only the words above
_DUTY = f"""
SELECT d.id, d.kind, d.region_code, {_PATH.format("d.region_code")}, d.point, d.ordinal, d.office_id,
       o.title AS office_title, coalesce(d.person_id, o.person_id) AS person_id
  FROM responsibility d LEFT JOIN office o ON o.id = d.office_id
 WHERE d.stream = :stream
"""  # noqa: S608  only the words above
# The contacts of a village answer for it by their office: nobody enters them a second time.
_ANSWERABLE = """
SELECT d.id, d.kind, d.region_code, d.point, d.ordinal, o.title, p.id AS person_id
  FROM responsibility d
  LEFT JOIN office o ON o.id = d.office_id
  LEFT JOIN person p ON p.id = coalesce(d.person_id, o.person_id) AND p.active
 WHERE d.stream = :stream AND d.region_code = ANY(:codes)
 UNION ALL
SELECT -o.id, 'contact', o.region_code, '',
       CASE o.kind WHEN 'contact_a' THEN 0 WHEN 'contact_b' THEN 1 ELSE 2 END, o.title, p.id
  FROM office o LEFT JOIN person p ON p.id = o.person_id AND p.active
 WHERE o.stream = :stream AND o.region_code = ANY(:codes)
   AND o.kind IN ('contact_a', 'contact_b', 'village_head')
   AND NOT EXISTS (SELECT 1 FROM responsibility d WHERE d.office_id = o.id AND d.region_code = o.region_code
                    AND d.point = '')
"""


@dataclass(frozen=True, slots=True)
class Titled:
    """Somebody who answers for a place, with the office by which he does."""

    answerable: Answerable
    title: str | None


async def _offices(tx: Tx, stream: str, rows: Sequence[RowMapping]) -> list[OfficeFact]:
    known = await people.facts(tx, stream, [row["person_id"] for row in rows if row["person_id"]])
    return [
        OfficeFact(
            **{key: value for key, value in row.items() if key != "person_id"},
            person=known.get(row["person_id"]),
        )
        for row in rows
    ]


async def offices(tx: Tx, stream: str, scope: str, region: str) -> list[OfficeFact]:
    """Return the offices of a scope within a place, by place and kind."""
    rows = await tx.execute(
        text(
            _OFFICE + " AND o.region_code LIKE :scope || '%' AND o.region_code LIKE :region || '%'"
            " ORDER BY o.region_code, o.kind, o.id LIMIT 2000"
        ),
        {"stream": stream, "scope": scope, "region": region},
    )
    return await _offices(tx, stream, rows.mappings().all())


async def office(tx: Tx, stream: str, office_id: int) -> OfficeFact:
    """Return one office."""
    rows = await tx.execute(text(_OFFICE + " AND o.id = :id"), {"stream": stream, "id": office_id})
    (found,) = await _offices(tx, stream, rows.mappings().all())
    return found


async def locked_office(tx: Tx, stream: str, office_id: int) -> Office | None:
    """Return the row, locked until commit; None if it is not in this county."""
    found = await tx.execute(
        select(Office).where(col(Office.id) == office_id, col(Office.stream) == stream).with_for_update()
    )
    return found.scalar_one_or_none()


async def uses_of_office(tx: Tx, office_id: int) -> int:
    """Return how many places and groups point to an office."""
    found = await tx.scalar(
        text(
            "SELECT (SELECT count(*) FROM responsibility WHERE office_id = :id)"
            " + (SELECT count(*) FROM group_member WHERE office_id = :id)"
        ),
        {"id": office_id},
    )
    return int(found or 0)


async def _duties(tx: Tx, stream: str, rows: Sequence[RowMapping]) -> list[ResponsibilityFact]:
    known = await people.facts(tx, stream, [row["person_id"] for row in rows if row["person_id"]])
    return [
        ResponsibilityFact(
            **{key: value for key, value in row.items() if key != "person_id"},
            person=known.get(row["person_id"]),
        )
        for row in rows
    ]


async def responsibilities(tx: Tx, stream: str, scope: str, region: str) -> list[ResponsibilityFact]:
    """Return who answers for what within a scope and place, in the order in which they are called."""
    rows = await tx.execute(
        text(
            _DUTY + " AND d.region_code LIKE :scope || '%' AND d.region_code LIKE :region || '%'"
            " ORDER BY d.region_code, d.point, d.ordinal, d.id LIMIT 2000"
        ),
        {"stream": stream, "scope": scope, "region": region},
    )
    return await _duties(tx, stream, rows.mappings().all())


async def responsibility(tx: Tx, stream: str, duty_id: int) -> ResponsibilityFact:
    """Return one of them."""
    rows = await tx.execute(text(_DUTY + " AND d.id = :id"), {"stream": stream, "id": duty_id})
    (found,) = await _duties(tx, stream, rows.mappings().all())
    return found


async def locked_responsibility(tx: Tx, stream: str, duty_id: int) -> Responsibility | None:
    """Return the row, locked until commit; None if it is not in this county."""
    found = await tx.execute(
        select(Responsibility)
        .where(col(Responsibility.id) == duty_id, col(Responsibility.stream) == stream)
        .with_for_update()
    )
    return found.scalar_one_or_none()


async def answerable(tx: Tx, stream: str, codes: Sequence[str]) -> list[Titled]:
    """Return who answers for these places and the points in them."""
    rows = await tx.execute(text(_ANSWERABLE), {"stream": stream, "codes": list(codes)})
    return [
        Titled(
            Answerable(row.region_code, row.kind, row.ordinal, row.id, row.person_id, row.point), row.title
        )
        for row in rows
    ]


async def heads(tx: Tx, stream: str) -> dict[str, list[int]]:
    """Return who heads each place of the county: the leaders of townships and of the county, by place."""
    rows = await tx.execute(
        text(
            "SELECT region_code, person_id FROM office WHERE stream = :stream AND person_id IS NOT NULL"
            " AND kind IN ('township_leader', 'county_leader') ORDER BY region_code, id"
        ),
        {"stream": stream},
    )
    found: dict[str, list[int]] = {}
    for row in rows:
        found.setdefault(row.region_code, [row.person_id])
    return found
