"""A drill begins, is paused for what is in earnest, is taken up again, and ends."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from app.db import Tx
from app.delivery.messages import Message, queue
from app.dispatch.actions import alarms
from app.dispatch.actions import incidents as closing
from app.dispatch.actions.answer import Said, step_entry, take_step
from app.dispatch.actions.permission import concern_of
from app.dispatch.exercise.apart import PAUSED
from app.dispatch.inbox import actions as inbox
from app.dispatch.order.actions.sending import HOLDS
from app.dispatch.order.actions.together import take_back
from app.dispatch.store import assignments, incidents
from app.dispatch.tables import ACTIVE_STATES
from app.exercise.actions.permission import for_control, for_pausing
from app.exercise.actions.planning import tell
from app.exercise.commands import DrillStepIn
from app.exercise.facts import DrillFact
from app.exercise.refusals import DrillMoved
from app.exercise.rules.clock import DRILL_STEPS
from app.exercise.store import injects
from app.exercise.tables import Drill
from app.journal.store import Entry
from app.org.rules.access import Viewer
from app.refusals import FieldFault, InvalidInput

ENDED = "演练结束"
_EVENTS = {
    "start": "drill.started",
    "pause": "drill.paused",
    "resume": "drill.resumed",
    "finish": "drill.finished",
    "cancel": "drill.cancelled",
}


async def step(
    tx: Tx, by: Viewer, drill_id: int, told: DrillStepIn, now: datetime, zone: ZoneInfo
) -> DrillFact:
    """Start, pause, resume, finish or call off a drill.

    Pausing and finishing take back what the drill ordered and free its forces, in the same transaction; at
    the end what it left open is closed. Who leads the desk may pause one he does not control.

    Raises DrillMoved, InvalidInput, NotFound, NotPermitted.
    """
    find = for_pausing if told.step == "pause" else for_control
    row = await find(tx, by, drill_id)
    state = DRILL_STEPS.get((row.state, told.step))
    if state is None:
        raise DrillMoved(row.state)
    if told.step == "cancel" and not told.reason:
        raise InvalidInput(FieldFault("reason", "请写明取消原因", "say why it is called off"))
    entries: list[Entry] = []
    if told.step in ("pause", "finish"):
        entries = await recall(tx, by, row, PAUSED if told.step == "pause" else ENDED, now, zone)
    if row.paused_at is not None:
        row.stood_still_s += int((now - row.paused_at).total_seconds())
    row.paused_at = now if told.step == "pause" else None
    row.pause_reason = told.reason if told.step == "pause" else ""
    if told.step == "start":
        row.started_at = now
    elif told.step in ("finish", "cancel"):
        row.ended_at = now
    row.state, row.revision = state, row.revision + 1
    fact = await tell(tx, by, row, _EVENTS[told.step], now, told.reason, entries)
    if told.step == "finish":
        await _clear(tx, by, row, now)
    return fact


async def _clear(tx: Tx, by: Viewer, row: Drill, now: datetime) -> None:
    """Close what a drill that is over left open, so that no desk keeps it among what is in earnest."""
    open_, waiting, unsettled = await injects.still_open(tx, row.id or 0)
    for alarm_id in unsettled:
        await alarms.dismiss(tx, by, alarm_id, ENDED, now)
    for notice_id in waiting:
        await inbox.dismiss(tx, by, notice_id, ENDED, now)
    for incident_id in open_:
        await closing.close(tx, by, incident_id, ENDED, now)


async def recall(tx: Tx, by: Viewer, row: Drill, why: str, now: datetime, zone: ZoneInfo) -> list[Entry]:
    """Take back every order of the drill and let its teams go, telling each; return what the journal says."""
    orders = await injects.orders_out(tx, row.id or 0)
    taken = [await take_back(tx, by, order_id, why, now, zone) for order_id in orders]
    entries = [entry for entry in taken if entry is not None]
    for assignment_id in await injects.assignments_out(tx, row.id or 0, ACTIVE_STATES):
        assignment = await assignments.locked(tx, row.stream, assignment_id)
        if assignment is None or assignment.state not in ACTIVE_STATES:
            continue
        said = Said("cancel", now, now, by.name, "app", why, account_id=by.account_id, proxy=True)
        take_step(tx, assignment, said, now)
        _, entry = await step_entry(tx, assignment, now)
        incident = await incidents.row(tx, row.stream, assignment.incident_id)
        assert incident is not None
        await queue(
            tx,
            Message(
                row.stream,
                "app",
                f"team:{assignment.team_id}",
                f"{why}:{incident.number} 任务取消,请归队待命",
                concern_of(incident),
                now + HOLDS,
                incident_id=incident.id,
            ),
            now,
        )
        entries.append(entry)
    return entries
