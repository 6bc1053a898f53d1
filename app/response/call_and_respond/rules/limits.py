"""Minutes in which each tier must have answered, by colour of the warning. Pure.

Red is a rule that was seen (domain/rules §B3: heads within 10 minutes, villages within 30; scenario S11, 5).
All the rest is the product's own default [D], to be set by the county: see docs/call-and-respond.md.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from itertools import pairwise
from typing import Any, Literal, get_args

Colour = Literal["red", "orange", "yellow", "blue"]
Tier = Literal["county", "township", "village"]
COLOURS: tuple[Colour, ...] = get_args(Colour)
"""The most urgent first."""


@dataclass(frozen=True, slots=True)
class Minutes:
    """All in minutes. County, township and village count from the start of the round.

    `feedback`: after a village answered. `person`: from one silent person to the next at most. `channel`:
    from one further channel to the next once nobody answered. `retry`: after a busy line.
    """

    county: int
    township: int
    village: int
    feedback: int
    person: int
    channel: int
    retry: int

    def of(self, tier: Tier) -> int:
        """Return the minutes of a tier."""
        return {"county": self.county, "township": self.township, "village": self.village}[tier]


@dataclass(frozen=True, slots=True)
class Limits:
    """The table of the county: minutes by colour, and of how many villages in a hundred a spot call asks."""

    colours: Mapping[Colour, Minutes]
    verify_percent: int


SHIPPED = Limits(
    {
        "red": Minutes(10, 10, 30, 30, 5, 2, 2),
        "orange": Minutes(15, 15, 45, 30, 8, 3, 3),
        "yellow": Minutes(30, 30, 60, 60, 15, 5, 5),
        "blue": Minutes(60, 60, 120, 120, 30, 10, 10),
    },
    verify_percent=5,
)


@dataclass(frozen=True, slots=True)
class LimitFault:
    """What is wrong with a table, at which field."""

    name: str
    zh: str
    en: str


def faults(limits: Limits) -> list[LimitFault]:
    """Return what cannot be: a milder colour that is quicker, a village due before its township."""
    quicker = [
        LimitFault(
            f"colours.{cold}.{one.name}",
            "颜色较轻的时限不能比较重的更短",
            "a milder colour must not have less time than a graver one",
        )
        for warm, cold in pairwise(COLOURS)
        for one in fields(Minutes)
        if getattr(limits.colours[warm], one.name) > getattr(limits.colours[cold], one.name)
    ]
    early = [
        LimitFault(
            f"colours.{colour}.village",
            "村级时限不能早于乡镇时限",
            "a village cannot be due before its township",
        )
        for colour in COLOURS
        if limits.colours[colour].village < limits.colours[colour].township
    ]
    return quicker + early


def stored(limits: Limits) -> dict[str, Any]:
    """Return a table as it is kept."""
    colours = {colour: asdict(minutes) for colour, minutes in limits.colours.items()}
    return {"verify_percent": limits.verify_percent, "colours": colours}


def read(kept: Mapping[str, Any]) -> Limits:
    """Return a table that was kept."""
    colours = {colour: Minutes(**kept["colours"][colour]) for colour in COLOURS}
    return Limits(colours, kept["verify_percent"])
