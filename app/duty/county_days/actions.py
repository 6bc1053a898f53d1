"""A leader settles a day otherwise than the state's calendar, and gives it back."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal

from app.db import Tx
from app.duty.county_days import store
from app.duty.county_days.commands import CountyDayIn
from app.duty.county_days.events import CountyDayChanged
from app.duty.county_days.facts import CountyDayFact
from app.duty.county_days.tables import CountyDay
from app.journal import store as journal
from app.org.rules.access import Concern, Viewer, actor, require_for_county
from app.refusals import FieldFault, InvalidInput, NotFound


async def settle(tx: Tx, by: Viewer, on: date, told: CountyDayIn, now: datetime) -> CountyDayFact:
    """Settle a day, or settle it anew. Raises NotPermitted, InvalidInput for more than 400 days."""
    require_for_county(by, "approve_duty")
    row = await store.row(tx, by.stream, on)
    if row is None:
        if len(await store.listed(tx, by.stream)) >= store.MOST:
            raise InvalidInput(
                FieldFault(
                    "on", f"最多{store.MOST}天,请删去旧的", f"{store.MOST} days at most: remove old ones"
                )
            )
        row = CountyDay(stream=by.stream, on=on, **told.model_dump(), set_by=by.name, set_at=now)
        tx.add(row)
    else:
        row.kind, row.name_zh, row.name_en, row.reason = told.kind, told.name_zh, told.name_en, told.reason
        row.set_by, row.set_at = by.name, now
    return await _tell(tx, by, row, "calendar.day_set", now)


async def clear(tx: Tx, by: Viewer, on: date, now: datetime) -> CountyDayFact:
    """Give a day back to the state's calendar. Raises NotFound, NotPermitted."""
    require_for_county(by, "approve_duty")
    row = await store.row(tx, by.stream, on)
    if row is None:
        raise NotFound("该日的县级安排", "day of the county's own")
    await tx.delete(row)
    return await _tell(tx, by, row, "calendar.day_cleared", now)


async def _tell(
    tx: Tx,
    by: Viewer,
    row: CountyDay,
    type_: Literal["calendar.day_set", "calendar.day_cleared"],
    now: datetime,
) -> CountyDayFact:
    await tx.flush()
    fact = store.fact_of(row)
    concern = Concern((by.stream.ljust(12, "0"),))
    event = CountyDayChanged(type=type_, day=fact)
    await journal.append(tx, by.stream, now, [journal.Entry(event, concern)], actor(by))
    return fact
