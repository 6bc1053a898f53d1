"""A card is proposed and approved: all its tasks go out in one action. Its level moves, and it ends."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from app.db import Tx
from app.dispatch.order.actions.issuing import Series
from app.dispatch.order.actions.together import send_together, take_back
from app.dispatch.order.commands import IssueIn, OrderIn, RecipientIn, TaskIn
from app.dispatch.secrecy import store as secrecies
from app.filing.rules.numbers import DRILL_MARK
from app.journal import store as journal
from app.journal.store import Entry
from app.org.rules.access import Concern, Viewer, actor, require
from app.refusals import NotFound, NotPermitted
from app.response.plan.actions.cards import card_of
from app.response.plan.actions.proposing import incident_of, require_areas
from app.response.plan.actions.resolving import Receiver, resolve
from app.response.plan.commands import CauseIn, DecideIn, PlanDecideIn, PlanEndIn, PlanRunIn
from app.response.plan.events import PlanRunChanged
from app.response.plan.facts import PlanRunFact
from app.response.plan.refusals import NoCard, NothingResolved, RunDecided, RunIsLed
from app.response.plan.rules.card import CardTask
from app.response.plan.rules.change import Change, change, ended
from app.response.plan.store import plans, runs
from app.response.plan.tables import PlanRun, PlanTask

What = Literal["plan.proposed", "plan.approved", "plan.refused", "plan.ended"]
_DONE = {"running": "批准启动", "refused": "否决", "ended": "终止"}


@dataclass(frozen=True, slots=True)
class Decider:
    """Who acts, when, as what, and how orders are numbered."""

    by: Viewer
    told: DecideIn
    now: datetime
    series: Series

    @property
    def consent(self) -> IssueIn:
        """The same as orders are issued with."""
        return IssueIn(
            revision=1,
            issued_as=self.told.decided_as,
            consent_of=self.told.consent_of,
            consent_at=self.told.consent_at,
        )


async def propose(tx: Tx, by: Viewer, told: PlanRunIn, now: datetime) -> PlanRunFact:
    """Propose a card for a cause. Raises NotFound, NotPermitted, InvalidInput, NoCard."""
    require(by, "command")
    row = await begun(tx, by, told, told.plan_id, told.level, now)
    entry = await _entry(tx, row, "plan.proposed")
    await journal.append(tx, by.stream, now, [entry], actor(by))
    return await _fact(tx, by, row)


async def decide(
    tx: Tx, by: Viewer, run_id: int, told: PlanDecideIn, now: datetime, series: Series
) -> PlanRunFact:
    """Approve a proposed card, all its tasks go out; or refuse it. The same decision twice is one.

    Raises RunDecided, NothingResolved, LeaderMustConsent, NotFound, NotPermitted, InvalidInput.
    """
    row = await own(tx, by, run_id)
    if row.led:
        raise RunIsLed
    wanted = "running" if told.approved else "refused"
    if row.state == wanted and row.decided_account == by.account_id:
        return await _fact(tx, by, row)
    if row.state != "proposed":
        raise RunDecided(row.decided_by or row.ended_by or "", _DONE[row.state])
    entries: list[Entry] = []
    decider = Decider(by, told, now, series)
    if told.approved:
        entries = await start(tx, row, decider)
        entries.append(await _entry(tx, row, "plan.approved"))
    else:
        if told.decided_as != "oral_consent":
            require(by, "approve_duty")
        _note_decision(row, decider, "refused")
        entries.append(await _entry(tx, row, "plan.refused"))
    await journal.append(tx, by.stream, now, entries, actor(by))
    return await _fact(tx, by, row)


async def end(tx: Tx, by: Viewer, run_id: int, told: PlanEndIn, now: datetime, series: Series) -> PlanRunFact:
    """End a card in force: what may stop is withdrawn and told, the rest is finished.

    Raises RunDecided, RunIsLed, NotFound, NotPermitted.
    """
    require(by, "approve_duty")
    row = await own(tx, by, run_id)
    if row.led:
        raise RunIsLed
    if row.state != "running":
        raise RunDecided(row.ended_by or row.decided_by or "", _DONE.get(row.state, row.state))
    entries = await finish(tx, row, by, told.reason, now, series)
    entries.append(await _entry(tx, row, "plan.ended"))
    await journal.append(tx, by.stream, now, entries, actor(by))
    return await _fact(tx, by, row)


async def begun(
    tx: Tx, by: Viewer, told: CauseIn, plan_id: int, level: int, now: datetime, *, led: bool = False
) -> PlanRun:
    """Write a proposed card and tell nobody yet. Raises NotFound, NoCard, InvalidInput."""
    require_areas(by, told)
    plan = await plans.locked(tx, by.stream, plan_id)
    if plan is None or plan.retired_at is not None:
        raise NotFound("该现行预案", "plan in use")
    card, version = await card_of(tx, plan_id)
    if not card.at(level) and not led:
        raise NoCard(level)
    row = PlanRun(
        stream=by.stream,
        region_code=by.scope.ljust(12, "0"),
        plan_id=plan_id,
        card_version=version,
        level=level,
        **told.model_dump(include={"cause_kind", "cause_id", "cause_words", "region_codes", "drill"}),
        incident_id=await incident_of(tx, by, told),
        led=led,
        proposed_by=by.name,
        proposed_at=now,
    )
    tx.add(row)
    await tx.flush()
    return row


async def start(tx: Tx, row: PlanRun, decider: Decider) -> list[Entry]:
    """Put a proposed card into force: all its tasks go out. Returns what the caller's journal says."""
    _note_decision(row, decider, "running")
    card, _ = await card_of(tx, row.plan_id, row.card_version)
    return await _apply(tx, row, change(card, row.level, ()), decider, "")


