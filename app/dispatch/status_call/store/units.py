"""Units that can be asked, where they are reached, whom a sender speaks for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import text

from app.db import Tx


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit that can be asked."""

    id: int
    kind: str
    region_code: str


async def active(tx: Tx, stream: str) -> list[Unit]:
    """Return the units of the county in service but the centre, townships first."""
    rows = await tx.execute(
        text(
            "SELECT id, kind, region_code FROM org_unit WHERE active AND kind <> 'centre' "
            "AND region_code LIKE :stream || '%' "
            "ORDER BY region_code = rpad(:stream, 12, '0'), region_code, id"
        ),
        {"stream": stream},
    )
    return [Unit(row.id, row.kind, row.region_code) for row in rows]


async def of_groups(tx: Tx, stream: str, group_ids: Sequence[int]) -> set[int]:
    """Return the units of some groups."""
    rows = await tx.execute(
        text(
            "SELECT DISTINCT coalesce(m.unit_id, p.unit_id) FROM group_member m "
            "JOIN recipient_group g ON g.id = m.group_id LEFT JOIN office o ON o.id = m.office_id "
            "LEFT JOIN person p ON p.id = coalesce(m.person_id, o.person_id) "
            "WHERE g.stream = :stream AND g.id = ANY(:groups) AND coalesce(m.unit_id, p.unit_id) IS NOT NULL"
        ),
        {"stream": stream, "groups": list(group_ids)},
    )
    return set(rows.scalars())


async def unit_of_person(tx: Tx, person_id: int | None) -> int | None:
    """Return the unit a person belongs to."""
    if person_id is None:
        return None
    found = await tx.scalar(text("SELECT unit_id FROM person WHERE id = :id AND active"), {"id": person_id})
    return None if found is None else int(found)


async def place_of(tx: Tx, unit_id: int) -> tuple[str, int]:
    """Return where a unit is, and how many people live there."""
    row = (
        await tx.execute(
            text(
                "SELECT u.region_code, g.population FROM org_unit u JOIN region g ON g.code = u.region_code "
                "WHERE u.id = :id"
            ),
            {"id": unit_id},
        )
    ).one()
    return row.region_code, row.population


async def posts_of(tx: Tx, unit_id: int) -> list[int]:
    """Return the duty posts of a unit."""
    rows = await tx.execute(text("SELECT id FROM duty_post WHERE unit_id = :id ORDER BY id"), {"id": unit_id})
    return list(rows.scalars())


async def is_logged_in(tx: Tx, stream: str, unit_id: int, region_code: str, now: datetime) -> bool:
    """Whether somebody who could answer for a unit is logged in: at its place, or one of its people."""
    found = await tx.scalar(
        text(
            """
            SELECT EXISTS (SELECT 1 FROM login_session s JOIN account a ON a.id = s.account_id
                             LEFT JOIN person p ON p.id = a.person_id
                            WHERE s.expires_at > :now AND a.active AND a.stream = :stream
                              AND (p.unit_id = :unit OR (a.role LIKE 'township%' AND a.scope <> a.stream
                                                         AND :region LIKE a.scope || '%')))
            """
        ),
        {"now": now, "stream": stream, "unit": unit_id, "region": region_code},
    )
    return bool(found)


async def mobiles_of_people(tx: Tx, person_ids: Sequence[int]) -> list[tuple[str, str, str]]:
    """Return (name, title, first mobile number) of people in this order; "" for one without."""
    rows = await tx.execute(
        text(
            "SELECT p.name_zh, p.post, coalesce((SELECT n FROM unnest(p.phones) WITH ORDINALITY AS f(n, k) "
            "WHERE n ~ '^1[0-9]{10}$' ORDER BY k LIMIT 1), '') AS mobile FROM person p "
            "JOIN unnest(CAST(:ids AS bigint[])) WITH ORDINALITY AS w(id, n) ON w.id = p.id ORDER BY w.n"
        ),
        {"ids": list(person_ids)},
    )
    return [(row.name_zh, row.post, row.mobile) for row in rows]


async def people_of_unit(tx: Tx, unit_id: int) -> list[int]:
    """Return the people of a unit in service, those with a leading title first."""
    rows = await tx.execute(
        text(
            "SELECT id FROM person WHERE unit_id = :id AND active "
            "ORDER BY post NOT SIMILAR TO '%(所长|主任|局长|镇长|乡长|书记|站长)', id LIMIT 20"
        ),
        {"id": unit_id},
    )
    return list(rows.scalars())


async def telephone_of(tx: Tx, unit_id: int) -> tuple[str, str] | None:
    """Return name and number of a unit's duty telephone."""
    row = (
        await tx.execute(
            text(
                "SELECT name_zh, phone FROM duty_post WHERE unit_id = :id AND phone <> '' ORDER BY id LIMIT 1"
            ),
            {"id": unit_id},
        )
    ).first()
    return (row.name_zh, row.phone) if row else None


async def units_speaking(tx: Tx, stream: str, device_id: int) -> list[int]:
    """Return the units for which a device's text can speak, the nearest first.

    The unit of whoever has this telephone number, or holds the device; else the unit of the device's place.
    """
    rows = await tx.execute(
        text(
            """
            SELECT DISTINCT ON (u.id) u.id, w.rank FROM device d CROSS JOIN LATERAL (
              SELECT p.unit_id AS id, 1 AS rank FROM person p WHERE p.active AND p.unit_id IS NOT NULL
                 AND (p.id = d.holder_id OR (d.family = 'satphone'
                      AND (right(d.number, 11) = ANY(p.phones) OR d.number = ANY(p.phones)
                           OR (p.satellite_number <> '' AND ltrim(p.satellite_number, '+') = d.number))))
              UNION ALL SELECT o.id, 2 FROM org_unit o WHERE o.active AND o.kind <> 'centre'
                 AND o.region_code = d.region_code AND d.region_code <> rpad(d.stream, 12, '0')
            ) w JOIN org_unit u ON u.id = w.id AND u.region_code LIKE :stream || '%'
             WHERE d.id = :device ORDER BY u.id, w.rank
            """
        ),
        {"device": device_id, "stream": stream},
    )
    return [row.id for row in sorted(rows, key=lambda row: (row.rank, row.id))]


async def waiting_rounds(tx: Tx, stream: str, unit_ids: Sequence[int]) -> list[tuple[int, int, bool]]:
    """Return (round, recipient, answered) of the open rounds that ask these units, the earliest due first."""
    rows = await tx.execute(
        text(
            """
            SELECT c.id AS call_id, r.id AS recipient_id,
                   EXISTS (SELECT 1 FROM status_answer a WHERE a.recipient_id = r.id) AS answered
              FROM status_recipient r JOIN status_call c ON c.id = r.call_id
             WHERE c.stream = :stream AND c.state = 'open' AND r.unit_id = ANY(:units) ORDER BY c.due_at, c.id
            """
        ),
        {"stream": stream, "units": list(unit_ids)},
    )
    return [(row.call_id, row.recipient_id, row.answered) for row in rows]


async def text_known(tx: Tx, device_id: int, dedup_key: str, since: datetime) -> bool:
    """Whether this text of this device was dealt with before: a copy."""
    found = await tx.scalar(
        text(
            "SELECT EXISTS (SELECT 1 FROM status_text WHERE device_id = :device AND dedup_key = :key "
            "AND heard_at >= :since)"
        ),
        {"device": device_id, "key": dedup_key, "since": since},
    )
    return bool(found)
