"""A round is planned, asked, cloned, closed or called off."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from app.db import Tx
from app.dispatch.exercise import store as parties
from app.dispatch.status_call.actions import reaching
from app.dispatch.status_call.actions.access import call_for_work, known_call, require_at_centre
from app.dispatch.status_call.actions.refusals import StatusCallOver
from app.dispatch.status_call.actions.telling import tell_call
from app.dispatch.status_call.commands import (
    MOST_TITLE,
    MOST_UNITS,
    CancelIn,
    CloneIn,
    QuestionIn,
    RecipientsIn,
    StatusCallIn,
)
from app.dispatch.status_call.facts import StatusCallFact
from app.dispatch.status_call.rules.times import remind_at
from app.dispatch.status_call.store import calls, recipients, units
from app.dispatch.status_call.tables import StatusCall, StatusRecipient
from app.dispatch.store import incidents
from app.duty.spot_check.rules.draw import within
from app.filing.rules.numbers import marked
from app.org.rules.access import Viewer, may_see
from app.refusals import FieldFault, InvalidInput, NotFound


async def ask(tx: Tx, by: Viewer, told: StatusCallIn, now: datetime, zone: ZoneInfo) -> StatusCallFact:
    """Ask units now, or plan to. Raises NotPermitted, InvalidInput, NotFound for the incident."""
    require_at_centre(by)
    drill = await _is_drill(tx, by, told)
    return await asked(tx, by, by.stream, told.model_copy(update={"drill": drill}), by.name, now, zone)


async def asked(
    tx: Tx, by: Viewer | None, stream: str, told: StatusCallIn, name: str, now: datetime, zone: ZoneInfo
) -> StatusCallFact:
    """Ask units; `by` None is the house itself, which asks in the name of a response in force.

    Raises InvalidInput, NotFound.
    """
    opens_at = max(told.opens_at or now, now)
    _require_order(opens_at, told.due_at)
    before = None if told.remind_before_min is None else timedelta(minutes=told.remind_before_min)
    call = StatusCall(
        stream=stream,
        drill=told.drill,
        title=marked(told.title, drill=told.drill)[:MOST_TITLE],
        asked_by=told.asked_by,
        note=told.note,
        questions=[_question(n, one) for n, one in enumerate(told.questions, start=1)],
        incident_id=told.incident_id,
        opens_at=opens_at,
        due_at=told.due_at,
        remind_at=remind_at(opens_at, told.due_at, before),
        state="planned",
        opened_by=name,
    )
    chosen = await _chosen(tx, stream, told.recipients)
    incident = await incidents.row(tx, stream, told.incident_id) if told.incident_id else None
    if incident is not None:
        await parties.check_asked(tx, incident.drill_id, now, units=chosen)
    return await _begin(tx, by, call, chosen, now, zone)


async def clone(
    tx: Tx, by: Viewer, call_id: int, told: CloneIn, now: datetime, zone: ZoneInfo
) -> StatusCallFact:
    """Ask the same questions of the same units again, as the next round of the series.

    Raises NotFound, NotPermitted, InvalidInput.
    """
    source = await known_call(tx, by, call_id)
    opens_at = max(told.opens_at or now, now)
    _require_order(opens_at, told.due_at)
    return await next_of(
        tx, by, source, opens_at, told.due_at, now, zone, title=told.title or source.title, name=by.name
    )


async def next_of(
    tx: Tx,
    by: Viewer | None,
    source: StatusCall,
    opens_at: datetime,
    due_at: datetime,
    now: datetime,
    zone: ZoneInfo,
    *,
    title: str,
    name: str,
) -> StatusCallFact:
    """Ask a further round of a source's series; `by` None is the clock."""
    assert source.id is not None and source.series_id is not None
    await calls.locked(tx, source.stream, source.series_id)  # rounds of a series are numbered in turns
    asked = await recipients.facts(tx, source.stream, source.stream, now, call_id=source.id)
    serving = {unit.id for unit in await units.active(tx, source.stream)}
    before = source.due_at - source.remind_at if source.remind_at else None
    call = StatusCall(
        stream=source.stream,
        drill=source.drill,
        series_id=source.series_id,
        round=await calls.next_round(tx, source.series_id),
        title=marked(title, drill=source.drill)[:MOST_TITLE],
        asked_by=source.asked_by,
        note=source.note,
        questions=source.questions,
        incident_id=source.incident_id,
        opens_at=opens_at,
        due_at=due_at,
        remind_at=remind_at(opens_at, due_at, before),
        state="planned",
        opened_by=name,
    )
    chosen = [unit.unit_id for unit in asked if unit.unit_id in serving]
    return await _begin(tx, by, call, chosen, now, zone)


