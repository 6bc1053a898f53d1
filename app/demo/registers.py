"""The registers of the demo (rules §A5, §A6, §A9): stores, shelters, risk points, hazards."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from app.demo.geography import County
from app.demo.places import COUNTY_CODE, PARK_CODE, TOWNSHIPS, of_region
from app.demo.regions import Region

# Item, unit, total in the county.
ITEMS: tuple[tuple[str, str, int], ...] = (
    ("棉被", "床", 3500), ("毛巾被", "床", 3500), ("折叠床", "张", 3500), ("棉大衣", "件", 3500),
    ("应急包", "个", 3500), ("雨衣", "件", 1500), ("雨靴", "双", 1500), ("救生衣", "件", 1200),
    ("救生圈", "个", 300), ("安全绳", "根", 200), ("单帐篷", "顶", 300), ("棉帐篷", "顶", 120),
    ("照明", "套", 60), ("发电机", "台", 25), ("冲锋舟", "艘", 10), ("橡皮艇", "艘", 16),
    ("高扬程水泵", "台", 44),
)  # fmt: skip
# Code and English name of each item. The codes have the shape of GB/T 38565 and are fictional (rules §B10).
CATALOGUE: dict[str, tuple[str, str]] = {
    "棉被": ("1010101", "Quilts"),
    "毛巾被": ("1010102", "Towel quilts"),
    "折叠床": ("1010201", "Folding beds"),
    "棉大衣": ("1010301", "Padded coats"),
    "雨衣": ("1010302", "Raincoats"),
    "雨靴": ("1010303", "Rain boots"),
    "应急包": ("1010401", "Emergency kits"),
    "单帐篷": ("1010501", "Tents"),
    "棉帐篷": ("1010502", "Padded tents"),
    "救生衣": ("2010101", "Life jackets"),
    "救生圈": ("2010102", "Life buoys"),
    "安全绳": ("2010201", "Safety ropes"),
    "照明": ("2020101", "Lighting sets"),
    "发电机": ("2020201", "Generators"),
    "冲锋舟": ("2030101", "Assault boats"),
    "橡皮艇": ("2030102", "Rubber boats"),
    "高扬程水泵": ("3010101", "High-lift pumps"),
}
_TOWNSHIP_SHARE = 0.4
_TWO_EACH = "高扬程水泵"  # A3.14: two pumps in every township, none at the city store

HAZARDS_FOUND, HAZARDS_FIXED = 203, 194
"""Serious hazards listed and put right (A7.2): 95.6 %."""

_RISKS = (
    ("reservoir", "水库", 38),
    ("slope", "滑坡隐患点", 64),
    ("dyke", "堤段", 27),
    ("mine_chemical", "矿山危化点", 21),
    ("forest", "林班", 40),
)
_COLORS = ("red", "orange", "yellow", "blue")


@dataclass(frozen=True, slots=True)
class Warehouse:
    """A store of relief supplies; `level` is city or township (A5.1)."""

    key: str
    level: str
    name_zh: str
    region_code: str
    lon: float
    lat: float


@dataclass(frozen=True, slots=True)
class Stock:
    """How much of an item lies in a warehouse."""

    warehouse_key: str
    item: str
    unit: str
    quantity: int


@dataclass(frozen=True, slots=True)
class Shelter:
    """A shelter or refuge point (A5.6): `level` city, township, village; `legacy_class` I, II, III."""

    key: str
    level: str
    legacy_class: str
    name_zh: str
    region_code: str
    lon: float
    lat: float
    capacity: int


@dataclass(frozen=True, slots=True)
class RiskPoint:
    """A place to watch (A7.4): `kind` reservoir, slope, dyke, mine_chemical, forest; one of four colours."""

    key: str
    kind: str
    name_zh: str
    region_code: str
    lon: float
    lat: float
    color: str


def warehouses(seed: int, county: County) -> tuple[Warehouse, ...]:
    """One city store, then one per township."""
    rng = np.random.default_rng([seed, 31])
    rows = [("store-city", "city", "樟川市救灾物资储备库", COUNTY_CODE, "990181005000")]
    rows += [
        (f"store-{place.code9}", "township", f"{place.name_zh}救灾物资储备点", place.code, place.code)
        for place in TOWNSHIPS
        if place.kind != "park"
    ]
    return tuple(
        Warehouse(key, level, name, region, *county.place_near(near, rng, 0.6))
        for key, level, name, region, near in rows
    )


def stock(stores: tuple[Warehouse, ...]) -> tuple[Stock, ...]:
    """Spread each item: two fifths evenly over the townships, the rest in the city store."""
    lines = []
    townships = len(stores) - 1
    for item, unit, total in ITEMS:
        each = 2 if item == _TWO_EACH else int(total * _TOWNSHIP_SHARE) // townships
        for number, store in enumerate(stores):
            quantity = total - each * townships if number == 0 else each
            if quantity:
                lines.append(Stock(store.key, item, unit, quantity))
    return tuple(lines)


def shelters(seed: int, county: County, places: tuple[Region, ...]) -> tuple[Shelter, ...]:
    """Three urban parks (I, II, III), a school in each township, a point in each village: 325."""
    rng = np.random.default_rng([seed, 32])
    urban = (
        ("I", "樟江湿地公园", "990181003000", 12000),
        ("II", "鹿鸣公园", "990181004000", 5000),
        ("III", "滨江公园", "990181003000", 2000),
    )
    found = [
        Shelter(
            f"shelter-{grade}",
            "city",
            grade,
            f"{name}应急避难场所",
            region,
            *county.place_near(region, rng, 1.0),
            size,
        )
        for grade, name, region, size in urban
    ]
    for place in places:
        if place.kind in {"city", "park"}:
            continue
        village = place.kind in {"village", "community"}
        name = f"{place.name_zh}避灾安置点" if village else f"{place.name_zh}中心小学安置点"
        size = int(rng.integers(6, 21) * 10 if village else rng.integers(30, 81) * 10)
        lon, lat = county.place_near(place.code, rng, 0.3)
        level = "village" if village else "township"
        found.append(Shelter(f"shelter-{place.code}", level, "", name, place.code, lon, lat, size))
    return tuple(found)


def risk_points(seed: int, county: County, places: tuple[Region, ...]) -> tuple[RiskPoint, ...]:
    """190 points, each under a village; dykes along the main river, forest compartments in the hills."""
    rng = np.random.default_rng([seed, 33])
    villages = [place for place in places if place.kind in {"village", "community"}]
    found = []
    for kind, noun, count in _RISKS:
        for number, place in enumerate(_risky(kind, county, villages, count, rng), start=1):
            lon, lat = county.place_near(place.code, rng, 1.4)
            color = _COLORS[int(rng.choice(4, p=(0.06, 0.19, 0.4, 0.35)))]
            name = f"{place.name_zh}{number}号{noun}"
            found.append(RiskPoint(f"{kind}-{number}", kind, name, place.code, lon, lat, color))
    return tuple(found)


def _risky(
    kind: str, county: County, villages: list[Region], count: int, rng: np.random.Generator
) -> list[Region]:
    """Choose the villages that have a risk of this kind; one may come twice when few qualify."""
    river = np.array(county.rivers[0].line)
    near_river = [p for p in villages if np.hypot(*(river - (p.lon, p.lat)).T).min() < 0.025]
    hilly = {"阁峰", "观山", "义门", "黄岗", "青云", "红岭", "百草", "经堂", "洋田", "永宁"}
    in_hills = [p for p in villages if of_region(p.code).short_zh in hilly]
    park = [p for p in villages if p.parent_code == PARK_CODE]
    pool = {"dyke": near_river, "slope": in_hills, "forest": in_hills}.get(kind, villages)
    if kind == "mine_chemical":
        return [*park * 12, *(in_hills[i] for i in rng.choice(len(in_hills), count - 12, replace=False))]
    return [pool[i] for i in rng.choice(len(pool), count, replace=len(pool) < count)]
