"""Evacuation lists and return-home lists on paper, a village a document."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Literal
from zoneinfo import ZoneInfo

from app.desk.prints.page import Page, clean
from app.shelters.evacuation_facts import (
    EvacuationBriefFact,
    EvacuationFact,
    EvacuationVillageFact,
    EvacueeFact,
)

Kind = Literal["list", "return"]
_TITLES: dict[Kind, str] = {"list": "人员转移名单", "return": "人员返家名单"}
_HEADS: dict[Kind, tuple[str, ...]] = {
    "list": ("户主", "姓名", "电话", "需要协助", "转移时间", "去向", "方式与备注"),
    "return": ("户主", "姓名", "电话", "去向", "返家时间", "结果", "备注"),
}
_WIDTHS = (17, 17, 27, 22, 27, 26, 20)
_MEANS = {"assembly": "集中转移", "transport": "车船接送", "door_knock": "敲门动员", "own_way": "自行转移"}
_BACK = {"": "", "home": "已返家", "missing": "失联"}


def pages_of(
    found: EvacuationFact, people: Sequence[EvacueeFact], kind: Kind, zone: ZoneInfo, village: str = ""
) -> list[Page]:
    """Put the lists of an evacuation into words; the return list names only who was moved."""
    return [
        _page(found.evacuation, one, [p for p in people if p.village_code == one.village_code], kind, zone)
        for one in found.villages
        if village in {"", one.village_code}
    ]


def _page(
    evacuation: EvacuationBriefFact,
    village: EvacuationVillageFact,
    people: Sequence[EvacueeFact],
    kind: Kind,
    zone: ZoneInfo,
) -> Page:
    rows = [one for one in people if kind == "list" or one.state == "moved"]
    row_of = _listed if kind == "list" else _returned
    return Page(
        title=_TITLES[kind],
        number=clean(evacuation.incident_number),
        facts=tuple((label, clean(words)) for label, words in _facts(evacuation, village, kind, zone)),
        heads=_HEADS[kind],
        widths=_WIDTHS,
        rows=tuple(tuple(clean(cell) for cell in row_of(one, zone)) for one in rows),
        signs=("村(社区)负责人:", "转移责任人:", "安置点负责人:"),
        empty="名单为空",
    )


def _facts(
    evacuation: EvacuationBriefFact, village: EvacuationVillageFact, kind: Kind, zone: ZoneInfo
) -> Iterator[tuple[str, str]]:
    tally = village.tally
    yield "村(社区)", village.village_path
    yield "事由", evacuation.reason
    yield "下达", f"{evacuation.entered_by} {_time(evacuation.ordered_at, zone)}"
    if evacuation.deadline:
        yield "完成时限", _time(evacuation.deadline, zone)
    if village.shelter_name:
        spare = f"(备选 {village.alternative_name})" if village.alternative_name else ""
        yield "安置点", f"{village.shelter_name}{spare}"
    if kind == "list":
        yield "进度", f"应转移 {tally.total} 人,已转移 {tally.moved} 人,拒绝 {tally.refused} 人"
    else:
        yield "进度", f"转移 {tally.moved} 人,已返家 {tally.home} 人,失联 {tally.missing} 人"


def _listed(one: EvacueeFact, zone: ZoneInfo) -> Sequence[str]:
    if one.state == "refused":
        remark = f"拒绝:{one.reason};见证 {one.witness}"
        return (one.household, one.name, one.phone, one.needs, _time(one.happened_at, zone), "", remark)
    at = _time(one.happened_at, zone) if one.state == "moved" else ""
    goal = one.shelter_name or ("投亲靠友" if one.state == "moved" else "")
    means = _MEANS.get(one.means, "")
    return (one.household, one.name, one.phone, one.needs, at, goal, means)


def _returned(one: EvacueeFact, zone: ZoneInfo) -> Sequence[str]:
    at = _time(one.back_at, zone)
    goal = one.shelter_name or "投亲靠友"
    return (one.household, one.name, one.phone, goal, at, _BACK[one.back], one.back_note)


def _time(at: datetime | None, zone: ZoneInfo) -> str:
    return f"{at.astimezone(zone):%m-%d %H:%M}" if at else ""
