"""A broadcast on paper (应急广播播发单): text, area, window, repeats, approver, result per terminal."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

from app.broadcast.facts import BroadcastDeliveryFact, BroadcastFact, SpeakerResultFact
from app.desk.prints.page import Page, clean

HEADS = ("村(社区)", "终端", "资源编码", "结果", "起止时间", "遍数")
WIDTHS = (30, 30, 46, 18, 22, 10)
_RESULTS = ("未处理", "等待播发", "播发中", "播发成功", "播发失败", "已取消")
_KINDS = {1: "实际播发", 2: "取消播发", 3: "平台演练", 4: "前端演练", 5: "终端演练"}
_SEVERITIES = ("未知", "一级(红色)", "二级(橙色)", "三级(黄色)", "四级(蓝色)")
_OUTCOMES = {
    "": "进行中", "success": "全部成功", "partial": "部分成功", "failed": "未播出", "cancelled": "已取消",
}  # fmt: skip


def page_of(sheet: BroadcastFact, table: BroadcastDeliveryFact, zone: ZoneInfo) -> Page:
    """Put a broadcast sheet into words, with what every terminal made of it."""
    return Page(
        title="应急广播播发单",
        number=clean(sheet.broadcast.ebmid or ""),
        facts=tuple((label, clean(told)) for label, told in _facts(sheet, table, zone)),
        heads=HEADS,
        widths=WIDTHS,
        rows=tuple(
            tuple(clean(cell) for cell in _row(village.path, one, zone))
            for village in table.villages
            for one in village.results
        ),
        signs=(f"拟稿人:{clean(sheet.broadcast.author)}", f"审批人:{clean(sheet.broadcast.approver)}"),
        empty="尚未下发,或区域内没有终端",
        size=9,
    )


def _facts(sheet: BroadcastFact, table: BroadcastDeliveryFact, zone: ZoneInfo) -> Iterator[tuple[str, str]]:
    told = sheet.broadcast
    yield "性质", _KINDS[told.msg_type]
    yield "事件", f"{told.event_name} {told.event_type} {_SEVERITIES[told.severity]}"
    if told.cause_words:
        yield "依据", told.cause_words
    yield "播发标题", told.title
    yield "正文", sheet.text
    for one in sheet.more_texts:
        yield "正文", f"({one.language}){one.text}"
    if sheet.voice is not None:
        yield "语音", f"{sheet.voice.name} {sheet.voice.seconds or 0:.0f}秒"
    yield "区域", f"{told.scope_words}({told.villages}个村、{told.terminals}个终端)"
    yield "时段", f"{_time(told.start_at, zone)}至{_time(told.end_at, zone)}"
    yield "遍数", f"{sheet.repeats}遍,间隔{sheet.interval_s}秒"
    yield "拟稿", f"{told.author} {_time(sheet.drafted_at, zone)}"
    yield "审批", _approved(sheet, zone)
    if sheet.stopped_at is not None:
        yield "停播", f"{sheet.stopped_by} {_time(sheet.stopped_at, zone)} {sheet.stop_reason}".strip()
    if sheet.issued_at is not None:
        rate = "" if told.coverage_rate is None else f",覆盖率{told.coverage_rate:.1%}"
        yield "结果", f"{_OUTCOMES[told.outcome]}:{told.reached}/{told.villages}个村播到{rate}"
    missed = [one.path for one in table.villages if one.reached_at is None]
    if sheet.issued_at is not None and missed:
        yield "未播到", "、".join(missed[:60]) + (f"等{len(missed)}个村" if len(missed) > 60 else "")
    for check in table.verifications:
        yield "抽查", f"{check.path} {_HEARD.get(check.answer, '未回访')} {check.person}".strip()


_HEARD = {"heard": "听到", "not_heard": "未听到", "no_answer": "无人接听"}


def _approved(sheet: BroadcastFact, zone: ZoneInfo) -> str:
    told = sheet.consent
    if told is not None:
        signed = (
            f",{told.countersigner}{_time(told.countersigned_at, zone)}补签"
            if told.countersigned_at is not None
            else ",待补签"
        )
        return f"电话同意:{told.consent_of} {told.phone} {_time(told.at, zone)}“{told.words}”{signed}"
    if sheet.approved_at is None:
        return "未审批"
    return f"{sheet.broadcast.approver} {_time(sheet.approved_at, zone)}"


def _row(path: str, one: SpeakerResultFact, zone: ZoneInfo) -> tuple[str, ...]:
    clock = "—"
    if one.started_at is not None:
        ended = f"{one.ended_at.astimezone(zone):%H:%M}" if one.ended_at else ""
        clock = f"{one.started_at.astimezone(zone):%H:%M}–{ended}"
    result = _RESULTS[one.state] + (f" {one.words}" if one.words and one.state == 4 else "")
    return (path, one.name, one.resource_code, result, clock, str(one.plays) if one.plays else "—")


def _time(at: datetime, zone: ZoneInfo) -> str:
    return f"{at.astimezone(zone):%Y-%m-%d %H:%M}"