async def close(tx: Tx, by: Viewer, call_id: int, now: datetime) -> StatusCallFact:
    """End a round: nobody is reminded or called any more; what comes later is taken as late.

    Raises NotFound, NotPermitted, StatusCallOver, StatusCallNotAsked.
    """
    call = await call_for_work(tx, by, call_id)
    call.state, call.closed_by, call.closed_at = "closed", by.name, now
    for recipient_id in await recipients.silent(tx, call_id):
        await reaching.withdraw(tx, recipient_id, now)
    return await tell_call(tx, by, call, "status_call.closed", now)


async def cancel(tx: Tx, by: Viewer, call_id: int, told: CancelIn, now: datetime) -> StatusCallFact:
    """Call a planned or open round off; what was answered stays.

    Raises NotFound, NotPermitted, StatusCallOver.
    """
    call = await known_call(tx, by, call_id)
    return await called_off(tx, by, call, by.name, told.reason, now)


async def called_off(
    tx: Tx, by: Viewer | None, call: StatusCall, name: str, reason: str, now: datetime
) -> StatusCallFact:
    """Call a locked round off; `by` None is the house itself. Raises StatusCallOver."""
    if call.state not in {"planned", "open"}:
        raise StatusCallOver
    assert call.id is not None
    call.state, call.closed_by, call.closed_at = "cancelled", name, now
    for recipient_id in await recipients.silent(tx, call.id):
        await reaching.withdraw(tx, recipient_id, now)
    return await tell_call(tx, by, call, "status_call.cancelled", now, reason)


async def _begin(
    tx: Tx,
    by: Viewer | None,
    call: StatusCall,
    unit_ids: Sequence[int],
    now: datetime,
    zone: ZoneInfo,
) -> StatusCallFact:
    tx.add(call)
    await tx.flush()
    assert call.id is not None
    if call.series_id is None:
        call.series_id = call.id
    tx.add_all(
        StatusRecipient(call_id=call.id, unit_id=unit, ordinal=n) for n, unit in enumerate(unit_ids, start=1)
    )
    await tx.flush()
    if call.opens_at > now:
        return await tell_call(tx, by, call, "status_call.planned", now)
    return await reaching.open_round(tx, by, call, now, zone)


def _question(number: int, told: QuestionIn) -> dict[str, object]:
    """Keep of a question what belongs to its kind."""
    of_number = told.kind == "number"
    return {
        "number": number,
        "kind": told.kind,
        "text": told.text,
        "unit": told.unit if of_number else "",
        "minimum": told.minimum if of_number else None,
        "maximum": told.maximum if of_number else None,
        "whole": told.whole,
        "of_people": told.of_people and of_number,
        "cumulative": told.cumulative and of_number,
        "choices": told.choices if told.kind == "choice" else [],
        "optional": told.optional,
    }


async def _chosen(tx: Tx, stream: str, told: RecipientsIn) -> list[int]:
    known = await units.active(tx, stream)
    grouped = await units.of_groups(tx, stream, told.group_ids) if told.group_ids else set()
    picked = grouped | set(told.unit_ids)
    if unknown := set(told.unit_ids) - {unit.id for unit in known}:
        raise NotFound(f"单位{sorted(unknown)[0]}", "unit")
    chosen = [
        unit.id
        for unit in known
        if unit.id in picked
        or (
            told.region_codes
            and within(unit.region_code, told.region_codes)
            and (unit.kind in told.kinds if told.kinds else unit.kind != "department")
        )
    ]
    if not chosen or len(chosen) > MOST_UNITS:
        raise InvalidInput(
            FieldFault(
                "recipients",
                f"所选范围内有{len(chosen)}个单位,应为1–{MOST_UNITS}个",
                f"{len(chosen)} units are chosen: must be 1 to {MOST_UNITS}",
            )
        )
    return chosen


async def _is_drill(tx: Tx, by: Viewer, told: StatusCallIn) -> bool:
    """Return whether a round-up is a drill: of an incident it is what the incident is."""
    if told.incident_id is None:
        return told.drill
    seen = await incidents.seen(tx, by.stream, told.incident_id)
    if seen is None or not may_see(by, seen.concern):
        raise NotFound("该事件", "incident")
    drill = seen.fact.drill_id is not None
    if told.drill and not drill:
        raise InvalidInput(FieldFault("drill", "演练调度不能针对真实事件", "a drill is of no real incident"))
    return drill


def _require_order(opens_at: datetime, due_at: datetime) -> None:
    if due_at <= opens_at:
        raise InvalidInput(
            FieldFault("due_at", "截止时间须晚于发出时间", "the deadline must lie after the asking")
        )
