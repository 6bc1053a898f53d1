"""The roster of a month as an Excel sheet: given out, and taken as a draft."""

from __future__ import annotations

import asyncio
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from app.api.house import By, InHouse, InTx
from app.api.rosters import RECENTLY, Month, post_of
from app.api.route import DeskRoute
from app.api.workbooks import WORKBOOK, WORKBOOK_BODY, workbook
from app.commands import RowId
from app.duty import store as duty
from app.duty.roster.actions import publish, sheet
from app.duty.roster.facts import RosterImportOut
from app.duty.roster.month_sheet import write_month
from app.duty.roster.store import plans

router = APIRouter(prefix="/api/duty/posts/{post_id}/rosters/{month}", tags=["duty"], route_class=DeskRoute)


@router.get("/export.xlsx", response_class=Response, responses=WORKBOOK)
async def export_month(post_id: RowId, month: Month, by: By, tx: InTx, house: InHouse) -> Response:
    """Return the draft of a month, else what is published, as a sheet that can be imported again."""
    await post_of(tx, by, post_id)
    seats = (await duty.seats(tx, [post_id]))[post_id]
    people = await plans.people(tx, post_id, house.clock.now() - RECENTLY)
    roster = publish.roster_fact(await plans.month(tx, post_id, month))
    cells = roster.draft if roster.draft is not None else roster.published or []
    whole = await asyncio.to_thread(write_month, seats, people, cells, house.settings.zone)
    return workbook(whole, f"roster-{post_id}-{month:%Y-%m}")


@router.post("/import", openapi_extra=WORKBOOK_BODY)
async def import_month(
    post_id: RowId,
    month: Month,
    request: Request,
    by: By,
    tx: InTx,
    house: InHouse,
    version: Annotated[int, Query(ge=0, le=1_000_000_000, description="the draft that was read")] = 0,
    apply: Annotated[bool, Query(description="false: only say what it would plan")] = False,  # noqa: FBT002
) -> RosterImportOut:
    """Take a sheet (the body, xlsx up to 2 MiB) as the draft of a month: all of it or nothing."""
    data = await request.body()
    now, zone = house.clock.now(), house.settings.zone
    return await sheet.import_month(tx, by, post_id, month, version, data, now, zone, apply=apply)
