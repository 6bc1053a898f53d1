"""Notices (通知): plain words to persons, in the app or by SMS, and their receipts."""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Query

from app.api.house import By, InHouse, InTx
from app.api.route import DeskRoute
from app.commands import RowId
from app.delivery.notices import actions, store
from app.delivery.notices.commands import NoticeIn
from app.delivery.notices.facts import NoticeFact
from app.org.rules.access import require

router = APIRouter(prefix="/api/notices", tags=["notices"], route_class=DeskRoute)
SHOWN_FOR = timedelta(days=3)


@router.get("")
async def listed(by: By, tx: InTx, limit: Annotated[int, Query(ge=1, le=500)] = 100) -> list[NoticeFact]:
    """Return the last notices to the people of the scope, with what became of them."""
    require(by, "see_desk")
    return await store.latest(tx, by.stream, by.scope, limit)


@router.get("/mine")
async def mine(by: By, tx: InTx, house: InHouse) -> list[NoticeFact]:
    """Return what I was told in the last three days and have not read, the latest first."""
    if by.person_id is None:
        return []
    return await store.unread_of(tx, by.stream, by.person_id, house.clock.now() - SHOWN_FOR)


@router.post("", status_code=201)
async def send(told: NoticeIn, by: By, tx: InTx, house: InHouse) -> list[NoticeFact]:
    """Tell people of one's scope something: in the app where they are logged in, by SMS otherwise."""
    return await actions.send(tx, by, told, secrets.token_hex(8), house.clock.now())


@router.post("/{notice_id}/read")
async def read(notice_id: RowId, by: By, tx: InTx, house: InHouse) -> NoticeFact:
    """Say that I have read it; the SMS that would follow does not leave."""
    return await actions.read(tx, by, notice_id, house.clock.now())
