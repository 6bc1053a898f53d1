"""A task is found and goes through its loop; each step is kept as it was told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from app.db import Tx
from app.journal import store as journal
from app.org import store as org
from app.org.rules.access import Concern, Viewer, actor, require
from app.refusals import FieldFault, InvalidInput, NotFound, NotPermitted
from app.task import store
from app.task.commands import LoopIn, TaskArrivalIn, TaskStepIn
from app.task.events import TaskMoved
from app.task.facts import TaskDetail, TaskFact
from app.task.refusals import (
    CheckedByAnother,
    NotAllReported,
    NotCalled,
    NoWhistle,
    TaskStale,
    TaskStepRefused,
)
from app.task.rules import OPEN, STEPS, report_within
from app.task.tables import Task, TaskArrival, TaskNote


@dataclass(frozen=True, slots=True)
class Source:
    """What tasks come of."""

    kind: str = ""
    id: int | None = None
    words: str = ""


async def find(tx: Tx, by: Viewer, told: LoopIn, now: datetime, source: Source | None = None) -> TaskFact:
    """Write down what was found; it is assigned at once where somebody is named.

    Raises NotPermitted, InvalidInput.
    """
    facts, entries = await found(tx, by, [told], now, source or Source())
    await journal.append(tx, by.stream, now, entries, actor(by))
    return facts[0]


async def found(
    tx: Tx, by: Viewer, told: Sequence[LoopIn], now: datetime, source: Source
) -> tuple[list[TaskFact], list[journal.Entry]]:
    """Write down what was found; return it, and what the caller's journal says of it."""
    require(by, "command")
    facts, entries = [], []
    for one in told:
        if not by.covers(one.region_code) or await org.region(tx, one.region_code) is None:
            raise NotPermitted
        lead = one.unit_id or next(iter(one.units), None)
        for unit in {lead, *one.units}:
            await _known_unit(tx, by, unit)
        row = Task(
            stream=by.stream,
            **one.model_dump(exclude={"units", "unit_id"}),
            unit_id=lead,
            source_kind=source.kind,
            source_id=source.id,
            source_words=source.words,
            found_by=by.name,
            found_at=now,
        )
        if lead is not None or one.owner:
            row.state, row.assigned_by, row.assigned_at = "assigned", by.name, now
        tx.add(row)
        await tx.flush()
        due = now + report_within(urgent=one.urgent)
        tx.add_all(TaskArrival(task_id=row.id or 0, unit_id=unit, due_at=due) for unit in one.units)
        fact, entry = await _told(tx, by, row, "task.found", "find", one.text, now)
        facts.append(fact)
        entries.append(entry)
    return facts, entries


async def step(tx: Tx, by: Viewer, task_id: int, told: TaskStepIn, now: datetime) -> TaskFact:
    """Take the next step of a task of one's scope.

    Who put it right does not check it. Raises TaskStale, TaskStepRefused, CheckedByAnother, NotAllReported,
    NotFound, NotPermitted, InvalidInput.
    """
    row = await _mine(tx, by, task_id)
    if row.revision != told.revision:
        raise TaskStale
    state = STEPS.get((row.state, told.step))
    if state is None:
        raise TaskStepRefused(row.state)
    if told.step in ("return", "drop") and not told.words:
        raise InvalidInput(FieldFault("words", "请写明原因", "say why"))
    await _take(tx, by, row, told, now)
    row.state, row.revision = state, row.revision + 1
    fact, entry = await _told(tx, by, row, "task.moved", told.step, told.words, now)
    await journal.append(tx, by.stream, now, [entry], actor(by))
    return fact


async def arrive(tx: Tx, by: Viewer, task_id: int, told: TaskArrivalIn, now: datetime) -> TaskFact:
    """Write down that a department which a whistle calls is on site (报到).

    Raises NotCalled, TaskStepRefused, NotFound, NotPermitted.
    """
    row = await _mine(tx, by, task_id)
    if row.state not in OPEN:
        raise TaskStepRefused(row.state)
    called = {one.unit_id: one for one in await store.arrivals(tx, task_id)}
    one = called.get(told.unit_id)
    if one is None or one.arrived_at is not None:
        raise NotCalled
    one.arrived_at = max(row.found_at, min(told.at or now, now))
    one.arrived_name, one.told_by = told.name, by.name
    row.revision += 1
    fact, entry = await _told(tx, by, row, "task.moved", "arrive", told.name, now)
    await journal.append(tx, by.stream, now, [entry], actor(by))
    return fact


