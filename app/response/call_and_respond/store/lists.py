"""The places of a round, their people as the organisation stands now, the standing list, its filings."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import text
from sqlmodel import col, delete, select

from app.db import Tx
from app.response.call_and_respond.facts import CalloutListedFact, CalloutRole
from app.response.call_and_respond.tables import CalloutFiling, CalloutListed


@dataclass(frozen=True, slots=True)
class Region:
    """A village or township."""

    code: str
    name: str
    township: bool


@dataclass(frozen=True, slots=True)
class Named:
    """A person named for a place."""

    region_code: str
    role: CalloutRole
    person_id: int


async def regions(tx: Tx, stream: str, codes: Sequence[str]) -> list[Region]:
    """Return the townships and villages in these places, and the townships of these villages, by code."""
    rows = await tx.execute(
        text(
            """
            WITH wanted AS (SELECT DISTINCT r.code FROM region r
                JOIN unnest(CAST(:codes AS text[])) AS w(code)
                ON r.code LIKE (CASE WHEN right(w.code, 6) = '000000' THEN left(w.code, 6)
                                     WHEN right(w.code, 3) = '000' THEN left(w.code, 9)
                                     ELSE w.code END) || '%'
             WHERE r.code LIKE :stream || '%' AND right(r.code, 6) <> '000000')
            SELECT r.code, r.name_zh, right(r.code, 3) = '000' AS township FROM region r
             WHERE r.code IN (SELECT code FROM wanted UNION SELECT left(code, 9) || '000' FROM wanted)
             ORDER BY r.code
            """
        ),
        {"stream": stream, "codes": list(codes)},
    )
    return [Region(row.code, row.name_zh, row.township) for row in rows]


async def region_name(tx: Tx, code: str) -> str | None:
    """Return the name of a place."""
    found = await tx.scalar(text("SELECT name_zh FROM region WHERE code = :code"), {"code": code})
    return None if found is None else str(found)


async def of_villages(tx: Tx, stream: str, codes: Sequence[str]) -> list[Named]:
    """Return contacts A and B, heads and grid members of villages.

    A grid member is registered in his village with 网格员 in his title or among his qualifications.
    """
    rows = await tx.execute(
        text(
            """
            SELECT o.region_code, o.kind AS role, p.id FROM office o
              JOIN person p ON p.id = o.person_id AND p.active
             WHERE o.stream = :stream AND o.region_code = ANY(:codes)
               AND o.kind IN ('contact_a', 'contact_b', 'village_head')
             UNION ALL
            SELECT p.region_code, 'grid_member', p.id FROM person p
             WHERE p.active AND p.region_code = ANY(:codes)
               AND (p.post LIKE '%网格员%' OR '网格员' = ANY(p.qualifications))
             ORDER BY 1, 2, 3
            """
        ),
        {"stream": stream, "codes": list(codes)},
    )
    return [Named(row.region_code, row.role, row.id) for row in rows]


async def leaders_of(tx: Tx, stream: str, codes: Sequence[str], kind: str) -> list[tuple[str, int, str]]:
    """Return (place, person, title) of those who hold an office of a kind for places."""
    rows = await tx.execute(
        text(
            "SELECT o.region_code, p.id, o.title FROM office o "
            "JOIN person p ON p.id = o.person_id AND p.active "
            "WHERE o.stream = :stream AND o.region_code = ANY(:codes) AND o.kind = :kind ORDER BY o.id"
        ),
        {"stream": stream, "codes": list(codes), "kind": kind},
    )
    return [(row.region_code, row.id, row.title) for row in rows]


async def units_of(tx: Tx, codes: Sequence[str]) -> dict[str, int]:
    """Return the unit that keeps duty for each township: the first that is no department."""
    rows = await tx.execute(
        text(
            "SELECT DISTINCT ON (region_code) region_code, id FROM org_unit "
            "WHERE active AND kind <> 'department' AND region_code = ANY(:codes) ORDER BY region_code, id"
        ),
        {"codes": list(codes)},
    )
    return {row.region_code: row.id for row in rows}


async def with_app(tx: Tx, person_ids: Collection[int]) -> set[int]:
    """Return which of these people can log in: they can be told over the app."""
    rows = await tx.execute(
        text("SELECT DISTINCT person_id FROM account WHERE active AND person_id = ANY(:ids)"),
        {"ids": list(person_ids)},
    )
    return set(rows.scalars())


_LISTED = """
SELECT l.id, l.region_code, l.ordinal, l.role, l.person_id, l.office_id, coalesce(p.name_zh, '') AS name,
       coalesce(nullif(o.title, ''), p.post, '') AS title, p.id AS holder
  FROM callout_listed l
  LEFT JOIN office o ON o.id = l.office_id
  LEFT JOIN person p ON p.id = coalesce(l.person_id, o.person_id) AND p.active
 WHERE l.stream = :stream AND l.region_code LIKE :scope || '%'
   AND (CAST(:codes AS text[]) IS NULL OR l.region_code = ANY(CAST(:codes AS text[])))
 ORDER BY l.region_code, l.ordinal
"""


async def listed(tx: Tx, stream: str, scope: str, code: str | None = None) -> list[CalloutListedFact]:
    """Return the standing list of a scope, or of one place in it."""
    told = {"stream": stream, "scope": scope, "codes": None if code is None else [code]}
    rows = await tx.execute(text(_LISTED), told)
    return [
        CalloutListedFact(**{key: value for key, value in row.items() if key != "holder"})
        for row in rows.mappings()
    ]


async def holders(tx: Tx, stream: str, codes: Sequence[str]) -> list[Named]:
    """Return who stands on the standing lists of these places now, in their order."""
    rows = await tx.execute(text(_LISTED), {"stream": stream, "scope": stream, "codes": list(codes)})
    return [Named(row["region_code"], row["role"], row["holder"]) for row in rows.mappings() if row["holder"]]


async def known(tx: Tx, stream: str, people: Sequence[int], offices: Sequence[int]) -> bool:
    """Whether all these people and offices are the county's."""
    found = await tx.execute(
        text(
            "SELECT (SELECT count(*) FROM person WHERE id = ANY(:people) "
            "AND region_code LIKE :stream || '%'), "
            "(SELECT count(*) FROM office WHERE id = ANY(:offices) AND stream = :stream)"
        ),
        {"stream": stream, "people": list(people), "offices": list(offices)},
    )
    return tuple(found.one()) == (len(set(people)), len(set(offices)))


async def clear(tx: Tx, stream: str, code: str) -> None:
    """Take a place's entries off the standing list."""
    await tx.execute(
        delete(CalloutListed).where(
            col(CalloutListed.stream) == stream, col(CalloutListed.region_code) == code
        )
    )


async def filing(tx: Tx, stream: str, year: int, *, lock: bool = False) -> CalloutFiling | None:
    """Return the review of a year, if anything was done about it."""
    query = select(CalloutFiling).where(col(CalloutFiling.stream) == stream, col(CalloutFiling.year) == year)
    found = await tx.execute(query.with_for_update() if lock else query)
    return found.scalar_one_or_none()


async def lock_settings(tx: Tx, stream: str) -> None:
    """Let changes of the list's filing and of the minutes come one after the other until commit."""
    await tx.execute(
        text("SELECT pg_advisory_xact_lock(hashtext(:key))"), {"key": f"call_and_respond:{stream}"}
    )
