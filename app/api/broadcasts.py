"""Emergency broadcast (应急广播): sheets from the draft to the delivery table."""

from __future__ import annotations

import asyncio
from typing import Annotated, Literal, TypeVar
from urllib.parse import quote

from fastapi import APIRouter, Query, Request, Response

from app.api.attachments import ANY_FILE, HARMLESS
from app.api.causes import known_status, must_not_sound
from app.api.house import By, InHouse, InTx
from app.api.route import DeskRoute
from app.broadcast.actions import after, approving, drafting, stopping, viewing
from app.broadcast.beside.tables import BroadcastFile
from app.broadcast.commands import (
    BroadcastApprovalIn,
    BroadcastAreaIn,
    BroadcastConsentIn,
    BroadcastDrawIn,
    BroadcastDropIn,
    BroadcastEditIn,
    BroadcastFileIn,
    BroadcastHeardIn,
    BroadcastIn,
    BroadcastReturnIn,
    BroadcastRevisionIn,
    BroadcastStopIn,
)
from app.broadcast.facts import (
    BroadcastBriefFact,
    BroadcastCoverageFact,
    BroadcastDeliveryFact,
    BroadcastFact,
    BroadcastProofFact,
    BroadcastVoiceFact,
)
from app.broadcast.speaker_facts import AreaScheduleFact, BroadcastTemplateFact
from app.broadcast.store import messages
from app.broadcast.templates import load_templates
from app.commands import RegionCode, RowId
from app.db import Tx
from app.org.rules.access import Viewer, require
from app.pictures import PICTURE_PX, redrawn
from app.refusals import NotFound

router = APIRouter(prefix="/api/broadcasts", tags=["broadcasts"], route_class=DeskRoute)
Sheet = TypeVar("Sheet", bound=BroadcastIn)
_MEDIA = {
    "mp3": "audio/mpeg",
    "wav": "audio/wav",
    "ogg": "audio/ogg",
}
_PICTURES = ("jpeg", "png", "webp")  # as `type_of` names them


