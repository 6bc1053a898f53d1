"""The words of the rules file: nodes, channels, levels, anchors, kinds of report, what may be asked."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, get_args

from app.dispatch.facts import ReportKind, ReportNode
from app.dispatch.figures.kinds import FigureKind

Node = ReportNode
Channel = Literal["phone", "written", "system"]
Level = Literal["general", "larger", "major", "extraordinary"]
Grade = Literal["general", "larger", "larger_risk", "major", "extraordinary"]
Anchor = Literal["occ", "lrn", "occ_or_lrn", "rcv", "chg", "end", "stable", "fire_out"]
Kind = ReportKind
Event = Literal[
    "casualty_change",
    "level_change",
    "leader_on_scene",
    "response_changed",
    "evacuation_done",
    "secondary_disaster",
    "reopened",
]

Words = tuple[str, str]
"""The same in Chinese and in English."""

NODES: Mapping[Node, Words] = {
    "E": ("企业", "enterprise"),
    "V": ("村(社区)", "village"),
    "T": ("乡镇(园区)", "township or park"),
    "D": ("县级部门", "county department"),
    "C": ("县应急指挥中心", "county centre"),
    "L": ("带班领导", "leader in charge"),
    "B": ("局主要负责人", "head of the bureau"),
    "CG": ("县委县政府总值班室", "county general duty office"),
    "P": ("市级", "prefecture"),
    "PR": ("省级", "province"),
    "N": ("国家部委", "ministry"),
}
CHANNELS: Mapping[Channel, Words] = {
    "phone": ("电话", "phone"),
    "written": ("书面", "written"),
    "system": ("系统", "system"),
}
# Whether a superior passes a report on, nobody in the county can know: it is not followed.
OURS: frozenset[Node] = frozenset({"E", "V", "T", "D", "C", "L", "B", "CG"})
LEVELS: tuple[Level, ...] = ("general", "larger", "major", "extraordinary")
GRADES: Mapping[Grade, Words] = {
    "general": ("一般", "general"),
    "larger": ("较大", "larger"),
    "larger_risk": ("较大涉险", "larger risk"),
    "major": ("重大", "major"),
    "extraordinary": ("特别重大", "extraordinary"),
}
ANCHORS: Mapping[Anchor, Words] = {
    "occ": ("事发时间", "occurrence"),
    "lrn": ("获知时间", "learning"),
    "occ_or_lrn": ("事发(不明则获知)时间", "occurrence, else learning"),
    "rcv": ("接报时间", "receipt"),
    "chg": ("情况变化时间", "change"),
    "end": ("处置结束时间", "end of handling"),
    "stable": ("灾情稳定时间", "the disaster being stable"),
    "fire_out": ("明火扑灭时间", "the fire being out"),
}
KINDS: Mapping[Kind, Words] = {
    "initial": ("初报", "initial report"),
    "supplement": ("伤亡补报", "supplement on casualties"),
    "followup": ("续报", "follow-up report"),
    "followup_on_event": ("情况变化续报", "follow-up on an event"),
    "zero_report": ("零报告", "zero report"),
    "daily_report": ("每日报告", "daily report"),
    "full_report": ("详细报告", "full report"),
    "final": ("终报", "final report"),
    "verification": ("核报", "verification report"),
    "review": ("总结评估", "review"),
}
EVENTS: Mapping[Event, Words] = {
    "casualty_change": ("伤亡变化", "casualties changed"),
    "level_change": ("级别变化", "level changed"),
    "leader_on_scene": ("领导到场", "a leader on the scene"),
    "response_changed": ("响应启动或终止", "response started or ended"),
    "evacuation_done": ("转移完成", "evacuation done"),
    "secondary_disaster": ("次生灾害", "secondary disaster"),
    "reopened": ("事件重新开启", "the incident was reopened"),
}
FIGURES = frozenset((*get_args(FigureKind), "hot_pixels"))
"""Figures that are told: those of an incident, and the points a satellite saw."""
DERIVED = frozenset({"injured", "burning_h"})
"""Figures the engine works out: the injured altogether; hours the fire has burnt."""
FLAGS = frozenset(
    {
        "sensitive",
        "larger_risk",
        "boundary",
        "threatens_homes",
        "protected_area",
        "sensitive_time",
        "media",
        "needs_help",
        "key_facility",
        "heavy_loss",
        "big_impact",
        "special_day",
    }
)
FLAG_WORDS: Mapping[str, Words] = {
    "sensitive": ("敏感事件", "sensitive"),
    "larger_risk": ("较大涉险", "larger risk"),
    "boundary": ("位于行政交界", "at a boundary"),
    "threatens_homes": ("威胁居民地", "homes threatened"),
    "protected_area": ("位于自然保护区", "in a protected area"),
    "sensitive_time": ("处于敏感时段", "at a sensitive time"),
    "media": ("媒体关注", "in the media"),
    "needs_help": ("需要上级支援", "help is needed"),
    "key_facility": ("威胁重要设施", "a key facility threatened"),
    "heavy_loss": ("损失严重", "heavy loss"),
    "big_impact": ("社会影响大", "big impact"),
    "special_day": ("特别防护期", "special days"),
}
SCOPES: Mapping[str, Words] = {
    "work_safety": ("生产安全事故", "work safety"),
    "fire": ("火灾", "fire"),
    "road_traffic": ("道路交通事故", "road traffic"),
    "natural_disaster": ("自然灾害", "natural disaster"),
    "forest_fire": ("森林火灾", "forest fire"),
    "environment": ("突发环境事件", "environment"),
    "public_health": ("公共卫生事件", "public health"),
}
"""What the shipped file's scopes are called; a county's own scope is called by its id."""
CASUALTIES = frozenset({"dead", "missing", "trapped", "seriously_injured", "slightly_injured", "at_risk"})
"""Whose change is a casualty change (domain/rules B5d: 死亡/失踪/被困/受伤/涉险)."""
MILESTONES: frozenset[Anchor] = frozenset({"end", "stable", "fire_out"})
FROM_OCCURRENCE: frozenset[Anchor] = frozenset({"occ", "occ_or_lrn"})
SCHEDULED: frozenset[Kind] = frozenset({"followup", "zero_report", "daily_report"})
OWN_REPORT: frozenset[Kind] = frozenset({"full_report", "final", "verification", "review"})
"""Kinds that only a report of that kind discharges; the others are discharged by any report in time."""
