"""Kept summaries of status round-ups: one version each, printed and as a sheet."""

from __future__ import annotations

import asyncio

from fastapi import APIRouter
from fastapi.responses import Response

from app.api.house import By, InHouse, InTx
from app.api.papers import paper_of
from app.api.prints import PRINTS, Form
from app.api.route import DeskRoute
from app.api.workbooks import WORKBOOK, workbook
from app.commands import RowId
from app.desk.status_call_paper import book_of, name_of
from app.dispatch.status_call.actions import summary
from app.dispatch.status_call.facts import StatusSummaryFact

router = APIRouter(
    prefix="/api/status-calls/{call_id}/summaries", tags=["status round-ups"], route_class=DeskRoute
)


@router.post("", status_code=201)
async def keep(call_id: RowId, by: By, tx: InTx, house: InHouse) -> StatusSummaryFact:
    """Keep the round as it stands now as one version, which a report can quote."""
    return await summary.keep(tx, by, call_id, house.clock.now())


@router.get("/{version}.xlsx", response_class=Response, responses=WORKBOOK)
async def sheet(call_id: RowId, version: RowId, by: By, tx: InTx, house: InHouse) -> Response:
    """Return a kept version as an Excel workbook."""
    kept = await summary.kept_version(tx, by, call_id, version)
    book = await asyncio.to_thread(book_of, kept, house.settings.zone)
    return workbook(book, name_of(kept.detail, version))


@router.get("/{version}.{form}", response_class=Response, responses=PRINTS)
async def print_out(call_id: RowId, version: RowId, form: Form, by: By, tx: InTx, house: InHouse) -> Response:
    """Return a kept version to print, as PDF or DOCX."""
    return await paper_of(tx, by, house, "status_summary", call_id, form, str(version))


@router.get("/{version}")
async def kept_version(call_id: RowId, version: RowId, by: By, tx: InTx) -> StatusSummaryFact:
    """Return a kept version as it stood."""
    return await summary.kept_version(tx, by, call_id, version)
