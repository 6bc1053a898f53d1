"""Every SQL statement of the minimum kit."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import RowMapping, text

from app.db import Tx
from app.devices.kit.rules import Norm, Owned, Station, condition
from app.devices.ledger.rules import device_state, vouched_by
from app.devices.testing.rules import LastTest, judge

# What a team of the scope carries counts wherever it is registered: the verdict on a team is one.
_OWNED = """
SELECT d.id, d.label, d.kind, d.region_code, d.team_id, d.active, d.last_heard_at, d.tested_at,
       d.test_passed, d.facts
  FROM device d LEFT JOIN team t ON t.id = d.team_id
 WHERE d.stream = :stream AND (d.region_code LIKE :scope || '%' OR t.region_code LIKE :scope || '%')
   AND NOT coalesce(CAST(d.facts ->> 'unregistered' AS boolean), false)
 ORDER BY d.label, d.id
"""
_STATIONS = """
SELECT r.code AS region_code, r.kind AS place, '' AS team, CAST(NULL AS bigint) AS team_id, r.name_zh AS name
  FROM region r WHERE r.code LIKE :stream || '%' AND r.code LIKE :scope || '%'
UNION ALL
SELECT t.region_code, r.kind, t.kind, t.id, t.name_zh
  FROM team t JOIN region r ON r.code = t.region_code
 WHERE t.stream = :stream AND t.region_code LIKE :scope || '%'
 ORDER BY 1, 4 NULLS FIRST
"""


async def owned(tx: Tx, stream: str, scope: str, now: datetime) -> list[Owned]:
    """Return devices of a scope and of its teams, and whether each works; unfiled numbers never count."""
    rows = await tx.execute(text(_OWNED), {"stream": stream, "scope": scope})
    return [_owned(row, now) for row in rows.mappings()]


async def stations(tx: Tx, stream: str, scope: str, norms: Sequence[Norm]) -> list[Station]:
    """Return the places and teams of a scope that a norm speaks of, by place."""
    rows = await tx.execute(text(_STATIONS), {"stream": stream, "scope": scope})
    return [
        Station(norm, row.name, row.region_code, row.team_id)
        for row in rows
        for norm in norms
        if (
            row.place in norm.places
            if row.team_id is None
            else row.team in norm.teams and row.place in norm.at
        )
    ]


def _owned(row: RowMapping, now: datetime) -> Owned:
    # A test passed by hand is a word of the device too, as in the register.
    heard = [at for at in (row["last_heard_at"], row["tested_at"] if row["test_passed"] else None) if at]
    state = device_state(
        row["kind"], max(heard, default=None), now, active=row["active"], vouched=vouched_by(row["facts"])
    )
    test = judge(LastTest(row["kind"], row["active"], row["tested_at"], row["test_passed"]), now)
    stands, why = condition(active=row["active"], test=test, state=state)
    return Owned(row["id"], row["label"], row["kind"], row["region_code"], row["team_id"], stands, why)
