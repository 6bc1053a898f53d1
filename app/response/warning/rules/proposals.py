"""What a warning proposes, by family of hazard and colour; a named commander decides (§B4). Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from app.codecs.colours import BY_COLOUR, Colour
from app.response.warning.rules.bulletin import ColourName, WarningStatus

Family = Literal["flood", "wind", "cold", "heat", "fog", "fire", "geology", "sea", "quake", "other"]
Tier = Literal["county", "township", "village", "household"]


@dataclass(frozen=True, slots=True)
class Hazard:
    """A family of hazards: its plan, whether its red is called to the county's heads."""

    family: Family
    plan_zh: str
    plan_en: str
    called: bool = True


@dataclass(frozen=True, slots=True)
class Call:
    """A tier of the call-and-respond list (叫应): who, and within how many minutes they answer."""

    tier: Tier
    zh: str
    en: str
    minutes: int


@dataclass(frozen=True, slots=True)
class Proposals:
    """What is proposed. `real` False: a drill or a test, of which nothing may be started in earnest."""

    real: bool
    key_period: ColourName | None
    response_level: int | None
    hazard: Hazard
    readiness_zh: str
    readiness_en: str
    calls: tuple[Call, ...]
    broadcast: bool
    actions: tuple[tuple[str, str], ...]


_FLOOD = Hazard("flood", "防汛抗旱应急预案", "flood control plan")
_WIND = Hazard("wind", "气象灾害(台风大风)应急预案", "storm plan")
_COLD = Hazard("cold", "低温雨雪冰冻灾害应急预案", "snow and ice plan")
_FIRE = Hazard("fire", "森林火灾应急预案", "forest fire plan")
_EARTH = Hazard("geology", "突发地质灾害应急预案", "geological disaster plan")
_SEA = Hazard("sea", "海洋灾害应急预案", "marine disaster plan")
_QUAKE = Hazard("quake", "地震应急预案", "earthquake plan")
_HEAT = Hazard("heat", "气象灾害(高温干旱)应急预案", "heat plan", called=False)
_FOG = Hazard("fog", "气象灾害(大雾)应急预案", "fog plan", called=False)
_OTHER = Hazard("other", "突发事件总体应急预案", "general plan", called=False)

HAZARDS: Mapping[str, Hazard] = {
    "11A52": _HEAT,
    "11A": _FLOOD,
    "11B01": _WIND,
    "11B03": _FLOOD,
    "11B04": _COLD,
    "11B05": _COLD,
    "11B06": _WIND,
    "11B09": _HEAT,
    "11B14": _WIND,
    "11B15": _WIND,
    "11B17": _FOG,
    "11B20": _WIND,
    "11B21": _COLD,
    "11C": _QUAKE,
    "11D": _EARTH,
    "11E": _SEA,
    "11G": _FIRE,
}
"""By code of CN-EVENT-5, or its beginning; the longest that fits counts."""

_COUNTY_ZH, _COUNTY_EN = "县党政主要负责同志、应急局长、防指办", "heads of the county, bureau, flood HQ"
_TOWNS_ZH, _TOWNS_EN = "受影响乡镇党政主要负责人", "heads of the townships concerned"
_VILLAGE_ZH, _VILLAGE_EN = "村(社区)主任、应急管理员 A/B 角", "village heads and their A/B contacts"
_HOME_ZH, _HOME_EN = "受威胁户(喇叭、敲锣、上门)", "households at risk: loudspeaker, gong, door to door"
CALLS: Mapping[ColourName, tuple[Call, ...]] = {
    "red": (
        Call("county", _COUNTY_ZH, _COUNTY_EN, 10),
        Call("township", _TOWNS_ZH, _TOWNS_EN, 10),
        Call("village", _VILLAGE_ZH, _VILLAGE_EN, 30),
        Call("household", _HOME_ZH, _HOME_EN, 60),
    ),
    "orange": (
        Call("county", _COUNTY_ZH, _COUNTY_EN, 20),
        Call("township", _TOWNS_ZH, _TOWNS_EN, 20),
        Call("village", _VILLAGE_ZH, _VILLAGE_EN, 60),
    ),
    "yellow": (Call("township", _TOWNS_ZH, _TOWNS_EN, 60),),
    "blue": (),
}
"""Rules §B6 for red (township 10, village 30, households 60 minutes), S11; orange and yellow are ours."""

READINESS: Mapping[ColourName, tuple[str, str]] = {
    "red": (
        "全员在岗备勤,带班领导到岗;半专业队集结待命",
        "all on standby, the leader on site, crews ready",
    ),
    "orange": ("重点时段备勤标准,带班领导到岗", "standby as in a key period, the leader on site"),
    "yellow": ("加强值班,队伍通知到人,保持通信", "more people on duty, crews told, phones on"),
    "blue": ("正常值班,关注变化", "duty as usual, watch it"),
}
ACTIONS: Mapping[Family, tuple[tuple[str, str], ...]] = {
    "flood": (
        ("巡查水库、山塘、堤防和山洪沟", "inspect reservoirs, dykes and gullies"),
        ("低洼、临河、切坡户提前转移", "move people from low ground, rivers and cut slopes"),
        ("封闭易涝路段和漫水桥", "close roads and bridges that flood"),
    ),
    "wind": (("船只回港,工棚、塔吊、户外活动停工", "ships to port, cranes and outdoor work stop"),),
    "cold": (("道路除冰,保供暖供电,看望独居老人", "de-ice roads, keep power and heat, visit the old"),),
    "heat": (("户外作业错峰,保供水", "shift outdoor work, keep water running"),),
    "fog": (("公路、渡口管制", "control roads and ferries"),),
    "fire": (
        ("禁止野外用火,护林员全员上山", "no open fire, all rangers out"),
        ("专业队靠前驻防", "brigades move forward"),
    ),
    "geology": (("隐患点群测群防员到岗,威胁户转移", "watchers at their slopes, households move"),),
    "sea": (("渔船回港,海堤巡查,沿岸人员转移", "boats to port, watch the dyke, move people"),),
    "quake": (("核实震情灾情,检查水库、危房、学校", "verify, inspect dams, weak houses, schools"),),
    "other": (("核实情况,通知受影响单位", "verify, tell the units concerned"),),
}


def hazard_of(event_code: str) -> Hazard:
    """Return the family of an event code; what is in no family is `other`."""
    fits = [key for key in HAZARDS if event_code.startswith(key)]
    return HAZARDS[max(fits, key=len)] if fits else _OTHER


def proposals(event_code: str, colour: ColourName | None, status: WarningStatus) -> Proposals:
    """Return what a warning of this colour proposes; without a colour, that a person judges it."""
    hazard = hazard_of(event_code)
    grave = colour in ("red", "orange")
    readiness = READINESS[colour or "blue"]
    calls = CALLS[colour] if colour else ()
    if not hazard.called:
        calls = tuple(one for one in calls if one.tier in ("township", "village"))
    return Proposals(
        real=status == "actual",
        key_period=colour if grave else None,
        response_level=BY_COLOUR[Colour(colour)].response if colour else None,
        hazard=hazard,
        readiness_zh=readiness[0],
        readiness_en=readiness[1],
        calls=calls,
        broadcast=grave,
        actions=ACTIONS[hazard.family],
    )
