"""Responses (应急响应): proposed by the desk, decided by a commander, adjusted, ended."""

from __future__ import annotations

from functools import partial

from fastapi import APIRouter

from app.api.causes import must_be_drill
from app.api.house import After, By, House, InHouse, InTx
from app.api.papers import office_of
from app.api.route import DeskRoute
from app.commands import RowId
from app.desk.documents.actions import filing
from app.desk.documents.commands import DocumentFileIn
from app.desk.documents.press import press_of
from app.org.rules.access import Viewer, require
from app.response.level import reading
from app.response.level.actions import deciding, proposing
from app.response.level.commands import ConsultationIn, ResponseDecideIn, ResponseIn, ResponseStepIn
from app.response.level.facts import ResponseBoard, ResponseDetail, ResponseOrderFact
from app.response.level.store import responses

router = APIRouter(prefix="/api/responses", tags=["responses"], route_class=DeskRoute)
MOST_ORDERS = 100


@router.get("")
async def board(by: By, tx: InTx, house: InHouse) -> ResponseBoard:
    """Return what is proposed and active, the last that are over, and the duty that follows."""
    return await reading.board(tx, by, house.clock.now(), house.settings.zone)


@router.post("", status_code=201)
async def propose(told: ResponseIn, by: By, tx: InTx, house: InHouse) -> ResponseDetail:
    """Propose to activate a response."""
    await must_be_drill(tx, by, told.cause_kind, told.cause_id, drill=told.drill)
    made = await proposing.propose(tx, by, told, house.clock.now())
    return await reading.detail(tx, by, made.id)


@router.get("/orders")
async def orders(by: By, tx: InTx) -> list[ResponseOrderFact]:
    """Return the response orders that were given, the latest first, 100 at most."""
    require(by, "see_desk")
    return await responses.orders(tx, by, MOST_ORDERS)


@router.get("/{response_id}")
async def one(response_id: RowId, by: By, tx: InTx) -> ResponseDetail:
    """Return a response with every proposal, decision and order."""
    return await reading.detail(tx, by, response_id)


@router.post("/{response_id}/steps", status_code=201)
async def propose_step(
    response_id: RowId, told: ResponseStepIn, by: By, tx: InTx, house: InHouse
) -> ResponseDetail:
    """Propose another level, or the end."""
    await proposing.propose_step(tx, by, response_id, told, house.clock.now())
    return await reading.detail(tx, by, response_id)


@router.post("/{response_id}/steps/{step}/decision")
async def decide(
    response_id: RowId, step: RowId, told: ResponseDecideIn, by: By, tx: InTx, house: InHouse, after: After
) -> ResponseDetail:
    """Decide on a proposal: the order gets its number and goes out in one action; then its paper is filed."""
    await deciding.decide(tx, by, response_id, step, told, house.clock.now(), house.order_series)
    if told.verdict != "refuse":
        after.append(partial(_file, house, by, response_id, step))
    return await reading.detail(tx, by, response_id)


@router.post("/{response_id}/steps/{step}/signature")
async def sign(
    response_id: RowId, step: RowId, by: By, tx: InTx, house: InHouse, after: After
) -> ResponseDetail:
    """Sign what one consented to by word of mouth: the signed order is filed as its next edition."""
    await deciding.sign(tx, by, response_id, step, house.clock.now())
    after.append(partial(_file, house, by, response_id, step))
    return await reading.detail(tx, by, response_id)


@router.post("/{response_id}/consultations", status_code=201)
async def consult(
    response_id: RowId, told: ConsultationIn, by: By, tx: InTx, house: InHouse
) -> ResponseDetail:
    """Note a consultation (会商) that was held."""
    await proposing.consult(tx, by, response_id, told, house.clock.now())
    return await reading.detail(tx, by, response_id)


async def _file(house: House, by: Viewer, response_id: int, step: int) -> None:
    """File the order's paper. Printing takes seconds: in a transaction of its own, which holds up nobody.

    Where it fails, the order stands, and its paper is filed by hand from the page of documents.
    """
    office = await office_of(house)
    async with house.database.transaction() as tx:
        found = await reading.detail(tx, by, response_id)
        told = DocumentFileIn(kind="response_order", id=response_id, part=str(step), drill=found.drill)
        await filing.file(tx, by, told, office, press_of(office.fonts))