async def move(tx: Tx, row: PlanRun, level: int, decider: Decider, reason: str) -> list[Entry]:
    """Move a card in force to a level: only what is new goes out, what may stop is withdrawn and told."""
    card, _ = await card_of(tx, row.plan_id, row.card_version)
    out = [task.key for task in await runs.out(tx, row.id or 0)]
    finished, before = await runs.finished(tx, row.id or 0), row.level
    row.level = level
    return await _apply(tx, row, change(card, level, out, finished, before), decider, reason)


async def finish(tx: Tx, row: PlanRun, by: Viewer, reason: str, now: datetime, series: Series) -> list[Entry]:
    """End a card in force. Returns what the caller's journal says."""
    card, _ = await card_of(tx, row.plan_id, row.card_version)
    out = [task.key for task in await runs.out(tx, row.id or 0)]
    gone = ended(card, out, await runs.finished(tx, row.id or 0)).withdraw
    entries = await _withdraw(tx, row, gone, by, reason, now, series)
    row.state, row.ended_by, row.ended_at, row.ended_reason = "ended", by.name, now, reason
    return entries


async def over(tx: Tx, row: PlanRun, by: Viewer, reason: str, now: datetime) -> Entry:
    """End a card whose drill is over and whose orders were taken back already; a proposed one is refused."""
    if row.state == "proposed":
        row.state, row.decided_by, row.decided_at, row.remark = "refused", by.name, now, reason
        return await _entry(tx, row, "plan.refused")
    row.state, row.ended_by, row.ended_at, row.ended_reason = "ended", by.name, now, reason
    return await _entry(tx, row, "plan.ended")


async def own(tx: Tx, by: Viewer, run_id: int) -> PlanRun:
    """Return a card of this desk, locked. Raises NotFound, NotPermitted."""
    require(by, "command")
    row = await runs.locked(tx, by.stream, run_id)
    if row is None or await runs.seen(tx, by, run_id) is None:
        raise NotFound("该次启动", "card in force")
    if not by.covers(row.region_code):
        raise NotPermitted
    return row


