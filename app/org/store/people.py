"""Every SQL statement of the register of people."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import RowMapping, text
from sqlmodel import col, select

from app.db import Tx
from app.org.facts import HeldFact, PersonFact, PhoneFact
from app.org.rules.numbers import labels_of
from app.org.tables import Person

_FROM = """
  FROM person p
  LEFT JOIN region r3 ON r3.code = p.region_code
  LEFT JOIN region r2 ON r2.code = left(p.region_code, 9) || '000' AND r2.code <> p.region_code
  LEFT JOIN region r1 ON r1.code = left(p.region_code, 6) || '000000' AND r1.code <> p.region_code
                     AND r1.code <> left(p.region_code, 9) || '000'
  LEFT JOIN org_unit u ON u.id = p.unit_id
"""
_FACT = (
    """
SELECT p.id, p.name_zh AS name, p.post AS title, p.region_code,
       concat(r1.name_zh, r2.name_zh, r3.name_zh) AS region_path, p.unit_id, u.name_zh AS unit_name,
       p.phones, p.phone_labels, p.call_sign, p.satellite_number, p.beidou_number, p.qualifications,
       p.full_time, p.active
"""
    + _FROM
)
_WANTED = """
 WHERE p.region_code LIKE :stream || '%' AND p.region_code LIKE :scope || '%'
   AND p.region_code LIKE :region || '%' AND p.active = :active
   AND (CAST(:unit AS bigint) IS NULL OR p.unit_id = :unit OR (:below AND p.unit_id IN (
         WITH RECURSIVE under AS (
           SELECT CAST(:unit AS bigint) AS id
            UNION SELECT o.id FROM org_unit o JOIN under ON o.parent_id = under.id)
         SELECT id FROM under)))
   AND (:words = '' OR concat_ws(' ', p.name_zh, p.post, p.call_sign, u.name_zh) ILIKE :like
        OR (:numbers AND concat_ws(' ', array_to_string(p.phones, ' '), p.satellite_number, p.beidou_number)
            LIKE :like))
"""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which people are asked for. `numbers`: whether the words may be looked for in telephone numbers."""

    stream: str
    scope: str
    region: str = ""
    unit_id: int | None = None
    below: bool = False
    words: str = ""
    active: bool = True
    numbers: bool = True

    def values(self) -> dict[str, object]:
        """Return what the statement needs."""
        escaped = self.words.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
        return {
            "stream": self.stream,
            "scope": self.scope,
            "region": self.region,
            "unit": self.unit_id,
            "below": self.below,
            "words": self.words,
            "like": f"%{escaped}%",
            "active": self.active,
            "numbers": self.numbers,
        }


def _fact(row: RowMapping) -> PersonFact:
    told = dict(row)
    numbers, labels = told.pop("phones"), told.pop("phone_labels")
    phones = [
        PhoneFact.model_validate({"number": number, "label": label})
        for number, label in zip(numbers, labels_of(numbers, labels), strict=True)
    ]
    return PersonFact(**told, phones=phones)


async def page(tx: Tx, wanted: Wanted, offset: int, most: int) -> tuple[int, list[PersonFact]]:
    """Return how many people are meant, and some of them by place, unit and number."""
    values = wanted.values()
    total = await tx.scalar(text("SELECT count(*)" + _FROM + _WANTED), values)
    rows = await tx.execute(
        text(
            _FACT + _WANTED + " ORDER BY p.region_code, p.unit_id NULLS LAST, p.id LIMIT :most OFFSET :offset"
        ),
        {**values, "most": most, "offset": offset},
    )
    return int(total or 0), [_fact(row) for row in rows.mappings()]


async def fact(tx: Tx, stream: str, person_id: int) -> PersonFact | None:
    """Return a person of the county, or None."""
    rows = await tx.execute(
        text(_FACT + " WHERE p.id = :id AND p.region_code LIKE :stream || '%'"),
        {"id": person_id, "stream": stream},
    )
    row = rows.mappings().first()
    return _fact(row) if row else None