async def convert(
    tx: Tx, by: Viewer, task_id: int, incident_id: int, number: str, now: datetime
) -> journal.Entry:
    """Let an open whistle go on as an incident; return what the caller's journal says of it.

    Raises NoWhistle, NotFound, NotPermitted.
    """
    row = await _mine(tx, by, task_id)
    if row.kind != "whistle" or row.state not in OPEN:
        raise NoWhistle
    row.state, row.incident_id, row.ended_by, row.ended_at = "converted", incident_id, by.name, now
    row.revision += 1
    _, entry = await _told(tx, by, row, "task.moved", "convert", number, now)
    return entry


async def overdue(tx: Tx, stream: str, task_id: int, now: datetime) -> bool:
    """Tell once that departments have not come in time to a whistle's place. The house does so by itself."""
    row = await store.locked(tx, stream, task_id)
    if row is None or row.state not in OPEN:
        return False
    waiting = [
        one
        for one in await store.arrivals(tx, task_id)
        if one.arrived_at is None and one.overdue_at is None and one.due_at < now
    ]
    for one in waiting:
        one.overdue_at = now
    if waiting:
        await tx.flush()
        fact = await store.fact(tx, task_id)
        words = "、".join(one.unit_name for one in fact.arrivals if one.overdue_at == now)
        event = TaskMoved(type="task.overdue", task=fact, step="overdue", words=words)
        await journal.append(tx, stream, now, [journal.Entry(event, Concern((row.region_code,)))])
    return bool(waiting)


async def _mine(tx: Tx, by: Viewer, task_id: int) -> Task:
    require(by, "command")
    row = await store.locked(tx, by.stream, task_id)
    if row is None or not by.covers(row.region_code):
        raise NotFound("该任务", "task")
    return row


async def detail(tx: Tx, by: Viewer, task_id: int) -> TaskDetail:
    """Return a task of one's scope with every step. Raises NotFound, NotPermitted."""
    require(by, "see_desk")
    fact = await store.seen(tx, by, task_id)
    if fact is None:
        raise NotFound("该任务", "task")
    return TaskDetail(**fact.model_dump(), notes=await store.notes(tx, task_id))


async def _take(tx: Tx, by: Viewer, row: Task, told: TaskStepIn, now: datetime) -> None:
    if told.step == "assign":
        if told.unit_id is None and not told.owner:
            raise InvalidInput(
                FieldFault("unit_id", "请选择责任单位或填写责任人", "name the unit or the person")
            )
        await _known_unit(tx, by, told.unit_id)
        row.unit_id, row.owner, row.due_at = told.unit_id, told.owner, told.due_at or row.due_at
        row.assigned_by, row.assigned_at = by.name, now
    elif told.step == "fix":
        if not told.words:
            await _all_reported(tx, row)
        row.fixed_by, row.fixed_at = by.name, now
    elif told.step == "check":
        if row.fixed_by == by.name:
            raise CheckedByAnother
        row.checked_by, row.checked_at = by.name, now
    elif told.step == "return":
        row.fixed_by = row.fixed_at = row.checked_by = row.checked_at = None
        row.returns += 1
    else:
        row.ended_by, row.ended_at = by.name, now


async def _all_reported(tx: Tx, row: Task) -> None:
    fact = await store.fact(tx, row.id or 0)
    missing = [one.unit_name for one in fact.arrivals if one.arrived_at is None]
    if missing:
        raise NotAllReported("、".join(missing), ", ".join(missing))


async def _known_unit(tx: Tx, by: Viewer, unit_id: int | None) -> None:
    if unit_id is not None and not await store.unit_is_known(tx, by.stream, unit_id):
        raise InvalidInput(
            FieldFault("unit_id", "没有这个单位,请从列表中选择", "no such unit: pick one of the list")
        )


async def _told(
    tx: Tx, by: Viewer, row: Task, type_: str, step_: str, words: str, now: datetime
) -> tuple[TaskFact, journal.Entry]:
    tx.add(TaskNote(task_id=row.id or 0, step=step_, words=words, by_name=by.name, at=now))
    await tx.flush()
    fact = await store.fact(tx, row.id or 0)
    event = TaskMoved(type=type_, task=fact, step=step_, words=words)
    return fact, journal.Entry(event, Concern((row.region_code,)))