@router.get("")
async def listed(
    by: By,
    tx: InTx,
    state: Annotated[Literal["all", "open"], Query(description="open: not over yet")] = "all",
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> list[BroadcastBriefFact]:
    """Return the broadcasts of the scope, and those of others for its villages, the newest first."""
    require(by, "see_desk")
    return await messages.listed(tx, by, states=messages.OPEN if state == "open" else None, limit=limit)


@router.get("/templates")
async def templates(by: By, house: InHouse) -> list[BroadcastTemplateFact]:
    """Return the texts by hazard and colour, and what is wrong with the county's own files."""
    require(by, "see_desk")
    return load_templates(house.broadcast.templates)


@router.get("/schedule")
async def on_air(by: By, tx: InTx, house: InHouse) -> list[AreaScheduleFact]:
    """Return what is, and will be, on the air in each township: one message at a time."""
    require(by, "see_desk")
    return await viewing.on_air(tx, by, house.clock.now())


@router.post("/coverage")
async def coverage(
    told: BroadcastAreaIn,
    by: By,
    tx: InTx,
    drill: Annotated[bool, Query(description="only villages marked for drills")] = False,  # noqa: FBT002
) -> BroadcastCoverageFact:
    """Return what a broadcast to these places would reach now; nothing is sent."""
    require(by, "see_desk")
    return await viewing.precheck(tx, by, told, drill=drill)


@router.post("/voices", status_code=201, openapi_extra=ANY_FILE)
async def bring_voice(
    request: Request, by: By, tx: InTx, house: InHouse, told: Annotated[BroadcastFileIn, Query()]
) -> BroadcastVoiceFact:
    """Bring a voice to broadcast; the body is MP3, WAV or Ogg, told by its content."""
    return await after.bring_voice(tx, by, told, await request.body(), house.clock.now())


@router.get("/files/{file_id}", response_class=Response)
async def file(file_id: RowId, by: By, tx: InTx) -> Response:
    """Return the bytes of a voice or a proof, to be listened to before somebody approves."""
    require(by, "see_desk")
    found = await tx.get(BroadcastFile, file_id)
    if found is None or found.stream != by.stream or not by.covers(found.region_code):
        raise NotFound("该文件", "file")
    data, media_type = found.data, _MEDIA.get(found.form)
    if found.form in _PICTURES:  # shown is a picture drawn anew; the original stays in the database
        drawn = await asyncio.to_thread(redrawn, data, PICTURE_PX)
        data, media_type = (data, None) if drawn is None else (drawn, "image/jpeg")
    where = "inline" if media_type else "attachment"
    return Response(
        data,
        media_type=media_type or "application/octet-stream",
        headers={
            "Content-Disposition": f"{where}; filename*=UTF-8''{quote(found.name)}",
            "Content-Security-Policy": HARMLESS,
        },
    )


@router.post("", status_code=201)
async def draft(told: BroadcastIn, by: By, tx: InTx, house: InHouse) -> BroadcastFact:
    """Write a sheet; the same press is the same sheet."""
    number = await drafting.draft(tx, by, await _caused(tx, by, told), house.clock.now())
    return await viewing.sheet(tx, by, number)


@router.get("/{broadcast_id}")
async def one(broadcast_id: RowId, by: By, tx: InTx) -> BroadcastFact:
    """Return a sheet whole, with what this person can do with it."""
    require(by, "see_desk")
    return await viewing.sheet(tx, by, broadcast_id)


@router.put("/{broadcast_id}")
async def edit(broadcast_id: RowId, told: BroadcastEditIn, by: By, tx: InTx, house: InHouse) -> BroadcastFact:
    """Change an own sheet that was not handed in, or came back."""
    await drafting.edit(tx, by, broadcast_id, await _caused(tx, by, told), house.clock.now())
    return await viewing.sheet(tx, by, broadcast_id)


@router.post("/{broadcast_id}/submission")
async def submit(
    broadcast_id: RowId, told: BroadcastRevisionIn, by: By, tx: InTx, house: InHouse
) -> BroadcastFact:
    """Hand a sheet in for approval."""
    await drafting.submit(tx, by, broadcast_id, told, house.clock.now())
    return await viewing.sheet(tx, by, broadcast_id)


@router.post("/{broadcast_id}/approval")
async def approve(
    broadcast_id: RowId, told: BroadcastApprovalIn, by: By, tx: InTx, house: InHouse
) -> BroadcastFact:
    """Let another person's sheet go; a drill with the number of loudspeakers that will sound."""
    await approving.approve(tx, by, broadcast_id, told, house.clock.now(), house.broadcast)
    return await viewing.sheet(tx, by, broadcast_id)


@router.post("/{broadcast_id}/return")
async def send_back(
    broadcast_id: RowId, told: BroadcastReturnIn, by: By, tx: InTx, house: InHouse
) -> BroadcastFact:
    """Give a sheet back to its author with remarks."""
    await approving.send_back(tx, by, broadcast_id, told, house.clock.now())
    return await viewing.sheet(tx, by, broadcast_id)


@router.post("/{broadcast_id}/consent")
async def consent(
    broadcast_id: RowId, told: BroadcastConsentIn, by: By, tx: InTx, house: InHouse
) -> BroadcastFact:
    """Let a sheet go by a named leader's word on the telephone; the signature follows."""
    await approving.consent(tx, by, broadcast_id, told, house.clock.now(), house.broadcast)
    return await viewing.sheet(tx, by, broadcast_id)


@router.post("/{broadcast_id}/signature")
async def countersign(broadcast_id: RowId, by: By, tx: InTx, house: InHouse) -> BroadcastFact:
    """Sign for a consent that was given by telephone."""
    await approving.countersign(tx, by, broadcast_id, house.clock.now())
    return await viewing.sheet(tx, by, broadcast_id)


@router.post("/{broadcast_id}/stop")
async def stop(broadcast_id: RowId, told: BroadcastStopIn, by: By, tx: InTx, house: InHouse) -> BroadcastFact:
    """Stop a broadcast at once: one person, no approval. What has not left never leaves."""
    await stopping.stop(tx, by, broadcast_id, told, house.clock.now(), house.broadcast)
    return await viewing.sheet(tx, by, broadcast_id)


@router.post("/{broadcast_id}/drop")
async def drop(broadcast_id: RowId, told: BroadcastDropIn, by: By, tx: InTx, house: InHouse) -> BroadcastFact:
    """Put a sheet away that was not let go."""
    await drafting.drop(tx, by, broadcast_id, told, house.clock.now())
    return await viewing.sheet(tx, by, broadcast_id)


@router.get("/{broadcast_id}/delivery")
async def delivery(broadcast_id: RowId, by: By, tx: InTx) -> BroadcastDeliveryFact:
    """Return the delivery table: villages with their terminals, who was asked, what proves it."""
    require(by, "see_desk")
    return await viewing.delivered(tx, by, broadcast_id)


@router.post("/{broadcast_id}/verifications")
async def draw(
    broadcast_id: RowId, told: BroadcastDrawIn, by: By, tx: InTx, house: InHouse
) -> BroadcastDeliveryFact:
    """Draw villages that are asked by telephone whether it was heard."""
    await after.draw(tx, by, broadcast_id, told, house.clock.now())
    return await viewing.delivered(tx, by, broadcast_id)


@router.put("/{broadcast_id}/verifications/{village_code}")
async def answered(
    broadcast_id: RowId, village_code: RegionCode, told: BroadcastHeardIn, by: By, tx: InTx, house: InHouse
) -> BroadcastDeliveryFact:
    """Note what the call to a drawn village brought."""
    await after.answered(tx, by, broadcast_id, village_code, told, house.clock.now())
    return await viewing.delivered(tx, by, broadcast_id)


@router.post("/{broadcast_id}/proofs", status_code=201, openapi_extra=ANY_FILE)
async def bring_proof(
    broadcast_id: RowId,
    request: Request,
    by: By,
    tx: InTx,
    house: InHouse,
    told: Annotated[BroadcastFileIn, Query()],
) -> BroadcastProofFact:
    """File a recording or picture of what was played; the body is its content."""
    return await after.bring_proof(tx, by, broadcast_id, told, await request.body(), house.clock.now())


async def _caused(tx: Tx, by: Viewer, told: Sheet) -> Sheet:
    """Return the sheet with the status its cause really has, whatever the sender says."""
    if told.cause_kind == "":
        return told
    status = await known_status(tx, by, told.cause_kind, told.cause_id)
    await must_not_sound(tx, told.wish, told.cause_kind, told.cause_id)
    return told.model_copy(update={"cause_status": status})
