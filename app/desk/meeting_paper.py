"""A roll call by video as a sheet: who was called, what became of it, how many seconds it took."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from app.desk.prints.page import clean
from app.dispatch.meeting.facts import MeetingDetail
from app.filing.rules.numbers import marked
from app.sheets import Cell, write_book

HEADS = (
    "点名对象",
    "结果",
    "接通用时(秒)",
    "呼叫时间",
    "接听时间",
    "接通时间",
    "见到画面",
    "退出时间",
    "接听人",
)
WIDTHS = (24, 12, 14, 20, 20, 20, 20, 20, 16)
OUTCOMES: Mapping[str, str] = {
    "waiting": "待呼叫",
    "ringing": "呼叫中",
    "connecting": "接通中",
    "connected": "已接通",
    "no_video": "无视频",
    "no_media": "接听未通",
    "declined": "拒接",
    "missed": "未接",
}
_KINDS = {"meeting": "视频会商", "roll_call": "视频点名"}


def name_of(told: MeetingDetail) -> str:
    """Return the name of the sheet's file."""
    return clean(f"{_KINDS[told.kind]} {marked(told.title, drill=told.drill)}")


def book_of(told: MeetingDetail, zone: ZoneInfo) -> bytes:
    """Return the table of those who were called, and its summary below, as xlsx."""

    def at(moment: datetime | None) -> str:
        return "" if moment is None else moment.astimezone(zone).strftime("%Y-%m-%d %H:%M:%S")

    rows: list[tuple[Cell, ...]] = [
        (
            one.name,
            OUTCOMES[one.outcome],
            one.seconds,
            at(one.rang_at),
            at(one.answered_at),
            at(one.connected_at),
            at(one.video_at),
            at(one.left_at),
            one.answered_by,
        )
        for one in told.members
        if one.kind != "account"
    ]
    rows.append(
        (
            f"应到 {told.total}",
            f"已到 {told.answered}",
            told.median_s,
            f"未到 {told.missing}",
            f"待接 {told.waiting}",
            f"已接通 {told.connected}",
            f"无视频 {told.no_video}",
            "" if told.slowest_s is None else f"最慢 {told.slowest_s} 秒",
            "" if told.median_s is None else "用时为中位数",
        )
    )
    return write_book(_KINDS[told.kind], HEADS, WIDTHS, rows)
