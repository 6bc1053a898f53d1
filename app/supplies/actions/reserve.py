"""Turn picks into transfer orders: one a warehouse, its goods reserved in the same transaction."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import date, datetime

from app.db import Tx
from app.filing.store.series import next_running
from app.org.rules.access import Concern, Viewer
from app.supplies.actions.booking import book
from app.supplies.rules.ledger import Account, Movement
from app.supplies.rules.propose import Need, Pick, Pile, Proposal, Shortfall, Store, propose
from app.supplies.rules.steps import transfer_number
from app.supplies.settings import SupplyPolicy
from app.supplies.store import stock, transfers
from app.supplies.store.ledger import Stamp
from app.supplies.tables import SupplyRequest, SupplyTransfer, SupplyTransferLine
from app.supplies.transfer_facts import (
    SupplyPickFact,
    SupplyShortfallFact,
    SupplyTransferFact,
    SupplyWhyFact,
)


async def proposal(
    tx: Tx,
    stream: str,
    scope: str,
    at: tuple[float, float],
    needs: Sequence[Need],
    today: date,
    without: Collection[int],
) -> Proposal:
    """Load what lies in a scope and decide which warehouse gives what."""
    stores = [
        Store(one.id, one.name_zh, one.name_en, one.level, one.lon, one.lat)
        for one in await stock.warehouses(tx, stream, scope)
    ]
    piles = [
        Pile(one.warehouse_id, one.lot_id, one.item_id, one.lot, one.expires_on, one.free)
        for one in await stock.piles(tx, stream, scope)
    ]
    return propose(at, needs, stores, piles, today, without)


async def order(
    tx: Tx,
    by: Viewer,
    request: SupplyRequest,
    picks: Sequence[Pick],
    now: datetime,
    policy: SupplyPolicy,
    replans_id: int | None = None,
) -> list[SupplyTransferFact]:
    """Make an order for each warehouse and reserve its goods; the caller holds the county's lock.

    Raises StockShort.
    """
    of: defaultdict[int, dict[int, int]] = defaultdict(dict)
    for pick in picks:
        lots = of[pick.warehouse_id]
        lots[pick.lot_id] = lots.get(pick.lot_id, 0) + pick.quantity
    made = []
    year = now.astimezone(policy.zone).year
    for warehouse, lots in of.items():
        serial = await next_running(tx, by.stream, "transfer", year)
        row = SupplyTransfer(
            stream=by.stream,
            year=year,
            serial=serial,
            number=transfer_number(policy.number_prefix, year, serial),
            request_id=request.id or 0,
            warehouse_id=warehouse,
            replans_id=replans_id,
            made_by=by.name,
            made_at=now,
        )
        tx.add(row)
        await tx.flush()
        tx.add_all(
            SupplyTransferLine(transfer_id=row.id or 0, lot_id=lot, reserved=quantity)
            for lot, quantity in lots.items()
        )
        shelf, promised = Account("shelf", warehouse), Account("reserved", warehouse)
        moved = [Movement("reserved", lot, quantity, shelf, promised) for lot, quantity in lots.items()]
        await book(tx, by.stream, moved, Stamp(now, now, by.name, transfer_id=row.id))
        await tx.flush()
        made.append(await transfers.fact(tx, row.id or 0))
    return made


def picks_out(found: Sequence[Pick]) -> list[SupplyPickFact]:
    """Return picks as they stand on the wire."""
    return [
        SupplyPickFact(
            warehouse_id=one.warehouse_id,
            lot_id=one.lot_id,
            item_id=one.item_id,
            quantity=one.quantity,
            road_m=one.road_m,
            eta_s=one.eta_s,
            reasons=[SupplyWhyFact(code=why.code, zh=why.zh, en=why.en) for why in one.reasons],
        )
        for one in found
    ]


async def shortfalls_out(
    tx: Tx, by: Viewer, found: Sequence[Shortfall], *, township: bool
) -> list[SupplyShortfallFact]:
    """Return shortfalls with what to do about each."""
    if not found:
        return []
    named = {one.id: one for one in await stock.items(tx, by.stream)}
    whom = ("市应急指挥中心", "the city's centre") if township else ("上级或相邻县市", "the prefecture")
    return [
        SupplyShortfallFact(
            item_id=one.item_id,
            wanted=one.wanted,
            missing=one.missing,
            zh=f"{named[one.item_id].name_zh}缺 {one.missing}{named[one.item_id].unit},请向{whom[0]}申请",
            en=f"{one.missing} of {named[one.item_id].name_en or named[one.item_id].name_zh} missing: "
            f"ask {whom[1]}",
        )
        for one in found
    ]


def concern(request: SupplyRequest, transfer: SupplyTransferFact | None = None) -> Concern:
    """Return whom a request or an order of it concerns: where it goes and where it comes from."""
    places = {request.region_code, *([transfer.warehouse_region] if transfer else [])}
    return Concern(tuple(sorted(places)), restricted=request.restricted, readers=tuple(request.readers))
