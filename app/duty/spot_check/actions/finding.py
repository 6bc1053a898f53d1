"""A post is called, answers or not, and is judged."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from app.db import Tx
from app.duty.spot_check.actions.access import finding_for_work, own_desk
from app.duty.spot_check.actions.refusals import OutOfTurn, RetryNotDue, SpotCheckNotBegun
from app.duty.spot_check.actions.verdict import hand_of, judged, silent, take_answer, tell
from app.duty.spot_check.actions.withdrawal import withdraw
from app.duty.spot_check.commands import CallResultIn, LeaderIn, MethodIn, PhoneResultIn, VideoResultIn
from app.duty.spot_check.facts import LogSeen, SpotFindingFact, SpotLeaderFact, SpotResultFact
from app.duty.spot_check.on_post import rosters
from app.duty.spot_check.rules.judge import Limits
from app.duty.spot_check.store import campaigns, findings
from app.duty.spot_check.tables import SpotAttempt, SpotFinding
from app.org.rules.access import Viewer
from app.refusals import FieldFault, InvalidInput, NotFound

Result = PhoneResultIn | VideoResultIn | CallResultIn
_JUDGED = frozenset({"passed", "failed"})


async def set_method(tx: Tx, by: Viewer, finding_id: int, told: MethodIn, now: datetime) -> SpotFindingFact:
    """Check a post by another means, before it is called. Raises NotFound, NotPermitted, OutOfTurn."""
    _, row = await finding_for_work(tx, by, finding_id)
    if row.state not in {"waiting", "retry"}:
        raise OutOfTurn("该岗位已呼叫,不能再换方式", "the post was called already")
    row.method = told.method
    return await tell(tx, hand_of(by), row, "spot_check.method_changed", now)


async def call(tx: Tx, by: Viewer, finding_id: int, now: datetime, zone: ZoneInfo) -> SpotFindingFact:
    """Begin to call a post; from now on its seconds run. Raises what `begin` raises."""
    row = await begin(tx, by, finding_id, now, zone)
    return await tell(tx, hand_of(by), row, "spot_check.called", now)


async def begin(tx: Tx, by: Viewer, finding_id: int, now: datetime, zone: ZoneInfo) -> SpotFinding:
    """Write a call down, to be told by the caller.

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
    await tx.flush()
    return row


async def record(
    tx: Tx,
    by: Viewer,
    finding_id: int,
    told: Result,
    now: datetime,
    limits: Limits,
    log: LogSeen | None = None,
) -> SpotFindingFact:
    """Note what came of the call, or correct it while the check is open.

    `log` is what the post's own log in the system says, None where it keeps none here: then what was typed
    counts.

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
    last.source = "typed"
    await withdraw(tx, last, now)
    last.rings = told.rings if isinstance(told, PhoneResultIn) else None
    last.seconds = told.seconds if told.seconds is not None else last.seconds
    if not told.answered:
        return await silent(tx, hand_of(by), check, row, calls, now, limits)
    await take_answer(tx, hand_of(by), row, _result(told, log))
    return await judged(tx, hand_of(by), check, row, calls, now, limits)


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
    last.source = "tap"
    last.answered, last.ended_at, last.seconds = True, now, int((now - last.called_at).total_seconds())
    await take_answer(tx, hand_of(by), row, SpotResultFact(person_id=by.person_id, name=by.name))
    return await judged(tx, hand_of(by), check, row, calls, now, limits)


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
    return await judged(tx, hand_of(by), check, row, await findings.attempts(tx, finding_id), now, limits)


_NOTED = set(SpotResultFact.model_fields)


def _result(told: Result, log: LogSeen | None) -> SpotResultFact:
    noted = SpotResultFact.model_validate(told.model_dump(include=_NOTED))
    if log is not None:
        return noted.model_copy(
            update={
                "log_source": "system",
                "log_complete": log.complete,
                "log_percent": log.percent,
                "log_last_entry_at": None,
            }
        )
    typed = told.log_complete is not None or told.log_last_entry_at is not None
    return noted.model_copy(update={"log_source": "typed" if typed else None})


async def _may_tap(tx: Tx, by: Viewer, row: SpotFinding) -> bool:
    (fact,) = await findings.listed(tx, by.stream, by.stream, finding_id=row.id)
    on_duty = by.person_id is not None and any(one.person_id == by.person_id for one in fact.roster)
    return on_duty or own_desk(by, fact.region_code)
