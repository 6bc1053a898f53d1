"""A post is called, answers or not, and is judged."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Literal
from zoneinfo import ZoneInfo

from app.db import Tx
from app.duty.spot_check.actions.access import centre_only, finding_for_work, own_desk
from app.duty.spot_check.actions.refusals import OutOfTurn, RetryNotDue, SpotCheckNotBegun
from app.duty.spot_check.commands import CallResultIn, LeaderIn, MethodIn, PhoneResultIn, VideoResultIn
from app.duty.spot_check.events import SpotFindingChanged
from app.duty.spot_check.facts import SpotFindingFact, SpotLeaderFact, SpotResultFact
from app.duty.spot_check.on_post import rosters
from app.duty.spot_check.rules.judge import Leader, Limits, Method, Seen, Try, judge, relation, retry_due
from app.duty.spot_check.store import campaigns, findings
from app.duty.spot_check.tables import SpotAttempt, SpotCheck, SpotFinding
from app.journal import store as journal
from app.journal.concern import Concern
from app.org.rules.access import Viewer, actor
from app.refusals import FieldFault, InvalidInput, NotFound

Result = PhoneResultIn | VideoResultIn | CallResultIn
_Type = Literal[
    "spot_check.called", "spot_check.unanswered", "spot_check.judged", "spot_check.method_changed"
]
_JUDGED = frozenset({"passed", "failed"})


async def set_method(tx: Tx, by: Viewer, finding_id: int, told: MethodIn, now: datetime) -> SpotFindingFact:
    """Check a post by another means, before it is called. Raises NotFound, NotPermitted, OutOfTurn."""
    _, row = await finding_for_work(tx, by, finding_id)
    if row.state not in {"waiting", "retry"}:
        raise OutOfTurn("该岗位已呼叫,不能再换方式", "the post was called already")
    row.method = told.method
    return await _tell(tx, by, row, "spot_check.method_changed", now)


async def call(tx: Tx, by: Viewer, finding_id: int, now: datetime, zone: ZoneInfo) -> SpotFindingFact:
    """Begin to call a post; from now on its seconds run.

    Raises NotFound, NotPermitted, SpotCheckOver, SpotCheckNotBegun, RetryNotDue, OutOfTurn.
    """
    check, row = await finding_for_work(tx, by, finding_id)
    if now < check.starts_at:
        raise SpotCheckNotBegun(check.starts_at, zone)
    if row.state not in {"waiting", "retry"}:
        raise OutOfTurn("该岗位已呼叫", "the post was called already")
    if row.retry_due_at is not None and now < row.retry_due_at:
        raise RetryNotDue(row.retry_due_at, zone)
    calls = await findings.attempts(tx, finding_id)
    tx.add(SpotAttempt(finding_id=finding_id, number=len(calls) + 1, called_at=now, called_by=by.name))
    held = (await rosters(tx, by.stream, now, row.post_id)).get(row.post_id, [])
    row.roster = [one.model_dump(mode="json") for one in held]
    row.state, row.retry_due_at = "calling", None
    return await _tell(tx, by, row, "spot_check.called", now)


async def record(
    tx: Tx, by: Viewer, finding_id: int, told: Result, now: datetime, limits: Limits
) -> SpotFindingFact:
    """Note what came of the call, or correct it while the check is open.

    Raises NotFound, NotPermitted, SpotCheckOver, OutOfTurn, InvalidInput.
    """
    check, row = await finding_for_work(tx, by, finding_id)
    if told.method != row.method:
        raise InvalidInput(
            FieldFault("method", "与该岗位的抽查方式不符", "the post is checked by another means")
        )
    calls = await findings.attempts(tx, finding_id)
    if row.state not in {"calling", *_JUDGED}:
        raise OutOfTurn("请先呼叫该岗位", "call the post first")
    last = calls[-1]
    last.answered, last.ended_at = told.answered, last.ended_at or now
    last.rings = told.rings if isinstance(told, PhoneResultIn) else None
    last.seconds = told.seconds if told.seconds is not None else last.seconds
    if not told.answered:
        return await _silent(tx, by, check, row, calls, now, limits)
    await _take_answer(tx, by, row, SpotResultFact.model_validate(told.model_dump(include=_NOTED)))
    return await _judged(tx, by, check, row, calls, now, limits)


async def tap(tx: Tx, by: Viewer, finding_id: int, now: datetime, limits: Limits) -> SpotFindingFact:
    """Answer a call over the app with one tap; the seconds are those since the call.

    Whoever sits at the post's desk may, and whoever is on duty there. Raises NotFound, OutOfTurn.
    """
    spot_check_id = await findings.check_of(tx, by.stream, finding_id)
    check = await campaigns.locked(tx, by.stream, spot_check_id) if spot_check_id else None
    row = await findings.locked(tx, finding_id) if check else None
    if check is None or row is None or not await _may_tap(tx, by, row):
        raise NotFound("该点名", "call")
    if check.state != "open" or row.state != "calling" or row.method != "app":
        raise OutOfTurn("该点名已有结果", "the call is over")
    calls = await findings.attempts(tx, finding_id)
    last = calls[-1]
    last.answered, last.ended_at, last.seconds = True, now, int((now - last.called_at).total_seconds())
    await _take_answer(tx, by, row, SpotResultFact(person_id=by.person_id, name=by.name))
    return await _judged(tx, by, check, row, calls, now, limits)


async def note_leader(
    tx: Tx, by: Viewer, finding_id: int, told: LeaderIn, now: datetime, limits: Limits
) -> SpotFindingFact:
    """Note whether the leader in charge was reached.

    Raises NotFound, NotPermitted, SpotCheckOver, OutOfTurn.
    """
    check, row = await finding_for_work(tx, by, finding_id)
    if row.state not in _JUDGED:
        raise OutOfTurn("请先查完该岗位", "check the post itself first")
    row.leader = SpotLeaderFact.model_validate(told.model_dump()).model_dump(mode="json")
    return await _judged(tx, by, check, row, await findings.attempts(tx, finding_id), now, limits)


_NOTED = set(SpotResultFact.model_fields)


async def _may_tap(tx: Tx, by: Viewer, row: SpotFinding) -> bool:
    (fact,) = await findings.listed(tx, by.stream, by.stream, finding_id=row.id)
    on_duty = by.person_id is not None and any(one.person_id == by.person_id for one in fact.roster)
    return on_duty or own_desk(by, fact.region_code)


async def _take_answer(tx: Tx, by: Viewer, row: SpotFinding, result: SpotResultFact) -> None:
    """Name who answered and compare with the roster of the call."""
    people = {one.person_id: one.name for one in await findings.colleagues(tx, by.stream, row.post_id)}
    on_duty = {one["person_id"]: one["name"] for one in row.roster}
    known = people | on_duty
    name = known.get(result.person_id, result.name) if result.person_id is not None else result.name
    if result.person_id is not None and result.person_id not in known and not result.name:
        raise InvalidInput(
            FieldFault("person_id", "该单位没有这个人,请写出姓名", "nobody of this unit: write the name")
        )
    row.result = result.model_copy(update={"name": name}).model_dump(mode="json")
    row.answered_by = name
    row.relation = None
    if name or result.person_id is not None:
        row.relation = relation(
            result.person_id, name, on_duty, people.keys(), standing_in=result.standing_in
        )


async def _silent(
    tx: Tx,
    by: Viewer,
    check: SpotCheck,
    row: SpotFinding,
    calls: Sequence[SpotAttempt],
    now: datetime,
    limits: Limits,
) -> SpotFindingFact:
    row.result, row.answered_by, row.relation = None, "", None
    due = retry_due(len(calls), calls[-1].ended_at or now, limits)
    if due is None:
        return await _judged(tx, by, check, row, calls, now, limits)
    row.state, row.retry_due_at, row.failures = "retry", due, []
    row.judged_at, row.judged_by = None, ""
    return await _tell(tx, by, row, "spot_check.unanswered", now)


async def _judged(
    tx: Tx,
    by: Viewer,
    check: SpotCheck,
    row: SpotFinding,
    calls: Sequence[SpotAttempt],
    now: datetime,
    limits: Limits,
) -> SpotFindingFact:
    """Let the rules say what the facts prove; the log is judged by the hour of the call."""
    row.failures = list(judge(_seen(check, row, calls), limits, calls[-1].called_at))
    row.state = "failed" if row.failures else "passed"
    row.retry_due_at, row.judged_at, row.judged_by = None, now, by.name
    return await _tell(tx, by, row, "spot_check.judged", now)


def _seen(check: SpotCheck, row: SpotFinding, calls: Sequence[SpotAttempt]) -> Seen:
    result = SpotResultFact.model_validate(row.result) if row.result else SpotResultFact()
    leader = SpotLeaderFact.model_validate(row.leader) if row.leader else None
    method: Method = row.method  # type: ignore[assignment]
    return Seen(
        method=method,
        tries=tuple(
            Try(answered=one.answered is True, rings=one.rings, seconds=one.seconds) for one in calls
        ),
        relation=row.relation,  # type: ignore[arg-type]
        at_desk=result.at_desk,
        weather=result.weather,
        warnings=result.warnings,
        leader_named=result.leader_named,
        log_last_entry_at=result.log_last_entry_at,
        log_complete=result.log_complete,
        leader=Leader(leader.reached, leader.on_site) if leader else None,
        response_in_force=check.response_level is not None,
    )


async def _tell(tx: Tx, by: Viewer, row: SpotFinding, type_: _Type, now: datetime) -> SpotFindingFact:
    """Tell it where the post is; what is planned stays at the centre."""
    await tx.flush()
    (fact,) = await findings.listed(tx, by.stream, by.stream, finding_id=row.id)
    secret = type_ == "spot_check.method_changed"
    concern = centre_only(by) if secret else Concern((fact.region_code,))
    event = SpotFindingChanged(type=type_, finding=fact)
    await journal.append(tx, by.stream, now, [journal.Entry(event, concern)], actor(by))
    return fact
