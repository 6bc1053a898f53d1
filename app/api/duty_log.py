"""The duty log of a desk: a day, a month, an entry."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Path

from app.api.house import By, House, InHouse, InTx
from app.api.route import DeskRoute
from app.commands import RowId
from app.db import Tx
from app.desk.log import actions
from app.desk.log.book import Reader, day_book, month_book
from app.desk.log.commands import EntryIn
from app.desk.log.facts import DayBook, LogEntryFact, MonthBook
from app.desk.log.rules.numbering import day_of
from app.duty import store as duty
from app.duty.roster.actions.post import parse_month
from app.org.rules.access import Viewer, require
from app.refusals import FieldFault, InvalidInput, NotFound

router = APIRouter(prefix="/api/duty/posts/{post_id}/log", tags=["duty log"], route_class=DeskRoute)
DayWord = Annotated[str, Path(description="2025-07-01 or `today`, the day of duty we are in")]


async def reader_of(tx: Tx, by: Viewer, house: House, post_id: int) -> Reader:
    """Return who reads which book. Raises NotFound, NotPermitted."""
    require(by, "see_desk")
    post = await duty.row(tx, by.stream, post_id)
    if post is None or not by.covers(post.region_code):
        raise NotFound("该值班岗位", "duty post")
    return Reader(post, by, house.clock.now(), house.settings.zone, house.settings.log_number_prefix)


def parse_day(text: str, reader: Reader) -> date:
    """Read a day, or `today`. Raises InvalidInput."""
    if text == "today":
        return day_of(reader.now, reader.zone)
    try:
        found = date.fromisoformat(text)
    except ValueError:
        found = date.min
    if not 2000 <= found.year <= 2099:
        raise InvalidInput(FieldFault("day", "日期应写作 2025-07-01", "write the day as 2025-07-01"))
    return found


@router.get("/days/{day}")
async def one_day(post_id: RowId, day: DayWord, by: By, tx: InTx, house: InHouse) -> DayBook:
    """Return the log of a day of duty, from eight to eight."""
    reader = await reader_of(tx, by, house, post_id)
    return await day_book(tx, reader, parse_day(day, reader))


@router.get("/months/{month}")
async def one_month(post_id: RowId, month: str, by: By, tx: InTx, house: InHouse) -> MonthBook:
    """Return the logs of a month (2026-12), a line a day."""
    return await month_book(tx, await reader_of(tx, by, house, post_id), parse_month(month))


@router.post("/entries", status_code=201)
async def enter(post_id: RowId, told: EntryIn, by: By, tx: InTx, house: InHouse) -> LogEntryFact:
    """Enter a line, or put an older one right by a new one; nothing is ever altered."""
    return await actions.enter(tx, by, post_id, told, house.clock.now())
