"""A unit reads the questions, answers, corrects; the desk writes down what it was told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime

from app.db import Tx
from app.delivery import messages
from app.dispatch.status_call.actions import reaching
from app.dispatch.status_call.actions.access import recipient_for_answer
from app.dispatch.status_call.actions.refusals import ReasonNeeded, StatusCallNotAsked, StatusCallOver
from app.dispatch.status_call.actions.telling import RecipientType, tell_units
from app.dispatch.status_call.commands import StatusAnswerIn
from app.dispatch.status_call.facts import AnswerSource, StatusRecipientFact
from app.dispatch.status_call.rules.sheet import (
    Value,
    ValueFault,
    doubts,
    faults,
    nothing_to_report,
)
from app.dispatch.status_call.rules.times import late_minutes
from app.dispatch.status_call.store import calls, recipients, units
from app.dispatch.status_call.tables import StatusAnswer, StatusCall, StatusRecipient
from app.org.rules.access import Viewer
from app.refusals import FieldFault, InvalidInput, NotFound, NotPermitted


@dataclass(frozen=True, slots=True)
class Given:
    """An answer on its way into the book: what was said, by whom, how and when."""

    nothing: bool
    values: Mapping[int, Value]
    source: AnswerSource
    told_by: str
    told_at: datetime
    as_of: datetime
    entered_by: str
    note: str = ""
    voucher: str = ""
    reason: str = ""


async def read(tx: Tx, by: Viewer, recipient_id: int, now: datetime) -> StatusRecipientFact:
    """Note that somebody of the unit has the questions before his eyes; once is enough. Raises NotFound."""
    call, row, _, own = await recipient_for_answer(tx, by, recipient_id)
    if not own or call.state == "planned":
        raise NotFound("该填报单位", "recipient")
    if row.read_at is not None:
        (fact,) = await recipients.facts(tx, by.stream, by.stream, now, ids=[recipient_id])
        return fact
    row.read_at, row.read_by = now, by.name
    await messages.arrived(tx, await recipients.unended_notices(tx, recipient_id), now)
    (fact,) = await tell_units(tx, by, call, [recipient_id], "status_call.read", now)
    return fact


async def answer(
    tx: Tx, by: Viewer, recipient_id: int, told: StatusAnswerIn, now: datetime
) -> StatusRecipientFact:
    """Take a unit's answer over the app, or what the desk was told over another means.

    Raises NotFound, NotPermitted, InvalidInput, StatusCallOver, StatusCallNotAsked, ReasonNeeded.
    """
    call, row, _, own = await recipient_for_answer(tx, by, recipient_id)
    if told.source == "app" and not own:
        raise NotPermitted  # the centre writes down what it was told, it does not answer for others
    told_at = _told_at(call, told, now)
    given = Given(
        nothing=told.nothing,
        values={int(number): value for number, value in told.values.items()},
        source=told.source,
        told_by=told.told_by or (by.name if told.source == "app" else ""),
        told_at=told_at,
        as_of=told.as_of or told_at,
        entered_by=by.name,
        note=told.note,
        voucher=told.voucher,
        reason=told.reason,
    )
    if not given.told_by:
        raise InvalidInput(FieldFault("told_by", "请写明是谁报告的", "say who told it"))
    if given.as_of > told_at:
        raise InvalidInput(
            FieldFault("as_of", "数据时间不能晚于报告时间", "figures cannot be younger than their telling")
        )
    return await take(tx, by, call, row, given, now)


async def take(
    tx: Tx, by: Viewer | None, call: StatusCall, row: StatusRecipient, given: Given, now: datetime
) -> StatusRecipientFact:
    """Add a version to a locked round. `by` None: a text brought it.

    Raises StatusCallOver, StatusCallNotAsked, ReasonNeeded, InvalidInput that names the questions.
    """
    assert row.id is not None
    if call.state == "planned":
        raise StatusCallNotAsked
    if call.state == "cancelled":
        raise StatusCallOver
    version = await recipients.last_version(tx, row.id) + 1
    if version > 1 and not given.reason:
        raise ReasonNeeded
    tx.add(await _written(tx, call, row, given, version, now))
    if row.read_at is None:
        row.read_at, row.read_by = now, by.name if by else given.told_by
    await reaching.withdraw(tx, row.id, now)
    type_: RecipientType = "status_call.answered" if version == 1 else "status_call.corrected"
    (fact,) = await tell_units(tx, by, call, [row.id], type_, now)
    return fact


def faults_of(call: StatusCall, given: Given) -> list[ValueFault]:
    """Return what cannot be taken of an answer; a zero report says nothing that could be wrong."""
    questions = calls.questions_of(call.questions)
    if given.nothing:
        extra = ValueFault(0, "报“无情况”时不填数值", "nothing to report has no values")
        return [extra] if given.values else []
    return faults(questions, given.values)


async def _written(
    tx: Tx, call: StatusCall, row: StatusRecipient, given: Given, version: int, now: datetime
) -> StatusAnswer:
    if wrong := faults_of(call, given):
        raise InvalidInput(*(FieldFault(f"values.{one.number}", one.zh, one.en) for one in wrong))
    assert row.id is not None and call.series_id is not None
    questions = calls.questions_of(call.questions)
    values = nothing_to_report(questions) if given.nothing else given.values
    _, population = await units.place_of(tx, row.unit_id)
    last = await recipients.last_round_values(tx, call.series_id, call.round, row.unit_id)
    return StatusAnswer(
        recipient_id=row.id,
        version=version,
        nothing=given.nothing,
        told={str(number): value for number, value in sorted(values.items())},
        doubts=[asdict(one) for one in doubts(questions, values, population, last)],
        note=given.note,
        source=given.source,
        told_by=given.told_by,
        voucher=given.voucher,
        reason=given.reason if version > 1 else "",
        as_of=given.as_of,
        told_at=given.told_at,
        entered_at=now,
        entered_by=given.entered_by,
        late_minutes=late_minutes(call.due_at, given.told_at),
    )


def _told_at(call: StatusCall, told: StatusAnswerIn, now: datetime) -> datetime:
    """Return when it was told: over the app now; the desk may write down later what it was told."""
    if told.source == "app" or told.told_at is None:
        return now
    if told.told_at > now or (call.opened_at and told.told_at < call.opened_at):
        raise InvalidInput(
            FieldFault(
                "told_at", "报告时间应在发出调度之后、现在之前", "it was told after the asking and before now"
            )
        )
    return told.told_at
