"""Statistics by the eight stages 集研判令宣行督兑."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Annotated

from fastapi import APIRouter, Query

from app.api.house import By, InHouse, InTx
from app.api.route import DeskRoute
from app.desk.stages import INFORMATION, counted
from app.desk.timeline import StageCount, stage_counts
from app.dispatch.secrecy import store as secrecy
from app.duty.roster.rules.wall_clock import at
from app.duty.standby.commands import Day
from app.journal.counts.store import count_span
from app.org.rules.access import require
from app.refusals import FieldFault, InvalidInput
from app.wire import Fact

router = APIRouter(prefix="/api/stages", tags=["orders"], route_class=DeskRoute)
LONGEST = timedelta(days=366)


class StageStatistics(Fact):
    """How much happened in each stage from one day to another; `information` counts 集研判, `orders` 令."""

    starts_at: datetime
    ends_at: datetime
    stages: list[StageCount]
    information: int
    orders: int


@router.get("/statistics")
async def stage_statistics(
    first: Annotated[Day, Query()], last: Annotated[Day, Query()], by: By, tx: InTx, house: InHouse
) -> StageStatistics:
    """Return the counts of one's scope by stage, of some days (366 at most), the last included."""
    require(by, "see_desk")
    if not timedelta(0) <= last - first <= LONGEST:
        raise InvalidInput(
            FieldFault("last", "日期范围须由先到后,最长366天", "a range runs forwards, 366 days at most")
        )
    zone = house.settings.zone
    start, end = at(zone, first, time(0)), at(zone, last + timedelta(days=1), time(0))
    hidden = (await secrecy.sealed(tx, by.stream)).hidden_from(by)
    found = await count_span(tx, by.stream, by.scope, start, end, without=hidden)
    counts = counted(found)
    return StageStatistics(
        starts_at=start,
        ends_at=end,
        stages=stage_counts(counts),
        information=sum(counts[stage] for stage in INFORMATION),
        orders=counts["order"],
    )
