"""Failures are put right: opened for a day, reported with evidence, confirmed by the centre."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Literal

from app.db import Tx
from app.duty.spot_check.actions.access import own_desk, require_at_centre
from app.duty.spot_check.actions.refusals import RectificationClosed
from app.duty.spot_check.commands import ConfirmIn, EvidenceIn
from app.duty.spot_check.events import RectificationChanged
from app.duty.spot_check.facts import RectificationFact
from app.duty.spot_check.store import aftermath
from app.duty.spot_check.tables import Rectification, SpotFinding
from app.journal import store as journal
from app.journal.concern import Concern
from app.org.rules.access import Viewer, actor, require
from app.refusals import NotFound

_Type = Literal[
    "spot_check.rectification_opened",
    "spot_check.rectification_reported",
    "spot_check.rectification_confirmed",
    "spot_check.rectification_returned",
    "spot_check.rectification_cancelled",
]


async def open_for(
    tx: Tx, by: Viewer, rows: Sequence[SpotFinding], now: datetime, within: timedelta
) -> list[Rectification]:
    """Write an item for every failure of the failed posts."""
    opened = [
        Rectification(
            stream=by.stream,
            finding_id=row.id or 0,
            post_id=row.post_id,
            failure=failure,
            opened_at=now,
            due_at=now + within,
        )
        for row in rows
        if row.state == "failed"
        for failure in row.failures
    ]
    tx.add_all(opened)
    return opened


async def tell_opened(tx: Tx, by: Viewer, opened: Sequence[Rectification], now: datetime) -> None:
    """Tell each post what it has to put right."""
    for row in opened:
        await tell(tx, by, row, "spot_check.rectification_opened", now)


async def report(
    tx: Tx, by: Viewer, rectification_id: int, told: EvidenceIn, now: datetime
) -> RectificationFact:
    """Say what was done, for the post. Raises NotFound, NotPermitted, RectificationClosed."""
    require(by, "command")
    row = await _of(tx, by, rectification_id)
    (fact,) = await aftermath.rectifications(tx, by.stream, by.stream, now, rectification_id=rectification_id)
    if not own_desk(by, fact.region_code):
        raise NotFound("该整改事项", "rectification")
    if row.state not in {"open", "reported"}:
        raise RectificationClosed
    row.state, row.evidence, row.reported_by, row.reported_at = "reported", told.evidence, by.name, now
    return await tell(tx, by, row, "spot_check.rectification_reported", now)


async def confirm(
    tx: Tx, by: Viewer, rectification_id: int, told: ConfirmIn, now: datetime
) -> RectificationFact:
    """Take it as done, or send it back. Raises NotFound, NotPermitted, RectificationClosed."""
    require_at_centre(by)
    row = await _of(tx, by, rectification_id)
    if row.state != "reported":
        raise RectificationClosed
    row.remark = told.remark
    if not told.done:
        row.state = "open"
        return await tell(tx, by, row, "spot_check.rectification_returned", now)
    row.state, row.confirmed_by, row.confirmed_at = "done", by.name, now
    return await tell(tx, by, row, "spot_check.rectification_confirmed", now)


async def tell(tx: Tx, by: Viewer, row: Rectification, type_: _Type, now: datetime) -> RectificationFact:
    """Append what became of an item, told at its post."""
    await tx.flush()
    (fact,) = await aftermath.rectifications(tx, by.stream, by.stream, now, rectification_id=row.id)
    event = RectificationChanged(type=type_, rectification=fact)
    await journal.append(tx, row.stream, now, [journal.Entry(event, Concern((fact.region_code,)))], actor(by))
    return fact


async def _of(tx: Tx, by: Viewer, rectification_id: int) -> Rectification:
    row = await aftermath.locked_rectification(tx, by.stream, rectification_id)
    if row is None:
        raise NotFound("该整改事项", "rectification")
    return row
