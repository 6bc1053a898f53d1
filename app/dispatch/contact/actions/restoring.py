"""The task to restore contact: taken, tried rung by rung, closed."""

from __future__ import annotations

from datetime import datetime, timedelta

from app.db import Tx
from app.dispatch.contact.actions.watching import fact_of, look
from app.dispatch.contact.commands import ContactAttemptIn, ContactCloseIn
from app.dispatch.contact.events import ContactTaskChanged
from app.dispatch.contact.facts import (
    ContactBoard,
    ContactMeansFact,
    ContactRungFact,
    ContactTaskFact,
    FrozenSituation,
    UnitContactFact,
)
from app.dispatch.contact.refusals import ContactTaskClosed
from app.dispatch.contact.rules import ContactRules, judge, next_rung
from app.dispatch.contact.store import units
from app.dispatch.contact.store.units import Unit
from app.dispatch.contact.tables import ContactAttempt, ContactTask, UnitContact
from app.journal import store as journal
from app.org.rules.access import Concern, Viewer, actor, require
from app.refusals import FieldFault, InvalidInput, NotFound
from app.times import three_times

LATELY = timedelta(hours=12)
_ORDER = {"lost": 0, "limited": 1, "amber": 2, "ok": 3}
MOST_ATTEMPTS = 500


async def board(tx: Tx, by: Viewer, rules: ContactRules, now: datetime) -> ContactBoard:
    """Return the watched units of a scope, those out of contact first, each with which means work."""
    require(by, "see_desk")
    since = await units.listening_since(tx, by.stream, now)
    known = await units.contacts(tx, by.stream)
    tasks = {row.unit: row for row in await units.tasks(tx, by.stream, by.scope, closed_after=now)}
    tried = await units.attempts(tx, [row.id or 0 for row in tasks.values()])
    facts: list[UnitContactFact] = []
    for unit in (await units.units(tx, by.stream, now)).values():
        if not by.covers(unit.region_code) or unit.kind not in rules.watched:
            continue
        verdict = judge(unit.signs, rules.watched[unit.kind], rules, since, now)
        if verdict is None:
            continue
        task = tasks.get(unit.unit)
        told = None
        if task is not None:
            mine = tried.get(task.id or 0, [])
            rung = next_rung(rules.ladder, (one.means for one in mine))
            told = units.task_fact(task, mine, rung.id if rung else None)
        # What is declared stands; a colour that nobody declared yet may run ahead by one look.
        facts.append(_on_board(unit, known.get(unit.unit), verdict.heartbeat_at, told, rules, now))
    facts.sort(key=lambda one: (_ORDER[one.state], one.unit))
    ladder = [ContactRungFact(id=one.id, zh=one.zh, en=one.en) for one in rules.ladder]
    return ContactBoard(at=now, units=facts, watched=len(facts), ladder=ladder)


def _on_board(
    unit: Unit,
    row: UnitContact | None,
    heartbeat_at: datetime,
    task: ContactTaskFact | None,
    rules: ContactRules,
    now: datetime,
) -> UnitContactFact:
    out = row is not None and row.state in ("lost", "limited")
    fresh = rules.watched[unit.kind].red
    return UnitContactFact(
        unit=unit.unit,
        kind=unit.kind,
        name_zh=unit.name_zh,
        region_code=unit.region_code,
        lon=unit.lon,
        lat=unit.lat,
        phone=unit.phone,
        state=row.state if row else "ok",
        since=row.since if row else heartbeat_at,
        heartbeat_at=row.heartbeat_at if row and out else heartbeat_at,
        means=[
            ContactMeansFact(
                means=means,
                at=at,
                works=now - at
                <= (fresh if means in rules.watched[unit.kind].heartbeats else rules.means_fresh),
            )
            for means, at in sorted(unit.signs.items(), key=lambda one: one[1], reverse=True)
        ],
        frozen=FrozenSituation.model_validate(row.frozen) if row and out and row.frozen else None,
        task=task,
    )


async def listed(tx: Tx, by: Viewer, rules: ContactRules, now: datetime) -> list[ContactTaskFact]:
    """Return the open tasks of a scope and those closed in the last twelve hours."""
    require(by, "see_desk")
    rows = await units.tasks(tx, by.stream, by.scope, closed_after=now - LATELY)
    return [await fact_of(tx, row, rules) for row in rows]


async def take(tx: Tx, by: Viewer, task_id: int, rules: ContactRules, now: datetime) -> ContactTaskFact:
    """Make a task one's own. Raises ContactTaskClosed, NotFound, NotPermitted."""
    task = await _open(tx, by, task_id)
    task.owner = by.name
    await tx.flush()
    fact = await fact_of(tx, task, rules)
    await _tell(tx, by, ContactTaskChanged(type="contact.taken", task=fact), now)
    return fact


async def attempt(
    tx: Tx, by: Viewer, task_id: int, told: ContactAttemptIn, rules: ContactRules, now: datetime
) -> ContactTaskFact:
    """Write down a try and what came of it; who was reached gave a sign of life by that means.

    Raises ContactTaskClosed, InvalidInput, NotFound, NotPermitted.
    """
    task = await _open(tx, by, task_id)
    assert task.id is not None
    if told.means not in {rung.id for rung in rules.ladder}:
        raise InvalidInput(
            FieldFault("means", "没有这种联络手段,请从梯级中选择", "no such means: choose one of the ladder")
        )
    if len((await units.attempts(tx, [task.id])).get(task.id, [])) >= MOST_ATTEMPTS:
        raise InvalidInput(
            FieldFault("means", "尝试次数已达上限,请办结后另开", "too many attempts: close this task first")
        )
    happened_at, told_at = three_times(told.happened_at, told.told_at, now, "happened_at")
    row = ContactAttempt(
        task_id=task.id,
        means=told.means,
        result=told.result,
        words=told.words,
        voucher=told.voucher,
        happened_at=happened_at,
        told_at=told_at,
        entered_at=now,
        entered_by=by.name,
    )
    tx.add(row)
    await tx.flush()
    if told.result == "reached":
        await units.note_signs(tx, by.stream, [task.unit], told.means, happened_at)
    event = ContactTaskChanged(
        type="contact.attempted", task=await fact_of(tx, task, rules), attempt=units.attempt_fact(row)
    )
    await _tell(tx, by, event, now)
    await look(tx, by.stream, rules, now)
    return await fact_of(tx, task, rules)


async def close(
    tx: Tx, by: Viewer, task_id: int, told: ContactCloseIn, rules: ContactRules, now: datetime
) -> ContactTaskFact:
    """Close a task by one's own word. Raises ContactTaskClosed, NotFound, NotPermitted."""
    task = await _open(tx, by, task_id)
    task.closed_at, task.closed_by, task.closed_how = now, by.name, told.reason
    await tx.flush()
    fact = await fact_of(tx, task, rules)
    await _tell(tx, by, ContactTaskChanged(type="contact.task_closed", task=fact), now)
    return fact


async def _open(tx: Tx, by: Viewer, task_id: int) -> ContactTask:
    require(by, "command")
    task = await units.task(tx, by.stream, by.scope, task_id)
    if task is None:
        raise NotFound("该恢复联络任务", "task to restore contact")
    if task.closed_at is not None:
        raise ContactTaskClosed(task.closed_by)
    return task


async def _tell(tx: Tx, by: Viewer, event: ContactTaskChanged, now: datetime) -> None:
    entry = journal.Entry(event, Concern((event.task.region_code,)))
    await journal.append(tx, by.stream, now, [entry], actor(by))
