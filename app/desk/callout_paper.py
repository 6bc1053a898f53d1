"""A round of call-and-respond on paper (预警叫应记录, rules B8) and as a sheet of five columns (五有)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from app.codecs.colours import BY_COLOUR, Colour
from app.desk.prints.page import Page, clean
from app.filing.rules.numbers import DRILL_MARK
from app.response.call_and_respond.facts import (
    CalloutCallFact,
    CalloutRoundDetail,
    CalloutTargetFact,
)
from app.sheets import Cell, write_book

SIGNS = ("值班员(签字):", "带班领导(签字):")
HEADS = ("叫应对象", "被叫人", "时间、方式", "结果", "应答内容", "反馈", "核实")
WIDTHS = (24, 22, 28, 16, 30, 20, 16)
MEANS = {
    "app": "系统",
    "sms": "短信",
    "phone": "电话",
    "radio_370": "370电台",
    "satellite_phone": "卫星电话",
    "beidou": "北斗",
    "broadcast": "应急广播",
    "messenger": "上门",
    "face_to_face": "当面",
}
RESULTS = {
    "answered": "应答",
    "no_answer": "无人接",
    "busy": "占线",
    "wrong_number": "号码错误",
    "refused": "拒接",
    "failed": "未通",
    "sent": "已发",
    "due": "待办",
    "withdrawn": "已撤",
}
OUTCOMES = {"agrees": "属实", "not_passed_on": "报了未转", "unreached": "未联系上"}
_PURPOSES = {"call": "", "feedback": "催反馈", "recheck": "复核", "verify": "核实"}


def name_of(told: CalloutRoundDetail) -> str:
    """Return the name of a round's file."""
    return clean(f"{_mark(told)}预警叫应 {told.title}")


def book_of(told: CalloutRoundDetail, zone: ZoneInfo) -> bytes:
    """Return the five steps of every village as xlsx: township, village, five columns."""
    names = {one.region_code: one.name for one in told.targets if one.tier == "township"}
    rows: list[Sequence[Cell]] = [
        (names.get(one.township_code, one.township_code), one.name, *five_of(one, zone))
        for one in told.targets
        if one.tier == "village"
    ]
    return write_book(
        "五有",
        ("乡镇", "村(社区)", "有预警", "有叫应", "有行动", "有反馈", "有核实"),
        (14, 14, 14, 36, 36, 22, 28),
        rows,
    )


def five_of(one: CalloutTargetFact, zone: ZoneInfo) -> tuple[str, str, str, str, str]:
    """Return the five steps of a village in words."""
    return (
        _at(one.warned_at, zone) or "未发出",
        _answered(one, zone),
        one.reports if one.acted_at else "未报",
        _at(one.fed_back_at, zone) or ("已催报" if one.feedback_asked_at else "未反馈"),
        _verified(one),
    )


def page_of(told: CalloutRoundDetail, calls: Mapping[int, Sequence[CalloutCallFact]], zone: ZoneInfo) -> Page:
    """Put a round with every call into words."""
    rows = [
        tuple(clean(cell) for cell in row)
        for one in told.targets
        for row in _rows(one, calls.get(one.id, ()), zone)
    ]
    return Page(
        title=clean(f"{_mark(told)}预警叫应记录"),
        number="",
        facts=tuple((label, clean(words)) for label, words in _facts(told, zone)),
        heads=HEADS,
        widths=WIDTHS,
        rows=tuple(rows),
        signs=SIGNS,
        empty="没有叫应对象",
        size=9,
    )


def _facts(told: CalloutRoundDetail, zone: ZoneInfo) -> Iterator[tuple[str, str]]:
    cause = f"({told.cause_kind} {told.cause_id})" if told.cause_id is not None else ""
    yield "预警", f"{told.title} {BY_COLOUR[Colour(told.colour)].zh}{cause}"
    content = (told.hazard, told.expected, told.harm)
    yield "内容", ";".join(part for part in content if part) or "–"
    yield "范围", told.area or "–"
    yield "发起", f"{_at(told.started_at, zone)} {told.started_by}"
    yield "结束", f"{_at(told.ended_at, zone)} {told.ended_by} {told.ended_words}" if told.ended_at else "–"
    tiers = {"county": "县级", "township": "乡镇", "village": "村"}
    whole = [one for one in told.counts if one.township_code is None]
    yield (
        "结果",
        ";".join(
            f"{tiers[one.tier]}应答{one.answered}/{one.total}(超时{one.late},未应{one.waiting + one.silent})"
            for one in whole
        ),
    )
    drawn = sum(one.drawn for one in whole)
    untold = sum(one.not_passed_on for one in whole)
    yield "核实", f"抽取{drawn}个村,报了未转{untold}个" if drawn else "–"


def _rows(
    one: CalloutTargetFact, calls: Sequence[CalloutCallFact], zone: ZoneInfo
) -> Iterator[tuple[str, ...]]:
    made = [call for call in calls if call.result != "withdrawn"]
    ends = (_at(one.fed_back_at, zone) or "–", _verified(one) if one.drawn else "–")
    if not made:
        yield (one.name, "–", "–", "未叫", "、".join(one.gaps), *ends)
    for n, call in enumerate(made):
        head, tail = (one.name, ends) if n == 0 else ("", ("", ""))
        again = f"(第{call.attempt}次)" if call.attempt > 1 else ""
        said = "" if call.result == "sent" else call.words
        yield (
            head,
            call.name or call.owner,
            f"{_at(call.at, zone)} {_PURPOSES[call.purpose]}{MEANS[call.means]}",
            f"{RESULTS[call.result]}{again}",
            said,
            *tail,
        )


def _answered(one: CalloutTargetFact, zone: ZoneInfo) -> str:
    if one.answered_at is None:
        return "未应答"
    late = "(超时)" if one.standing == "late" else ""
    words = f":{one.answered_words}" if one.answered_words else ""
    means = MEANS.get(one.answered_means, one.answered_means)
    return f"{_at(one.answered_at, zone)} {one.answered_by} {means}{late}{words}"


def _verified(one: CalloutTargetFact) -> str:
    if not one.drawn:
        return "未抽中"
    words = f":{one.verified_words}" if one.verified_words else ""
    return f"{OUTCOMES[one.outcome]}{words}" if one.outcome else "待核实"


def _mark(told: CalloutRoundDetail) -> str:
    return DRILL_MARK if told.drill else ""


def _at(at: datetime | None, zone: ZoneInfo) -> str:
    return f"{at.astimezone(zone):%m-%d %H:%M}" if at else ""
