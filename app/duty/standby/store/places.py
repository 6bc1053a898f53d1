"""Which places and teams readiness is asked of, and whom to call there."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import text

from app.db import Tx
from app.duty.standby.facts import ContactFact


@dataclass(frozen=True, slots=True)
class Place:
    """A township."""

    code: str
    kind: str
    name_zh: str
    name_en: str


@dataclass(frozen=True, slots=True)
class Unit:
    """A team that makes returns; `root_id` is the brigade it belongs to, its own number if it is one."""

    id: int
    root_id: int
    kind: str
    region_code: str
    name_zh: str
    name_en: str
    strength: int


_UNITS = """
SELECT t.id, coalesce(t.parent_id, t.id) AS root_id, t.kind, t.region_code, t.name_zh, t.name_en, t.strength
  FROM team t LEFT JOIN team p ON p.id = t.parent_id
 WHERE t.stream = :stream AND t.kind = ANY(:kinds)
   AND coalesce(p.region_code, t.region_code) LIKE :scope || '%'
 ORDER BY root_id, t.parent_id NULLS FIRST, t.id
"""
_CONTACTS = """
SELECT r.code, coalesce(p.name_zh, d.name_zh, '') AS name, coalesce(p.phones[1], d.phone, '') AS phone
  FROM region r
  LEFT JOIN duty_post d ON d.region_code = r.code AND d.kind = 'township'
  LEFT JOIN LATERAL (
    SELECT person.name_zh, person.phones
      FROM account a JOIN person ON person.id = a.person_id
     WHERE a.stream = :stream AND a.active AND a.role = 'township_leader' AND a.scope = left(r.code, 9)
     ORDER BY a.id LIMIT 1) p ON true
 WHERE r.code = ANY(:codes)
"""


async def townships(tx: Tx, stream: str, scope: str, kinds: Iterable[str]) -> list[Place]:
    """Return the places of a scope that keep persons on standby."""
    rows = await tx.execute(
        text(
            "SELECT code, kind, name_zh, name_en FROM region WHERE kind = ANY(:kinds)"
            " AND code LIKE :stream || '%' AND code LIKE :scope || '%' ORDER BY code"
        ),
        {"kinds": list(kinds), "stream": stream, "scope": scope},
    )
    return [Place(**row) for row in rows.mappings()]


async def contacts(tx: Tx, stream: str, codes: list[str]) -> dict[str, ContactFact]:
    """Return whom to call in each place: its leader, else its duty room."""
    rows = await tx.execute(text(_CONTACTS), {"stream": stream, "codes": codes})
    return {
        row["code"]: ContactFact(name=row["name"], phone=row["phone"])
        for row in rows.mappings()
        if row["phone"] or row["name"]
    }


async def units(tx: Tx, stream: str, scope: str, kinds: Iterable[str]) -> list[Unit]:
    """Return the brigades of a scope with their squads, each brigade before its squads."""
    rows = await tx.execute(text(_UNITS), {"stream": stream, "scope": scope, "kinds": list(kinds)})
    return [Unit(**row) for row in rows.mappings()]


async def team_of(tx: Tx, stream: str, team_id: int) -> Unit | None:
    """Return one team of the county."""
    rows = await tx.execute(
        text(
            "SELECT id, coalesce(parent_id, id) AS root_id, kind, region_code, name_zh, name_en, strength"
            " FROM team WHERE id = :id AND stream = :stream"
        ),
        {"id": team_id, "stream": stream},
    )
    found = rows.mappings().first()
    return Unit(**found) if found else None
