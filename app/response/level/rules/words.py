"""The words of a response order (启动、调整、终止应急响应令). Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from app.filing.rules.numbers import DRILL_MARK
from app.response.level.rules.consequences import TABLE
from app.response.level.rules.proposing import COLOUR_ZH, StepKind

LEVEL_ZH: Mapping[int, str] = {1: "一级", 2: "二级", 3: "三级", 4: "四级"}
ACT_ZH: Mapping[str, str] = {"activate": "启动", "adjust": "调整", "terminate": "终止"}
NUMBER = "{简称}应响〔{年}〕{序号}号"


@dataclass(frozen=True, slots=True)
class OrderTold:
    """What an order says. `tasks` are "市公安局:封控现场" with their deadlines, `withdrawn` the same."""

    kind: StepKind
    hazard: str
    level: int | None
    level_before: int | None
    plan: str
    basis: str
    colour: str | None
    commander: str
    at: datetime
    areas: Sequence[str]
    tasks: Sequence[str]
    withdrawn: Sequence[str]
    drill: bool


def title_of(kind: StepKind, hazard: str, level: int | None, level_before: int | None, *, drill: bool) -> str:
    """Return e.g. 启动风暴潮三级应急响应; an adjustment says from which to which."""
    mark = DRILL_MARK if drill else ""
    if kind == "adjust" and level_before is not None and level is not None:
        return f"{mark}将{hazard}应急响应由{LEVEL_ZH[level_before]}调整为{LEVEL_ZH[level]}"
    shown = level if kind != "terminate" else level_before
    return f"{mark}{ACT_ZH[kind]}{hazard}{LEVEL_ZH[shown or 4]}应急响应"


def paragraphs_of(told: OrderTold, zone: ZoneInfo) -> list[str]:
    """Return the paragraphs of the order."""
    local = told.at.astimezone(zone)
    when = f"{local.year}年{local.month}月{local.day}日{local.hour}时{local.minute:02d}分"
    ground = [
        f"依据《{told.plan}》" if told.plan else "",
        f"{COLOUR_ZH[told.colour]}预警" if told.colour else "",
    ]
    why = "、".join(one for one in (*ground, told.basis) if one)
    act = title_of(told.kind, told.hazard, told.level, told.level_before, drill=False)
    found = [
        f"{DRILL_MARK if told.drill else ''}{why}。经{told.commander}决定,自{when}起{act}。",
        f"适用范围:{'、'.join(told.areas) if told.areas else '全县(市、区)'}。",
    ]
    if told.kind == "terminate" or told.level is None:
        found.append("各单位恢复正常值班秩序,做好善后和总结评估,未完成的任务继续办结。")
    else:
        found += _duty(told.level)
    if told.tasks:
        found.append("新增任务:" if told.kind == "adjust" else "主要任务:")
        found += [f"{n}. {one}" for n, one in enumerate(told.tasks, start=1)]
    elif told.kind == "adjust":
        found.append("本次调整没有新增任务,已下达的任务继续执行。")
    if told.withdrawn:
        found.append("下列任务自即时起停止执行:")
        found += [f"{n}. {one}" for n, one in enumerate(told.withdrawn, start=1)]
    return found


def _duty(level: int) -> list[str]:
    one = TABLE[level]
    change = ",情况变化时随时会商" if one.on_change else ""
    return [
        f"值守要求:{one.leader[0]};{one.units[0]};每日会商{one.consultations}次{change}。",
        f"信息报送:各乡镇(街道){one.round_up_words[0]}报告情况,实行零报告,无情况也要报。",
    ]
