"""The sheet of a hand-over on paper (交接班记录)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

from app.desk.handover.facts import HandoverItemFact, HandoverSheet, MemberFact
from app.desk.prints.page import Page, clean

HEADS = ("序号", "交接内容", "到期", "接收", "情况")
WIDTHS = (12, 70, 26, 26, 22)
_SIDES = (("outgoing", "交班人员"), ("incoming", "接班人员"))
_PARTS = (("outgoing", "交班"), ("incoming", "接班"), ("leader", "带班领导"))


def page_of(sheet: HandoverSheet, zone: ZoneInfo) -> Page:
    """Put a sheet into words: both teams, every item with who took it over, three signatures."""
    signed = {signature.part: signature for signature in sheet.signatures}
    signs = []
    for part, word in _PARTS:
        given = signed.get(part)  # type: ignore[call-overload]
        signs.append(
            f"{word}:{given.person_name} {_clock(given.signed_at, zone)}" if given else f"{word}(签字):"
        )
    return Page(
        title=clean(f"{sheet.post_name}交接班记录"),
        number=f"{sheet.change_at.astimezone(zone):%Y-%m-%d %H:%M} 换班",
        facts=tuple((label, clean(text)) for label, text in _facts(sheet, zone)),
        heads=HEADS,
        widths=WIDTHS,
        rows=tuple(_row(n, item, zone) for n, item in enumerate(sheet.sheet, start=1)),
        signs=tuple(clean(sign) for sign in signs),
        empty="没有交接内容",
    )


def _facts(sheet: HandoverSheet, zone: ZoneInfo) -> Iterator[tuple[str, str]]:
    done = f"{_clock(sheet.completed_at, zone)} 完成" if sheet.completed_at else "未签完"
    yield "时间", f"{_clock(sheet.opened_at, zone)} 开始,{done}"
    for side, word in _SIDES:
        team = [member for member in sheet.members if member.side == side]
        yield word, "、".join(_member(member, zone) for member in team) or "无"
    for signature in sheet.signatures:
        if signature.typed_by:
            yield "代录签字", f"{signature.person_name},{signature.typed_by}代录:{signature.reason}"


def _member(member: MemberFact, zone: ZoneInfo) -> str:
    notes = []
    if member.arrived_at is not None:
        notes.append(f"{_clock(member.arrived_at, zone)}到岗")
    elif member.side == "incoming":
        notes.append("未到")
    if member.late_min:
        notes.append(f"迟到{member.late_min}分钟")
    if member.left_at is not None:
        notes.append(f"{_clock(member.left_at, zone)}离岗")
    if member.overtime_min:
        notes.append(f"延时{member.overtime_min}分钟")
    if member.left_before_relief:
        notes.append("接班人未到")
    return member.name + (f"({','.join(notes)})" if notes else "")


def _row(number: int, item: HandoverItemFact, zone: ZoneInfo) -> tuple[str, ...]:
    taken = f"{item.ticked_by} {_clock(item.ticked_at, zone)}" if item.ticked_at else ""
    state = "" if item.in_order is None else "属实" if item.in_order else "不符"
    if item.gone_at is not None:
        state = "已了结"
    return (
        str(number),
        clean(item.zh),
        f"{item.due_at.astimezone(zone):%m-%d %H:%M}" if item.due_at else "",
        clean(taken),
        clean(f"{state} {item.remark}".strip()),
    )


def _clock(at: datetime, zone: ZoneInfo) -> str:
    return f"{at.astimezone(zone):%H:%M}"
