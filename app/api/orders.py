"""Orders: drafted, issued, acknowledged, reported on, closed out, amended, withdrawn, printed."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Query
from fastapi.responses import Response

from app.api.house import By, InHouse, InTx
from app.api.papers import paper_of
from app.api.prints import PRINTS, Form
from app.api.route import DeskRoute
from app.commands import RowId
from app.desk.documents.makers.command import order_detail
from app.dispatch.commands import ReasonIn
from app.dispatch.order.actions import answering, drafting, issuing
from app.dispatch.order.commands import (
    CloseOutIn,
    FeedbackIn,
    IssueIn,
    OrderAmendIn,
    OrderEditIn,
    OrderIn,
    OrderReceiptIn,
)
from app.dispatch.order.facts import MyOrderFact, OrderDetail, OrderFact, OrderRecipientDetail
from app.dispatch.order.store import orders, parts
from app.dispatch.order.templates import OrderTemplate
from app.org.rules.access import require

router = APIRouter(prefix="/api/orders", tags=["orders"], route_class=DeskRoute)
MOST = 200
STATES = {"open": ("draft", "issued"), "all": ("draft", "issued", "closed", "withdrawn")}


@router.get("")
async def listed(
    by: By,
    tx: InTx,
    state: Annotated[Literal["open", "draft", "issued", "closed", "withdrawn", "all"], Query()] = "open",
    incident_id: RowId | None = None,
) -> list[OrderFact]:
    """Return the orders of one's desk and those addressed to it, the latest first, 200 at most."""
    require(by, "see_desk")
    return await orders.listed(tx, by, STATES.get(state, (state,)), incident_id, MOST)


@router.post("", status_code=201)
async def draft(told: OrderIn, by: By, tx: InTx, house: InHouse) -> OrderFact:
    """Draft an order; it has no number yet."""
    return await drafting.draft(tx, by, told, house.clock.now(), house.order_series.waits)


@router.get("/templates")
async def templates(by: By, house: InHouse) -> list[OrderTemplate]:
    """Return the county's templates of tasks."""
    require(by, "command")
    return list(house.order_templates)


@router.get("/mine")
async def mine(by: By, tx: InTx) -> list[MyOrderFact]:
    """Return the open orders that this person answers for: of his desk, his teams, himself."""
    found = await parts.of_reader(tx, by, MOST)
    return [MyOrderFact(order=await orders.fact(tx, part.order_id), part=part) for part in found]


@router.get("/{order_id}.{form}", response_class=Response, responses=PRINTS)
async def print_order(order_id: RowId, form: Form, by: By, tx: InTx, house: InHouse) -> Response:
    """Return the order as the official form, with its receipt table, to print."""
    return await paper_of(tx, by, house, "order", order_id, form)


@router.get("/{order_id}")
async def one(order_id: RowId, by: By, tx: InTx) -> OrderDetail:
    """Return an order with its recipients as far as the reader's scope goes."""
    return await order_detail(tx, by, order_id)


@router.put("/{order_id}")
async def edit(order_id: RowId, told: OrderEditIn, by: By, tx: InTx, house: InHouse) -> OrderFact:
    """Write a draft anew."""
    return await drafting.edit(tx, by, order_id, told, house.clock.now(), house.order_series.waits)


@router.post("/{order_id}/issue")
async def issue(order_id: RowId, told: IssueIn, by: By, tx: InTx, house: InHouse) -> OrderFact:
    """Issue it: it gets its number and goes out, the clocks of the receipts start."""
    return await issuing.issue(tx, by, order_id, told, house.clock.now(), house.order_series)


@router.post("/{order_id}/amend")
async def amend(order_id: RowId, told: OrderAmendIn, by: By, tx: InTx, house: InHouse) -> OrderFact:
    """Issue its next version under the same number; it has to be acknowledged anew."""
    return await issuing.amend(tx, by, order_id, told, house.clock.now(), house.order_series)


@router.post("/{order_id}/withdraw")
async def withdraw(order_id: RowId, told: ReasonIn, by: By, tx: InTx, house: InHouse) -> OrderFact:
    """Withdraw it with the reason, or drop a draft."""
    return await drafting.withdraw(tx, by, order_id, told.reason, house.clock.now())


@router.post("/recipients/{recipient_id}/shown", status_code=204)
async def shown(recipient_id: RowId, by: By, tx: InTx, house: InHouse) -> Response:
    """Say that the order is on the recipient's screen: that is what delivered means."""
    await answering.show(tx, by, recipient_id, house.clock.now())
    return Response(status_code=204)


@router.post("/recipients/{recipient_id}/acknowledge")
async def acknowledge(
    recipient_id: RowId, told: OrderReceiptIn, by: By, tx: InTx, house: InHouse
) -> OrderRecipientDetail:
    """Acknowledge (签收), for oneself, or on another's behalf with channel and voucher."""
    return await answering.acknowledge(
        tx, by, recipient_id, told, house.clock.now(), house.order_series.waits
    )


@router.post("/recipients/{recipient_id}/feedback")
async def feedback(
    recipient_id: RowId, told: FeedbackIn, by: By, tx: InTx, house: InHouse
) -> OrderRecipientDetail:
    """Report progress, or tasks that are done."""
    return await answering.feedback(tx, by, recipient_id, told, house.clock.now(), house.order_series.waits)


@router.post("/recipients/{recipient_id}/close-out")
async def close_out(
    recipient_id: RowId, told: CloseOutIn, by: By, tx: InTx, house: InHouse
) -> OrderRecipientDetail:
    """Accept reported tasks (销号), or return them."""
    return await answering.close_out(tx, by, recipient_id, told, house.clock.now(), house.order_series.waits)
