"""Meetings (视频会商) and roll calls (视频点名) by video."""

from __future__ import annotations

import asyncio
from typing import Annotated, Literal

from fastapi import APIRouter, Query
from fastapi.responses import Response

from app.api.house import After, By, InHouse, InTx
from app.api.route import DeskRoute
from app.api.workbooks import WORKBOOK, workbook
from app.commands import RowId
from app.desk.meeting_paper import book_of, name_of
from app.dispatch.meeting.actions import opening, taking_part
from app.dispatch.meeting.actions.access import may_take_part, visible
from app.dispatch.meeting.commands import MeetingIn
from app.dispatch.meeting.facts import MeetingDetail, MeetingFact, MeetingMemberFact, MeetingMine
from app.dispatch.meeting.store import meetings as store
from app.org.rules.access import require

router = APIRouter(prefix="/api/meetings", tags=["meetings"], route_class=DeskRoute)
Limit = Annotated[int, Query(ge=1, le=200)]


@router.post("", status_code=201)
async def open_meeting(told: MeetingIn, by: By, tx: InTx, house: InHouse) -> MeetingDetail:
    """Open a meeting and ring units, teams and persons of the scope; a roll call rings them in turn."""
    return await opening.open_meeting(tx, by, told, house.clock.now(), house.livekit)


@router.get("")
async def listed(
    by: By,
    tx: InTx,
    kind: Literal["meeting", "roll_call"] | None = None,
    incident_id: RowId | None = None,
    limit: Limit = 50,
) -> list[MeetingFact]:
    """Return the last meetings that concern the scope, open ones first."""
    require(by, "see_desk")
    return await store.latest(tx, by, kind=kind, incident_id=incident_id, limit=limit)


@router.get("/mine")
async def mine(by: By, tx: InTx) -> list[MeetingMine]:
    """Return the open meetings in which there is a seat for me, the latest first."""
    return await store.mine(tx, by) if may_take_part(by) else []


@router.get("/{meeting_id}.xlsx", response_class=Response, responses=WORKBOOK)
async def sheet(meeting_id: RowId, by: By, tx: InTx, house: InHouse) -> Response:
    """Return who was called, what became of it and the measured seconds as an Excel workbook."""
    meeting = await visible(tx, by, await store.row(tx, by.stream, meeting_id))
    told = await opening.detail(tx, by, meeting)
    book = await asyncio.to_thread(book_of, told, house.settings.zone)
    return workbook(book, name_of(told))


@router.get("/{meeting_id}")
async def one(meeting_id: RowId, by: By, tx: InTx) -> MeetingDetail:
    """Return a meeting with its seats: who came, how many seconds it took, who did not."""
    meeting = await visible(tx, by, await store.row(tx, by.stream, meeting_id))
    return await opening.detail(tx, by, meeting)


@router.post("/{meeting_id}/decline")
async def decline(meeting_id: RowId, by: By, tx: InTx, house: InHouse) -> MeetingMemberFact:
    """Say no to a call. To say yes is to take the seat: `WS /ws/meeting`."""
    return await taking_part.decline(tx, by, meeting_id, house.clock.now())


@router.post("/{meeting_id}/members/{member_id}/ring")
async def ring(meeting_id: RowId, member_id: RowId, by: By, tx: InTx, house: InHouse) -> MeetingMemberFact:
    """Ring somebody once more, or before his turn."""
    return await opening.ring_again(tx, by, meeting_id, member_id, house.clock.now())


@router.post("/{meeting_id}/members/{member_id}/release")
async def release(
    meeting_id: RowId, member_id: RowId, by: By, tx: InTx, house: InHouse, after: After
) -> MeetingMemberFact:
    """Let somebody go who was heard; in a roll call the next one is rung."""
    told = await opening.release(tx, by, meeting_id, member_id, house.clock.now())
    if (room := house.livekit) is not None:
        after.append(lambda: room.put_out(meeting_id, member_id))
    return told


@router.post("/{meeting_id}/close")
async def close(meeting_id: RowId, by: By, tx: InTx, house: InHouse, after: After) -> MeetingDetail:
    """End a meeting for everybody."""
    told = await opening.close(tx, by, meeting_id, house.clock.now())
    if (room := house.livekit) is not None:
        after.append(lambda: room.end(meeting_id))
    return told
