"""The duty log to print: a day or a month, as PDF or DOCX."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import Response

from app.api.duty_log import parse_day, reader_of
from app.api.house import By, InHouse, InTx
from app.api.prints import PRINTS, Form, printed
from app.api.route import DeskRoute
from app.commands import RowId
from app.desk.log.book import day_book, month_of_books
from app.desk.log.paper import page_of
from app.duty.roster.actions.post import parse_month

router = APIRouter(prefix="/api/duty/posts/{post_id}/log", tags=["duty log"], route_class=DeskRoute)


@router.get("/days/{day}.{form}", response_class=Response, responses=PRINTS)
async def print_day(post_id: RowId, day: str, form: Form, by: By, tx: InTx, house: InHouse) -> Response:
    """Return the log of a day of duty to print."""
    reader = await reader_of(tx, by, house, post_id)
    book = await day_book(tx, reader, parse_day(day, reader))
    pages = [page_of(book, reader.zone)]
    return await printed(pages, form, f"值班日志 {book.day}", house.settings.print_fonts)


@router.get("/months/{month}.{form}", response_class=Response, responses=PRINTS)
async def print_month(post_id: RowId, month: str, form: Form, by: By, tx: InTx, house: InHouse) -> Response:
    """Return the logs of a month to print, a day a page; days to come are left out."""
    reader = await reader_of(tx, by, house, post_id)
    books = await month_of_books(tx, reader, parse_month(month))
    pages = [page_of(book, reader.zone) for book in books]
    return await printed(pages, form, f"值班日志 {month}", house.settings.print_fonts)
