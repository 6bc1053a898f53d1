"""The 44 duty posts of the demo (rules §A9): the centre, 22 townships, the park, 20 member units."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from app.demo.geography import County
from app.demo.places import COUNTY_CODE, TOWNSHIPS

CENTRE_KEY = "centre"

# Key, Chinese and English name, subdistrict in which the office stands.
_DEPARTMENTS = (
    ("police", "市公安局", "Public Security Bureau", "003"),
    ("fire-rescue", "市消防救援大队", "Fire and Rescue Brigade", "001"),
    ("health", "市卫生健康委员会", "Health Commission", "002"),
    ("water", "市水利局", "Water Resources Bureau", "003"),
    ("natural-resources", "市自然资源局", "Natural Resources Bureau", "004"),
    ("forestry", "市林业局", "Forestry Bureau", "004"),
    ("weather", "市气象局", "Meteorological Office", "004"),
    ("transport", "市交通运输局", "Transport Bureau", "005"),
    ("housing", "市住房和城乡建设局", "Housing and Construction Bureau", "001"),
    ("environment", "市生态环境局", "Ecology and Environment Bureau", "002"),
    ("agriculture", "市农业农村局", "Agriculture and Rural Affairs Bureau", "001"),
    ("civil-affairs", "市民政局", "Civil Affairs Bureau", "003"),
    ("education", "市教育体育局", "Education and Sports Bureau", "004"),
    ("power", "市供电公司", "Power Supply Company", "005"),
    ("gas", "市燃气公司", "Gas Company", "005"),
    ("telecom", "市通信发展办公室", "Telecommunications Office", "001"),
    ("red-cross", "市红十字会", "Red Cross Society", "002"),
    ("armed-forces", "市人民武装部", "People's Armed Forces Department", "003"),
    ("media", "市融媒体中心", "Media Centre", "004"),
    ("commerce", "市商务局", "Commerce Bureau", "001"),
)


@dataclass(frozen=True, slots=True)
class OrgUnit:
    """A unit with a duty desk and one fixed duty phone (rules §B7 R5).

    `kind`: centre, subdistrict, township, farm, park, department. `region_code` is what it answers for.
    """

    key: str
    kind: str
    name_zh: str
    name_en: str
    region_code: str
    parent_key: str
    duty_phone: str
    lon: float
    lat: float


def units(seed: int, county: County) -> tuple[OrgUnit, ...]:
    """List the centre, then townships and park, then member units, each with its own duty phone."""
    rng = np.random.default_rng([seed, 22])
    rows = [
        (
            CENTRE_KEY,
            "centre",
            "樟川市应急指挥中心",
            "Zhangchuan Emergency Operations Centre",
            COUNTY_CODE,
            "990181003000",
        )
    ]
    for place in TOWNSHIPS:
        office = "应急管理中心" if place.kind == "park" else "应急管理所"
        rows.append(
            (
                unit_key(place.code),
                place.kind,
                place.name_zh + office,
                f"{place.name_en} Emergency Office",
                place.code,
                place.code,
            )
        )
    rows += [
        (key, "department", zh, en, COUNTY_CODE, f"990181{home}000") for key, zh, en, home in _DEPARTMENTS
    ]
    posts = []
    for number, (key, kind, zh, en, region, home) in enumerate(rows):
        lon, lat = county.place_near(home, rng, 0.8)
        parent = "" if key == CENTRE_KEY else CENTRE_KEY
        posts.append(OrgUnit(key, kind, zh, en, region, parent, f"0799-555{110 + number:04d}", lon, lat))
    return tuple(posts)


def unit_key(township_code: str) -> str:
    """Write the key of a township's or the park's duty post, e.g. `post-990181100`."""
    return f"post-{township_code[:9]}"
