"""Every SQL statement about the county's own days."""

from __future__ import annotations

from datetime import date
from typing import cast

from sqlmodel import col, select

from app.db import Tx
from app.duty.county_days.facts import CountyDayFact
from app.duty.county_days.tables import CountyDay
from app.duty.roster.rules.calendar import DayKind, ExtraDay

MOST = 400


async def row(tx: Tx, stream: str, on: date) -> CountyDay | None:
    """Return a day of the county, locked until commit, or None."""
    return await tx.get(CountyDay, (stream, on), with_for_update=True, populate_existing=True)


async def listed(tx: Tx, stream: str) -> list[CountyDayFact]:
    """Return the county's own days, the earliest first."""
    return [fact_of(one) for one in await _rows(tx, stream)]


async def extra_days(tx: Tx, stream: str) -> tuple[ExtraDay, ...]:
    """Return the county's own days as the calendar's rules read them."""
    return tuple(
        ExtraDay(one.on, cast("DayKind", one.kind), one.name_zh, one.name_en)
        for one in await _rows(tx, stream)
    )


def fact_of(row: CountyDay) -> CountyDayFact:
    """Return the shape of a day."""
    return CountyDayFact(**row.model_dump(exclude={"stream"}))


async def _rows(tx: Tx, stream: str) -> list[CountyDay]:
    found = await tx.execute(
        select(CountyDay).where(col(CountyDay.stream) == stream).order_by(col(CountyDay.on)).limit(MOST)
    )
    return list(found.scalars())
