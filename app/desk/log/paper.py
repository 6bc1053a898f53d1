"""A day of the duty log on paper (值班日志)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from app.desk.log.facts import BookLine, DayBook, ShiftScore
from app.desk.prints.page import Page, clean

HEADS = ("时间", "来源", "内容", "处置", "记录人")
WIDTHS = (23, 25, 60, 30, 18)
SIGNS = ("值班长(签字):", "带班领导(签字):")
_SEATS = {
    "chief_leader": "总带班",
    "leader_in_charge": "带班领导",
    "shift_lead": "值班长",
    "intake": "接报",
    "dispatch_comms": "调度通信",
    "clerk": "文电",
    "duty_officer": "值班员",
    "reporter_a": "A岗",
    "reporter_b": "B岗",
    "reserve_duty": "备班",
}
_SOURCES = {
    "desk": "值班室",
    "telephone": "电话",
    "radio": "电台",
    "fax": "传真",
    "superior": "上级",
    "subordinate": "下级",
    "partner": "联动单位",
    "public": "群众",
    "media": "媒体",
    "patrol": "巡查",
}
_WEEKDAYS = "一二三四五六日"


def page_of(book: DayBook, zone: ZoneInfo) -> Page:
    """Put a day's log into words."""
    numbers = {line.seq: n for n, line in enumerate(book.entries, start=1)}
    return Page(
        title=clean(f"{book.post_name}值班日志"),
        number=clean(book.number),
        facts=tuple((label, clean(text)) for label, text in _facts(book, zone)),
        heads=HEADS,
        widths=WIDTHS,
        rows=tuple(_row(line, numbers, zone) for line in book.entries),
        signs=SIGNS,
        empty="本日无记录",
    )


def _facts(book: DayBook, zone: ZoneInfo) -> Iterator[tuple[str, str]]:
    day = book.day
    yield (
        "日期",
        f"{day.year}年{day.month}月{day.day}日 星期{_WEEKDAYS[day.weekday()]} "
        f"({_short(book.starts_at, zone)} 至 {_short(book.ends_at, zone)})",
    )
    yield "天气", ";".join(book.weather) or "未记录"
    for role, seat in _SEATS.items():
        names = list(dict.fromkeys(staff.name for staff in book.staff if staff.role == role))
        if names:
            yield seat, "、".join(names)
    for score in book.scores:
        yield "完整度", _score(score, zone)
    by_hand = sum(line.by_hand for line in book.entries)
    yield "小结", f"共 {len(book.entries)} 条,人工 {by_hand} 条,系统 {len(book.entries) - by_hand} 条"


def _score(score: ShiftScore, zone: ZoneInfo) -> str:
    gaps = [f"{_clock(gap.start, zone)}–{_clock(gap.end, zone)} 无记录" for gap in score.gaps]
    if score.at_handover is False:
        gaps.append("缺交班记录")
    return ";".join([f"{score.lead_name} {score.percent}%", *gaps])


def _row(line: BookLine, numbers: dict[int, int], zone: ZoneInfo) -> tuple[str, str, str, str, str]:
    source = _SOURCES.get(line.source, line.source) if line.by_hand else line.source
    return (
        _times(line, zone),
        clean(f"{source} {line.source_name}".strip()),
        clean(line.zh + _corrections(line, numbers)),
        clean(line.action),
        clean(line.entered_by or "系统"),
    )


def _times(line: BookLine, zone: ZoneInfo) -> str:
    """Write one time where all three are the same minute, else each with its word."""
    told = (("发生", line.happened_at), ("获知", line.told_at), ("录入", line.entered_at))
    clocks = [(word, _clock(at, zone)) for word, at in told]
    if len({clock for _, clock in clocks}) == 1:
        return clocks[0][1]
    return "\n".join(f"{clock} {word}" for word, clock in clocks)


def _corrections(line: BookLine, numbers: dict[int, int]) -> str:
    def named(seqs: Sequence[int]) -> str:
        return "、".join(f"第{numbers[seq]}条" if seq in numbers else f"#{seq}" for seq in seqs)

    words = f"(更正{named([line.corrects_seq])})" if line.corrects_seq is not None else ""
    return words + (f"(已由{named(line.corrected_by)}更正)" if line.corrected_by else "")


def _clock(at: datetime, zone: ZoneInfo) -> str:
    return f"{at.astimezone(zone):%H:%M}"


def _short(at: datetime, zone: ZoneInfo) -> str:
    return f"{at.astimezone(zone):%m-%d %H:%M}"
