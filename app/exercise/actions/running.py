"""A drill begins, is paused for what is in earnest, is taken up again, and ends."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from app.broadcast.actions import stopping
from app.broadcast.commands import BroadcastStopIn
from app.broadcast.settings import BroadcastTerms
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
from app.dispatch.status_call.actions import asking, repeats
from app.dispatch.status_call.store import calls
from app.dispatch.store import assignments, incidents
from app.dispatch.tables import ACTIVE_STATES
from app.exercise.actions.permission import for_control, for_pausing
from app.exercise.actions.planning import tell
from app.exercise.commands import DrillStepIn
from app.exercise.facts import DrillFact
from app.exercise.refusals import DrillMoved
from app.exercise.rules.clock import DRILL_STEPS
from app.exercise.store import injects, pausing
from app.exercise.tables import Drill
from app.journal import store as journal
from app.journal.store import Entry
from app.org.rules.access import Viewer, actor
from app.refusals import FieldFault, InvalidInput
from app.response.call_and_respond.actions import starting
from app.response.call_and_respond.store import rounds
from app.response.plan.actions import running as running_cards
from app.response.plan.store import runs

ENDED = "演练结束"
_EVENTS = {
    "start": "drill.started",
    "pause": "drill.paused",
    "resume": "drill.resumed",
    "finish": "drill.finished",
    "cancel": "drill.cancelled",
}


async def step(
    tx: Tx,
    by: Viewer,
    drill_id: int,
    told: DrillStepIn,
    now: datetime,
    zone: ZoneInfo,
    terms: BroadcastTerms | None = None,
) -> DrillFact:
    """Start, pause, resume, finish or call off a drill.

    Pausing and finishing take back what the drill ordered, stop what is on the air and free its forces, in
    the same transaction; at the end what it left open is closed. While it is paused no clock of what
    belongs to it runs; taken up again, every deadline moves by the pause. Who leads the desk may pause one
    he does not control.

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
        await _silence(tx, by, row, PAUSED if told.step == "pause" else ENDED, now, terms)
        entries = await recall(tx, by, row, PAUSED if told.step == "pause" else ENDED, now, zone)
    if row.paused_at is not None:
        row.stood_still_s += int((now - row.paused_at).total_seconds())
    await _clocks(tx, row.id or 0, told.step, now)
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


async def _clocks(tx: Tx, drill_id: int, step: str, now: datetime) -> None:
    if step == "pause":
        await pausing.hold(tx, drill_id, now)
    elif step == "resume":
        await pausing.go_on(tx, drill_id, now)
    else:
        await pausing.over(tx, drill_id)


async def _silence(
    tx: Tx, by: Viewer, row: Drill, why: str, now: datetime, terms: BroadcastTerms | None
) -> None:
    """Stop the broadcasts of a drill that platforms have: loudspeakers are for what is in earnest."""
    for message_id in await pausing.on_the_air(tx, row.id or 0):
        assert terms is not None
        await stopping.stop(tx, by, message_id, BroadcastStopIn(reason=why), now, terms)


async def _clear(tx: Tx, by: Viewer, row: Drill, now: datetime) -> None:
    """Close what a drill that is over left open, so that no desk keeps it among what is in earnest."""
    await _call_off(tx, by, row, now)
    await _end_rounds(tx, by, row, now)
    open_, waiting, unsettled = await injects.still_open(tx, row.id or 0)
    for alarm_id in unsettled:
        await alarms.dismiss(tx, by, alarm_id, ENDED, now)
    for notice_id in waiting:
        await inbox.dismiss(tx, by, notice_id, ENDED, now)
    for incident_id in open_:
        await closing.close(tx, by, incident_id, ENDED, now)


async def _call_off(tx: Tx, by: Viewer, row: Drill, now: datetime) -> None:
    """Call off the round-ups of a drill, and those that would be asked again."""
    asked, repeated = await pausing.asked(tx, row.id or 0)
    for series_id in repeated:
        if (first := await calls.locked(tx, row.stream, series_id)) is not None:
            await repeats.stopped(tx, by, first, by.name, now)
    for call_id in asked:
        if (call := await calls.locked(tx, row.stream, call_id)) is not None:
            await asking.called_off(tx, by, call, by.name, ENDED, now)


async def _end_rounds(tx: Tx, by: Viewer, row: Drill, now: datetime) -> None:
    """End the rounds of calls and the cards of a drill, whose orders were taken back before."""
    for round_id in await pausing.called(tx, row.id or 0):
        if (called := await rounds.row(tx, row.stream, round_id, lock=True)) is not None:
            await starting.ended(tx, by, called, ENDED, now)
    for run_id in await pausing.cards(tx, row.id or 0):
        if (card := await runs.locked(tx, row.stream, run_id)) is not None:
            over = await running_cards.over(tx, card, by, ENDED, now)
            await journal.append(tx, row.stream, now, [over], actor(by))


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
