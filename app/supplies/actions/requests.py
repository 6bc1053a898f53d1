"""Somebody asks for goods: propose, or reserve at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from app.db import Tx
from app.journal import store as journal
from app.org.rules.access import Viewer, actor, require
from app.org.store import region
from app.refusals import FieldFault, InvalidInput, NotFound
from app.supplies.actions.reserve import concern, order, picks_out, proposal, shortfalls_out
from app.supplies.events import SupplyRequested, SupplyTransferChanged
from app.supplies.refusals import NothingToGive
from app.supplies.rules.propose import Need, Pick, Proposal, Shortfall
from app.supplies.settings import SupplyPolicy
from app.supplies.store import ledger, stock, transfers
from app.supplies.tables import SupplyNeed, SupplyRequest
from app.supplies.transfer_commands import PickIn, SupplyRequestIn, WhereIn
from app.supplies.transfer_facts import SupplyProposalFact, SupplyRequestedFact
from app.times import three_times


@dataclass(frozen=True, slots=True)
class Matter:
    """The incident a request belongs to, as the floor above knows it."""

    incident_id: int
    number: str
    restricted: bool
    readers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Goal:
    """Where goods are to go: region, position, and the warehouse that is restocked."""

    region_code: str
    at: tuple[float, float]
    without: tuple[int, ...]


async def advise(
    tx: Tx, by: Viewer, told: WhereIn, now: datetime, policy: SupplyPolicy
) -> SupplyProposalFact:
    """Say which warehouse would give what; nothing is written. Refuses as `ask` does."""
    require(by, "command")
    goal = await _goal(tx, by, told)
    found = await _decide(tx, by, told, goal, now, policy)
    short = await shortfalls_out(tx, by, found.shortfalls, township=_is_township(by))
    return SupplyProposalFact(picks=picks_out(found.picks), shortfalls=short)


async def ask(
    tx: Tx, by: Viewer, told: SupplyRequestIn, now: datetime, policy: SupplyPolicy, matter: Matter | None
) -> SupplyRequestedFact:
    """Enter a request and reserve what is found, one order a warehouse, all in this transaction.

    Raises NotFound, NotPermitted, InvalidInput, StockShort (a chosen warehouse holds less),
    NothingToGive (nobody has any of it).
    """
    require(by, "command")
    goal = await _goal(tx, by, told)
    asked_at, told_at = three_times(told.asked_at, told.told_at, now, "asked_at")
    await ledger.serialise(tx, by.stream)
    found = await _decide(tx, by, told, goal, now, policy)
    if told.picks is not None:
        found = await _chosen(tx, by, told, told.picks, found)
    township = _is_township(by)
    short = await shortfalls_out(tx, by, found.shortfalls, township=township)
    if not found.picks:
        names = {one.id: one.name_zh for one in await stock.items(tx, by.stream)}
        raise NothingToGive("、".join(names[one.item_id] for one in told.needs), township=township)
    row = SupplyRequest(
        stream=by.stream,
        scope=by.scope,
        kind=told.kind,
        region_code=goal.region_code,
        place=told.place,
        lon=goal.at[0],
        lat=goal.at[1],
        to_warehouse_id=told.to_warehouse_id,
        incident_id=matter.incident_id if matter else None,
        incident_number=matter.number if matter else "",
        restricted=matter.restricted if matter else False,
        readers=list(matter.readers) if matter else [],
        reason=told.reason,
        key_period=told.key_period,
        asked_at=asked_at,
        told_at=told_at,
        entered_at=now,
        entered_by=by.name,
        channel=told.channel,
        voucher=told.voucher,
    )
    tx.add(row)
    await tx.flush()
    missing = {one.item_id: one.missing for one in found.shortfalls}
    tx.add_all(
        SupplyNeed(
            request_id=row.id or 0,
            item_id=one.item_id,
            quantity=one.quantity,
            missing=missing.get(one.item_id, 0),
        )
        for one in told.needs
    )
    await tx.flush()
    made = await order(tx, by, row, found.picks, now, policy)
    request = await transfers.request(tx, row.id or 0)
    requested = SupplyRequested(type="supply.requested", request=request, shortfalls=short)
    entries = [journal.Entry(requested, concern(row), row.incident_id)]
    for one in made:
        event = SupplyTransferChanged(type="supply.reserved", transfer=one, differences=0)
        entries.append(journal.Entry(event, concern(row, one), row.incident_id))
    await journal.append(tx, by.stream, now, entries, actor(by))
    return SupplyRequestedFact(request=request, transfers=made, shortfalls=short)


async def _goal(tx: Tx, by: Viewer, told: WhereIn) -> _Goal:
    if told.to_warehouse_id is not None:
        store = await stock.warehouse(tx, by.stream, by.scope, told.to_warehouse_id)
        if store is None:
            raise NotFound("要补充的仓库", "warehouse to restock")
        return _Goal(store.region_code, (store.lon, store.lat), (store.id,))
    place = await region(tx, told.region_code)
    if place is None or not by.covers(told.region_code):
        raise NotFound("该地区", "place")
    at = (place.lon, place.lat)
    if told.lon is not None and told.lat is not None:
        at = (told.lon, told.lat)
    return _Goal(place.code, at, ())


async def _decide(
    tx: Tx, by: Viewer, told: WhereIn, goal: _Goal, now: datetime, policy: SupplyPolicy
) -> Proposal:
    known = {one.id for one in await stock.items(tx, by.stream)}
    for n, one in enumerate(told.needs):
        if one.item_id not in known:
            raise InvalidInput(
                FieldFault(f"needs.{n}.item_id", "物资目录中没有这种物资", "no such item in the catalogue")
            )
    needs = [Need(one.item_id, one.quantity) for one in told.needs]
    return await proposal(tx, by.stream, by.scope, goal.at, needs, policy.today(now), goal.without)


async def _chosen(tx: Tx, by: Viewer, told: WhereIn, picks: Sequence[PickIn], advised: Proposal) -> Proposal:
    """Return what the dispatcher chose instead. Raises NotFound, InvalidInput."""
    lots = await stock.lots_named(tx, by.stream, [one.lot_id for one in picks])
    stores = {one.id for one in await stock.warehouses(tx, by.stream, by.scope)}
    left = {one.item_id: one.quantity for one in told.needs}
    away = {one.warehouse_id: (one.road_m, one.eta_s) for one in advised.picks}
    found = []
    for n, one in enumerate(picks):
        lot = lots.get(one.lot_id)
        if lot is None or one.warehouse_id not in stores or one.warehouse_id == told.to_warehouse_id:
            raise NotFound("所选仓库或批次", "warehouse or lot")
        if one.quantity > left.get(lot.item_id, 0):
            raise InvalidInput(
                FieldFault(
                    f"picks.{n}.quantity",
                    f"{lot.item}选出的数量超过需要的数量",
                    f"more of {lot.item} chosen than asked for",
                )
            )
        left[lot.item_id] -= one.quantity
        found.append(
            Pick(
                one.warehouse_id,
                one.lot_id,
                lot.item_id,
                one.quantity,
                *away.get(one.warehouse_id, (0.0, 0.0)),
                reasons=(),
            )
        )
    short = tuple(
        Shortfall(one.item_id, one.quantity, left[one.item_id]) for one in told.needs if left[one.item_id]
    )
    return Proposal(tuple(found), short)


def _is_township(by: Viewer) -> bool:
    return by.scope != by.stream
