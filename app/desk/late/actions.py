"""Enter something after the fact: checked as one shape, then done by the action of its own noun."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from app.commands import ToldChannel
from app.db import Tx
from app.desk.late import store
from app.desk.late.commands import LateEntryIn
from app.desk.late.events import LateEntered
from app.desk.late.facts import LateEntryFact
from app.desk.late.tables import LateEntry
from app.desk.log import actions as log
from app.desk.log.commands import EntryIn
from app.desk.log.facts import Source
from app.dispatch.actions.answer import BACKDATE_LIMIT, step
from app.dispatch.assignment_facts import AnswerChannel
from app.dispatch.commands import StepIn
from app.dispatch.figures.actions import tell_figure
from app.dispatch.figures.commands import FigureIn
from app.dispatch.inbox.actions import Sender, receive
from app.dispatch.inbox.commands import IntakeNoticeIn
from app.dispatch.settings import DispatchRules
from app.dispatch.store import assignments, incidents
from app.journal import store as journal
from app.org.rules.access import Concern, Viewer, actor, may_see, require
from app.refusals import FieldFault, InvalidInput, NotFound, NotPermitted
from app.shelters.actions import shelters
from app.shelters.commands import ShelterCountIn
from app.times import three_times

OLDEST = timedelta(days=30)
MOST = 200
_ANSWER: Mapping[ToldChannel, AnswerChannel] = {
    "app": "app",
    "sms": "sms",
    "radio": "radio",
    "radio_370": "radio_370",
    "satellite_phone": "satellite_phone",
    "beidou": "beidou",
    "sbd": "sbd",
    "neighbour": "neighbour",
    "messenger": "messenger",
    "telephone": "telephone",
    "duty_line": "telephone",
}
_SOURCE: Mapping[ToldChannel, Source] = {
    "telephone": "telephone",
    "duty_line": "telephone",
    "satellite_phone": "telephone",
    "radio": "radio",
    "radio_370": "radio",
    "fax": "fax",
}
_NEEDED: Mapping[str, tuple[tuple[str, str, str], ...]] = {
    "report": (
        ("region_code", "请选择地点", "choose the place"),
        ("text", "请写明情况", "say what happened"),
    ),
    "log": (
        ("post_id", "请选择值班岗位", "choose the duty post"),
        ("text", "请写明内容", "say what was told"),
    ),
    "figure": (
        ("incident_id", "请选择事件", "choose the incident"),
        ("figure", "请选择指标", "choose what is counted"),
        ("value", "请填写数字", "give the number"),
    ),
    "step": (
        ("assignment_id", "请选择派单", "choose the assignment"),
        ("step", "请选择步骤", "choose the step"),
    ),
    "heads": (
        ("shelter_id", "请选择避难场所", "choose the shelter"),
        ("heads", "请填写人数", "give the number of persons"),
    ),
}


@dataclass(frozen=True, slots=True)
class Times:
    """When it happened and was told; `now` is when it is typed."""

    happened_at: datetime
    told_at: datetime
    now: datetime


@dataclass(frozen=True, slots=True)
class Became:
    """What an entry became: its number, its place, its incident, its words, whom it concerns."""

    ref_id: int
    region_code: str
    words: str
    concern: Concern
    incident_id: int | None = None


async def listed(tx: Tx, by: Viewer) -> list[LateEntryFact]:
    """Return the latest entries after the fact in a scope."""
    require(by, "see_desk")
    return await store.listed(tx, by, MOST)


async def enter(tx: Tx, by: Viewer, told: LateEntryIn, now: datetime, rules: DispatchRules) -> LateEntryFact:
    """Enter after the fact. Raises InvalidInput, NotFound, NotPermitted, and what its noun raises."""
    require(by, "command")
    _check(told)
    happened_at, told_at = three_times(told.happened_at, told.told_at, now, "happened_at")
    if happened_at < now - OLDEST:
        raise InvalidInput(
            FieldFault(
                "happened_at",
                "只能补录 30 天以内的情况,更早的请写入值班日志",
                "only the last 30 days: older matters go into the duty log",
            )
        )
    became = await _WAYS[told.kind](tx, by, told, Times(happened_at, told_at, now), rules)
    row = LateEntry(
        stream=by.stream,
        kind=told.kind,
        ref_id=became.ref_id,
        region_code=became.region_code,
        incident_id=became.incident_id,
        words=became.words[:500],
        channel=told.channel,
        voucher=told.voucher,
        happened_at=happened_at,
        told_at=told_at,
        entered_at=now,
        entered_by=by.name,
    )
    tx.add(row)
    await tx.flush()
    fact = store.fact(row)
    entry = journal.Entry(LateEntered(type="late.entered", entry=fact), became.concern, became.incident_id)
    await journal.append(tx, by.stream, now, [entry], actor(by))
    return fact


def _check(told: LateEntryIn) -> None:
    faults = [
        FieldFault(name, zh, en)
        for name, zh, en in _NEEDED[told.kind]
        if getattr(told, name) is None or getattr(told, name) == ""
    ]
    if told.channel in ("", "system"):
        faults.append(FieldFault("channel", "请选择获知渠道", "say by what means the desk was told"))
    if faults:
        raise InvalidInput(*faults)


async def _report(tx: Tx, by: Viewer, told: LateEntryIn, at: Times, _: DispatchRules) -> Became:
    assert told.region_code is not None
    if not by.covers(told.region_code):
        raise NotPermitted
    notice = IntakeNoticeIn(
        title=told.text[:40],
        text=told.text,
        region_code=told.region_code,
        happened_at=at.happened_at,
        told_at=at.told_at,
        from_name=told.voucher,
        channel=told.channel,
        voucher=told.voucher,
    )
    fact, _known = await receive(tx, Sender(by.stream, "late", by.name, by=by), notice, at.now)
    return Became(fact.id, told.region_code, told.text, Concern((told.region_code,)))


async def _log(tx: Tx, by: Viewer, told: LateEntryIn, at: Times, _: DispatchRules) -> Became:
    assert told.post_id is not None
    line = EntryIn(
        text=told.text[:2000],
        source=_SOURCE.get(told.channel, "subordinate"),
        source_name=told.voucher,
        occurred_at=at.happened_at,
        told_at=at.told_at,
        incident_id=told.incident_id,
    )
    fact = await log.enter(tx, by, told.post_id, line, at.now)
    concern = Concern((by.scope.ljust(12, "0"),))
    if told.incident_id is not None:
        concern = await _concern(tx, by, told.incident_id)
    return Became(fact.id, by.scope.ljust(12, "0"), told.text, concern, told.incident_id)


async def _figure(tx: Tx, by: Viewer, told: LateEntryIn, at: Times, _: DispatchRules) -> Became:
    assert told.incident_id is not None and told.figure is not None and told.value is not None
    figure = FigureIn(
        kind=told.figure,
        value=told.value,
        source=told.voucher,
        channel=told.channel,
        note=told.text[:200],
        happened_at=at.happened_at,
        told_at=at.told_at,
    )
    incident = await tell_figure(tx, by, told.incident_id, figure, at.now)
    ref = await store.last_figure(tx, told.incident_id, told.figure)
    words = f"{incident.number} {told.figure} {told.value:g} {told.text}".strip()
    concern = await _concern(tx, by, told.incident_id)
    return Became(ref, incident.region_code, words, concern, incident.id)


async def _step(tx: Tx, by: Viewer, told: LateEntryIn, at: Times, rules: DispatchRules) -> Became:
    """Take a step as of when it happened: refused, not shifted, when the time cannot be."""
    assert told.assignment_id is not None and told.step is not None
    held = await assignments.locked(tx, by.stream, told.assignment_id)
    if held is None:
        raise NotFound("该派单", "assignment")
    if at.happened_at < held.assigned_at:
        raise InvalidInput(
            FieldFault(
                "happened_at", "时间早于派单时间,请核对", "earlier than the team was sent: check the time"
            )
        )
    if at.happened_at < at.now - BACKDATE_LIMIT:
        raise InvalidInput(
            FieldFault(
                "happened_at", "派单步骤只能补录 24 小时以内的", "steps can be entered for the last 24 hours"
            )
        )
    taken = StepIn(
        step=told.step,
        channel=_ANSWER.get(told.channel, "in_person"),
        reason=told.reason or (told.text[:200] if told.step == "decline" else ""),
        happened_at=at.happened_at,
        told_at=at.told_at,
    )
    fact = await step(tx, by, told.assignment_id, taken, at.now, rules)
    concern = await _concern(tx, by, fact.incident_id)
    words = f"{fact.team_name} {fact.state} {told.text}".strip()
    return Became(fact.id, by.scope.ljust(12, "0"), words, concern, fact.incident_id)


async def _heads(tx: Tx, by: Viewer, told: LateEntryIn, at: Times, _: DispatchRules) -> Became:
    assert told.shelter_id is not None and told.heads is not None
    counted = ShelterCountIn(
        heads=told.heads,
        happened_at=at.happened_at,
        told_at=at.told_at,
        channel=told.channel,
        voucher=told.voucher,
    )
    fact = await shelters.count(tx, by, told.shelter_id, counted, at.now)
    return Became(fact.id, fact.region_code, f"{fact.name_zh} {told.heads} 人", Concern((fact.region_code,)))


async def _concern(tx: Tx, by: Viewer, incident_id: int) -> Concern:
    seen = await incidents.seen(tx, by.stream, incident_id)
    if seen is None or not may_see(by, seen.concern):
        raise NotFound("该事件", "incident")
    return seen.concern


_Way = Callable[[Tx, Viewer, LateEntryIn, Times, DispatchRules], Awaitable[Became]]
_WAYS: Mapping[str, _Way] = {
    "report": _report,
    "log": _log,
    "figure": _figure,
    "step": _step,
    "heads": _heads,
}
