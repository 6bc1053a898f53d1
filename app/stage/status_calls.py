"""The round-ups of the demo (scenario S19): yesterday's is over and kept, today's waits for seven units."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import insert

from app.db import Database, Tx
from app.dispatch.status_call.actions import summary
from app.dispatch.status_call.rules.sheet import Value, doubts
from app.dispatch.status_call.rules.times import late_minutes
from app.dispatch.status_call.store import calls, units
from app.dispatch.status_call.tables import StatusAnswer, StatusCall, StatusRecipient
from app.duty.roster.rules import wall_clock
from app.stage.hands import hand_of
from app.stage.seed import STREAM

TITLE = "各乡镇转移和在岗情况"
LEADER = "沈立"
OFFICER = "王军"
QUESTIONS: tuple[dict[str, Any], ...] = (
    {
        "kind": "number",
        "text": "转移人数",
        "unit": "人",
        "minimum": 0.0,
        "of_people": True,
        "cumulative": True,
    },
    {"kind": "number", "text": "在岗人数", "unit": "人", "minimum": 0.0},
    {"kind": "choice", "text": "道路", "choices": ("畅通", "部分中断", "中断")},
    {"kind": "lacking", "text": "缺什么", "optional": True},
)
LATE = {20: 6, 21: 9}  # minutes, as in S19
ASKED, ANSWERED_TODAY = 23, 16
DUE = time(11, 0)
_EMPTY: dict[str, Any] = {"unit": "", "minimum": None, "maximum": None, "choices": ()}


async def ask_around(database: Database, now: datetime, zone: ZoneInfo) -> None:
    """Write yesterday's round with its summary, and one that is due in an hour or two."""
    yesterday = wall_clock.at(zone, _day(now, zone) - timedelta(days=1), DUE)
    due = now.replace(minute=0, second=0, microsecond=0) + timedelta(hours=2)
    async with database.transaction() as tx:
        first = _round(1, yesterday, yesterday - timedelta(minutes=140), None)
        first.state, first.closed_by, first.closed_at = "closed", OFFICER, yesterday + timedelta(minutes=15)
        tx.add(first)
        await tx.flush()
        first.series_id = first.id
        running = _round(2, due, now - timedelta(minutes=50), first.id)
        tx.add(running)
        await tx.flush()
        before = await _answers(tx, first, ASKED, now, {})
        await _answers(tx, running, ANSWERED_TODAY, now, before)
        assert first.id is not None and first.closed_at is not None
        await summary.keep(tx, await hand_of(tx, "wangjun"), first.id, first.closed_at)


def _day(now: datetime, zone: ZoneInfo) -> date:
    return now.astimezone(zone).date()


def _round(number: int, due_at: datetime, opens_at: datetime, series_id: int | None) -> StatusCall:
    questions = [_stored(n, told) for n, told in enumerate(QUESTIONS, start=1)]
    return StatusCall(
        stream=STREAM,
        series_id=series_id,
        round=number,
        title=TITLE,
        asked_by=LEADER,
        note="请如实填报,无情况也要报",
        questions=questions,
        opens_at=opens_at,
        due_at=due_at,
        remind_at=due_at - timedelta(minutes=30),
        state="open",
        opened_by=OFFICER,
        opened_at=opens_at,
    )


def _stored(number: int, told: dict[str, Any]) -> dict[str, Any]:
    full = {"whole": True, "of_people": False, "cumulative": False, "optional": False, **_EMPTY, **told}
    return {"number": number, **full, "choices": list(full["choices"])}


async def _answers(
    tx: Tx, call: StatusCall, told: int, now: datetime, before: dict[int, dict[int, Value]]
) -> dict[int, dict[int, Value]]:
    """Write the units that are asked, and the answers of the first so many of them."""
    assert call.id is not None and call.opened_at is not None
    asked = [unit for unit in await units.active(tx, STREAM) if unit.kind != "department"][:ASKED]
    said: dict[int, dict[int, Value]] = {}
    rows: list[dict[str, Any]] = []
    for n, unit in enumerate(asked):
        minutes = 8 + 5 * n if call.state == "closed" else 4 + 2 * n
        at = call.opened_at + timedelta(minutes=minutes)
        if n in LATE and call.state == "closed":
            at = call.due_at + timedelta(minutes=LATE[n])
        answered = n < told and at <= now
        row = StatusRecipient(call_id=call.id, unit_id=unit.id, ordinal=n + 1)
        if answered or n % 2 == 0:
            row.read_at, row.read_by = min(at, now) - timedelta(minutes=3), "值班员"
        tx.add(row)
        await tx.flush()
        if answered:
            _, people = await units.place_of(tx, unit.id)
            said[unit.id] = _values(n, call.round)
            rows.append(_answer(call, row, n, said[unit.id], people, at, before.get(unit.id, {})))
    await tx.execute(insert(StatusAnswer), rows)
    return said


def _values(n: int, round_: int) -> dict[int, Value]:
    """Return what a unit says: some move many, some none; one of today's figures is a slip of the pen."""
    moved = (n * 37 % 120) + 15 * round_ if n % 4 else 0
    if round_ > 1 and n == 9:
        moved = 98000
    lacking = [["雨衣30件", "冲锋舟1艘"], [], [], ["发电机2台"], ["雨衣20件"]][n % 5]
    return {
        1: float(moved),
        2: float(6 + n % 7),
        3: ("畅通", "畅通", "部分中断")[n % 3],
        4: lacking,
    }


def _answer(
    call: StatusCall,
    row: StatusRecipient,
    n: int,
    values: dict[int, Value],
    people: int,
    at: datetime,
    before: dict[int, Value],
) -> dict[str, Any]:
    by_phone = n in LATE or n % 6 == 5
    doubted = doubts(calls.questions_of(call.questions), values, people, before)
    return {
        "recipient_id": row.id,
        "version": 1,
        "nothing": False,
        "told": {str(number): value for number, value in values.items()},
        "doubts": [
            {"number": one.number, "kind": one.kind, "value": one.value, "limit": one.limit}
            for one in doubted
        ],
        "note": "",
        "source": "phone" if by_phone else "app",
        "told_by": "值班员" if by_phone else "乡镇值班员",
        "voucher": "",
        "reason": "",
        "as_of": at,
        "told_at": at,
        "entered_at": at,
        "entered_by": OFFICER if by_phone else "乡镇值班员",
        "late_minutes": late_minutes(call.due_at, at),
    }
