"""Whether two incidents may be one: a score with its reasons. Nothing is merged by it. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import asin, cos, radians, sin, sqrt

ALIKE_FROM = 50
"""The least score at which a person is asked whether it is the same."""
FAR_M = 10_000.0
LONG_APART = timedelta(hours=12)
_DISTANCES = ((500.0, 35), (2_000.0, 25), (5_000.0, 10))
_SPANS = ((timedelta(minutes=30), 20), (timedelta(hours=2), 12), (LONG_APART, 5))
_SAME_KIND, _SAME_FAMILY, _SAME_CATEGORY = 20, 14, 4
_SAME_CALLER, _SAME_VILLAGE, _MOST_WORDS = 25, 15, 25
_WORD = re.compile(r"[a-z0-9]+|[\u4e00-\u9fff]+")
_EARTH_M = 6_371_000.0


@dataclass(frozen=True, slots=True)
class Account:
    """What is told of an incident, as far as it says whether two are one. Degrees; aware instants."""

    event_code: str
    region_code: str
    at: datetime
    lon: float | None = None
    lat: float | None = None
    title: str = ""
    address: str = ""
    phones: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Trait:
    """One thing both have in common, its weight and its words."""

    points: int
    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Likeness:
    """How alike two incidents are: 0 … 100, and why."""

    score: int
    traits: tuple[Trait, ...]


def likeness(one: Account, other: Account) -> Likeness:
    """Return how alike two accounts are; the order of the two makes no difference.

    Far apart in place or time they are not alike at all, unless the same number called.
    """
    metres = distance_m(one, other)
    apart = abs(one.at - other.at)
    caller = _caller(one, other)
    if caller is None and (apart > LONG_APART or (metres is not None and metres > FAR_M)):
        return Likeness(0, ())
    found = [caller, _place(one, other, metres), _time(apart), _kind(one, other), _words(one, other)]
    traits = tuple(sorted((each for each in found if each), key=lambda each: -each.points))
    return Likeness(min(100, sum(each.points for each in traits)), traits)


def alike(
    account: Account, known: Iterable[tuple[int, Account]], most: int = 5
) -> list[tuple[int, Likeness]]:
    """Return the known incidents that may be this one, the likeliest first, `most` at the most."""
    scored = [(key, likeness(account, other)) for key, other in known]
    likely = [(key, found) for key, found in scored if found.score >= ALIKE_FROM]
    return sorted(likely, key=lambda each: (-each[1].score, -each[0]))[:most]


def distance_m(one: Account, other: Account) -> float | None:
    """Return the metres between two accounts, None when either has no place on the map."""
    if one.lon is None or one.lat is None or other.lon is None or other.lat is None:
        return None
    north, east = radians(other.lat - one.lat), radians(other.lon - one.lon)
    along = cos(radians(one.lat)) * cos(radians(other.lat)) * sin(east / 2) ** 2
    return 2 * _EARTH_M * asin(min(1.0, sqrt(sin(north / 2) ** 2 + along)))


def _caller(one: Account, other: Account) -> Trait | None:
    shared = {_digits(each) for each in one.phones} & {_digits(each) for each in other.phones} - {""}
    if not shared:
        return None
    return Trait(_SAME_CALLER, "来电号码相同", "the same number called")


def _digits(phone: str) -> str:
    digits = re.sub(r"\D", "", phone)[-11:]
    return digits if len(digits) >= 7 else ""


def _place(one: Account, other: Account, metres: float | None) -> Trait | None:
    if metres is not None:
        for limit, points in _DISTANCES:
            if metres <= limit:
                return Trait(points, f"相距{round(metres)}米", f"{round(metres)} m apart")
    if one.region_code == other.region_code and (metres is None or metres <= FAR_M):
        return Trait(_SAME_VILLAGE, "同一村(社区)", "in the same village")
    return None


def _time(apart: timedelta) -> Trait | None:
    minutes = round(apart.total_seconds() / 60)
    for limit, points in _SPANS:
        if apart <= limit:
            return Trait(points, f"接报相隔{minutes}分钟", f"told {minutes} min apart")
    return None


def _kind(one: Account, other: Account) -> Trait | None:
    if not one.event_code or not other.event_code:
        return None
    if one.event_code == other.event_code:
        return Trait(_SAME_KIND, "类型相同", "the same type")
    if one.event_code[:3] == other.event_code[:3]:
        return Trait(_SAME_FAMILY, "类型同属一类", "types of one family")
    if one.event_code[:2] == other.event_code[:2]:
        return Trait(_SAME_CATEGORY, "同一大类", "types of one category")
    return None


def _words(one: Account, other: Account) -> Trait | None:
    left, right = _pieces((one.title, one.address)), _pieces((other.title, other.address))
    shared = left & right
    if not shared:
        return None
    points = round(_MOST_WORDS * len(shared) / min(len(left), len(right)))
    if not points:
        return None
    some = "、".join(sorted(shared)[:3])
    return Trait(points, f"用词相同:{some}", f"shared words: {some}")


def _pieces(texts: Sequence[str]) -> frozenset[str]:
    """Return the words of texts: pairs of Chinese characters, words of letters and digits."""
    found: set[str] = set()
    for word in _WORD.findall(" ".join(texts).lower()):
        chinese = word[0] >= "\u4e00" and len(word) > 1
        found.update((word[n : n + 2] for n in range(len(word) - 1)) if chinese else (word,))
    return frozenset(found)
