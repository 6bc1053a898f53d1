"""The daily return of standby (备勤日报): who was required on a day, who was in place, and why not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from app.db import Tx
from app.desk.documents.makers.asked import day_asked
from app.desk.documents.office import Made, Office
from app.desk.prints.page import Page, clean
from app.duty.standby import board
from app.duty.standby.facts import LevelFact
from app.duty.standby.rules.level import State
from app.duty.standby.store import lists
from app.org.rules.access import Viewer, require
from app.refusals import NotFound

STATES: Mapping[State, str] = {
    "ready": "到位",
    "short": "不足",
    "missing": "未报",
    "waiting": "待报",
    "exempted": "已同意减员",
    "unaccepted": "待确认",
    "not_required": "无要求",
}


async def standby_daily(tx: Tx, by: Viewer, _id: int, part: str, office: Office) -> Made:
    """Make the return of a day for the places of one's scope; it is filed when the day is over."""
    require(by, "see_desk")
    day = day_asked(part)
    today = office.readiness.today(office.now)
    if day > today:
        raise NotFound("该日备勤记录", "standby of that day")
    known = await board.load(tx, by.stream, by.scope, day, day, office.readiness)
    found = board.levels(known, day, office.readiness, office.now)
    if not found:
        raise NotFound("该日备勤记录", "standby of that day")
    names = {one.subject: await _names(tx, one, day) for one in found}
    return Made(
        f"standby_daily:{day}",
        f"备勤日报 {day}",
        f"备勤日报 {day}",
        (_page(found, names, day),),
        unfinished=None if day < today else ("该日尚未结束", "that day is not over yet"),
    )


async def _names(tx: Tx, one: LevelFact, day: date) -> str:
    """Return who is on a township's list of the day; a brigade returns numbers alone."""
    told = (
        None
        if one.region_code is None or one.team_id is not None
        else await lists.fact(tx, one.region_code, day)
    )
    return "、".join(clean(who.name) for who in told.persons if who.state != "struck") if told else ""


def _page(found: Sequence[LevelFact], names: Mapping[str, str], day: date) -> Page:
    short = [one.name_zh for one in found if one.present < one.required]
    return Page(
        title="备勤日报",
        number=f"{day.year}年{day.month}月{day.day}日",
        facts=(
            ("日期", f"{day.year}年{day.month}月{day.day}日"),
            ("防护期", "重点防护期" if any(one.key_day for one in found) else "平时"),
            ("应备勤", f"{sum(one.required for one in found)}人"),
            ("在位", f"{sum(one.present for one in found)}人"),
            ("不足单位", clean("、".join(short) or "无")),
        ),
        heads=("单位", "应备勤", "在位", "状态", "在位人员", "缺员说明"),
        widths=(30, 14, 12, 16, 50, 34),
        rows=tuple(
            (
                clean(one.name_zh),
                str(one.required),
                str(one.present),
                STATES[one.state],
                names[one.subject],
                clean(";".join(why.zh for why in one.reasons)),
            )
            for one in found
        ),
        signs=("填报:", "队长(签字):", "带班领导(签字):"),
        empty="该日没有备勤要求",
    )
