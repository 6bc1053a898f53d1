"""What the teams of the demo keep (装备), some of it in repair, and thirty experts (A4.8). All fictional."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

from app.demo.muster import Team
from app.demo.names import person_names
from app.demo.places import COUNTY_CODE
from app.demo.units import OrgUnit

EXPERTS = 30
_SEED_OF_NAMES = 4804
_OPERATED = frozenset(
    {"assault_boat", "rubber_boat", "fire_engine", "ambulance", "excavator", "rescue_vehicle"}
)
_BOATS = frozenset({"assault_boat", "rubber_boat"})
_NAMES = {
    "assault_boat": "冲锋舟",
    "rubber_boat": "橡皮艇",
    "pump": "移动水泵",
    "chain_saw": "油锯",
    "generator": "发电机",
    "rescue_vehicle": "抢险车",
    "uav": "无人机",
    "blower": "风力灭火机",
    "fire_engine": "水罐消防车",
    "hazmat_suit": "重型防化服",
    "hydraulic_tool": "液压破拆工具组",
    "ambulance": "救护车",
    "excavator": "挖掘机",
    "comms_vehicle": "应急通信车",
    "satellite_station": "卫星便携站",
}
_TOWNSHIP = ("assault_boat", "pump", "chain_saw", "chain_saw", "generator", "rescue_vehicle")
_KITS = {
    "flood": ("pump",),
    "professional_forest_fire": ("blower", "blower", "chain_saw"),
    "semi_pro_fire": ("blower",),
    "fire_rescue": ("fire_engine", "rubber_boat", "hazmat_suit", "hydraulic_tool"),
    "medical": ("ambulance",),
}
_HEADQUARTERS = frozenset({"fire", "medical"})
# Team, kind → what is wrong with it: so that a shortfall for want of equipment is seen.
_WRONG = {
    ("township-990181101", "assault_boat"): ("in_repair", "艇底破损,送修"),
    ("township-990181103", "assault_boat"): ("in_repair", "发动机进水,等配件"),
    ("township-990181105", "assault_boat"): ("limited", "只可近岸、白天使用"),
    ("township-990181108", "assault_boat"): ("missing", "去年汛期借出未还"),
    ("township-990181102", "pump"): ("in_repair", "叶轮磨损"),
    ("forest-crew-990181104", "blower"): ("in_repair", "化油器故障"),
    ("social-1-3", "rubber_boat"): ("in_repair", "气室漏气"),
    ("medical-3", "ambulance"): ("limited", "除颤仪送检"),
    ("enterprise-12", "hazmat_suit"): ("in_repair", "气密性检测不合格"),
}
_WITHOUT_OPERATOR = frozenset({"social-1-4"})
_SECTORS = (
    ("flood", "堤防险情处置", "水利工程师"),
    ("flood", "水库调度与洪水预报", "教授级高工"),
    ("geology", "滑坡监测与排险", "地质高级工程师"),
    ("forest_fire", "火场态势与扑救指挥", "林业高级工程师"),
    ("hazmat", "泄漏处置与洗消", "化工安全专家"),
    ("meteorology", "强对流短临预报", "首席预报员"),
    ("mine", "透水与通风", "采矿高级工程师"),
    ("fire", "高层与仓储火灾", "消防高级工程师"),
    ("health", "批量伤员救治", "主任医师"),
    ("construction", "坍塌救援与结构安全", "结构工程师"),
    ("traffic", "危化运输与道路抢通", "道路工程师"),
    ("utilities", "燃气与供电抢修", "高级技师"),
    ("comms", "应急通信组网", "通信工程师"),
    ("animal_disease", "动物疫情处置", "兽医师"),
    ("other", "灾后心理干预", "心理咨询师"),
)
_WORKPLACES = ("示例理工学院", "樟川市应急技术服务中心", "示例市专家库")


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of equipment that a team or a unit keeps; `operator_key` is who is trained on it."""

    number: str
    kind: str
    name_zh: str
    team_key: str
    unit_key: str
    operator_key: str
    readiness: str
    reason: str
    plate: str
    seats: int | None


@dataclass(frozen=True, slots=True)
class Expert:
    """Somebody whose knowledge is called in."""

    name_zh: str
    sector: str
    speciality: str
    title: str
    workplace: str
    phone: str
    region_code: str


def pieces(teams: Iterable[Team], units: Iterable[OrgUnit]) -> tuple[Piece, ...]:
    """Return what is kept, numbered in the order of the teams; the last ones lie with the command centre."""
    found: list[Piece] = []
    for team in teams:
        for kind in _kit(team):
            readiness, reason = _WRONG.get((team.key, kind), ("ready", ""))
            operated = kind in _OPERATED and team.key not in _WITHOUT_OPERATOR
            leader = team.leader_key if operated else ""
            found.append(_piece(len(found) + 1, kind, team.key, "", leader, readiness, reason))
    centre = next(unit for unit in units if unit.kind == "centre")
    for kind in ("uav", "uav", "uav", "comms_vehicle"):
        found.append(_piece(len(found) + 1, kind, "", centre.key, "", "ready", ""))
    return tuple(found)


def _piece(
    number: int, kind: str, team_key: str, unit_key: str, operator_key: str, readiness: str, reason: str
) -> Piece:
    plate = f"樟川艇{number:04d}" if kind in _BOATS else ""
    seats = {"assault_boat": 8, "rubber_boat": 6, "rescue_vehicle": 5, "ambulance": 4}.get(kind)
    name = f"{_NAMES[kind]}{number}号"
    return Piece(
        f"ZB-{number:04d}", kind, name, team_key, unit_key, operator_key, readiness, reason, plate, seats
    )


def _kit(team: Team) -> Iterator[str]:
    """List what a team of this sort keeps; villages keep nothing that is registered."""
    if team.key.startswith("township-"):
        yield from _TOWNSHIP
        if int(team.region_code[6:9]) % 3 == 0:
            yield "uav"
    elif team.kind == "enterprise":
        yield from _enterprise(team)
    elif team.kind == "social":
        if "boat" in team.capabilities:
            yield "rubber_boat"
    elif team.key not in _HEADQUARTERS:
        yield from _KITS.get(team.kind, ())


def _enterprise(team: Team) -> Iterator[str]:
    able = set(team.capabilities)
    if "hazmat" in able:
        yield "hazmat_suit"
    if "earth_moving" in able:
        yield "excavator"
    if "comms" in able:
        yield from ("comms_vehicle", "satellite_station")
    if "electric_power" in able:
        yield "generator"


def experts(taken: frozenset[str]) -> tuple[Expert, ...]:
    """Return thirty experts of fifteen fields; nobody has such a telephone."""
    names = islice(person_names(_SEED_OF_NAMES, taken), EXPERTS)
    return tuple(
        Expert(
            name,
            *_SECTORS[number % len(_SECTORS)],
            _WORKPLACES[number % len(_WORKPLACES)],
            f"1960001{number + 1:04d}",
            COUNTY_CODE,
        )
        for number, name in enumerate(names)
    )
