"""The records of the scenarios as a report finds them, and what a test says of them in few words."""

from __future__ import annotations

from dataclasses import replace

from app.reporting.report.rules.compose import followup_text, told_after, whole_text
from app.reporting.report.rules.points import points_of
from app.reporting.report.rules.record import Force, Narrative, Record
from app.reporting.report.rules.steps import ReportKind
from app.reporting.report.rules.words import title_of
from app.reporting.report.templates import shipped
from tests.reporting.telling import clock
from tests.world import ZONE

S01 = Record(
    received_at=clock("02:13:20"),
    occurred_at=None,
    source="电话报告（李桂花 13900001111）",
    place="樟川市临溪镇东岸村",
    nature="洪水",
    level=4,
    as_of=clock("02:14:40"),
    lon=118.21,
    lat=28.51,
    description="3人被困屋顶，水深约1.2米，水位仍在上涨。",
    figures={"trapped": 3, "dead": None},
)
S01_LATER = replace(
    S01,
    as_of=clock("03:41:00"),
    figures={"trapped": 0, "dead": 0, "missing": 0, "evacuated": 23},
    forces=(
        Force("1", "临溪镇综合队", 12, "已到场处置"),
        Force("2", "消防救援大队", 20, "已到场处置"),
    ),
    told=Narrative(course="03:20被困5人全部救出，无人受伤", leaders="带班领导周敏在指挥中心调度"),
)
S02 = Record(
    received_at=clock("13:40:00", "2025-11-05"),
    occurred_at=clock("13:40:00", "2025-11-05"),
    source="电台报告（林12）",
    place="樟川市观山镇观山村",
    nature="森林火灾",
    level=3,
    as_of=clock("14:45:00", "2025-11-05"),
    figures={
        "dead": 0,
        "missing": 0,
        "trapped": 0,
        "seriously_injured": 0,
        "slightly_injured": 0,
        "area": 1.6,
    },
    forces=(Force("7", "阁峰中队", 15, "已到场处置"),),
    told=Narrative(
        scope="火线距观山村1.2公里，威胁86人",
        trend="西北风6级，火势向观山村方向蔓延",
        measures="转移观山村86人",
        commander="观山镇镇长 郑启明 13900002222",
    ),
)
S03 = Record(
    received_at=clock("07:53:00"),
    occurred_at=clock("07:52:00"),
    source="设备报警（G-04）",
    place="樟川市工业园区",
    nature="危险化学品泄漏事故",
    level=4,
    as_of=clock("08:10:00"),
    description="液氨（UN1005）泄漏，东南风3米/秒",
    figures={"at_risk": 14, "evacuated": 640, "dead": 0},
    command=(("危化品事故现场指挥部", "沈立"),),
    told=Narrative(cause="阀门密封失效（初判）", requests="请求市级环境监测支援"),
)


def whole(record: Record, kind: ReportKind = "initial") -> str:
    """The text of a first or a final report by the shipped template."""
    title = title_of(record.place, record.nature, kind, 0)
    return whole_text(shipped().by_kind[kind], points_of(record, ZONE), title, record.as_of, ZONE)


def after(record: Record, *before: Record) -> str:
    """The text of a follow-up after versions that were sent."""
    told: dict[str, str] = {}
    for one in before:
        told = told_after(told, points_of(one, ZONE))
    title = title_of(record.place, record.nature, "followup", len(before))
    return followup_text(
        shipped().by_kind["followup"], points_of(record, ZONE), told, title, record.as_of, ZONE
    )
