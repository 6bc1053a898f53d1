"""The duty log to print: a day or a month, as PDF or DOCX."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import Response

from app.api.duty_log import parse_day, reader_of
from app.api.house import By, InHouse, InTx
from app.api.papers import office_of, paper_of
from app.api.prints import PRINTS, Form, printed
from app.api.route import DeskRoute
from app.commands import RowId
from app.desk.documents.rules.layout import laid_page
from app.desk.log.book import month_of_books
from app.desk.log.paper import page_of
from app.duty.roster.actions.post import parse_month

router = APIRouter(prefix="/api/duty/posts/{post_id}/log", tags=["duty log"], route_class=DeskRoute)


@router.get("/days/{day}.{form}", response_class=Response, responses=PRINTS)
async def print_day(post_id: RowId, day: str, form: Form, by: By, tx: InTx, house: InHouse) -> Response:
    """Return the log of a day of duty to print."""
    reader = await reader_of(tx, by, house, post_id)
    return await paper_of(tx, by, house, "duty_log", post_id, form, str(parse_day(day, reader)))


@router.get("/months/{month}.{form}", response_class=Response, responses=PRINTS)
async def print_month(post_id: RowId, month: str, form: Form, by: By, tx: InTx, house: InHouse) -> Response:
    """Return the logs of a month to print, a day a page; days to come are left out."""
    reader = await reader_of(tx, by, house, post_id)
    books = await month_of_books(tx, reader, parse_month(month))
    template = (await office_of(house)).library.shelves["duty_log"].template
    pages = [laid_page(page_of(book, reader.zone), template, "") for book in books]
    return await printed(pages, form, f"值班日志 {month}", house.settings.print_fonts)
