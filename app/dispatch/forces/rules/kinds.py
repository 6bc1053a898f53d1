"""What equipment can be, how ready it can be, and what teams and experts can be. Pure.

No national code list was seen for teams (domain/rules B10); the kinds of equipment follow the layer
"2 应急装备及配套物资" of GB/T 38565-2020 without its codes.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, get_args

TeamKind = Literal[
    "professional",
    "semi_pro",
    "enterprise",
    "social",
    "militia",
    "volunteer",
    "fire_rescue",
    "professional_forest_fire",
    "semi_pro_fire",
    "flood",
    "medical",
    "first_aid",
    "village_detachment",
]
"""专业、半专业、企业、社会、民兵、志愿者、消防、专业和半专业森林消防、防汛、医疗、急救、村小分队."""

EquipmentKind = Literal[
    "assault_boat",
    "rubber_boat",
    "fire_engine",
    "rescue_vehicle",
    "ambulance",
    "truck",
    "pump_vehicle",
    "comms_vehicle",
    "excavator",
    "loader",
    "pump",
    "generator",
    "lighting",
    "uav",
    "chain_saw",
    "blower",
    "hydraulic_tool",
    "life_detector",
    "gas_detector",
    "hazmat_suit",
    "aed",
    "satellite_station",
    "other",
]
EQUIPMENT_ZH: Mapping[EquipmentKind, str] = {
    "assault_boat": "冲锋舟",
    "rubber_boat": "橡皮艇",
    "fire_engine": "消防车",
    "rescue_vehicle": "抢险救援车",
    "ambulance": "救护车",
    "truck": "运输车",
    "pump_vehicle": "排涝泵车",
    "comms_vehicle": "应急通信车",
    "excavator": "挖掘机",
    "loader": "装载机",
    "pump": "水泵",
    "generator": "发电机",
    "lighting": "照明设备",
    "uav": "无人机",
    "chain_saw": "油锯",
    "blower": "风力灭火机",
    "hydraulic_tool": "液压破拆工具",
    "life_detector": "生命探测仪",
    "gas_detector": "气体检测仪",
    "hazmat_suit": "防化服",
    "aed": "除颤仪",
    "satellite_station": "卫星便携站",
    "other": "其他装备",
}
EQUIPMENT_KINDS: tuple[EquipmentKind, ...] = get_args(EquipmentKind)

Readiness = Literal["ready", "limited", "in_repair", "missing"]
READINESS_ZH: Mapping[Readiness, str] = {
    "ready": "完好",
    "limited": "受限使用",
    "in_repair": "在修",
    "missing": "缺失",
}
USABLE: frozenset[str] = frozenset({"ready", "limited"})

Sector = Literal[
    "flood",
    "forest_fire",
    "geology",
    "meteorology",
    "mine",
    "hazmat",
    "fire",
    "construction",
    "traffic",
    "utilities",
    "health",
    "animal_disease",
    "comms",
    "other",
]
SECTOR_ZH: Mapping[Sector, str] = {
    "flood": "防汛抗旱",
    "forest_fire": "森林消防",
    "geology": "地质灾害",
    "meteorology": "气象",
    "mine": "矿山",
    "hazmat": "危险化学品",
    "fire": "消防",
    "construction": "建设工程",
    "traffic": "道路交通",
    "utilities": "公用事业",
    "health": "卫生应急",
    "animal_disease": "动物疫情",
    "comms": "应急通信",
    "other": "其他",
}

CallOutcome = Literal["answered", "no_answer", "refused", "coming"]
OUTCOME_ZH: Mapping[CallOutcome, str] = {
    "answered": "已接听,给出意见",
    "no_answer": "无人接听",
    "refused": "不能参加",
    "coming": "前来会商",
}


def call_words(
    sector: Sector, name: str, called_by: str, outcome: CallOutcome, advice: str
) -> tuple[str, str]:
    """Return what the log of an incident says of a call: who, called by whom, what he said."""
    zh = f"{SECTOR_ZH[sector]}专家{name} · {called_by}呼叫 · {OUTCOME_ZH[outcome]}"
    en = f"{name} ({sector.replace('_', ' ')}) · called by {called_by} · {outcome.replace('_', ' ')}"
    return (f"{zh}:{advice}", f"{en}: {advice}") if advice else (zh, en)
