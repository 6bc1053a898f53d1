"""What is set of a duty post: lines, place, seats, rotations."""

from __future__ import annotations

from fastapi import APIRouter

from app.api.house import By, InHouse, InTx
from app.api.route import DeskRoute
from app.commands import RowId
from app.duty import store as duty
from app.duty.posts import actions
from app.duty.posts.commands import PostPatch, SeatsIn
from app.duty.posts.facts import PostSettings
from app.duty.roster.commands import RotationIn
from app.duty.roster.facts import CellFact
from app.org.rules.access import require
from app.refusals import NotFound

router = APIRouter(prefix="/api/duty/posts/{post_id}", tags=["duty"], route_class=DeskRoute)


@router.get("/settings")
async def settings(post_id: RowId, by: By, tx: InTx) -> PostSettings:
    """Return a post with its seats and rotations."""
    require(by, "see_desk")
    if not await duty.posts(tx, by.stream, by.scope, post_id):
        raise NotFound("该值班岗位", "duty post")
    return await actions.settings_of(tx, by.stream, post_id)


@router.patch("/settings")
async def amend(post_id: RowId, told: PostPatch, by: By, tx: InTx, house: InHouse) -> PostSettings:
    """Change lines, place, and whether presence is kept."""
    return await actions.amend(tx, by, post_id, told, house.clock.now())


@router.put("/seats")
async def set_seats(post_id: RowId, told: SeatsIn, by: By, tx: InTx, house: InHouse) -> PostSettings:
    """Set all seats of a post."""
    return await actions.set_seats(tx, by, post_id, told, house.clock.now())


@router.post("/rotations", status_code=201)
async def add_rotation(post_id: RowId, told: RotationIn, by: By, tx: InTx, house: InHouse) -> PostSettings:
    """Let groups of persons take turns at a seat; drafts are filled from it."""
    return await actions.add_rotation(tx, by, post_id, told, house.clock.now(), house.settings.zone)


@router.post("/rotations/preview")
async def preview_rotation(
    post_id: RowId, told: RotationIn, by: By, tx: InTx, house: InHouse
) -> list[CellFact]:
    """Return the shifts of 14 days that would follow from a rotation; nothing is stored."""
    return await actions.preview_rotation(tx, by, post_id, told, house.clock.now(), house.settings.zone)


@router.delete("/rotations/{rotation_id}")
async def end_rotation(post_id: RowId, rotation_id: RowId, by: By, tx: InTx, house: InHouse) -> PostSettings:
    """End a rotation; what was published stays."""
    return await actions.end_rotation(tx, by, post_id, rotation_id, house.clock.now())