async def facts(tx: Tx, stream: str, person_ids: Sequence[int]) -> dict[int, PersonFact]:
    """Return these people of the county by number."""
    rows = await tx.execute(
        text(_FACT + " WHERE p.id = ANY(:ids) AND p.region_code LIKE :stream || '%'"),
        {"ids": list(person_ids), "stream": stream},
    )
    return {row["id"]: _fact(row) for row in rows.mappings()}


async def locked(tx: Tx, stream: str, person_id: int) -> Person | None:
    """Return the row, locked until commit; None if it is not in this county."""
    found = await tx.execute(
        select(Person)
        .where(col(Person.id) == person_id, col(Person.region_code).startswith(stream))
        .with_for_update(key_share=True)
    )
    return found.scalar_one_or_none()


async def of_numbers(tx: Tx, stream: str, person_ids: Sequence[int], *, lock: bool) -> list[Person]:
    """Return the rows with these numbers, locked in order if asked."""
    wanted = (
        select(Person)
        .where(col(Person.id).in_(person_ids), col(Person.region_code).startswith(stream))
        .order_by(col(Person.id))
    )
    found = await tx.execute(wanted.with_for_update(key_share=True) if lock else wanted)
    return list(found.scalars())


async def named(tx: Tx, stream: str, names: Sequence[str]) -> Sequence[RowMapping]:
    """Return the people in service who have these names: id, name, phones, region_code, unit_id."""
    rows = await tx.execute(
        text(
            "SELECT id, name_zh AS name, phones, region_code, unit_id FROM person "
            "WHERE name_zh = ANY(:names) AND region_code LIKE :stream || '%' AND active ORDER BY id"
        ),
        {"names": list(names), "stream": stream},
    )
    return rows.mappings().all()


async def same_person(
    tx: Tx, stream: str, name: str, phones: Sequence[str], but: int | None
) -> PersonFact | None:
    """Return somebody in service of this name with one of these telephones, or None."""
    rows = await tx.execute(
        text(
            _FACT + " WHERE p.name_zh = :name AND p.phones && CAST(:phones AS text[]) AND p.active"
            " AND p.region_code LIKE :stream || '%' AND p.id IS DISTINCT FROM CAST(:but AS bigint)"
            " ORDER BY p.id LIMIT 1"
        ),
        {"name": name, "phones": list(phones), "stream": stream, "but": but},
    )
    row = rows.mappings().first()
    return _fact(row) if row else None


async def held_by(tx: Tx, person_id: int) -> list[HeldFact]:
    """Return everything that points to a person: offices, places, groups, teams."""
    rows = await tx.execute(
        text(
            """
            SELECT 'office' AS what, o.id, r.name_zh AS name, o.title AS role
              FROM office o JOIN region r ON r.code = o.region_code WHERE o.person_id = :id
             UNION ALL
            SELECT 'responsibility', d.id, trim(r.name_zh || ' ' || d.point), d.kind
              FROM responsibility d JOIN region r ON r.code = d.region_code
              LEFT JOIN office o ON o.id = d.office_id WHERE :id IN (d.person_id, o.person_id)
             UNION ALL
            SELECT 'group', g.id, g.name_zh, coalesce(o.title, '')
              FROM group_member m JOIN recipient_group g ON g.id = m.group_id
              LEFT JOIN office o ON o.id = m.office_id WHERE :id IN (m.person_id, o.person_id)
             UNION ALL
            SELECT 'team', t.id, t.name_zh,
                   CASE WHEN t.leader_id = :id THEN 'leader' ELSE m.role END
              FROM team t LEFT JOIN team_member m ON m.team_id = t.id AND m.person_id = :id
             WHERE t.leader_id = :id OR m.person_id IS NOT NULL
            """
        ),
        {"id": person_id},
    )
    return [HeldFact(**row) for row in rows.mappings()]
