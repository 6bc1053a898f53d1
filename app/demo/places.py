"""The townships of the fictional 樟川市 (rules §A9): codes, names, and a sketch of where each one lies.

The sketch is in kilometres east and north of the county's middle; `geography` turns it into land.
"""

from __future__ import annotations

from dataclasses import dataclass

COUNTY_CODE = "990181000000"
COUNTY_PREFIX = "990181"
PARENT_CODE = "990100000000"
COUNTY_ZH = "樟川市"
COUNTY_EN = "Zhangchuan City"

EAST_BANK_VILLAGE = "990181100204"
"""临溪镇东岸村, the village of scenario S01."""
HILL_VILLAGE = "990181107203"
"""观山镇观山村, the mountain village of scenario S02 with its 86 people."""


@dataclass(frozen=True, slots=True)
class Township:
    """A township-level unit (乡镇、街道、场、园区): nine-digit code, names, sketch, number of villages.

    `x_km`/`y_km` are east and north of (115.5 E, 28.0 N); `area_km2` is what it should measure.
    """

    code9: str
    kind: str
    short_zh: str
    suffix_zh: str
    pinyin: str
    x_km: float
    y_km: float
    area_km2: float
    communities: int
    villages: int

    @property
    def code(self) -> str:
        """The 12-digit region code (rules §B9)."""
        return self.code9 + "000"

    @property
    def name_zh(self) -> str:
        """Full Chinese name, e.g. 临溪镇."""
        return self.short_zh + self.suffix_zh

    @property
    def name_en(self) -> str:
        """Pinyin with the English word for its kind, e.g. `Linxi Town`."""
        return f"{self.pinyin} {_ENGLISH[self.suffix_zh]}"


_ENGLISH = {
    "街道": "Subdistrict",
    "镇": "Town",
    "乡": "Township",
    "林场": "Forest Farm",
    "园艺场": "Orchard Farm",
    "药材场": "Herb Farm",
    "工业园区": "Industrial Park",
}

_S = ("subdistrict", "街道", 6, 4)
_Z = ("township", "镇", 1, 17)
_X = ("township", "乡", 1, 14)
_Sketch = tuple[str, str, str, float, float, float]


def _of(group: tuple[str, str, int, int], *rows: _Sketch) -> tuple[Township, ...]:
    kind, suffix, communities, villages = group
    return tuple(
        Township(COUNTY_PREFIX + code, kind, zh, suffix, en, x, y, area, communities, villages)
        for code, zh, en, x, y, area in rows
    )


TOWNSHIPS: tuple[Township, ...] = (
    *_of(
        _S,
        ("001", "城东", "Chengdong", 2.9, 4.2, 17),
        ("002", "城西", "Chengxi", -3.8, 1.5, 15),
        ("003", "滨江", "Binjiang", -0.4, 0.6, 10),
        ("004", "鹿鸣", "Luming", -0.8, 4.2, 16),
        ("005", "大桥", "Daqiao", 2.6, -1.6, 18),
    ),
    *_of(
        _Z,
        ("100", "临溪", "Linxi", 6.8, -7.6, 78),
        ("101", "永宁", "Yongning", -8.0, 5.8, 68),
        ("102", "黄岗", "Huanggang", -14.8, 2.2, 84),
        ("103", "经堂", "Jingtang", -3.4, -9.2, 70),
        ("104", "双河", "Shuanghe", -8.4, -2.4, 62),
        ("105", "店埠", "Dianbu", 12.4, -3.0, 70),
        ("106", "阁峰", "Gefeng", -6.4, 12.2, 86),
        ("107", "观山", "Guanshan", -15.0, 9.2, 84),
        ("108", "义门", "Yimen", 13.6, -10.4, 82),
        ("109", "南浦", "Nanpu", 0.6, -14.2, 66),
    ),
    *_of(
        _X,
        ("200", "洲头", "Zhoutou", -15.6, -6.4, 72),
        ("201", "洲尾", "Zhouwei", 14.2, 7.8, 72),
        ("202", "洋田", "Yangtian", 5.2, 10.4, 76),
        ("203", "吴塘", "Wutang", 19.6, 1.0, 72),
    ),
    Township("990181400", "farm", "青云", "林场", "Qingyun", -21.2, 5.2, 38, 0, 3),
    Township("990181401", "farm", "红岭", "园艺场", "Hongling", 8.6, -14.4, 30, 0, 3),
    Township("990181402", "farm", "百草", "药材场", "Baicao", -9.6, -12.2, 30, 0, 3),
    Township("990181450", "park", "樟川", "工业园区", "Zhangchuan", 7.4, 1.6, 25, 1, 0),
)

BY_CODE: dict[str, Township] = {place.code: place for place in TOWNSHIPS}
PARK_CODE = "990181450000"


def of_region(code: str) -> Township:
    """Find the township-level unit in which a village (or township) code lies.

    Raises KeyError for the county itself.
    """
    return BY_CODE[code[:9] + "000"]
