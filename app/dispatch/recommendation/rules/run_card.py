"""Run cards (出动卡): what a kind of incident calls for, at which level and hour. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, time

from app.dispatch.recommendation.rules.capability import GENERAL, wanted_capabilities
from app.window import within

MOST_ALARMS = 5
MonthDay = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Need:
    """So many teams with a capability, together of at least so many people."""

    capability: str
    teams: int = 1
    people: int = 0


@dataclass(frozen=True, slots=True)
class Card:
    """A run card. Empty or None bounds are open; `alarms` add up: the second alarm sends its needs too.

    `at_least_level` n: for incidents of level n and graver (1 is the gravest). `hours` may cross midnight,
    `season` the new year; both are half-open.
    """

    id: str
    name_zh: str
    name_en: str
    alarms: tuple[tuple[Need, ...], ...]
    types: tuple[str, ...] = ()
    at_least_level: int | None = None
    life_threat: bool | None = None
    hours: tuple[time, time] | None = None
    season: tuple[MonthDay, MonthDay] | None = None
    reminder_zh: str = ""
    reminder_en: str = ""


@dataclass(frozen=True, slots=True)
class Requirement:
    """What is wanted. `any_of`: whoever has one of the capabilities; nobody knows yet what it is."""

    needs: tuple[Need, ...]
    card: Card | None = None
    alarm: int = 1
    any_of: bool = False
    by_hand: bool = False

    @property
    def wanted(self) -> tuple[str, ...]:
        """The capabilities, most wanted first."""
        return tuple(dict.fromkeys(need.capability for need in self.needs))


@dataclass(frozen=True, slots=True)
class Occasion:
    """An incident as the cards see it; `at` is local time."""

    event_code: str
    level: int
    life_threat: bool
    at: datetime


def requirement(cards: Iterable[Card], occasion: Occasion, alarm: int = 1) -> Requirement:
    """Return what the most specific matching card asks for; without one, a team of each capability.

    A card for the kind beats one for the gravity alone, one for both beats either (field.md D12); then the
    longer code, then the one that names hours or a season, then the order of the file.
    """
    best: tuple[tuple[int, int, int], Card] | None = None
    for card in cards:
        if (found := _specificity(card, occasion)) is not None and (best is None or found > best[0]):
            best = (found, card)
    if best is None:
        wanted = wanted_capabilities(occasion.event_code)
        return Requirement(tuple(Need(one) for one in wanted), alarm=alarm, any_of=wanted == GENERAL)
    card = best[1]
    return Requirement(added(card.alarms[:alarm]), card, alarm)


def added(alarms: Sequence[Sequence[Need]]) -> tuple[Need, ...]:
    """Return the needs of several alarms in one list: teams and people of a capability add up."""
    total: dict[str, Need] = {}
    for need in (need for alarm in alarms for need in alarm):
        known = total.get(need.capability, Need(need.capability, 0, 0))
        total[need.capability] = Need(need.capability, known.teams + need.teams, known.people + need.people)
    return tuple(total.values())


def _specificity(card: Card, occasion: Occasion) -> tuple[int, int, int] | None:
    prefixes = [len(code) for code in card.types if occasion.event_code.startswith(code)]
    if card.types and not prefixes:
        return None
    if card.at_least_level is not None and occasion.level > card.at_least_level:
        return None
    if card.life_threat is not None and card.life_threat != occasion.life_threat:
        return None
    if card.hours is not None and not within(card.hours, occasion.at.time()):
        return None
    if card.season is not None and not within(card.season, (occasion.at.month, occasion.at.day)):
        return None
    graded = card.at_least_level is not None or card.life_threat is not None
    timed = (card.hours is not None) + (card.season is not None)
    return (2 if card.types else 0) + (1 if graded else 0), max(prefixes, default=0), timed
