"""The books: balances as they stand, movements with their two lines, the trial balance."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import insert, text
from sqlmodel import col

from app.db import Tx
from app.org.rules.access import Viewer
from app.supplies.facts import SupplyBooksFact, SupplyMovementFact
from app.supplies.rules.ledger import Account, Books, Movement
from app.supplies.tables import SupplyLine, SupplyMovement

_MOVEMENT = """
SELECT m.id, m.kind, i.name_zh AS item_zh, i.name_en AS item_en, i.unit, l.number AS lot, m.quantity,
       s.account AS source, coalesce(sw.name_zh, st.number, '') AS source_place,
       t.account AS target, coalesce(tw.name_zh, tt.number, '') AS target_place,
       m.reason, m.happened_at, m.entered_at, m.entered_by
  FROM supply_movement m
  JOIN supply_line s ON s.movement_id = m.id AND s.quantity < 0
  JOIN supply_line t ON t.movement_id = m.id AND t.quantity > 0
  JOIN supply_lot l ON l.id = m.lot_id
  JOIN supply_item i ON i.id = l.item_id
  LEFT JOIN supply_warehouse sw ON s.account IN ('shelf', 'reserved') AND sw.id = s.place
  LEFT JOIN supply_warehouse tw ON t.account IN ('shelf', 'reserved') AND tw.id = t.place
  LEFT JOIN supply_transfer st ON s.account IN ('transit', 'field') AND st.id = s.place
  LEFT JOIN supply_transfer tt ON t.account IN ('transit', 'field') AND tt.id = t.place
  LEFT JOIN supply_transfer o ON o.id = m.transfer_id
  LEFT JOIN supply_request r ON r.id = o.request_id
 WHERE m.stream = :stream AND (CAST(:before AS bigint) = 0 OR m.id < :before)
   AND (r.readers && CAST(:named AS text[]) OR (
        coalesce(r.readers, '{}') = '{}' AND (:secret OR NOT coalesce(r.restricted, false))
        AND (sw.region_code LIKE :scope || '%' OR tw.region_code LIKE :scope || '%'
             OR r.region_code LIKE :scope || '%')))
   AND (CAST(:warehouse AS bigint) = 0 OR sw.id = :warehouse OR tw.id = :warehouse)
 ORDER BY m.id DESC LIMIT :limit
"""


@dataclass(frozen=True, slots=True)
class Stamp:
    """When movements happened and were entered, by whom, and what they belong to."""

    happened_at: datetime
    entered_at: datetime
    entered_by: str
    transfer_id: int | None = None
    stock_take_id: int | None = None


async def serialise(tx: Tx, stream: str) -> None:
    """Let what changes stock pass one by one until commit: each decides on what the one before left."""
    await tx.execute(
        text("SELECT pg_advisory_xact_lock(hashtext('supplies'), hashtext(:stream))"), {"stream": stream}
    )


async def balances(tx: Tx, movements: Sequence[Movement]) -> dict[tuple[Account, int], int]:
    """Return what stands on every account that the movements touch."""
    keys = sorted({(line.account, line.lot_id) for one in movements for line in one.lines})
    rows = await tx.execute(
        text(
            "SELECT b.account, b.place, b.lot_id, b.quantity FROM supply_balance b JOIN unnest("
            "CAST(:accounts AS text[]), CAST(:places AS bigint[]), CAST(:lots AS bigint[])) "
            "AS k(account, place, lot_id) USING (account, place, lot_id)"
        ),
        _columns(keys),
    )
    return {(Account(row.account, row.place), row.lot_id): row.quantity for row in rows}


async def record(tx: Tx, stream: str, movements: Sequence[Movement], after: Books, stamp: Stamp) -> None:
    """Write movements with their lines, and what stands on their accounts after them."""
    inserted = await tx.execute(
        insert(SupplyMovement).returning(col(SupplyMovement.id), sort_by_parameter_order=True),
        [_row(stream, one, stamp) for one in movements],
    )
    lines = [
        {
            "movement_id": number,
            "account": line.account.kind,
            "place": line.account.place,
            "lot_id": line.lot_id,
            "quantity": line.quantity,
        }
        for number, one in zip(inserted.scalars(), movements, strict=True)
        for line in one.lines
    ]
    await tx.execute(insert(SupplyLine), lines)
    await _keep(tx, movements, after)


async def _keep(tx: Tx, movements: Sequence[Movement], after: Books) -> None:
    keys = sorted({(line.account, line.lot_id) for one in movements for line in one.lines})
    await tx.execute(
        text(
            "INSERT INTO supply_balance (account, place, lot_id, quantity) SELECT * FROM unnest("
            "CAST(:accounts AS text[]), CAST(:places AS bigint[]), CAST(:lots AS bigint[]), "
            "CAST(:quantities AS int[])) "
            "ON CONFLICT (account, place, lot_id) DO UPDATE SET quantity = excluded.quantity"
        ),
        {**_columns(keys), "quantities": [after[key] for key in keys]},
    )


def _columns(keys: Sequence[tuple[Account, int]]) -> Mapping[str, object]:
    return {
        "accounts": [account.kind for account, _ in keys],
        "places": [account.place for account, _ in keys],
        "lots": [lot for _, lot in keys],
    }


def _row(stream: str, one: Movement, stamp: Stamp) -> dict[str, object]:
    return {
        "stream": stream,
        "kind": one.kind,
        "lot_id": one.lot_id,
        "quantity": one.quantity,
        "reason": one.reason,
        "transfer_id": stamp.transfer_id,
        "stock_take_id": stamp.stock_take_id,
        "happened_at": stamp.happened_at,
        "entered_at": stamp.entered_at,
        "entered_by": stamp.entered_by,
    }


async def books(tx: Tx, stream: str) -> SupplyBooksFact:
    """Return the trial balance, summed anew from every line of the county."""
    rows = await tx.execute(
        text(
            "SELECT n.account, sum(n.quantity) AS quantity FROM supply_line n "
            "JOIN supply_movement m ON m.id = n.movement_id WHERE m.stream = :stream GROUP BY n.account"
        ),
        {"stream": stream},
    )
    accounts = {row.account: int(row.quantity) for row in rows}
    count = await tx.scalar(
        text("SELECT count(*) FROM supply_movement WHERE stream = :stream"), {"stream": stream}
    )
    return SupplyBooksFact(accounts=accounts, sum=sum(accounts.values()), movements=int(count or 0))


async def movements(
    tx: Tx, by: Viewer, *, warehouse: int, before: int, limit: int
) -> list[SupplyMovementFact]:
    """Return movements this person may see, the newest first, before a number; 0 stands for all."""
    rows = await tx.execute(
        text(_MOVEMENT),
        {
            "stream": by.stream,
            "scope": by.scope,
            "secret": by.may("see_restricted"),
            "named": by.names,
            "warehouse": warehouse,
            "before": before,
            "limit": limit,
        },
    )
    return [SupplyMovementFact(**row) for row in rows.mappings()]
