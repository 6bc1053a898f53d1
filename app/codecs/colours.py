"""One table: colours of warnings, severities of CAP and of broadcasts, the response that they propose.

Colour, level of an incident and level of the response are three things (rules §B4): a colour PROPOSES a
response, a named commander decides. Severity is not the colour's name either: messages are read by their own
column, and a colour in the headline counts for more than CAP's severity, which peers map as they like.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType


class Colour(StrEnum):
    """The colour of a warning (预警信号颜色), highest first."""

    RED = "red"
    ORANGE = "orange"
    YELLOW = "yellow"
    BLUE = "blue"


@dataclass(frozen=True, slots=True)
class Grade:
    """One row: what a colour is called everywhere.

    `grade` is 1 (一级, highest) to 4; `broadcast` the Severity of GD/J 082; `response` the response level
    that it proposes. `evidence` says what the pairing with CAP rests on.
    """

    colour: Colour
    zh: str
    grade: int
    grade_zh: str
    cap: str
    cn12379: str
    broadcast: int
    response: int
    evidence: str


GRADES = (
    Grade(Colour.RED, "红色", 1, "一级", "Extreme", "Red", 1, 1, "inferred; in wide use"),
    Grade(Colour.ORANGE, "橙色", 2, "二级", "Severe", "Orange", 2, 2, "seen in feeds"),
    Grade(Colour.YELLOW, "黄色", 3, "三级", "Moderate", "Yellow", 3, 3, "seen in feeds"),
    Grade(Colour.BLUE, "蓝色", 4, "四级", "Minor", "Blue", 4, 4, "seen in CMA's feed"),
)
"""Rules §B3, §B4; GD/J 082: Severity 1 特别重大/红 to 4 一般/蓝."""

UNKNOWN_CAP = "Unknown"
UNKNOWN_12379 = "Unknown"
UNKNOWN_BROADCAST = 0
"""What each says for no colour. GD/J's 0 is its LOWEST priority: do not sort by number."""

BY_COLOUR: Mapping[Colour, Grade] = MappingProxyType({one.colour: one for one in GRADES})
BY_CAP: Mapping[str, Grade] = MappingProxyType({one.cap: one for one in GRADES})
BY_12379: Mapping[str, Grade] = MappingProxyType({one.cn12379: one for one in GRADES})
BY_BROADCAST: Mapping[int, Grade] = MappingProxyType({one.broadcast: one for one in GRADES})

_WORDS = re.compile("|".join(one.zh for one in GRADES))


def colour_in(headline: str) -> Colour | None:
    """Return the colour that a headline names (暴雨橙色预警); None when it names none, or several."""
    named = set(_WORDS.findall(headline))
    if len(named) != 1:
        return None
    (zh,) = named
    return next(one.colour for one in GRADES if one.zh == zh)


def priority(broadcast: int) -> int:
    """Return where a Severity of GD/J stands, 0 first; unknown ones come last."""
    return BY_BROADCAST[broadcast].grade - 1 if broadcast in BY_BROADCAST else len(GRADES)
