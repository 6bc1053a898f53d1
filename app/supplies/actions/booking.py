"""Write movements into the books, or say in words why they cannot be."""

from __future__ import annotations

from collections.abc import Iterable

from app.db import Tx
from app.supplies.refusals import StockShort
from app.supplies.rules.ledger import Movement, Overdraft, overdraft, post
from app.supplies.store import ledger, stock
from app.supplies.store.ledger import Stamp


async def book(tx: Tx, stream: str, movements: Iterable[Movement], stamp: Stamp) -> None:
    """Write movements; the caller holds the county's lock. Raises StockShort and then writes nothing."""
    wanted = tuple(movements)
    if not wanted:
        return
    books = await ledger.balances(tx, wanted)
    if short := overdraft(books, wanted):
        raise await _short(tx, stream, short)
    await ledger.record(tx, stream, wanted, post(books, wanted), stamp)


async def _short(tx: Tx, stream: str, found: Overdraft) -> StockShort:
    lot = (await stock.lots_named(tx, stream, [found.lot_id]))[found.lot_id]
    where = await stock.place_name(tx, found.account.kind, found.account.place)
    item = f"{lot.item}({lot.number})" if lot.number else lot.item
    return StockShort(where, item, lot.unit, found.held, found.wanted)
