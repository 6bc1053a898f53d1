"""The daily brief (值班信息): what a day of duty was, in words by field. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from app.reporting.report.rules.points import LEVELS

_STATES = {"open": "正在处置", "closed": "已处置完毕"}


@dataclass(frozen=True, slots=True)
class Came:
    """An incident that came in."""

    title: str
    nature: str
    level: int
    state: str
    received_at: datetime


@dataclass(frozen=True, slots=True)
class DayRecord:
    """A day of duty: who was on duty by role, the weather, what came in and what was done."""

    day: date
    staff: Sequence[tuple[str, Sequence[str]]]
    weather: Sequence[str]
    alarms: int
    came: Sequence[Came]
    reports: int
    orders: int
    instructions: int
    assignments: int


def brief_fields(told: DayRecord, zone: ZoneInfo) -> Mapping[str, str]:
    """Return the fields of the brief's template; "" where there is nothing to say."""
    day = told.day
    return {
        "日期": f"{day.year}年{day.month}月{day.day}日8时至次日8时",
        "值班": "；".join(f"{role}{'、'.join(names)}" for role, names in told.staff if names) or "未排班",
        "天气": "；".join(told.weather),
        "接报": f"共接收报警{told.alarms}起，新增突发事件{len(told.came)}起",
        "事件": _came(told.came, zone),
        "报送": f"向上级报送书面信息{told.reports}期" if told.reports else "无书面信息报送",
        "指令": f"下达指令{told.orders}件，出动队伍{told.assignments}批次",
        "批示": f"收到领导批示{told.instructions}件" if told.instructions else "",
    }


def _came(came: Sequence[Came], zone: ZoneInfo) -> str:
    if not came:
        return "无突发事件"
    told = []
    for number, one in enumerate(came, start=1):
        at = one.received_at.astimezone(zone)
        told.append(
            f"{number}.{at.day}日{at.hour}时{at.minute:02d}分接报{one.title}"
            f"（{one.nature}，初判{LEVELS.get(one.level, '一般')}，{_STATES.get(one.state, one.state)}）"
        )
    return "；".join(told)
