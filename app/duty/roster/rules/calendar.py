"""Which days are holidays in China, and which week-end days are worked instead (调休).

The days come from the `holidays` library (MIT, vacanza), which copies the notice of the State Council's
General Office each November. Until it does, a coming year is the law alone: the statutory days, and guesses.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from holidays import HolidayBase

DayKind = Literal["workday", "weekend", "statutory_holiday", "makeup_workday"]
KIND_ZH: dict[DayKind, str] = {
    "workday": "工作日",
    "weekend": "双休日",
    "statutory_holiday": "法定节假日",
    "makeup_workday": "调休上班",
}
KIND_EN: dict[DayKind, str] = {
    "workday": "working day",
    "weekend": "week-end",
    "statutory_holiday": "statutory holiday",
    "makeup_workday": "make-up working day",
}
DAY = timedelta(days=1)
FIRST_YEAR, LAST_YEAR = (
    2001,
    2099,
)  # the library was checked with the notices from 2001 on; its moon ends in 2099
_MOVED = re.compile(r"由 [\d-]+ 调休")  # the library's words for a day off in exchange for a worked one
_BRACKET = re.compile(r"（.*?）| \(.*?\)")  # 补假, 推定
_EVE = frozenset({"农历除夕", "Chinese New Year's Eve"})


@dataclass(frozen=True, slots=True)
class ExtraDay:
    """A day the county settles otherwise: a holiday of its own, a week-end it works."""

    on: date
    kind: DayKind
    name_zh: str
    name_en: str


@dataclass(frozen=True, slots=True)
class Day:
    """A day and what it is. `known` is False while no notice for its year has reached the library."""

    on: date
    kind: DayKind
    name_zh: str
    name_en: str
    known: bool


def known_until() -> date:
    """Return the last day whose holidays and make-up days the installed library knows from a notice."""
    return date(max(_china("zh_CN").special_public_holidays), 12, 31)


def day_kind(on: date, extra: Iterable[ExtraDay] = ()) -> DayKind:
    """Return what kind of day it is. See `day`, also for what it raises."""
    return day(on, extra).kind


def day(on: date, extra: Iterable[ExtraDay] = ()) -> Day:
    """Return the kind of a day with its names; the county's `extra` days come first.

    A statutory holiday is every day of the time off, its week-ends included: the Saturday inside the Spring
    Festival is holiday duty. Raises ValueError outside 2001..2099.
    """
    if not FIRST_YEAR <= on.year <= LAST_YEAR:
        raise ValueError(
            f"节假日数据只涵盖{FIRST_YEAR}至{LAST_YEAR}年 / "
            f"holidays are known from {FIRST_YEAR} to {LAST_YEAR} only"
        )
    for one in extra:
        if one.on == on:
            return Day(on, one.kind, one.name_zh, one.name_en, known=True)
    return _national(on)


@cache
def _china(language: str) -> HolidayBase:
    import holidays

    return holidays.country_holidays("CN", language=language)


@cache
def _national(on: date) -> Day:
    known = on <= known_until()
    if not _works(on) and (off := _time_off(on)) is not None:
        return Day(on, "statutory_holiday", *(_own_names(on) or off), known)
    kind: DayKind = "weekend" if _is_weekend(on) else "workday"
    if kind == "weekend" and _works(on):
        kind = "makeup_workday"
    return Day(on, kind, KIND_ZH[kind], KIND_EN[kind], known)


def _works(on: date) -> bool:
    return _china("zh_CN").is_working_day(on)


def _is_weekend(on: date) -> bool:
    return _china("zh_CN").is_weekend(on)


def _own_names(on: date) -> tuple[str, str] | None:
    """Return the names of a statutory day; None for one off only because another day is worked."""
    zh = _china("zh_CN").get(on)
    if zh is None or _MOVED.search(zh):
        return None
    return zh.replace("; ", "、"), _china("en_US")[on].replace("; ", " and ")


def _time_off(on: date) -> tuple[str, str] | None:
    """Return what the time off around a free day is called; None when it is an ordinary week-end."""
    first = last = on
    while not _works(first - DAY):
        first -= DAY
    while not _works(last + DAY):
        last += DAY
    days = [first + DAY * n for n in range((last - first).days + 1)]
    named = [names for each in days if (names := _own_names(each)) is not None]
    if not named:
        return None
    zh = [_BRACKET.sub("", one) for names, _ in named for one in names.split("、")]
    en = [_BRACKET.sub("", one) for _, names in named for one in names.split(" and ")]
    return "、".join(_festivals(zh)) + "假期", " and ".join(_festivals(en)) + " holiday"


def _festivals(names: list[str]) -> list[str]:
    """Return each name once; the eve is part of the Spring Festival."""
    once = list(dict.fromkeys(names))
    return [name for name in once if name not in _EVE] or once


@dataclass(frozen=True, slots=True)
class KeyPeriodRule:
    """A rule that makes days a key period (重点时段), as `key_periods.yaml` states it.

    `annual` runs from (month, day) `first` to `last`, inclusive, over the new year when last is earlier;
    `holidays` follows the calendar; `response` and `warning` follow what is in force with one of `levels`
    (1 to 4) or `colours`.
    """

    id: str
    kind: Literal["annual", "holidays", "response", "warning"]
    name_zh: str
    name_en: str
    first: tuple[int, int] = (1, 1)
    last: tuple[int, int] = (12, 31)
    levels: frozenset[int] = frozenset({1, 2, 3, 4})
    colours: frozenset[str] = frozenset({"orange", "red"})


@dataclass(frozen=True, slots=True)
class InForce:
    """A warning or a response in force, by the county's dates; `last` None while it goes on."""

    kind: Literal["response", "warning"]
    first: date
    last: date | None
    name_zh: str
    name_en: str
    level: int | None = None
    colour: str | None = None


