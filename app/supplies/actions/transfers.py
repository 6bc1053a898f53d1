"""A transfer order from hand to hand: issued, carried, received, brought back, or taken back."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Literal, cast

from app.db import Tx
from app.journal import store as journal
from app.org.rules.access import Viewer, actor, require
from app.refusals import FieldFault, InvalidInput, NotFound, NotPermitted
from app.supplies.actions.booking import book
from app.supplies.actions.reserve import concern, order, proposal, shortfalls_out
from app.supplies.events import SupplyTransferChanged
from app.supplies.rules import hand_over
from app.supplies.rules.ledger import Account, Movement
from app.supplies.rules.propose import Need, Shortfall
from app.supplies.rules.steps import TransferState, TransferStep, after
from app.supplies.settings import SupplyPolicy
from app.supplies.store import ledger, stock, transfers
from app.supplies.store.ledger import Stamp
from app.supplies.store.transfers import Held
from app.supplies.tables import SupplySignature
from app.supplies.transfer_commands import (
    ReceiptIn,
    SignatureIn,
    SupplyCancelIn,
    SupplyReturnIn,
    TransferIssueIn,
)
from app.supplies.transfer_facts import Part, SupplyIssuedFact, SupplyTransferFact
from app.times import three_times

What = Literal["supply.issued", "supply.carried", "supply.delivered", "supply.returned", "supply.cancelled"]


async def issue(
    tx: Tx, by: Viewer, transfer_id: int, told: TransferIssueIn, now: datetime, policy: SupplyPolicy
) -> SupplyIssuedFact:
    """Issue and sign as the keeper. What he cannot give is reserved in the next warehouse at once.

    Raises NotFound, NotPermitted, TransferOutOfTurn, InvalidInput.
    """
    held = await _held(tx, by, transfer_id, "issue")
    row, warehouse = held.transfer, held.transfer.warehouse_id
    at = _sign(tx, by, transfer_id, "issue", told, now)
    named = {one.lot_id: one for one in told.lines}
    _require_known(held, named)
    lines = []
    for lot, line in held.lines.items():
        one = named.get(lot)
        line.issued = line.reserved if one is None else one.issued
        line.issue_reason = one.reason if one and line.issued < line.reserved else ""
        lines.append(
            hand_over.Issued(lot, line.reserved, line.issued, bool(one and one.missing), line.issue_reason)
        )
    moved = list(hand_over.issue(transfer_id, warehouse, lines))
    await book(tx, by.stream, moved, Stamp(at, now, by.name, transfer_id=transfer_id))
    row.state = "issued"
    if all(one.issued == 0 for one in lines):
        row.state, row.cancel_reason = "cancelled", lines[0].reason
    await tx.flush()
    short = [one for one in lines if one.issued < one.reserved]
    entry, fact = await _entry(tx, held, "supply.issued", len(short))
    entries = [entry]
    made, missing = await _replan(tx, by, held, short, now, policy)
    for other in made:
        event = SupplyTransferChanged(type="supply.reserved", transfer=other, differences=0)
        where = concern(held.request, other)
        entries.append(journal.Entry(event, where, held.request.incident_id))
    await journal.append(tx, by.stream, now, entries, actor(by))
    return SupplyIssuedFact(
        transfer=fact,
        replanned=made,
        shortfalls=await shortfalls_out(tx, by, missing, township=held.request.scope != by.stream),
    )


async def _replan(
    tx: Tx,
    by: Viewer,
    held: Held,
    short: Sequence[hand_over.Issued],
    now: datetime,
    policy: SupplyPolicy,
) -> tuple[list[SupplyTransferFact], Sequence[Shortfall]]:
    """Reserve elsewhere what was not issued: in no warehouse that has let this request down already."""
    if not short:
        return [], ()
    lots = await stock.lots_named(tx, by.stream, [one.lot_id for one in short])
    wanted: dict[int, int] = {}
    for one in short:
        item = lots[one.lot_id].item_id
        wanted[item] = wanted.get(item, 0) + one.reserved - one.issued
    request = held.request
    without = await transfers.short_before(tx, request.id or 0)
    without |= {request.to_warehouse_id or 0}
    found = await proposal(
        tx,
        by.stream,
        request.scope,
        (request.lon, request.lat),
        [Need(item, quantity) for item, quantity in wanted.items()],
        policy.today(now),
        without,
    )
    made = await order(tx, by, request, found.picks, now, policy, replans_id=held.transfer.id)
    await transfers.note_missing(tx, request.id or 0, {one.item_id: one.missing for one in found.shortfalls})
    return made, found.shortfalls


async def carry(tx: Tx, by: Viewer, transfer_id: int, told: SignatureIn, now: datetime) -> SupplyTransferFact:
    """Sign as the carrier. Raises NotFound, NotPermitted, TransferOutOfTurn, InvalidInput."""
    held = await _held(tx, by, transfer_id, "carry")
    _sign(tx, by, transfer_id, "carry", told, now)
    held.transfer.state = "under_way"
    await tx.flush()
    return await _told(tx, by, held, "supply.carried", now)


async def receive(tx: Tx, by: Viewer, transfer_id: int, told: ReceiptIn, now: datetime) -> SupplyTransferFact:
    """Sign as the receiver for what came; a difference needs a reason and is booked.

    Raises NotFound, NotPermitted, TransferOutOfTurn, InvalidInput.
    """
    held = await _held(tx, by, transfer_id, "receive")
    at = _sign(tx, by, transfer_id, "receive", told, now)
    named = {one.lot_id: one for one in told.lines}
    _require_known(held, named)
    lines = []
    for lot, line in held.lines.items():
        one, issued = named.get(lot), line.issued or 0
        line.received = issued if one is None else one.received
        line.difference_reason = one.reason if one and line.received != issued else ""
        lines.append(hand_over.Delivered(lot, issued, line.received, line.difference_reason))
    to = held.request.to_warehouse_id
    moved = list(hand_over.receive(transfer_id, to, lines))
    await book(tx, by.stream, moved, Stamp(at, now, by.name, transfer_id=transfer_id))
    nothing_out = to is not None or all(one.received == 0 for one in lines)
    held.transfer.state = "settled" if nothing_out else "delivered"
    await tx.flush()
    differences = sum(one.received != one.issued for one in lines)
    return await _told(tx, by, held, "supply.delivered", now, differences)


async def give_back(
    tx: Tx, by: Viewer, transfer_id: int, told: SupplyReturnIn, now: datetime
) -> SupplyTransferFact:
    """Bring goods back into a warehouse, or book them as used; the order is settled when nothing is left out.

    Raises NotFound, NotPermitted, TransferOutOfTurn, InvalidInput.
    """
    held = await _held(tx, by, transfer_id, "return")
    at, _ = three_times(told.happened_at, None, now, "happened_at")
    warehouse = told.warehouse_id or held.transfer.warehouse_id
    if warehouse != held.transfer.warehouse_id and not await stock.warehouse(
        tx, by.stream, by.scope, warehouse
    ):
        raise NotFound("退回的仓库", "warehouse to return to")
    named = {one.lot_id: one for one in told.lines}
    _require_known(held, named)
    lines = []
    for lot, one in named.items():
        line = held.lines[lot]
        out = (line.received or 0) - line.returned - line.used
        lines.append(hand_over.GivenBack(lot, out, one.returned, one.used))
        line.returned += one.returned
        line.used += one.used
    moved = list(hand_over.give_back(transfer_id, warehouse, lines, told.reason))
    if not moved:
        raise InvalidInput(
            FieldFault("lines", "请填写退回或消耗的数量", "say how many came back or were used")
        )
    await book(tx, by.stream, moved, Stamp(at, now, by.name, transfer_id=transfer_id))
    if all((one.received or 0) == one.returned + one.used for one in held.lines.values()):
        held.transfer.state = "settled"
    await tx.flush()
    return await _told(tx, by, held, "supply.returned", now)


async def cancel(
    tx: Tx, by: Viewer, transfer_id: int, told: SupplyCancelIn, now: datetime
) -> SupplyTransferFact:
    """Take an order back: what is reserved is free again, what is on the road goes home.

    Raises NotFound, NotPermitted, TransferOutOfTurn.
    """
    held = await _held(tx, by, transfer_id, "cancel")
    row, shelf = held.transfer, Account("shelf", held.transfer.warehouse_id)
    promised, road = Account("reserved", row.warehouse_id), Account("transit", transfer_id)
    moved = [
        Movement("released", lot, quantity, promised if line.issued is None else road, shelf, told.reason)
        for lot, line in held.lines.items()
        if (quantity := line.reserved if line.issued is None else line.issued)
    ]
    await book(tx, by.stream, moved, Stamp(now, now, by.name, transfer_id=transfer_id))
    row.state, row.cancel_reason = "cancelled", told.reason
    await tx.flush()
    return await _told(tx, by, held, "supply.cancelled", now)


async def _held(tx: Tx, by: Viewer, transfer_id: int, step: TransferStep) -> Held:
    """Return the order, locked, when this person may take this step. The store gives, the place receives."""
    await ledger.serialise(tx, by.stream)
    held = await transfers.locked(tx, by, transfer_id)
    if held is None:
        raise NotFound("该调拨单", "transfer order")
    require(by, "command" if step == "cancel" else "keep_supplies")
    gives = await stock.warehouse(tx, by.stream, by.scope, held.transfer.warehouse_id) is not None
    receives = step in {"receive", "return"} and by.covers(held.request.region_code)
    if not gives and not receives:
        raise NotPermitted
    after(cast("TransferState", held.transfer.state), step)
    return held


def _sign(tx: Tx, by: Viewer, transfer_id: int, part: Part, told: SignatureIn, now: datetime) -> datetime:
    signed_at, told_at = three_times(told.signed_at, told.told_at, now, "signed_at")
    tx.add(
        SupplySignature(
            transfer_id=transfer_id,
            part=part,
            name=told.name,
            phone=told.phone,
            vehicle=told.vehicle,
            signed_at=signed_at,
            told_at=told_at,
            entered_at=now,
            entered_by=by.name,
            channel=told.channel,
            voucher=told.voucher,
        )
    )
    return signed_at


def _require_known(held: Held, named: Iterable[int]) -> None:
    if set(named) - held.lines.keys():
        raise NotFound("调拨单上的这个批次", "such lot on this order")


async def _told(
    tx: Tx, by: Viewer, held: Held, what: What, now: datetime, differences: int = 0
) -> SupplyTransferFact:
    entry, fact = await _entry(tx, held, what, differences)
    await journal.append(tx, by.stream, now, [entry], actor(by))
    return fact


async def _entry(
    tx: Tx, held: Held, what: What, differences: int
) -> tuple[journal.Entry, SupplyTransferFact]:
    fact = await transfers.fact(tx, held.transfer.id or 0)
    event = SupplyTransferChanged(type=what, transfer=fact, differences=differences)
    return journal.Entry(event, concern(held.request, fact), held.request.incident_id), fact
