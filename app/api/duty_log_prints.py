"""The duty log to print: a day or a month, as PDF or DOCX."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Annotated, Any, Literal
from urllib.parse import quote

from fastapi import APIRouter, Path
from fastapi.responses import Response

from app.api.duty_log import parse_day, reader_of
from app.api.house import By, InHouse, InTx
from app.api.route import DeskRoute
from app.commands import RowId
from app.config import Settings
from app.desk.log.book import day_book, month_of_books
from app.desk.log.facts import DayBook
from app.desk.log.prints.document import page_of
from app.desk.log.prints.docx import docx_of
from app.desk.log.prints.pdf import pdf_of
from app.duty.roster.actions.post import parse_month

router = APIRouter(prefix="/api/duty/posts/{post_id}/log", tags=["duty log"], route_class=DeskRoute)
Form = Annotated[Literal["pdf", "docx"], Path()]
_TYPES = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}
_PRINTS: dict[int | str, dict[str, Any]] = {200: {"content": {kind: {} for kind in _TYPES.values()}}}


@router.get("/days/{day}.{form}", response_class=Response, responses=_PRINTS)
async def print_day(post_id: RowId, day: str, form: Form, by: By, tx: InTx, house: InHouse) -> Response:
    """Return the log of a day of duty to print."""
    reader = await reader_of(tx, by, house, post_id)
    book = await day_book(tx, reader, parse_day(day, reader))
    return await _printed([book], form, f"值班日志 {book.day}", house.settings)


@router.get("/months/{month}.{form}", response_class=Response, responses=_PRINTS)
async def print_month(post_id: RowId, month: str, form: Form, by: By, tx: InTx, house: InHouse) -> Response:
    """Return the logs of a month to print, a day a page; days to come are left out."""
    reader = await reader_of(tx, by, house, post_id)
    books = await month_of_books(tx, reader, parse_month(month))
    return await _printed(books, form, f"值班日志 {month}", house.settings)


async def _printed(books: Sequence[DayBook], form: str, name: str, settings: Settings) -> Response:
    pages = [page_of(book, settings.zone) for book in books]
    if form == "pdf":
        whole = await asyncio.to_thread(pdf_of, pages, settings.print_fonts)
    else:
        whole = await asyncio.to_thread(docx_of, pages)
    return Response(
        whole,
        media_type=_TYPES[form],
        headers={"Content-Disposition": f"attachment; filename*=UTF-8''{quote(f'{name}.{form}')}"},
    )
