"""A leader declares a key period, and ends it."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Literal

from app.db import Tx
from app.duty.declared import store
from app.duty.declared.commands import DeclaredPeriodIn
from app.duty.declared.events import KeyPeriodChanged
from app.duty.declared.facts import DeclaredPeriodFact
from app.duty.declared.tables import DeclaredPeriod
from app.journal import store as journal
from app.org.rules.access import Concern, Viewer, actor, require_for_county
from app.refusals import FieldFault, InvalidInput, NotFound


async def declare(
    tx: Tx, by: Viewer, told: DeclaredPeriodIn, now: datetime, today: date
) -> DeclaredPeriodFact:
    """Let a key period hold for the county. Raises NotPermitted, InvalidInput for days that are past."""
    require_for_county(by, "approve_duty")
    if told.first < today:
        raise InvalidInput(FieldFault("first", "开始日期不能早于今天", "it begins today at the earliest"))
    row = DeclaredPeriod(stream=by.stream, **told.model_dump(), declared_by=by.name, declared_at=now)
    tx.add(row)
    return await _tell(tx, by, row, "readiness.period_declared", now)


async def end(tx: Tx, by: Viewer, period_id: int, now: datetime, today: date) -> DeclaredPeriodFact:
    """End a key period: today is an ordinary day again. Ended twice, it stays as it is.

    Raises NotFound, NotPermitted.
    """
    require_for_county(by, "approve_duty")
    row = await store.locked(tx, by.stream, period_id)
    if row is None:
        raise NotFound("该重点时段", "key period")
    yesterday = today - timedelta(days=1)
    if row.ended_at is not None or (row.last is not None and row.last <= yesterday):
        return store.fact_of(row)
    row.last, row.ended_by, row.ended_at = yesterday, by.name, now
    return await _tell(tx, by, row, "readiness.period_ended", now)


async def _tell(
    tx: Tx,
    by: Viewer,
    row: DeclaredPeriod,
    type_: Literal["readiness.period_declared", "readiness.period_ended"],
    now: datetime,
) -> DeclaredPeriodFact:
    await tx.flush()
    fact = store.fact_of(row)
    event = KeyPeriodChanged(type=type_, period=fact)
    concern = Concern((by.stream.ljust(12, "0"),))
    await journal.append(tx, by.stream, now, [journal.Entry(event, concern)], actor(by))
    return fact
