"""A kept summary of a status round-up on paper and as a sheet (调度情况汇总表)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

from app.desk.prints.page import Page, clean
from app.dispatch.status_call.facts import (
    LackedFact,
    QuestionFact,
    QuestionTotalFact,
    StatusAnswerFact,
    StatusCallDetail,
    StatusRecipientFact,
    StatusSummaryFact,
    StatusValue,
)
from app.sheets import Cell, write_book

WIDTH = 156  # millimetres of the type area
SIGNS = ("填表人(签字):", "审核人(签字):")
_STANDING = {"answered": "按时", "late": "迟报", "waiting": "未报", "silent": "未报"}
_SOURCES = {
    "app": "系统",
    "phone": "电话",
    "sms": "短信",
    "radio": "电台",
    "fax": "传真",
    "in_person": "当面",
}
_DOUBTS = {"over_population": "超过辖区人口", "jump": "与上轮相差大", "fell": "累计数比上轮小"}


def page_of(kept: StatusSummaryFact, zone: ZoneInfo) -> Page:
    """Put a kept summary into words."""
    detail = kept.detail
    questions = detail.questions
    each = (WIDTH - 34 - 34) // len(questions) if len(questions) <= 6 else 0
    heads: tuple[str, ...] = ("单位", *(_head(question) for question in questions), "报送")
    widths: tuple[int, ...] = (34, *(each for _ in questions), WIDTH - 34 - each * len(questions))
    rows = tuple((unit.unit_name, *_cells(unit, questions), _told(unit, zone)) for unit in detail.units)
    if not each:  # too many columns for the page: one column holds what a unit said
        heads, widths = ("单位", "填报内容", "报送"), (34, WIDTH - 68, 34)
        rows = tuple((unit.unit_name, _joined(unit, questions), _told(unit, zone)) for unit in detail.units)
    return Page(
        title=clean(f"{detail.title}汇总表"),
        number=f"调度〔{kept.made_at.astimezone(zone).year}〕#{detail.id} 第{kept.version}版",
        facts=tuple((label, clean(words)) for label, words in _facts(kept, zone)),
        heads=tuple(map(clean, heads)),
        widths=widths,
        rows=tuple(tuple(map(clean, row)) for row in rows),
        signs=SIGNS,
        empty="没有填报单位",
    )


def book_of(kept: StatusSummaryFact, zone: ZoneInfo) -> bytes:
    """Return a kept summary as xlsx: a line a unit, numbers as numbers, the totals last."""
    detail = kept.detail
    questions = detail.questions
    headers = [
        "单位",
        *(_head(question) for question in questions),
        "状态",
        "迟报(分钟)",
        "报送时间",
        "来源",
        "报告人",
        "版本",
        "存疑",
        "备注",
    ]
    rows: list[list[Cell]] = []
    for unit in detail.units:
        last = unit.answers[-1] if unit.answers else None
        rows.append(
            [
                unit.unit_name,
                *(_cell(last, question) for question in questions),
                _STANDING[unit.standing],
                unit.late_minutes,
                _at(last.told_at, zone) if last else "",
                _SOURCES[last.source] if last else "",
                last.told_by if last else "",
                last.version if last else None,
                _doubts(last),
                last.note if last else "",
            ]
        )
    sums = {one.number: one for one in detail.totals}
    rows.append(["合计", *(_sum_cell(sums[question.number]) for question in questions)])
    widths = [24, *(16 for _ in questions), 8, 10, 18, 8, 16, 6, 30, 30]
    return write_book(f"调度{detail.id}第{kept.version}版", headers, widths, rows)


def _facts(kept: StatusSummaryFact, zone: ZoneInfo) -> Iterator[tuple[str, str]]:
    detail = kept.detail
    yield "截止时间", _at(detail.due_at, zone)
    if detail.asked_by:
        yield "要求", f"{detail.asked_by}{':' + detail.note if detail.note else ''}"
    on_time = detail.answered - detail.late
    yield (
        "报送情况",
        f"应报{detail.recipients}个,按时{on_time}个,迟报{detail.late}个,"
        f"未报{detail.recipients - detail.answered}个",
    )
    sums = {one.number: one for one in detail.totals}
    for question in detail.questions:
        yield f"{question.number}.{question.text}", _total_words(question, sums[question.number])
    if silent := [unit.unit_name for unit in detail.units if not unit.answers]:
        yield "未报单位", "、".join(silent)
    if late := [f"{unit.unit_name}迟{unit.late_minutes}分钟" for unit in detail.units if unit.late_minutes]:
        yield "迟报单位", "、".join(late)
    yield "汇总", f"{kept.made_by} {_at(kept.made_at, zone)}"


def _total_words(question: QuestionFact, total: QuestionTotalFact) -> str:
    if total.total is not None:
        return f"合计{_plain(total.total)}{question.unit}({total.answered}个单位)"
    if total.counts:
        return ",".join(f"{one.word}{one.count}个" for one in total.counts)
    if total.lacking:
        return ";".join(f"{one.item}{_amount(one)}({'、'.join(one.who)})" for one in total.lacking)
    return "无" if question.kind == "lacking" else f"{total.answered}个单位已报"


def _amount(lacked: LackedFact) -> str:
    return "" if lacked.quantity is None else f"{_plain(lacked.quantity)}{lacked.unit}"


def _head(question: QuestionFact) -> str:
    return question.text + (f"({question.unit})" if question.unit else "")


def _cells(unit: StatusRecipientFact, questions: list[QuestionFact]) -> list[str]:
    last = unit.answers[-1] if unit.answers else None
    return [_words(last, question) for question in questions]


def _joined(unit: StatusRecipientFact, questions: list[QuestionFact]) -> str:
    told = zip(questions, _cells(unit, questions), strict=True)
    return "\n".join(f"{question.text}:{words}" for question, words in told if words)


def _words(answer: StatusAnswerFact | None, question: QuestionFact) -> str:
    value = answer.values.get(str(question.number)) if answer else None
    if value is None:
        return ""
    doubted = "*" if answer and any(one.number == question.number for one in answer.doubts) else ""
    return said(value) + doubted


def said(value: StatusValue) -> str:
    """Write a value as people read it."""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, list):
        return "、".join(value) or "无"
    return _plain(value)


def _plain(value: float | str) -> str:
    if isinstance(value, str):
        return value
    return str(int(value)) if value == int(value) else str(value)


def _cell(answer: StatusAnswerFact | None, question: QuestionFact) -> Cell:
    value = answer.values.get(str(question.number)) if answer else None
    if value is None:
        return ""
    return value if isinstance(value, float) else said(value)


def _sum_cell(total: QuestionTotalFact) -> Cell:
    if total.total is not None:
        return total.total
    return ",".join(f"{one.word}{one.count}" for one in total.counts)


def _told(unit: StatusRecipientFact, zone: ZoneInfo) -> str:
    if not unit.answers:
        return "未报"
    last = unit.answers[-1]
    late = f" 迟{unit.late_minutes}分钟" if unit.late_minutes else ""
    version = f" 第{last.version}版" if last.version > 1 else ""
    by = f" {last.told_by}" if last.source != "app" else ""
    doubts = _doubts(last)
    zero = " 无情况" if last.nothing else ""
    return f"{last.told_at.astimezone(zone):%H:%M}{late} {_SOURCES[last.source]}{by}{version}{zero}" + (
        f"\n*{doubts}" if doubts else ""
    )


def _doubts(answer: StatusAnswerFact | None) -> str:
    return ";".join(
        f"第{one.number}题{_plain(one.value)}{_DOUBTS[one.kind]}({_plain(one.limit)})"
        for one in (answer.doubts if answer else [])
    )


def _at(at: datetime, zone: ZoneInfo) -> str:
    return f"{at.astimezone(zone):%Y-%m-%d %H:%M}"


def name_of(detail: StatusCallDetail, version: int) -> str:
    """Return the name under which a summary is saved."""
    return f"{clean(detail.title)} 汇总 第{version}版"