async def _apply(tx: Tx, row: PlanRun, told: Change, decider: Decider, reason: str) -> list[Entry]:
    entries = await _withdraw(tx, row, told.withdraw, decider.by, reason, decider.now, decider.series)
    resolved = await resolve(tx, row.stream, told.send, row.region_codes, decider.now)
    reachable = [task for task in told.send if resolved[task.key].receivers]
    if told.send and not reachable and not row.led:
        raise NothingResolved([task.to for task in told.send])
    plan = await plans.brief(tx, row.plan_id)
    orders = [
        _order(row, plan.name_zh, task, resolved[task.key].receivers, decider.now) for task in reachable
    ]
    ids, issued = await send_together(tx, decider.by, orders, decider.consent, decider.now, decider.series)
    numbers = dict(zip((task.key for task in reachable), ids, strict=True))
    for ordinal, task in enumerate(told.send, start=1):
        tx.add(
            PlanTask(
                run_id=row.id or 0,
                ordinal=ordinal,
                key=task.key,
                level=row.level,
                to=task.to,
                text=task.text,
                document=task.document,
                stops=task.stops,
                due_at=decider.now + timedelta(minutes=task.due_min),
                order_id=numbers.get(task.key),
                unresolved=resolved[task.key].zh,
                sent_at=decider.now,
            )
        )
    await tx.flush()
    return [*entries, *issued]


async def _withdraw(
    tx: Tx, row: PlanRun, keys: Sequence[str], by: Viewer, reason: str, now: datetime, series: Series
) -> list[Entry]:
    entries: list[Entry] = []
    for task in await runs.out(tx, row.id or 0):
        if task.key not in keys:
            continue
        if task.order_id is not None:
            entry = await take_back(tx, by, task.order_id, reason, now, series.zone)
            entries += [entry] if entry is not None else []
        task.withdrawn_at, task.withdrawn_by, task.withdrawn_reason = now, by.name, reason
    await tx.flush()
    return entries


def _order(row: PlanRun, plan: str, task: CardTask, receivers: Sequence[Receiver], now: datetime) -> OrderIn:
    mark = DRILL_MARK if row.drill else ""
    by_document = f"({task.document})" if task.document else ""
    return OrderIn(
        title=f"{mark}{task.text}"[:80],
        text=f"{mark}依据《{plan}》行动卡{by_document}。起因:{row.cause_words}",
        drill=row.drill,
        basis="plan_card",
        basis_text=f"{mark}{plan}行动卡第{row.card_version}版"[:200],
        incident_id=row.incident_id,
        recipients=[RecipientIn(unit_id=one.unit_id, person_id=one.person_id) for one in receivers],
        tasks=[TaskIn(kind=task.kind, text=mark + task.text, due_at=now + timedelta(minutes=task.due_min))],
        report_requirement="完成后即时反馈",
    )


def _note_decision(row: PlanRun, decider: Decider, state: str) -> None:
    told, by = decider.told, decider.by
    oral = told.decided_as == "oral_consent"
    row.state, row.decided_by, row.decided_as = state, by.name, told.decided_as
    row.decided_account, row.decided_at, row.remark = by.account_id, decider.now, told.remark
    row.consent_of = told.consent_of if oral else by.name
    row.consent_at = told.consent_at if oral else decider.now


async def _entry(tx: Tx, row: PlanRun, type_: What) -> Entry:
    await tx.flush()
    event = PlanRunChanged(type=type_, run=await runs.brief(tx, row.id or 0))
    return Entry(event, await concern(tx, row), row.incident_id)


async def concern(tx: Tx, row: PlanRun) -> Concern:
    """Return whom a card concerns: the desk, and once in force the places of its area."""
    secrecy = await secrecies.of_incident(tx, row.incident_id)
    places = row.region_codes or await runs.townships(tx, row.stream)
    told = places if row.state in ("running", "ended") else []
    return Concern(
        tuple(dict.fromkeys([row.region_code, *told])), restricted=secrecy.restricted, readers=secrecy.readers
    )


async def _fact(tx: Tx, by: Viewer, row: PlanRun) -> PlanRunFact:
    await tx.flush()
    found = await runs.seen(tx, by, row.id or 0)
    assert found is not None
    return found
