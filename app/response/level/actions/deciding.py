"""A commander decides: the order gets its number and goes out, the card's tasks follow the level."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from app.db import Tx
from app.dispatch.order.actions.issuing import Series
from app.dispatch.order.actions.together import send_together
from app.dispatch.order.commands import OrderIn, RecipientIn, TaskIn
from app.filing.rules.numbers import number_of, series_of
from app.filing.store.series import next_running
from app.journal import store as journal
from app.journal.store import Entry
from app.org.rules.access import Viewer, actor, require, require_for_county
from app.refusals import FieldFault, InvalidInput, NotFound
from app.response.level.actions.proposing import What, entry_of, fact_of, locked
from app.response.level.actions.receivers import receivers_of
from app.response.level.commands import ResponseDecideIn
from app.response.level.facts import ResponseFact
from app.response.level.refusals import CommanderDecides, NotHisSignature, SameLevel, StepDecided
from app.response.level.rules.words import LEVEL_ZH, NUMBER, OrderTold, paragraphs_of, title_of
from app.response.level.store import responses
from app.response.level.tables import Response, ResponseStep
from app.response.plan.actions import running
from app.response.plan.actions.running import Decider
from app.response.plan.commands import CauseIn
from app.response.plan.store import plans, runs
from app.response.plan.tables import PlanRun

MOST_WORDS = 3900
_EVENT: dict[str, What] = {
    "activate": "response.activated",
    "adjust": "response.adjusted",
    "terminate": "response.terminated",
}


async def decide(
    tx: Tx,
    by: Viewer,
    response_id: int,
    step: int,
    told: ResponseDecideIn,
    now: datetime,
    series: Series,
) -> ResponseFact:
    """Decide on a proposal. Pressed twice it is one decision; of two commanders at once the first decides.

    Raises StepDecided, CommanderDecides, SameLevel, NotFound, NotPermitted, InvalidInput.
    """
    row, held = await _open_to(tx, by, response_id, step, told)
    level = _level(row, held, told)
    if held.state != "open":
        if _the_same(held, by, told, level):
            return await fact_of(tx, by, row)
        raise _decided(held)
    _check(row, held, told, level, now)
    _note(held, by, told, now)
    decider = Decider(by, told, now, series)
    entries: list[Entry] = []
    if told.verdict == "refuse":
        held.state = "refused"
        if held.kind == "activate":
            row.state = "refused"
        type_: What = "response.refused"
    else:
        held.state, held.level = "accepted", level
        entries = await _carried_out(tx, row, held, decider)
        type_ = _EVENT[held.kind]
    entries.append(await entry_of(tx, row, type_, step, held.consent_of, held.title or told.remark))
    await journal.append(tx, by.stream, now, entries, actor(by))
    return await fact_of(tx, by, row)


async def sign(tx: Tx, by: Viewer, response_id: int, step: int, now: datetime) -> ResponseFact:
    """Sign what one consented to by word of mouth. Raises NotHisSignature, NotFound, NotPermitted."""
    require(by, "approve_duty")
    row = await locked(tx, by, response_id)
    held = await responses.step_row(tx, response_id, step)
    if held is None:
        raise NotFound("该项决定", "decision")
    if held.state != "accepted" or held.signed_at is not None:
        raise NotHisSignature("")
    if held.consent_of != by.name:
        raise NotHisSignature(held.consent_of)
    held.signed_by, held.signed_at = by.name, now
    entry = await entry_of(tx, row, "response.signed", step, by.name, held.title)
    await journal.append(tx, by.stream, now, [entry], actor(by))
    return await fact_of(tx, by, row)


async def _open_to(
    tx: Tx, by: Viewer, response_id: int, step: int, told: ResponseDecideIn
) -> tuple[Response, ResponseStep]:
    row = await locked(tx, by, response_id)
    require_for_county(by, "command")
    if told.decided_as != "oral_consent" and not by.may("approve_duty"):
        raise CommanderDecides
    held = await responses.step_row(tx, response_id, step)
    if held is None:
        raise NotFound("该项建议", "proposal")
    return row, held


def _level(row: Response, held: ResponseStep, told: ResponseDecideIn) -> int | None:
    if held.kind == "terminate":
        return None
    return told.level if told.verdict == "other" else held.proposed_level


def _the_same(held: ResponseStep, by: Viewer, told: ResponseDecideIn, level: int | None) -> bool:
    verdict = "refused" if told.verdict == "refuse" else "accepted"
    same_level = verdict == "refused" or held.level == level
    return held.decided_account == by.account_id and held.state == verdict and same_level


def _decided(held: ResponseStep) -> StepDecided:
    who = held.consent_of or held.decided_by or ""
    if held.state == "refused":
        return StepDecided(who, "不同意", "refused")
    if held.level is None:
        return StepDecided(who, "终止响应", "ended")
    return StepDecided(who, f"{LEVEL_ZH[held.level]}响应", f"level {held.level}")


def _check(
    row: Response, held: ResponseStep, told: ResponseDecideIn, level: int | None, now: datetime
) -> None:
    if told.verdict == "other" and held.kind == "terminate":
        raise InvalidInput(FieldFault("level", "终止建议只能同意或不同意", "an end is accepted or refused"))
    if told.verdict != "refuse" and held.kind == "adjust" and level == row.level:
        raise SameLevel
    if told.consent_at is not None and told.consent_at > now:
        raise InvalidInput(
            FieldFault("consent_at", "同意时间不能晚于现在", "consent cannot lie in the future")
        )


def _note(held: ResponseStep, by: Viewer, told: ResponseDecideIn, now: datetime) -> None:
    oral = told.decided_as == "oral_consent"
    held.decided_by, held.decided_as, held.decided_at = by.name, told.decided_as, now
    held.decided_account, held.remark = by.account_id, told.remark
    held.consent_of = told.consent_of if oral else by.name
    held.consent_at = told.consent_at if oral else now
    if not oral:
        held.signed_by, held.signed_at = by.name, now


async def _carried_out(tx: Tx, row: Response, held: ResponseStep, decider: Decider) -> list[Entry]:
    """Let the response be at the level that was decided; return what the journal says of its orders."""
    now, level = decider.now, held.level
    held.level_before = row.level
    before = set() if row.run_id is None else {task.id for task in await runs.out(tx, row.run_id)}
    title = title_of(held.kind, row.hazard, level, row.level, drill=row.drill)  # type: ignore[arg-type]
    entries = await _tasks(tx, row, held, decider, title)
    if held.kind == "terminate":
        row.state, row.ended_at = "ended", now
    else:
        row.state, row.level, row.began_at = "active", level, row.began_at or now
        row.changed_at = now
    await _compare(tx, row, held, before)
    await _word(tx, row, held, decider, title)
    order = await _order(tx, row, held, decider)
    ids, issued = await send_together(
        tx, decider.by, [order] if order else [], decider.consent, now, decider.series
    )
    held.order_id = ids[0] if ids else None
    return [*entries, *issued]


async def _tasks(tx: Tx, row: Response, held: ResponseStep, decider: Decider, title: str) -> list[Entry]:
    if row.run_id is not None:
        run = await runs.locked(tx, row.stream, row.run_id)
        assert run is not None
        if held.kind == "terminate":
            return await running.finish(tx, run, decider.by, title, decider.now, decider.series)
        assert held.level is not None
        return await running.move(tx, run, held.level, decider, title)
    if row.plan_id is None or held.kind == "terminate" or await plans.card(tx, row.plan_id) is None:
        return []
    assert held.level is not None
    cause = CauseIn(
        cause_kind=row.cause_kind,
        cause_id=row.cause_id,
        cause_words=row.cause_words,
        region_codes=row.region_codes,
        drill=row.drill,
    )
    run = await running.begun(tx, decider.by, cause, row.plan_id, held.level, decider.now, led=True)
    row.run_id = run.id
    return await running.start(tx, run, decider)


async def _compare(tx: Tx, row: Response, held: ResponseStep, before: set[int | None]) -> None:
    """Keep with the decision what went out by it, what it took back, and what has no recipient."""
    if row.run_id is None:
        return
    out = await runs.out(tx, row.run_id)
    fresh = [task for task in out if task.id not in before]
    held.sent = [_told(task) for task in fresh if task.order_id is not None]
    held.unresolved = [f"{task.text}:{task.unresolved}" for task in fresh if task.order_id is None]
    gone = await runs.withdrawn_at(tx, row.run_id, held.decided_at)
    held.withdrawn = [_told(task) for task in gone if held.kind != "activate"]


def _told(task: Any) -> dict[str, str]:
    return {"key": task.key, "to": task.to, "text": task.text}


async def _word(tx: Tx, row: Response, held: ResponseStep, decider: Decider, title: str) -> None:
    plan = await plans.brief(tx, row.plan_id) if row.plan_id is not None else None
    told = OrderTold(
        kind=held.kind,  # type: ignore[arg-type]
        hazard=row.hazard,
        level=held.level,
        level_before=held.level_before,
        plan=plan.name_zh if plan else "",
        basis=held.basis,
        colour=row.warning_colour,
        commander=held.consent_of,
        at=decider.now,
        areas=await responses.region_names(tx, row.region_codes),
        tasks=[f"{one['to'].lstrip('@')}:{one['text']}" for one in held.sent],
        withdrawn=[f"{one['to'].lstrip('@')}:{one['text']}" for one in held.withdrawn],
        drill=row.drill,
    )
    year = decider.now.astimezone(decider.series.zone).year
    name = series_of("response_order", row.region_code, drill=row.drill)
    counted = await next_running(tx, row.stream, name, year)
    held.number = number_of(NUMBER, decider.series.short_name, year, counted, drill=row.drill)
    held.title, held.paragraphs = title, paragraphs_of(told, decider.series.zone)


async def _order(tx: Tx, row: Response, held: ResponseStep, decider: Decider) -> OrderIn | None:
    """Return the order to all who are concerned: the paper goes out, its receipt is asked for."""
    run: PlanRun | None = None
    if row.run_id is not None:
        run = await runs.locked(tx, row.stream, row.run_id)
    units: Sequence[int] = await receivers_of(tx, row, run, held.level or held.level_before or 4, decider.now)
    if not units:
        return None
    return OrderIn(
        title=held.title[:80],
        text="\n".join(held.paragraphs)[:MOST_WORDS],
        drill=row.drill,
        basis="plan_card",
        basis_text=f"应急响应令 {held.number}",
        incident_id=row.incident_id,
        recipients=[RecipientIn(unit_id=one) for one in units],
        tasks=[TaskIn(kind="action", text=f"{held.title},请签收并按{held.number}执行")],
        report_requirement="收到即签收",
    )
