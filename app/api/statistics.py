"""Statistics (统计): a period beside the one before and last year's, what a figure counted, and tables."""

from __future__ import annotations

import asyncio
from datetime import date
from typing import Annotated

from fastapi import APIRouter, Depends, Query
from fastapi.responses import Response

from app.api.exports import Exported
from app.api.house import By, InHouse, InTx
from app.api.route import DeskRoute
from app.api.workbooks import WORKBOOK, workbook
from app.desk.statistics.facts import CountedList, Grouped, Measure, StatisticsFact
from app.desk.statistics.report import counted, period, statistics
from app.desk.statistics.rules import Compared, PeriodKind
from app.desk.statistics.sheet import book_of, csv_of
from app.desk.statistics.store.figures import Limits
from app.dispatch.settings import DispatchRules
from app.duty.standby.commands import Day

router = APIRouter(prefix="/api", tags=["statistics"], route_class=DeskRoute)
CSV = "text/csv"
_Period = tuple[PeriodKind, Compared]


def _period(
    house: InHouse,
    kind: Annotated[PeriodKind, Query()],
    on: Annotated[Day, Query(description="a day of the week, month or year; the first day of a free period")],
    until: Annotated[Day | None, Query(description="the last day of a free period")] = None,
) -> _Period:
    return period(kind, on, until, house.clock.now(), house.settings.zone)


Asked = Annotated[_Period, Depends(_period)]


def _limits(rules: DispatchRules) -> Limits:
    return Limits(answer_s=rules.ladder.answer.total_seconds())


@router.get("/statistics")
async def read(asked: Asked, by: By, tx: InTx, house: InHouse) -> StatisticsFact:
    """Return every measure of one's scope in a period, the one before and the same of last year."""
    return await statistics(tx, by, asked, house.clock.now(), _limits(house.dispatch))


@router.get("/statistics/counted")
async def behind(
    asked: Asked,
    what: Annotated[Measure, Query()],
    by: By,
    tx: InTx,
    house: InHouse,
    span: Annotated[int, Query(ge=0, le=2, description="0: the period, 1: the one before, 2: last year")] = 0,
    grouped: Annotated[Grouped | None, Query(alias="by")] = None,
    key: Annotated[str, Query(max_length=40)] = "",
    good: Annotated[bool | None, Query()] = None,
) -> CountedList:
    """Return the rows that a figure counted, latest first, 500 at most."""
    now, of = house.clock.now(), asked[1].spans[span]
    limits = _limits(house.dispatch)
    return await counted(tx, by, what, of, now, limits, grouped=grouped, key=key, good=good)


def _named(first: date, last: date) -> str:
    return f"statistics-{first}-{last}"


@router.get("/statistics.xlsx", response_class=Response, responses=WORKBOOK)
async def sheet(asked: Asked, by: By, tx: InTx, house: InHouse) -> Response:
    """Return the statistics as an Excel workbook."""
    told = await statistics(tx, by, asked, house.clock.now(), _limits(house.dispatch))
    return workbook(await asyncio.to_thread(book_of, told), _named(told.spans[0].first, told.spans[0].last))


@router.get("/statistics.csv", response_class=Response, responses={200: {"content": {CSV: {}}}})
async def plain(asked: Asked, by: By, tx: InTx, house: InHouse) -> Response:
    """Return the statistics as CSV."""
    told = await statistics(tx, by, asked, house.clock.now(), _limits(house.dispatch))
    name = f"{_named(told.spans[0].first, told.spans[0].last)}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Exported(csv_of(told), media_type=f"{CSV}; charset=utf-8", headers=headers)
