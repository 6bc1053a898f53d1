"""Who can be addressed by an order, and by which means."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import text

from app.db import Tx
from app.org.store import TextDevice

_NAMED = {
    "unit_id": "SELECT name_zh AS name, region_code FROM org_unit WHERE id = :id AND active"
    " AND region_code LIKE :stream || '%'",
    "team_id": "SELECT name_zh AS name, region_code FROM team WHERE id = :id AND stream = :stream",
    "person_id": "SELECT trim(name_zh || ' ' || post) AS name, region_code FROM person"
    " WHERE id = :id AND active AND region_code LIKE :stream || '%'",
}
# A township's desk is reached by its accounts; a department has none: somebody has to call.
_HAS_APP = {
    "unit_id": "SELECT EXISTS (SELECT 1 FROM account a LEFT JOIN person p ON p.id = a.person_id"
    " JOIN org_unit u ON u.id = :id WHERE a.active AND a.stream = :stream AND (p.unit_id = u.id"
    " OR (length(a.scope) > 6 AND rpad(a.scope, 12, '0') = u.region_code)))",
    "team_id": "SELECT EXISTS (SELECT 1 FROM account"
    " WHERE active AND stream = :stream AND :id = ANY(team_ids))",
    "person_id": "SELECT EXISTS (SELECT 1 FROM account"
    " WHERE active AND stream = :stream AND person_id = :id)",
}
_TEXTED = """
SELECT d.id, d.family, d.number
  FROM device d LEFT JOIN person p ON p.id = d.holder_id LEFT JOIN org_unit u ON u.id = :id
 WHERE """
_DEVICE = {
    # Of a township also what is registered at the place itself; a team's device is the team's.
    "unit_id": "d.team_id IS NULL AND (p.unit_id = :id"
    " OR (u.region_code = d.region_code AND right(u.region_code, 6) <> '000000'))",
    "team_id": "d.team_id = :id",
    "person_id": "d.holder_id = :id",
}


@dataclass(frozen=True, slots=True)
class Addressee:
    """Whom a recipient is: its name and place."""

    name: str
    region_code: str


async def named(tx: Tx, stream: str, kind: str, id_: int) -> Addressee | None:
    """Return a unit, team or person of the county by `unit_id`, `team_id` or `person_id`, or None."""
    row = (await tx.execute(text(_NAMED[kind]), {"id": id_, "stream": stream})).first()
    return Addressee(*row) if row else None


async def has_app(tx: Tx, stream: str, kind: str, id_: int) -> bool:
    """Whether somebody with an account answers for it."""
    return bool(await tx.scalar(text(_HAS_APP[kind]), {"id": id_, "stream": stream}))


async def text_device(tx: Tx, kind: str, id_: int, families: Sequence[str]) -> TextDevice | None:
    """Return the device a text to it goes through: heard last, and its last test not failed."""
    rows = await tx.execute(
        text(
            _TEXTED + _DEVICE[kind] + " AND d.active AND d.family = ANY(:families)"
            " AND d.test_passed IS DISTINCT FROM false"
            " ORDER BY d.last_heard_at DESC NULLS LAST, d.id LIMIT 1"
        ),
        {"id": id_, "families": list(families)},
    )
    row = rows.first()
    return TextDevice(*row) if row else None
