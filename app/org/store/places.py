"""Every SQL statement about places, people and who answers for a team."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, text

from app.db import Tx
from app.org.tables import Region


async def region_path(tx: Tx, code: str) -> str:
    """Return the full place name without blanks, e.g. 樟川市临溪镇东岸村 (domain/rules B9)."""
    found = await tx.scalar(
        text(
            "SELECT string_agg(name_zh, '' ORDER BY code) FROM region "
            "WHERE code IN (left(:c, 6) || '000000', left(:c, 9) || '000', :c)"
        ),
        {"c": code},
    )
    return str(found or code)


async def region(tx: Tx, code: str) -> Region | None:
    """Return a place of the tree, or None."""
    return await tx.get(Region, code)


async def names(tx: Tx, person_ids: Sequence[int]) -> dict[int, str]:
    """Return the names of persons of the register, by id."""
    if not person_ids:
        return {}
    rows = await tx.execute(
        text("SELECT id, name_zh FROM person WHERE id = ANY(:ids) AND active"), {"ids": list(person_ids)}
    )
    return {row.id: row.name_zh for row in rows}


async def caller_by_number(tx: Tx, stream: str, number: str) -> str | None:
    """Return who of the county calls: a person, or a satellite phone of the register with its holder."""
    if person := await person_by_phone(tx, stream, number):
        return person
    found = await tx.scalar(
        text(
            "SELECT trim(d.label || ' ' || coalesce(p.name_zh, '')) FROM device d "
            "LEFT JOIN person p ON p.id = d.holder_id "
            "WHERE d.stream = :stream AND d.family = 'satphone' AND d.number = :number"
        ),
        {"stream": stream, "number": number.removeprefix("+")},
    )
    return None if found is None else str(found)


async def person_by_phone(tx: Tx, stream: str, number: str) -> str | None:
    """Return name and post of whom a telephone number belongs to, or None."""
    found = await tx.scalar(
        text(
            "SELECT trim(name_zh || ' ' || post) FROM person "
            "WHERE (CAST(:number AS text) = ANY(phones) OR (satellite_number <> '' "
            "       AND ltrim(satellite_number, '+') = ltrim(CAST(:number AS text), '+'))) "
            "AND region_code LIKE :stream || '%' ORDER BY active DESC, id LIMIT 1"
        ),
        {"number": number, "stream": stream},
    )
    return None if found is None else str(found)


async def holders(
    tx: Tx, stream: str, scope: str, words: str, most: int
) -> tuple[Sequence[Row[Any]], Sequence[Row[Any]]]:
    """Return people and teams of a scope whose name, number or call sign holds the words."""
    like = "%" + words.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
    told = {"scope": scope, "like": like, "stream": stream, "most": most}
    people = await tx.execute(
        text(
            "SELECT id, name_zh AS name, post, coalesce(phones[1], '') AS phone FROM person "
            "WHERE active AND region_code LIKE :scope || '%' "
            "AND (name_zh LIKE :like OR array_to_string(phones, ' ') LIKE :like) "
            "ORDER BY length(name_zh), id LIMIT :most"
        ),
        told,
    )
    teams = await tx.execute(
        text(
            "SELECT id, name_zh AS name, call_sign FROM team WHERE stream = :stream "
            "AND region_code LIKE :scope || '%' AND (name_zh LIKE :like OR call_sign LIKE :like) "
            "ORDER BY length(name_zh), id LIMIT :most"
        ),
        told,
    )
    return people.all(), teams.all()


async def regions_of(tx: Tx, stream: str) -> Sequence[Row[Any]]:
    """Return the county's places by code: code, name, name_en, kind, parent, lon, lat, population."""
    rows = await tx.execute(
        text(
            "SELECT code, name_zh AS name, name_en, kind, parent_code AS parent, lon, lat, population "
            "FROM region "
            "WHERE code LIKE :county || '%' ORDER BY code"
        ),
        {"county": stream},
    )
    return rows.all()


async def centre_names(tx: Tx, stream: str) -> tuple[str, str]:
    """Return the Chinese and English name of the county's emergency operations centre."""
    rows = await tx.execute(
        text("SELECT name_zh, name_en FROM org_unit WHERE kind = 'centre' AND region_code LIKE :c || '%'"),
        {"c": stream},
    )
    row = rows.first()
    return (row.name_zh, row.name_en) if row else ("应急指挥中心", "Emergency Operations Centre")
