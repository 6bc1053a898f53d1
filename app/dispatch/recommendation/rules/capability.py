"""Which capabilities an incident calls for, by event code prefix (longest prefix wins).

Product default [D]; a county edits this table. Codes: domain/rules.md B1.
"""

from __future__ import annotations

from collections.abc import Mapping

WANTED: Mapping[str, tuple[str, ...]] = {
    "11A": ("flood_rescue", "boat"),
    "11A02": ("water_pump", "flood_rescue"),
    "11B": ("evacuation", "road_clearing"),
    "11C": ("search_rescue", "earth_moving"),
    "11D": ("search_rescue", "earth_moving"),
    "11E": ("flood_rescue", "boat"),
    "11G": ("forest_fire",),
    "12A": ("search_rescue", "medical"),
    "12B": ("search_rescue", "medical"),
    "12C": ("search_rescue", "medical"),
    "12D": ("hazmat", "structural_fire"),
    "12G": ("structural_fire",),
    "12H": ("search_rescue", "medical"),
    "12H03": ("boat", "search_rescue"),
    "12J": ("boat", "search_rescue"),
    "12N": ("search_rescue",),
    "12P08": ("electric_power",),
    "12P10": ("comms",),
    "12P13": ("search_rescue", "earth_moving"),
    "12Q": ("hazmat",),
    "13": ("medical",),
}
# Nobody knows yet what it is: whoever can search or give first aid, the nearest first.
GENERAL = ("search_rescue", "first_aid")


def wanted_capabilities(event_code: str) -> tuple[str, ...]:
    """Return the capabilities to look for, most wanted first."""
    for length in range(len(event_code), 1, -1):
        if found := WANTED.get(event_code[:length]):
            return found
    return GENERAL
