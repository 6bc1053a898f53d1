"""Who helps the fictional 樟川市 from outside: neighbours, the prefecture, the garrison. All fictional."""

from __future__ import annotations

from typing import Any

PARTNERS: tuple[dict[str, Any], ...] = (
    {
        "kind": "neighbour",
        "name_zh": "邻水县应急指挥中心",
        "name_en": "Linshui County EOC",
        "phone": "0799-5560119",
        "lon": 115.86,
        "lat": 28.05,
        "capabilities": ["boat", "flood_rescue", "forest_fire", "search_rescue"],
        "note": "协议联动,30 分钟内出动",
    },
    {
        "kind": "neighbour",
        "name_zh": "北岭县应急指挥中心",
        "name_en": "Beiling County EOC",
        "phone": "0799-5570119",
        "lon": 115.45,
        "lat": 28.38,
        "capabilities": ["earth_moving", "forest_fire", "medical", "road_clearing"],
        "note": "森林防火联防",
    },
    {
        "kind": "superior",
        "name_zh": "示例市应急指挥中心",
        "name_en": "Shili Prefecture EOC",
        "phone": "0799-8880119",
        "lon": 115.2,
        "lat": 27.8,
        "capabilities": [
            "boat",
            "comms",
            "flood_rescue",
            "forest_fire",
            "hazmat",
            "medical",
            "structural_fire",
        ],
        "note": "增援请示",
    },
    {
        "kind": "military",
        "name_zh": "驻樟川部队作训科",
        "name_en": "Garrison",
        "phone": "0799-5550081",
        "lon": None,
        "lat": None,
        "capabilities": ["evacuation", "flood_rescue", "search_rescue"],
        "note": "经市人武部协调",
    },
)
