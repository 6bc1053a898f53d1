"""The 370 MHz voice groups of the demo (rules A3.2)."""

from __future__ import annotations

from dataclasses import dataclass

from app.demo.places import COUNTY_CODE, TOWNSHIPS

COUNTY_GROUPS = ("1", "2")
"""The voice groups that reach everybody: all the county, and the command group."""


@dataclass(frozen=True, slots=True)
class Talkgroup:
    """A 370 MHz voice group (A3.2): the county's, the command group, one per township."""

    number: int
    name_zh: str
    region_code: str


def talkgroups() -> tuple[Talkgroup, ...]:
    """24 voice groups: 1 county, 1 command, 22 townships."""
    own = [place for place in TOWNSHIPS if place.kind != "park"]
    return (
        Talkgroup(1, "全市通播组", COUNTY_CODE),
        Talkgroup(2, "指挥组", COUNTY_CODE),
        *(Talkgroup(100 + i, f"{place.name_zh}组", place.code) for i, place in enumerate(own, start=1)),
    )
