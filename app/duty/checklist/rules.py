"""Whether a place has what its checklists ask for (domain/rules A7.8). Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from app.duty.standby.rules.level import Words
from app.org.rules.staffing import Staffing

Computed = Literal["staffing", "platform", "rescue_team", "team"]
State = Literal["met", "short", "expired", "unknown"]
Kit = Literal["met", "untested", "short"]
SOON = timedelta(days=30)  # evidence that runs out so soon says it


@dataclass(frozen=True, slots=True)
class Item:
    """One line of a checklist: a live fact (`computed`), or evidence that holds for `days`.

    `key` is unique among all lists: `eight.platform`. `teams` are the kinds of teams that count.
    """

    key: str
    zh: str
    en: str
    computed: Computed | None = None
    days: int | None = None
    teams: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Checklist:
    """A list asked of every place of some kinds; without items it is asked of nobody yet."""

    id: str
    zh: str
    en: str
    places: frozenset[str]
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Station:
    """The unit that serves a place, and whether its people are enough."""

    people: int
    full_time: int
    staffing: Staffing


@dataclass(frozen=True, slots=True)
class Post:
    """The duty post of a place: who is on duty now, how many are missing, seats unplanned within 24 hours."""

    names: tuple[str, ...]
    missing: int
    ahead: int


@dataclass(frozen=True, slots=True)
class Crew:
    """A team at a place. `members` are the people on its books."""

    kind: str
    name_zh: str
    name_en: str
    members: int
    standing_by: bool


@dataclass(frozen=True, slots=True)
class Live:
    """What the product itself knows of a place; None where it has no such thing."""

    station: Station | None = None
    post: Post | None = None
    kit: Kit | None = None
    crews: tuple[Crew, ...] = ()


@dataclass(frozen=True, slots=True)
class Evidence:
    """What somebody saw on a day; it holds up to and including `expires_on` unless it was revoked."""

    id: int
    seen_on: date
    expires_on: date
    revoked: bool = False


@dataclass(frozen=True, slots=True)
class Judged:
    """How an item stands and why; `evidence` is the number of what it rests on."""

    item: Item
    state: State
    reasons: tuple[Words, ...]
    evidence: int | None = None


def asked_of(lists: Iterable[Checklist], kind: str) -> tuple[Item, ...]:
    """Return the items that a kind of place must have, in the order of the lists."""
    return tuple(item for one in lists if kind in one.places for item in one.items)


def judge(
    items: Iterable[Item], live: Live, evidence: Mapping[str, Sequence[Evidence]], today: date
) -> tuple[Judged, ...]:
    """Judge every item of a place; `evidence` by item key."""
    return tuple(
        _FACTS[item.computed](item, live) if item.computed else _seen(item, evidence.get(item.key, ()), today)
        for item in items
    )


def percent(met: int, total: int) -> int | None:
    """Return the share that is met, rounded down so that 100 means all; None of nothing."""
    return 100 * met // total if total else None


def _seen(item: Item, told: Sequence[Evidence], today: date) -> Judged:
    held = [one for one in told if not one.revoked]
    if not held:
        return _judged(item, "unknown", Words("无佐证材料", "no evidence given"))
    last = max(held, key=lambda one: (one.expires_on, one.id))
    day = last.expires_on.isoformat()
    if last.expires_on < today:
        return Judged(
            item, "expired", (Words(f"佐证已于{day}到期", f"the evidence ran out on {day}"),), last.id
        )
    if last.expires_on - today <= SOON:
        return Judged(
            item, "met", (Words(f"佐证{day}到期,请更新", f"the evidence runs out on {day}"),), last.id
        )
    return Judged(item, "met", (Words(f"佐证有效期至{day}", f"evidence holds until {day}"),), last.id)


def _judged(item: Item, state: State, *reasons: Words) -> Judged:
    return Judged(item, state, reasons)


def _staffing(item: Item, live: Live) -> Judged:
    station = live.station
    if station is None:
        return _judged(item, "short", Words("未设工作机构", "there is no unit"))
    people, full = station.people, station.full_time
    count = Words(f"在岗{people}人,其中专职{full}人", f"{people} people, {full} of them full-time")
    if station.staffing == "short":
        return _judged(
            item, "short", Words(f"{count.zh},未达配备标准", f"{count.en}: fewer than its kind needs")
        )
    if people == 0:
        return _judged(item, "short", Words("机构无人员", "the unit has no people"))
    return _judged(item, "met", count)


def _platform(item: Item, live: Live) -> Judged:
    duty, kit = _on_duty(live.post), _kit(live.kit)
    reasons = tuple(words for _, words in (duty, kit))
    states = {state for state, _ in (duty, kit)}
    state: State = "short" if "short" in states else "unknown" if "unknown" in states else "met"
    return Judged(item, state, reasons)


def _on_duty(post: Post | None) -> tuple[State, Words]:
    if post is None:
        return "short", Words("未设值班岗位", "there is no duty post")
    if not post.names:
        return "short", Words("现在无人在班", "nobody is on duty now")
    if post.missing:
        return "short", Words(f"现在缺岗{post.missing}人", f"{post.missing} seats are empty now")
    if post.ahead:
        return "short", Words(
            f"24小时内有{post.ahead}处缺岗", f"{post.ahead} seats are unplanned within 24 h"
        )
    names = post.names
    return "met", Words(f"在班:{'、'.join(names)}", f"on duty: {', '.join(names)}")


def _kit(kit: Kit | None) -> tuple[State, Words]:
    if kit == "short":
        return "short", Words("最低配备不足", "the minimum kit is short")
    if kit == "untested":
        return "unknown", Words("配备设备未测试", "devices of the minimum kit are untested")
    if kit is None:
        return "unknown", Words("未定最低配备", "no minimum kit is set for such a place")
    return "met", Words("最低配备齐全", "the minimum kit works")


def _rescue_team(item: Item, live: Live) -> Judged:
    judged = _team(item, live)
    if judged.state != "met":
        return judged
    ready = [one for one in _manned(item, live) if one.standing_by]
    if not ready:
        return _judged(item, "short", *judged.reasons, Words("无队伍备勤", "no team stands by"))
    return _judged(item, "met", *_named(ready), Words("备勤中", "standing by"))


def _team(item: Item, live: Live) -> Judged:
    if not any(one.kind in item.teams for one in live.crews):
        return _judged(item, "short", Words("未登记救援队伍", "no rescue team is registered"))
    manned = _manned(item, live)
    if not manned:
        return _judged(item, "short", Words("队伍无队员", "the team has no members"))
    return _judged(item, "met", *_named(manned))


def _manned(item: Item, live: Live) -> list[Crew]:
    return [one for one in live.crews if one.kind in item.teams and one.members > 0]


def _named(crews: Iterable[Crew]) -> tuple[Words, ...]:
    return tuple(
        Words(f"{one.name_zh}{one.members}人", f"{one.name_en or one.name_zh}: {one.members} people")
        for one in crews
    )


_FACTS: Mapping[Computed, Callable[[Item, Live], Judged]] = {
    "staffing": _staffing,
    "platform": _platform,
    "rescue_team": _rescue_team,
    "team": _team,
}
