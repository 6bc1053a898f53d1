"""Statistics of reporting (报送统计): by unit and month, as data and as an Excel sheet."""

from __future__ import annotations

import asyncio
from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import Response

from app.api.house import By, InHouse, InTx
from app.api.route import DeskRoute
from app.api.workbooks import WORKBOOK, workbook
from app.desk.reporting_statistics_sheet import book_of
from app.reporting.statistics.actions import statistics
from app.reporting.statistics.facts import ReportingStatistics

router = APIRouter(prefix="/api/reporting", tags=["reporting"], route_class=DeskRoute)
Month = Annotated[str, Query(pattern=r"^20\d\d-(0[1-9]|1[0-2])$")]


@router.get("/statistics")
async def counted(by: By, tx: InTx, house: InHouse, first: Month, last: Month) -> ReportingStatistics:
    """Return what the units of one's scope reported in time and late, from the first to the last month."""
    return await statistics(tx, by, first, last, house.clock.now(), house.settings.zone)


@router.get("/statistics.xlsx", response_class=Response, responses=WORKBOOK)
async def sheet(by: By, tx: InTx, house: InHouse, first: Month, last: Month) -> Response:
    """Return the same as an Excel workbook."""
    told = await statistics(tx, by, first, last, house.clock.now(), house.settings.zone)
    return workbook(await asyncio.to_thread(book_of, told), f"reporting-{first}-{last}")
