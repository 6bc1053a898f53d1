"""What a month's roster (值班表) has to fill, with whom, and within which limits: plain frozen facts.

Times are aware and carry the county's zone: the date of a slot is the local date on which it starts.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Literal

Load = Literal["total", "nights", "holidays"]
LOADS: tuple[Load, ...] = ("total", "nights", "holidays")


@dataclass(frozen=True, slots=True, order=True)
class Interval:
    """From `start` up to, not including, `end`."""

    start: datetime
    end: datetime

    def overlaps(self, other: Interval) -> bool:
        """Return whether the two share an instant."""
        return self.start < other.end and other.start < self.end


@dataclass(frozen=True, slots=True)
class Post:
    """A place that is manned (值班点), with its seats (席位)."""

    id: str
    name_zh: str
    name_en: str
    seats: frozenset[str]


@dataclass(frozen=True, slots=True)
class Slot:
    """A shift of one seat that needs so many persons. 24 hours from 08:00 are one night."""

    id: str
    post: str
    seat: str
    start: datetime
    end: datetime
    night: bool = True
    holiday: bool = False
    needed: int = 1
    requires: frozenset[str] = frozenset()

    @property
    def during(self) -> Interval:
        """The time of the shift."""
        return Interval(self.start, self.end)

    @property
    def on(self) -> date:
        """The date of duty: that of the start."""
        return self.start.date()

    def counts(self, load: Load) -> bool:
        """Return whether the slot is a burden of this kind."""
        return load == "total" or (self.night if load == "nights" else self.holiday)


@dataclass(frozen=True, slots=True)
class Wish:
    """A person wants, or would avoid, one slot or one date of duty. `weight` 1 to 10."""

    kind: Literal["want", "avoid"]
    slot: str | None = None
    on: date | None = None
    weight: int = 1

    def concerns(self, slot: Slot) -> bool:
        """Return whether the slot is one that the wish speaks of."""
        return slot.id == self.slot if self.slot is not None else slot.on == self.on


@dataclass(frozen=True, slots=True)
class Carried:
    """Loads of earlier months that count towards fairness."""

    total: int = 0
    nights: int = 0
    holidays: int = 0

    def of(self, load: Load) -> int:
        """Return the load of one kind."""
        return {"total": self.total, "nights": self.nights, "holidays": self.holidays}[load]


@dataclass(frozen=True, slots=True)
class Around:
    """A shift just before or after the month, for rest and nights."""

    during: Interval
    night: bool = True


@dataclass(frozen=True, slots=True)
class Candidate:
    """Who may stand duty. `fills` names (post, seat) pairs; `carried` None is a newcomer.

    A newcomer stands at the average of those who do the same, so that nobody makes up for months in which
    he was not there.
    """

    person: int
    name: str
    fills: frozenset[tuple[str, str]]
    qualifications: frozenset[str] = frozenset()
    leave: tuple[Interval, ...] = ()
    wishes: tuple[Wish, ...] = ()
    carried: Carried | None = Carried()
    around: tuple[Around, ...] = ()


@dataclass(frozen=True, slots=True, order=True)
class Fixed:
    """A seat given by hand: it stays."""

    slot: str
    person: int


@dataclass(frozen=True, slots=True, order=True)
class Assignment:
    """One person on one slot."""

    slot: str
    person: int


@dataclass(frozen=True, slots=True)
class Limits:
    """How much a person can bear (domain/rules B7 R20), and how much a month may hold.

    Shifts that touch are one stretch of duty; between stretches lies `min_rest`. `max_nights_in_7` counts
    the nights that start within any seven times 24 hours; with `nights_hard` off it costs, but may be passed.
    """

    max_continuous: timedelta = timedelta(hours=24)
    min_rest: timedelta = timedelta(hours=24)
    max_nights_in_7: int = 2
    max_per_month: int | None = None
    nights_hard: bool = True


@dataclass(frozen=True, slots=True)
class Weights:
    """What one unit of each aim costs. Squares pull every single load to the mean, spread the extremes."""

    total: int = 2
    nights: int = 2
    holidays: int = 3
    spread: int = 8
    wish: int = 3
    night_over_limit: int = 200

    def of(self, load: Load) -> int:
        """Return the price of one unit of squared deviation."""
        return {"total": self.total, "nights": self.nights, "holidays": self.holidays}[load]


@dataclass(frozen=True)
class Problem:
    """One month to fill. `seed` makes equal what could be decided either way."""

    posts: tuple[Post, ...]
    slots: tuple[Slot, ...]
    candidates: tuple[Candidate, ...]
    fixed: tuple[Fixed, ...] = ()
    limits: Limits = Limits()
    weights: Weights = field(default_factory=Weights)
    seed: int = 1

    @cached_property
    def slot(self) -> Mapping[str, Slot]:
        """The slots by id."""
        return {slot.id: slot for slot in self.slots}

    @cached_property
    def candidate(self) -> Mapping[int, Candidate]:
        """The candidates by person."""
        return {candidate.person: candidate for candidate in self.candidates}

    @cached_property
    def post(self) -> Mapping[str, Post]:
        """The posts by id."""
        return {post.id: post for post in self.posts}

    @cached_property
    def pool(self) -> Mapping[tuple[str, str], tuple[Candidate, ...]]:
        """Who fills each (post, seat), in the order of the candidates."""
        found: dict[tuple[str, str], list[Candidate]] = {}
        for candidate in self.candidates:
            for seat in candidate.fills:
                found.setdefault(seat, []).append(candidate)
        return {seat: tuple(them) for seat, them in found.items()}

    @property
    def places(self) -> int:
        """How many persons the slots need together."""
        return sum(slot.needed for slot in self.slots)
