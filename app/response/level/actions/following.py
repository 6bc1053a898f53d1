"""Duty follows the responses in force: round-ups begin, change their rhythm and end; key periods too."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from app.db import Tx
from app.dispatch.status_call.actions import asking, repeats
from app.dispatch.status_call.commands import QuestionIn, RecipientsIn, RepeatIn, StatusCallIn
from app.dispatch.status_call.store import calls
from app.duty.declared import actions as periods
from app.duty.declared.commands import DeclaredPeriodIn
from app.filing.rules.numbers import DRILL_MARK
from app.response.level.rules.consequences import TABLE, first_due, strictest
from app.response.level.rules.words import LEVEL_ZH
from app.response.level.store import responses
from app.response.level.tables import Response, ResponseDuty
from app.response.plan.store import runs

BY_RESPONSE = "应急响应(自动)"
MOST_OPEN = 20
QUESTIONS = (
    QuestionIn(kind="number", text="转移人数", unit="人", minimum=0, of_people=True, cumulative=True),
    QuestionIn(kind="number", text="在岗人数", unit="人", minimum=0),
    QuestionIn(kind="choice", text="险情灾情", choices=["无", "有险情", "有灾情"]),
    QuestionIn(kind="text", text="情况和需要", optional=True),
)


async def follow(tx: Tx, stream: str, now: datetime, zone: ZoneInfo, today: date, *, drill: bool) -> bool:
    """Bring duty up to what the strictest response in force asks for; return whether anything changed.

    Of several responses the strictest level holds, for the places of all of them. A drill declares no key
    period: the readiness of the real county is not played with.
    """
    held = await responses.duty_locked(tx, stream, drill=drill)
    active = await responses.active(tx, stream, drill=drill)
    level = strictest(one.level for one in active)
    areas = _areas(active)
    hazards = "、".join(dict.fromkeys(one.hazard for one in active))
    if (level, areas, hazards) == (held.level, held.region_codes, held.hazards):
        return False
    reason = _reason(level, hazards)
    if (level, areas) != (held.level, held.region_codes):
        await _stop_round_ups(tx, stream, held, reason, now)
        if level is not None:
            await _begin_round_ups(tx, stream, held, level, areas, hazards, _begun(active, now), now, zone)
    if not drill and level != held.level:
        await _key_period(tx, stream, held, level, reason, now, today)
    if level != held.level:
        held.since = _begun(active, now) if level is not None else None
    held.level, held.region_codes, held.hazards = level, areas, hazards
    return True


def _areas(active: Sequence[Response]) -> list[str]:
    if any(not one.region_codes for one in active):
        return []
    return sorted({code for one in active for code in one.region_codes})


def _begun(active: Sequence[Response], now: datetime) -> datetime:
    """Return when what holds now was decided: a watcher that looks late does not shift the deadlines."""
    return max((one.changed_at for one in active if one.changed_at is not None), default=now)


def _reason(level: int | None, hazards: str) -> str:
    return f"{hazards}{LEVEL_ZH[level]}应急响应" if level is not None else "应急响应终止"


async def _stop_round_ups(tx: Tx, stream: str, held: ResponseDuty, reason: str, now: datetime) -> None:
    if held.round_up_id is None:
        return
    first = await calls.locked(tx, stream, held.round_up_id)
    assert first is not None
    if await calls.repeat_of(tx, held.round_up_id, lock=True) is not None:
        await repeats.stopped(tx, None, first, BY_RESPONSE, now)
    for call in await calls.running_of(tx, held.round_up_id, MOST_OPEN):
        await asking.called_off(tx, None, call, BY_RESPONSE, reason, now)
    held.round_up_id = None


async def _begin_round_ups(
    tx: Tx,
    stream: str,
    held: ResponseDuty,
    level: int,
    areas: Sequence[str],
    hazards: str,
    begun: datetime,
    now: datetime,
    zone: ZoneInfo,
) -> None:
    every = TABLE[level].round_ups
    due_at = first_due(level, begun, zone)
    if due_at <= now + timedelta(minutes=1):
        due_at = first_due(level, now, zone)
    mark = DRILL_MARK if held.drill else ""
    places = [code[:9] + "000" if code[6:9] != "000" else code for code in areas]
    told = StatusCallIn(
        drill=held.drill,
        title=f"{mark}{hazards}{LEVEL_ZH[level]}应急响应调度"[:80],
        asked_by=BY_RESPONSE,
        note=f"{mark}{TABLE[level].round_up_words[0]},实行零报告:无情况也要报",
        questions=list(QUESTIONS),
        recipients=RecipientsIn(region_codes=list(dict.fromkeys(places)) or await runs.townships(tx, stream)),
        due_at=due_at,
        opens_at=max(now, due_at - every.lead) if every.hours is None else now,
        remind_before_min=15,
    )
    fact = await asking.asked(tx, None, stream, told, BY_RESPONSE, now, zone)
    call = await calls.locked(tx, stream, fact.id)
    assert call is not None
    rhythm = RepeatIn(
        every_hours=every.hours,
        times=list(every.times),
        lead_minutes=int(every.lead.total_seconds() // 60),
    )
    await repeats.repeated(tx, None, call, rhythm, BY_RESPONSE, now, zone)
    held.round_up_id = fact.id


async def _key_period(
    tx: Tx, stream: str, held: ResponseDuty, level: int | None, reason: str, now: datetime, today: date
) -> None:
    if held.period_id is not None:
        await periods.ended(tx, None, stream, held.period_id, BY_RESPONSE, now, today)
        held.period_id = None
    if level is not None:
        told = DeclaredPeriodIn(kind="response", level=level, first=today, reason=reason)
        held.period_id = (await periods.declared(tx, None, stream, told, BY_RESPONSE, now)).id
