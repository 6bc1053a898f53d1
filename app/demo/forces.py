"""The rescue teams of the demo (rules §A4, §A9): 700 teams and squads with leader, station and skills.

`strength` counts a team's own people without its squads. Village teams draw on the same villagers as the
village's detachment (A4.1: a person may belong to several teams), so strengths must not be added up
across kinds.
"""

from __future__ import annotations

from app.demo.geography import County
from app.demo.muster import Muster, Team, Trade, team_key
from app.demo.names import pinyin
from app.demo.people import CREW_LEADER, Roll
from app.demo.places import BY_CODE, COUNTY_CODE, PARK_CODE, TOWNSHIPS, Township
from app.demo.regions import Region

_FORWARD = ("990181106000", "990181107000", "990181108000", "990181102000")  # 阁峰、观山、义门、黄岗 (A4.3)
_FIRE_STATIONS = (("990181001000", "城东站"), (PARK_CODE, "园区站"), ("990181005000", "大桥站"))
_AMBULANCES = (
    ("990181002000", "市人民医院急救组"),
    ("990181001000", "市中医院急救组"),
    ("990181100000", "临溪急救组"),
)
_SOCIAL = ("樟江水上救援队", "鹿鸣山地救援队", "晨曦应急救援队", "同心志愿救援队", "远行户外救援队")
_SOCIAL_EN = (
    "Zhangjiang Water Rescue",
    "Luming Mountain Rescue",
    "Chenxi Rescue",
    "Tongxin Volunteers",
    "Yuanxing Outdoor Rescue",
)
_BRANDS = ("恒泰", "鑫源", "瑞康", "宏达", "盛通", "华科", "金泉", "天虹", "永固", "明珠")
_TRADES = (
    ("化工", "Chemicals", ("hazmat", "structural_fire")),
    ("药业", "Pharma", ("first_aid", "hazmat")),
    ("机械", "Machinery", ("earth_moving", "road_clearing")),
    ("建材", "Building Materials", ("earth_moving", "road_clearing")),
)
_UTILITIES = (
    ("市供电公司电力抢修队", "Power Repair Team", ("electric_power",)),
    ("市燃气公司抢险队", "Gas Emergency Team", ("gas",)),
    ("市通信应急保障队", "Communications Support Team", ("comms",)),
)


_COMPREHENSIVE = Trade("semi_pro", "boat evacuation first_aid flood_rescue road_clearing water_pump", 45)
_VILLAGE_TEAM = Trade("semi_pro", "evacuation first_aid", 30, 0.2)
_DETACHMENT = Trade("village_detachment", "evacuation", 25, 0.1)
_FOREST_CREW = Trade("semi_pro_fire", "evacuation forest_fire", 40)
_FOREST_BRIGADE = Trade("professional_forest_fire", "forest_fire search_rescue", 50)
_FLOOD = Trade("flood", "evacuation flood_rescue water_pump", 40)
_SOCIAL_SQUAD = Trade("social", "first_aid search_rescue", 45, 1.0)
_FIRE = Trade("fire_rescue", "boat flood_rescue hazmat search_rescue structural_fire", 55)
_MEDICAL = Trade("medical", "first_aid medical", 60)
_RED_CROSS = Trade("first_aid", "first_aid", 50)


def teams(seed: int, county: County, places: tuple[Region, ...], roll: Roll) -> tuple[Team, ...]:
    """All teams of rules §A9 in a fixed order; enlists the leaders that are not on the roll yet."""
    muster = Muster(seed, county, roll)
    for place in TOWNSHIPS:
        _township(muster, place)
    _forest_brigade(muster)
    _forest_crews(muster)
    _flood(muster)
    _rescue_services(muster)
    _social(muster)
    _enterprises(muster)
    _villages(muster, places)
    return tuple(muster.teams)


def _township(muster: Muster, place: Township) -> None:
    """Comprehensive team of 45, of whom 12 stand by in the key period (A2.8); the park has its own."""
    park = place.kind == "park"
    muster.add(
        _COMPREHENSIVE,
        team_key("township", place.code),
        (
            f"{place.name_zh}综合应急救援队",
            f"{place.name_en} Comprehensive Rescue Team",
            "园区综" if park else f"{place.short_zh}综",
        ),
        place.code,
        45,
        standby=0 if park else 12,
        skills=("hazmat",) if park else (),
    )


def _forest_brigade(muster: Muster) -> None:
    """Professional forest-fire brigade: 50 at headquarters and four forward squads of 15 (A4.3)."""
    names = ("市专业森林消防大队", "Forest Fire Brigade", "林总")
    muster.add(_FOREST_BRIGADE, "forest-brigade", names, COUNTY_CODE, 50, at="990181002000", standby=40)
    for number, code in enumerate(_FORWARD, start=1):
        place = BY_CODE[code]
        muster.add(
            _FOREST_BRIGADE,
            team_key("forest", code),
            (f"森林消防大队{place.short_zh}中队", f"Forest Fire Squad {place.pinyin}", f"林{number}"),
            code,
            15,
            standby=12,
            parent="forest-brigade",
        )


def _forest_crews(muster: Muster) -> None:
    """Sixteen semi-professional crews in 10 镇, 4 乡 and 2 场; call signs 林5…林20, so 观山 is 林12 (S02)."""
    homes = [p for p in TOWNSHIPS if p.suffix_zh in {"镇", "乡", "林场", "园艺场"}]
    for number, place in enumerate(homes, start=5):
        call_sign = f"林{number}"
        names = (f"{place.name_zh}半专业森林消防队", f"{place.name_en} Forest Fire Crew", call_sign)
        leader = None
        if call_sign == "林12":
            leader = muster.roll.enlist("team_leader", f"{names[0]}负责人", place.code, name=CREW_LEADER)
        muster.add(
            _FOREST_CREW,
            team_key("forest-crew", place.code),
            names,
            place.code,
            24,
            standby=12,
            leader=leader,
        )


