"""A round put together: its lines, totals, texts; kept as one version; the trend of a series."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from app.db import Tx
from app.dispatch.secrecy import store as secrecy
from app.dispatch.status_call.actions.access import at_centre, centre_of, known_call
from app.dispatch.status_call.actions.refusals import StatusCallNotAsked
from app.dispatch.status_call.actions.telling import fact_of
from app.dispatch.status_call.events import StatusSummarised
from app.dispatch.status_call.facts import (
    CountFact,
    LackedFact,
    QuestionTotalFact,
    StatusCallDetail,
    StatusRecipientFact,
    StatusRoundFact,
    StatusSummaryFact,
)
from app.dispatch.status_call.rules.sheet import Question, Value
from app.dispatch.status_call.rules.totals import Total, totals
from app.dispatch.status_call.store import calls, recipients, units
from app.dispatch.status_call.tables import StatusSummary
from app.journal import store as journal
from app.org.rules.access import Viewer, actor
from app.refusals import NotFound

LAST_ROUNDS = 60


async def detail(tx: Tx, by: Viewer, call_id: int, now: datetime) -> StatusCallDetail:
    """Return a round as this person may see it. Raises NotFound."""
    own_unit = await units.unit_of_person(tx, by.person_id)
    scope = by.scope if by.may("see_desk") else "-"
    fact = await calls.fact(tx, by, by.stream, scope, call_id, own_unit)
    if fact is None:
        raise NotFound("该次调度", "status round-up")
    rows = await recipients.facts(tx, by.stream, scope, now, call_id=call_id, unit_id=own_unit, by=by)
    whole = at_centre(by) and await secrecy.knows(tx, by, fact.incident_id)
    repeat = await calls.repeat_of(tx, fact.series_id) if whole else None
    return StatusCallDetail(
        **dict(fact),
        units=rows,
        totals=_totals(await _questions(tx, by.stream, call_id), rows),
        texts=await recipients.texts(tx, call_id) if whole else [],
        repeat=calls.repeat_fact(repeat) if repeat else None,
    )


async def keep(tx: Tx, by: Viewer, call_id: int, now: datetime) -> StatusSummaryFact:
    """Keep a round as it stands now as the next version of its summary.

    Raises NotFound, NotPermitted, StatusCallNotAsked.
    """
    call = await known_call(tx, by, call_id)
    if call.opened_at is None:
        raise StatusCallNotAsked
    version = await calls.next_summary(tx, call_id)
    told = await detail(tx, by, call_id, now)
    tx.add(
        StatusSummary(
            call_id=call_id,
            version=version,
            made_by=by.name,
            made_at=now,
            detail=told.model_dump(mode="json"),
        )
    )
    fact = await fact_of(tx, call)
    event = StatusSummarised(type="status_call.summarised", status_call=fact, version=version)
    entry = journal.Entry(event, await centre_of(tx, call), call.incident_id)
    await journal.append(tx, by.stream, now, [entry], actor(by))
    kept = await calls.summary(tx, call_id, version)
    assert kept is not None
    return kept


async def kept_version(tx: Tx, by: Viewer, call_id: int, version: int) -> StatusSummaryFact:
    """Return a kept version. Raises NotFound, NotPermitted below the centre."""
    require_reader_at_centre(by)
    known = await calls.fact(tx, by, by.stream, by.scope, call_id)
    whole = known is not None and await secrecy.knows(tx, by, known.incident_id)
    found = await calls.summary(tx, call_id, version) if whole else None
    if found is None:
        raise NotFound("该汇总", "summary")
    return found


def require_reader_at_centre(by: Viewer) -> None:
    """Raise NotFound for whoever does not read the desk of the whole county."""
    if not by.may("see_desk") or not at_centre(by):
        raise NotFound("该汇总", "summary")


async def trend(tx: Tx, by: Viewer, call_id: int, now: datetime) -> list[StatusRoundFact]:
    """Return the totals of the series' rounds, oldest first, of the units in the scope. Raises NotFound."""
    known = await calls.fact(tx, by, by.stream, by.scope, call_id) if by.may("see_desk") else None
    if known is None:
        raise NotFound("该次调度", "status round-up")
    found = []
    for call in await calls.rounds_of(tx, known.series_id, LAST_ROUNDS):
        rows = await recipients.facts(tx, by.stream, by.scope, now, call_id=call.id, by=by)
        if not rows:
            continue
        sums = totals(calls.questions_of(call.questions), _latest(rows))
        found.append(
            StatusRoundFact(
                call_id=call.id or 0,
                round=call.round,
                due_at=call.due_at,
                recipients=len(rows),
                answered=sum(bool(row.answers) for row in rows),
                late=sum(bool(row.late_minutes) for row in rows),
                totals={str(one.number): one.total for one in sums if one.total is not None},
            )
        )
    return found


async def _questions(tx: Tx, stream: str, call_id: int) -> tuple[Question, ...]:
    fact = await calls.fact(tx, None, stream, stream, call_id)
    assert fact is not None
    return calls.questions_of([question.model_dump() for question in fact.questions])


def _latest(rows: Sequence[StatusRecipientFact]) -> dict[str, Mapping[int, Value]]:
    """Return the last answer of each unit; by name and number, as two units may share a name."""
    return {
        row.unit_name: {int(number): value for number, value in row.answers[-1].values.items()}
        for row in rows
        if row.answers
    }


def _totals(questions: Sequence[Question], rows: Sequence[StatusRecipientFact]) -> list[QuestionTotalFact]:
    return [_total(one) for one in totals(questions, _latest(rows))]


def _total(one: Total) -> QuestionTotalFact:
    return QuestionTotalFact(
        number=one.number,
        answered=one.answered,
        total=one.total,
        counts=[CountFact(word=word, count=count) for word, count in one.counts],
        lacking=[
            LackedFact(item=lack.item, quantity=lack.quantity, unit=lack.unit, who=list(lack.who))
            for lack in one.lacking
        ],
    )
