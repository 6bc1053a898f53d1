"""Documents of an incident: how it came in, who was told by phone, what was lost."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from app.db import Tx
from app.desk.documents.makers.asked import number_asked
from app.desk.documents.office import Made, Office
from app.desk.prints.page import Page, clean
from app.dispatch.facts import IncidentFact, TellingFact
from app.dispatch.figures import store as figures
from app.dispatch.figures.facts import FigureFact
from app.dispatch.figures.kinds import MEASURES, FigureKind, plain
from app.dispatch.store import incidents
from app.org.rules.access import Viewer, may_see, require
from app.refusals import NotFound
from app.reporting.report.rules.points import LEVELS, long_time
from app.reporting.report.rules.record import VERIFYING
from app.reporting.report.store.record import source_of

SPOKEN = frozenset({"telephone", "duty_line", "satellite_phone", "radio", "radio_370"})
_MEANS = {
    "telephone": "电话",
    "duty_line": "值班电话",
    "satellite_phone": "卫星电话",
    "radio": "电台",
    "radio_370": "370MHz电台",
}
_KINDS = {
    "initial": "初报",
    "supplement": "补报",
    "followup": "续报",
    "followup_on_event": "续报",
    "zero_report": "零报告",
    "daily_report": "日报",
    "full_report": "全面报告",
    "final": "终报",
    "verification": "核报",
    "review": "复核",
}


async def call_record(tx: Tx, by: Viewer, incident_id: int, _part: str, office: Office) -> Made:
    """Make the call record (接报单) of an incident: who told it, when, in which words (domain/rules B5d)."""
    incident, zone = await _incident(tx, by, incident_id), office.zone
    point = "" if incident.lon is None or incident.lat is None else f"{incident.lon:.5f},{incident.lat:.5f}"
    facts = (
        *_of(incident),
        ("接报时间", long_time(incident.received_at, zone)),
        ("事发时间", long_time(incident.occurred_at, zone) if incident.occurred_at else VERIFYING),
        ("信息来源", source_of(incident)),
        ("危及生命", "是" if incident.life_threat else "否"),
        ("经纬度", point),
        ("情况", incident.description),
        ("接报人", f"{incident.opened_by}(录入{long_time(incident.opened_at, zone)})"),
    )
    rows = tuple(
        (
            _short(incident.received_at, zone) if n == 0 else "",
            clean(one.name),
            clean(one.phone),
            clean(one.words),
        )
        for n, one in enumerate(incident.callers)
    )
    page = Page(
        title="接报单",
        number="",
        facts=_clean(facts),
        heads=("时间", "来电人", "电话", "内容"),
        widths=(30, 30, 36, 60),
        rows=rows,
        signs=("接报人(签字):", "值班长(签字):"),
        empty="无来电人记录",
    )
    return _made(f"call_record:{incident_id}", "接报单", incident, page)


async def phone_record(tx: Tx, by: Viewer, incident_id: int, part: str, office: Office) -> Made:
    """Make the telephone record (电话记录) of one telling by voice: whom, at which number, when, what."""
    incident, zone = await _incident(tx, by, incident_id), office.zone
    number = number_asked(part, "第几次报告(从1起)", "telling, from 1 on")
    told = incident.tellings[number - 1] if 1 <= number <= len(incident.tellings) else None
    if told is None or told.channel not in SPOKEN:
        raise NotFound("该次电话报告", "telling by telephone")
    facts = (
        *_of(incident),
        ("通话时间", long_time(told.told_at, zone)),
        ("对方", told.whom),
        ("号码", told.number),
        ("方式", _MEANS[told.channel]),
        ("报告类别", _KINDS[told.kind]),
        ("录入", f"{told.entered_by} {long_time(told.entered_at, zone)}"),
        ("回执", told.receipt),
    )
    page = Page(
        title="电话记录",
        number="",
        facts=_clean(facts),
        heads=("项目", "内容"),
        widths=(36, 120),
        rows=tuple((label, clean(text)) for label, text in _said(incident, told, zone)),
        signs=("记录人(签字):", "值班长(签字):"),
        empty="无",
    )
    return _made(f"phone_record:{incident_id}:{number}", "电话记录", incident, page)


async def damage_table(tx: Tx, by: Viewer, incident_id: int, _part: str, office: Office) -> Made:
    """Make the table of damage (灾情统计表): the official figures, and who told them when."""
    incident = await _incident(tx, by, incident_id)
    told = await figures.told(tx, incident_id)
    official = {one.kind: one for one in told if one.official}
    doubted = sorted({one.kind for one in told if len({o.value for o in told if o.kind == one.kind}) > 1})
    facts = (
        *_of(incident),
        ("统计时间", long_time(office.now, office.zone)),
        ("存疑", "、".join(f"{MEASURES[kind].zh}有不同数据" for kind in doubted)),
    )
    page = Page(
        title="灾情统计表",
        number="",
        facts=_clean(facts),
        heads=("指标", "单位", "数值", "来源", "核报时间"),
        widths=(38, 18, 24, 44, 32),
        rows=tuple(_figures(incident, official, office.zone)),
        signs=("填表人(签字):", "审核人(签字):"),
        empty="无灾情数据",
    )
    return _made(f"damage_table:{incident_id}", "灾情统计表", incident, page)


async def _incident(tx: Tx, by: Viewer, incident_id: int) -> IncidentFact:
    require(by, "see_desk")
    seen = await incidents.seen(tx, by.stream, incident_id)
    if seen is None or not may_see(by, seen.concern):
        raise NotFound("该事件", "incident")
    return seen.fact


def _of(incident: IncidentFact) -> tuple[tuple[str, str], ...]:
    return (
        ("事件编号", incident.number),
        ("事件标题", incident.title),
        ("类别", incident.event_name_zh),
        ("初判等级", LEVELS.get(incident.initial_level, "")),
        ("地点", f"{incident.region_path}{incident.address}"),
    )


def _said(incident: IncidentFact, told: TellingFact, zone: ZoneInfo) -> Iterator[tuple[str, str]]:
    yield "报告内容", incident.description or incident.title
    yield "所报版本", f"事件记录第{told.version}版"
    if told.as_of:
        yield "情况截至", long_time(told.as_of, zone)
    known = [
        f"{measure.zh}{plain(value)}{measure.unit_zh}"
        for kind, measure in MEASURES.items()
        if (value := getattr(incident.casualties, kind)) is not None
    ]
    yield "目前数据", "、".join(known) or VERIFYING


def _figures(
    incident: IncidentFact, official: Mapping[FigureKind, FigureFact], zone: ZoneInfo
) -> Iterator[tuple[str, ...]]:
    for kind, measure in MEASURES.items():
        value, told = getattr(incident.casualties, kind), official.get(kind)
        yield (
            measure.zh,
            measure.unit_zh,
            VERIFYING if value is None else plain(value),
            clean(told.source) if told else "",
            _short(told.told_at, zone) if told else "",
        )


def _made(subject: str, name: str, incident: IncidentFact, page: Page) -> Made:
    title = f"{name} {clean(incident.title)}"
    return Made(subject, title, f"{name} {incident.number}", (page,), incident_ids=(incident.id,))


def _clean(facts: tuple[tuple[str, str], ...]) -> tuple[tuple[str, str], ...]:
    return tuple((label, clean(text)) for label, text in facts if text)


def _short(at: datetime, zone: ZoneInfo) -> str:
    return f"{at.astimezone(zone):%Y-%m-%d %H:%M}"