@dataclass(frozen=True, slots=True)
class KeyPeriod:
    """Days, both inclusive, on which a rule makes a key period, and why."""

    rule_id: str
    first: date
    last: date
    zh: str
    en: str


def key_periods(
    first: date,
    last: date,
    rules: Iterable[KeyPeriodRule],
    in_force: Iterable[InForce] = (),
    extra: Iterable[ExtraDay] = (),
) -> tuple[KeyPeriod, ...]:
    """Return the key periods in force from `first` to `last`, both inclusive, by date, cut to the range.

    Periods of several rules stand beside each other. `extra` are the county's own days. Raises ValueError
    when the range is backwards or over ten years, or leaves the calendar (see `day`).
    """
    if not timedelta(0) <= last - first <= timedelta(days=3_700):
        raise ValueError("日期范围须由先到后,且不超过十年 / a range runs forwards, ten years at most")
    in_force = tuple(in_force)
    own = {one.on: one for one in reversed(tuple(extra))}
    found: list[KeyPeriod] = []
    for rule in rules:
        under_way: dict[tuple[str, str], KeyPeriod] = {}
        for on in (first + DAY * n for n in range((last - first).days + 1)):
            whys = dict.fromkeys(_why(rule, on, in_force, own))
            found += [ended for why, ended in under_way.items() if why not in whys]
            under_way = {
                why: KeyPeriod(rule.id, under_way[why].first if why in under_way else on, on, *why)
                for why in whys
            }
        found += under_way.values()
    return tuple(sorted(found, key=lambda one: (one.first, one.rule_id, one.zh)))


def _why(
    rule: KeyPeriodRule, on: date, in_force: tuple[InForce, ...], extra: Mapping[date, ExtraDay]
) -> Iterator[tuple[str, str]]:
    """Yield each reason, in Chinese and English, why the rule holds on a day."""
    if rule.kind == "annual":
        today = (on.month, on.day)
        after, before = today >= rule.first, today <= rule.last
        if (after and before) if rule.first <= rule.last else (after or before):
            yield rule.name_zh, rule.name_en
    elif rule.kind == "holidays":
        own = extra.get(on)
        if day(on, () if own is None else (own,)).kind == "statutory_holiday":
            yield (own.name_zh, own.name_en) if own else (_time_off(on) or (rule.name_zh, rule.name_en))
    else:
        for one in in_force:
            grave = one.level in rule.levels if one.kind == "response" else one.colour in rule.colours
            if one.kind == rule.kind and grave and one.first <= on and (one.last is None or on <= one.last):
                yield one.name_zh, one.name_en
