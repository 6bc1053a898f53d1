"""A village or its township reports what was done (有行动) and gives its own word (有反馈)."""

from __future__ import annotations

from datetime import datetime

from app.db import Tx
from app.org.rules.access import Viewer
from app.refusals import NotFound
from app.response.call_and_respond.actions.access import target_for_called, target_for_desk
from app.response.call_and_respond.actions.calling import told_at
from app.response.call_and_respond.actions.telling import target_fact, tell, tell_called
from app.response.call_and_respond.commands import CalloutReportIn
from app.response.call_and_respond.events import CalloutReported
from app.response.call_and_respond.facts import CalloutTargetFact
from app.response.call_and_respond.store import targets
from app.response.call_and_respond.tables import CalloutReport


async def report(
    tx: Tx, by: Viewer, target_id: int, told: CalloutReportIn, now: datetime
) -> CalloutTargetFact:
    """Take what was done. Words alone are feedback, no action.

    Raises NotPermitted, NotFound, CalloutOver, InvalidInput.
    """
    try:
        row, target, _ = await target_for_called(tx, by, target_id)
    except NotFound:
        row, target = await target_for_desk(tx, by, target_id)
    at = told_at(row, told.at, now)
    written = [
        CalloutReport(
            target_id=target_id,
            **action.model_dump(),
            means=told.means,
            told_by=told.told_by or by.name,
            feedback=told.feedback,
            at=at,
            entered_by=by.name,
        )
        for action in told.actions
    ]
    tx.add_all(written)
    if target.acted_at is None and any(action.kind != "words" for action in told.actions):
        target.acted_at = at
    if told.feedback and target.fed_back_at is None:
        target.fed_back_at = at
        for call in await targets.calls(tx, [target_id]):
            if call.purpose == "feedback" and call.result == "due":
                call.result, call.entered_at = "withdrawn", now
    fact = await target_fact(tx, target, now)
    event = CalloutReported(
        type="callout.reported",
        title=row.title,
        drill=row.drill,
        target=fact,
        report=targets.report_fact(written[-1]),
    )
    await tell(tx, by, row.stream, event, [target.region_code], now)
    await tell_called(tx, row, target, now)
    return fact
