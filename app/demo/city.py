"""The fictional city 樟川市 in one value (rules §A9): regions, units, people, teams, devices, registers.

`generate(seed)` is pure and reproducible: the same seed gives an equal city. Nothing in it is real.
"""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

from app.demo.accounts import Account, accounts
from app.demo.callbook import CallBook, callbook, enlist_leaders
from app.demo.devices import Device, devices
from app.demo.forces import teams
from app.demo.geography import county
from app.demo.muster import Team
from app.demo.people import Person, Roll, staff_posts, staff_villages
from app.demo.places import COUNTY_CODE, TOWNSHIPS
from app.demo.plans import Plan, plans
from app.demo.regions import Region, regions
from app.demo.registers import (
    HAZARDS_FIXED,
    HAZARDS_FOUND,
    RiskPoint,
    Shelter,
    Stock,
    Warehouse,
    risk_points,
    shelters,
    stock,
    warehouses,
)
from app.demo.talkgroups import Talkgroup, talkgroups
from app.demo.units import OrgUnit, units

__all__ = [
    "Account", "City", "Device", "OrgUnit", "Person", "Plan", "Region", "RiskPoint", "Shelter", "Stock",
    "Talkgroup", "Team", "Warehouse", "counts", "generate",
]  # fmt: skip

SEED = 20250618
_ALLOWANCE_YUAN = 100  # per person and day of accepted standby (rules R17)
_BRIGADE_PRESENCE = 0.80  # outside key periods (rules R16)


@dataclass(frozen=True)
class City:
    """Everything the demo loads into the database; references between rows are `key`s and region codes."""

    seed: int
    regions: tuple[Region, ...]
    units: tuple[OrgUnit, ...]
    people: tuple[Person, ...]
    teams: tuple[Team, ...]
    devices: tuple[Device, ...]
    talkgroups: tuple[Talkgroup, ...]
    accounts: tuple[Account, ...]
    warehouses: tuple[Warehouse, ...]
    stock: tuple[Stock, ...]
    shelters: tuple[Shelter, ...]
    risk_points: tuple[RiskPoint, ...]
    plans: tuple[Plan, ...]
    hazards_found: int
    hazards_fixed: int

    @cached_property
    def region_by_code(self) -> dict[str, Region]:
        """Regions by their 12-digit code."""
        return {region.code: region for region in self.regions}

    @cached_property
    def person_by_key(self) -> dict[str, Person]:
        """People by key."""
        return {person.key: person for person in self.people}

    @cached_property
    def team_by_key(self) -> dict[str, Team]:
        """Teams by key."""
        return {team.key: team for team in self.teams}

    @cached_property
    def callbook(self) -> CallBook:
        """Numbers and offices of the people, who answers for what, groups, teams' people."""
        return callbook(self.people, self.teams, self.devices, self.risk_points)

    def full_name(self, code: str) -> str:
        """Write the full path of a region without blanks (rules §B9): 樟川市临溪镇东岸村."""
        name = ""
        while code in self.region_by_code:
            region = self.region_by_code[code]
            name, code = region.name_zh + name, region.parent_code
        return name


@lru_cache(maxsize=4)
def generate(seed: int = SEED) -> City:
    """Make the city of a seed."""
    land = county(seed)
    places = regions(seed, land)
    posts = units(seed, land)
    roll = Roll(seed)
    staff_posts(roll, posts)
    staff_villages(roll, places)
    forces = teams(seed, land, places, roll)
    gear = devices(seed, land, roll, forces, posts)
    logins = accounts(roll, forces)
    enlist_leaders(roll)
    stores = warehouses(seed, land)
    return City(
        seed=seed,
        regions=places,
        units=posts,
        people=tuple(roll.people),
        teams=forces,
        devices=gear,
        talkgroups=talkgroups(),
        accounts=logins,
        warehouses=stores,
        stock=stock(stores),
        shelters=shelters(seed, land, places),
        risk_points=risk_points(seed, land, places),
        plans=plans(places),
        hazards_found=HAZARDS_FOUND,
        hazards_fixed=HAZARDS_FIXED,
    )


def counts(city: City) -> dict[str, Any]:
    """Count the city in the terms of `demo_counts.json`."""
    kinds = Counter(region.kind for region in city.regions)
    teams_of = Counter(team.kind for team in city.teams)
    strength: Counter[str] = Counter()
    for team in city.teams:
        strength[team.kind] += team.strength
    items: Counter[str] = Counter()
    for line in city.stock:
        items[line.item] += line.quantity
    standby = _township_standby(city)
    return {
        "townships": kinds["subdistrict"] + kinds["township"] + kinds["farm"],
        "communities": kinds["community"],
        "villages": kinds["village"],
        "grassroots": kinds["community"] + kinds["village"],
        "semi_pro": teams_of["semi_pro"],
        "semi_pro_fire": teams_of["semi_pro_fire"],
        "enterprise": teams_of["enterprise"],
        "pro_fire": strength["professional_forest_fire"],
        "flood": strength["flood"],
        "social_members": strength["social"],
        "social_squads": sum(team.kind == "social" and team.parent_key != "" for team in city.teams),
        "village_team_persons": strength["village_detachment"],
        "standby": standby,
        "standby_yuan_day": standby * _ALLOWANCE_YUAN,
        "pro_fire_min_normal": math.ceil(strength["professional_forest_fire"] * _BRIGADE_PRESENCE),
        "items_total": items.total(),
        "items": dict(items),
        "plans": len(city.plans),
        "hazard_rate": round(100 * city.hazards_fixed / city.hazards_found, 1),
        "shelters": len(city.shelters),
        "duty_posts": len(city.units),
        "risk_points": len(city.risk_points),
    }


def _township_standby(city: City) -> int:
    """Count the twelve per township that the allowance is paid for (A2.8): those of its comprehensive team.

    In the fire season the township's forest crew holds the same twelve places, so it is not added.
    """
    homes = {place.code for place in TOWNSHIPS} | {COUNTY_CODE}
    return sum(
        team.standby_strength for team in city.teams if team.kind == "semi_pro" and team.region_code in homes
    )
