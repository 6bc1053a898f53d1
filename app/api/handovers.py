"""Hand-over of a desk: the sheet, ticks, people who come and go, signatures, matters, the owner."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import Response

from app.api.house import By, InHouse, InTx
from app.api.papers import paper_of
from app.api.prints import PRINTS, Form
from app.api.route import DeskRoute
from app.commands import Moment, RowId
from app.db import Tx
from app.desk.handover.actions import matters as matter_actions
from app.desk.handover.actions import moves, sheet
from app.desk.handover.actions import sign as signing
from app.desk.handover.actions.guard import sees
from app.desk.handover.commands import MatterCloseIn, MatterIn, MoveIn, OpenIn, SignIn, TickIn
from app.desk.handover.facts import (
    HandoverHead,
    HandoverItemFact,
    HandoverSheet,
    MatterFact,
    MemberFact,
)
from app.desk.handover.reading import sheet_for
from app.desk.handover.store import matters, sheets
from app.duty import store as duty
from app.duty.ownership.facts import OwnerFact
from app.duty.ownership.store import owner_at
from app.org.rules.access import Viewer, require
from app.refusals import NotFound

router = APIRouter(prefix="/api", tags=["handover"], route_class=DeskRoute)
Limit = Annotated[int, Query(ge=1, le=200)]


async def _require_post(tx: Tx, by: Viewer, post_id: int, *, secret: bool = False) -> None:
    require(by, "see_desk")
    post = await duty.row(tx, by.stream, post_id)
    if post is None or not by.covers(post.region_code):
        raise NotFound("该值班岗位", "duty post")
    if secret and not sees(by, post):
        raise NotFound("该值班岗位", "duty post")


@router.get("/handovers")
async def listed(by: By, tx: InTx, post_id: RowId | None = None, limit: Limit = 20) -> list[HandoverHead]:
    """Return the sheets of the scope, or of one post, the latest change first."""
    require(by, "see_desk")
    return await sheets.heads(tx, by.stream, by.scope, post_id, limit, secret=by.may("see_restricted"))


@router.post("/handovers", status_code=201)
async def open_sheet(told: OpenIn, by: By, tx: InTx, house: InHouse) -> HandoverHead:
    """Open the sheet of the change of shift at hand: put together from what the house knows."""
    return await sheet.open_sheet(tx, by, told, house.clock.now(), house.settings.zone)


@router.get("/handovers/{handover_id}.{form}", response_class=Response, responses=PRINTS)
async def print_one(handover_id: RowId, form: Form, by: By, tx: InTx, house: InHouse) -> Response:
    """Return a sheet to print (交接班记录)."""
    return await paper_of(tx, by, house, "handover", handover_id, form)


@router.get("/handovers/{handover_id}")
async def one(handover_id: RowId, by: By, tx: InTx) -> HandoverSheet:
    """Return a whole sheet, its items in reading order, with who may sign now."""
    return await sheet_for(tx, by, handover_id)


@router.post("/handovers/{handover_id}/compile")
async def compile_again(handover_id: RowId, by: By, tx: InTx, house: InHouse) -> HandoverHead:
    """Bring an open sheet up to what stands now; the house does so by itself every few seconds too."""
    return await sheet.compile_again(tx, by, handover_id, house.clock.now(), house.settings.zone)


@router.post("/handovers/{handover_id}/items/{item_id}/open")
async def open_item(handover_id: RowId, item_id: RowId, by: By, tx: InTx, house: InHouse) -> HandoverItemFact:
    """Say that an item was opened and read."""
    return await sheet.open_item(tx, by, handover_id, item_id, house.clock.now())


@router.post("/handovers/{handover_id}/items/{item_id}/tick")
async def tick(
    handover_id: RowId, item_id: RowId, told: TickIn, by: By, tx: InTx, house: InHouse
) -> HandoverItemFact:
    """Take an item over as a member of the incoming team."""
    return await sheet.tick(tx, by, handover_id, item_id, told, house.clock.now())


@router.post("/handovers/{handover_id}/arrivals")
async def arrive(handover_id: RowId, told: MoveIn, by: By, tx: InTx, house: InHouse) -> MemberFact:
    """Note that somebody of the incoming team is here."""
    return await moves.arrive(tx, by, handover_id, told, house.clock.now())


@router.post("/handovers/{handover_id}/departures")
async def leave(handover_id: RowId, told: MoveIn, by: By, tx: InTx, house: InHouse) -> MemberFact:
    """Let somebody of the outgoing team go; refused while his seat would be empty."""
    return await moves.leave(tx, by, handover_id, told, house.clock.now())


@router.post("/handovers/{handover_id}/signatures", status_code=201)
async def sign(handover_id: RowId, told: SignIn, by: By, tx: InTx, house: InHouse) -> HandoverHead:
    """Give one of the three signatures; refused with every item that is not ticked."""
    return await signing.sign(tx, by, handover_id, told, house.clock.now(), house.settings.zone)


@router.get("/duty/posts/{post_id}/owner")
async def owner(post_id: RowId, by: By, tx: InTx, house: InHouse, at: Moment | None = None) -> OwnerFact:
    """Return who owned a desk at an instant, now unless told."""
    await _require_post(tx, by, post_id)
    found = await owner_at(tx, post_id, at or house.clock.now())
    if found is None:
        raise NotFound("当班负责人", "owner of this desk")
    return found


@router.get("/duty/posts/{post_id}/matters")
async def matters_of(
    post_id: RowId, by: By, tx: InTx, *, closed: bool = False, limit: Limit = 100
) -> list[MatterFact]:
    """Return the matters a desk hands on, the latest first; the closed ones too if asked."""
    await _require_post(tx, by, post_id, secret=True)
    return await matters.matters(tx, post_id, closed=closed, limit=limit)


@router.post("/duty/posts/{post_id}/matters", status_code=201)
async def write_down(post_id: RowId, told: MatterIn, by: By, tx: InTx, house: InHouse) -> MatterFact:
    """Write down a matter: it stands on every sheet until it is closed."""
    return await matter_actions.write_down(tx, by, post_id, told, house.clock.now())


@router.post("/duty/matters/{matter_id}/close")
async def close(matter_id: RowId, told: MatterCloseIn, by: By, tx: InTx, house: InHouse) -> MatterFact:
    """Close a matter, saying how it ended."""
    return await matter_actions.close(tx, by, matter_id, told, house.clock.now())
