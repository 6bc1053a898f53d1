"""The ladder as data (逐级升级): which rung comes next and when. `now` and the means are arguments."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

Ask = Literal["app", "text", "other_texts", "voice", "deputy", "unit_head", "leader"]
Fallback = Literal["centre_on_duty", "next_leader", "leader_accounts"]
PUNCTUAL = timedelta(seconds=5)  # a timer seen this late still counts from the instant it was set for


CHINA = ZoneInfo("Asia/Shanghai")


@dataclass(frozen=True, slots=True)
class Storm:
    """So many alarms of one incident within so long."""

    alarms: int
    within: timedelta


@dataclass(frozen=True, slots=True)
class Rung:
    """One rung: what is asked, and how long after the dispatch when every rung below was there.

    It may have hours outside which nobody is asked, and may be for a storm of alarms only (holds.py).
    """

    id: str
    after: timedelta
    asks: tuple[Ask, ...]
    name_zh: str
    name_en: str
    between: tuple[time, time] | None = None
    storm: Storm | None = None


@dataclass(frozen=True, slots=True)
class Ladder:
    """The rungs in order, what repeats above the last, and whom to ask where nobody is on duty.

    The last rung asks the leader, so that a ladder always has an end that exists.
    """

    rungs: tuple[Rung, ...]
    repeat_from: int
    repeat_every: timedelta | None
    fallback: tuple[Fallback, ...]
    zone: ZoneInfo = CHINA

    @property
    def top(self) -> int:
        """The number of the last rung."""
        return len(self.rungs) - 1

    @property
    def answer(self) -> timedelta:
        """How long an order may go unanswered before the second rung."""
        return self.rungs[1].after if self.top else timedelta()

    @property
    def leader_alert(self) -> timedelta:
        """When the leader's board turns red."""
        return self.rungs[self.top].after

    def number(self, rung_id: str) -> int | None:
        """Return the number of a rung by its id, or None."""
        return next((n for n, rung in enumerate(self.rungs) if rung.id == rung_id), None)


@dataclass(frozen=True, slots=True)
class Place:
    """Where an order stands: the rung taken last, how many were taken this time, how often it began anew.

    `rung` is -1 before the first.
    """

    rung: int = -1
    taken: int = 0
    round: int = 0


@dataclass(frozen=True, slots=True)
class Climb:
    """What is done now, and the place after it. `asks` in the order in which they are made."""

    asks: tuple[Ask, ...]
    place: Place


def climb(ladder: Ladder, place: Place, means: Collection[Ask]) -> Climb | None:
    """Return what silence brings next: the next rung there are means for; above the last, the repetition.

    None when the ladder has ended and does not repeat.
    """
    for n in range(place.rung + 1, len(ladder.rungs)):
        if asks := _possible(ladder.rungs[n].asks, means):
            return Climb(asks, Place(n, place.taken + 1, place.round))
    if ladder.repeat_every is None:
        return None
    again = tuple(ask for rung in ladder.rungs[ladder.repeat_from :] for ask in rung.asks)
    return Climb(_possible(again, means), Place(ladder.top, place.taken, place.round + 1))


def jump(ladder: Ladder, place: Place, rung: int, means: Collection[Ask]) -> Climb:
    """Return what going to a chosen rung at once brings; the waits from there on are those of the rung."""
    return Climb(_possible(ladder.rungs[rung].asks, means), Place(rung, rung + 1, place.round))


def wait(ladder: Ladder, place: Place) -> timedelta | None:
    """Return how long an order waits at its place before the next climb, None where it waits for ever.

    The k-th rung that could be tried gets the k-th waiting time: a team without an app is not hurried
    because its first rung is the second of the list (G, O: design/field.md complaint 29).
    """
    if place.rung >= ladder.top:
        return ladder.repeat_every
    following = min(place.taken, ladder.top)
    return ladder.rungs[following].after - ladder.rungs[following - 1].after if place.taken else timedelta()


def base(set_for: datetime | None, now: datetime) -> datetime:
    """Return from when the next wait counts: the instant a timer was set for, unless it was seen late.

    After an outage the rungs do not fire all together: each waits its time from the one before it.
    """
    return set_for if set_for is not None and timedelta() <= now - set_for <= PUNCTUAL else now


def _possible(asks: tuple[Ask, ...], means: Collection[Ask]) -> tuple[Ask, ...]:
    return tuple(ask for ask in asks if ask in means)
