"""What a team of the demo is (rules §A4), and the muster that gives each one a leader and a place."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from app.demo.geography import County
from app.demo.people import Person, Roll

CAPABILITIES: dict[str, str] = {
    "flood_rescue": "水域救援",
    "boat": "舟艇",
    "water_pump": "排涝抽水",
    "forest_fire": "森林扑火",
    "structural_fire": "建筑灭火",
    "search_rescue": "搜救破拆",
    "medical": "医疗急救",
    "first_aid": "现场救护",
    "hazmat": "危化处置",
    "road_clearing": "道路抢通",
    "earth_moving": "土方机械",
    "evacuation": "转移群众",
    "electric_power": "电力抢修",
    "gas": "燃气抢修",
    "comms": "通信保障",
}
"""The vocabulary of skills, with its Chinese label."""


@dataclass(frozen=True, slots=True)
class Team:
    """A team (队伍) or squad (`parent_key` set) that can be dispatched.

    `kind`: semi_pro, semi_pro_fire, enterprise, professional_forest_fire, flood, social,
    village_detachment, fire_rescue, medical, first_aid. `standby` = somebody stands by tonight,
    `standby_strength` how many. `capabilities` are sorted words of `CAPABILITIES`. Position in WGS-84
    degrees, `speed_kmh` on the road.
    """

    key: str
    kind: str
    name_zh: str
    name_en: str
    call_sign: str
    parent_key: str
    region_code: str
    lon: float
    lat: float
    strength: int
    standby_strength: int
    capabilities: tuple[str, ...]
    leader_key: str
    speed_kmh: int

    @property
    def standby(self) -> bool:
        """Whether somebody is on standby (备勤) tonight."""
        return self.standby_strength > 0


@dataclass(frozen=True, slots=True)
class Trade:
    """What all teams of a sort have in common."""

    kind: str
    capabilities: str
    speed_kmh: int
    near_km: float = 0.4


def team_key(prefix: str, region_code: str) -> str:
    """Write the key of a team that exists once per region, e.g. `township-990181100`."""
    return f"{prefix}-{region_code[:9] if region_code.endswith('000') else region_code}"


class Muster:
    """Collects teams; gives each a leader and a place."""

    def __init__(self, seed: int, county: County, roll: Roll) -> None:
        self.rng = np.random.default_rng([seed, 23])
        self.county = county
        self.roll = roll
        self.teams: list[Team] = []

    def add(
        self,
        trade: Trade,
        key: str,
        names: tuple[str, str, str],
        region_code: str,
        strength: int,
        *,
        at: str = "",
        standby: int = 0,
        parent: str = "",
        leader: Person | None = None,
        skills: tuple[str, ...] = (),
    ) -> None:
        """Add a team with (Chinese name, English name, call sign), stationed near the seat of `at`."""
        name_zh, name_en, call_sign = names
        lon, lat = self.county.place_near(at or region_code, self.rng, trade.near_km)
        leader = leader or self.roll.enlist("team_leader", f"{name_zh}负责人", region_code)
        words = tuple(sorted({*trade.capabilities.split(), *skills}))
        self.teams.append(
            Team(
                key, trade.kind, name_zh, name_en, call_sign, parent, region_code, lon, lat,
                strength, standby, words, leader.key, trade.speed_kmh,
            )
        )  # fmt: skip