def _flood(muster: Muster) -> None:
    """Flood team of 370: 18 at headquarters, 22 township sections of 16 (A4.1)."""
    muster.add(
        _FLOOD,
        "flood",
        ("市防汛抗旱应急救援队", "Flood Rescue Team", "汛总"),
        COUNTY_CODE,
        18,
        at="990181003000",
        standby=6,
    )
    sections = [p for p in TOWNSHIPS if p.kind != "park"]
    for number, place in enumerate(sections, start=1):
        names = (f"防汛抗旱应急救援队{place.short_zh}分队", f"Flood Section {place.pinyin}", f"汛{number}")
        muster.add(_FLOOD, team_key("flood", place.code), names, place.code, 16, standby=4, parent="flood")


def _rescue_services(muster: Muster) -> None:
    """Fire and rescue with three stations, 120 with three ambulance groups, the Red Cross team (A1.12)."""
    at = "990181001000"
    muster.add(
        _FIRE,
        "fire",
        ("市消防救援大队", "Fire and Rescue Brigade", "消总"),
        COUNTY_CODE,
        12,
        at=at,
        standby=6,
    )
    for number, (code, zh) in enumerate(_FIRE_STATIONS, start=1):
        names = (f"消防救援大队{zh}", f"Fire Station {number}", f"消{number}")
        muster.add(_FIRE, f"fire-{number}", names, code, 26, standby=18, parent="fire")
    muster.add(
        _MEDICAL,
        "medical",
        ("市急救中心(120)", "Emergency Medical Centre", "医总"),
        COUNTY_CODE,
        8,
        at="990181002000",
        standby=4,
    )
    for number, (code, zh) in enumerate(_AMBULANCES, start=1):
        names = (zh, f"Ambulance Group {number}", f"医{number}")
        muster.add(_MEDICAL, f"medical-{number}", names, code, 6, standby=4, parent="medical")
    names = ("市红十字应急救护队", "Red Cross First Aid Team", "红1")
    muster.add(_RED_CROSS, "red-cross", names, COUNTY_CODE, 20, at="990181002000", standby=2)


def _social(muster: Muster) -> None:
    """Five registered social teams; their 569 members all belong to the 20 squads (A4.6)."""
    homes = [p for p in TOWNSHIPS if p.suffix_zh in {"街道", "镇"}]
    for i, (zh, en) in enumerate(zip(_SOCIAL, _SOCIAL_EN, strict=True)):
        parent = f"social-{i + 1}"
        muster.add(_SOCIAL_SQUAD, parent, (zh, f"{en} Team", f"社{i + 1}"), COUNTY_CODE, 0, at=homes[i].code)
        for j in range(4):
            number = 4 * i + j
            home = homes[number % len(homes)]
            names = (f"{zh}{'一二三四'[j]}中队({home.short_zh})", f"{en} Squad {j + 1}", f"社{i + 1}-{j + 1}")
            water = ("boat", "flood_rescue") if i == 0 else ()
            muster.add(
                _SOCIAL_SQUAD, f"{parent}-{j + 1}", names, home.code, 29 if number < 9 else 28,
                standby=4 if j == 0 else 0, parent=parent, skills=water,
            )  # fmt: skip


def _enterprises(muster: Muster) -> None:
    """43 company teams: 30 in the park, ten in the townships, three of the utilities."""
    firms = [
        (f"{brand}{trade_zh}应急救援队", f"{pinyin(brand)} {trade_en} Rescue Team", skills)
        for trade_zh, trade_en, skills in _TRADES
        for brand in _BRANDS
    ]
    homes = [PARK_CODE] * 30 + [p.code for p in TOWNSHIPS if p.suffix_zh == "镇"] + ["990181005000"] * 3
    trade = Trade("enterprise", "first_aid", 40, 1.6)
    for number, ((zh, en, skills), home) in enumerate(
        zip((*firms, *_UTILITIES), homes, strict=True), start=1
    ):
        ready = skills[0] in {"hazmat", "electric_power", "gas", "comms"}
        names = (zh, en, f"企{number}")
        muster.add(
            trade,
            f"enterprise-{number}",
            names,
            home,
            20 if ready else 12,
            standby=6 if ready else 0,
            skills=skills,
        )


def _villages(muster: Muster, places: tuple[Region, ...]) -> None:
    """300 detachments (25/20/15 by size, A4.4) and 260 semi-pro teams: all villages, five communities."""
    settled = [place for place in places if place.kind in {"village", "community"}]
    by_size = sorted(settled, key=lambda place: place.population, reverse=True)
    size = {place.code: 25 if rank < 60 else 20 if rank < 200 else 15 for rank, place in enumerate(by_size)}
    for place in settled:
        short = place.name_zh.removesuffix("村").removesuffix("社区")
        head = muster.roll.holding("village_head", place.code)
        names = (f"{place.name_zh}应急救援小分队", f"{place.name_en} Detachment", f"{short}分")
        muster.add(
            _DETACHMENT, team_key("detachment", place.code), names, place.code, size[place.code], leader=head
        )
        if place.kind == "village" or (place.code.endswith("001") and place.parent_code[6:9] < "100"):
            names = (f"{place.name_zh}半专业应急救援队", f"{place.name_en} Rescue Team", f"{short}救")
            leader = muster.roll.holding("village_admin_a", place.code)
            muster.add(_VILLAGE_TEAM, team_key("village", place.code), names, place.code, 10, leader=leader)
