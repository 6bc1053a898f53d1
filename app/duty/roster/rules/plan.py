"""What is known of a seat (席位): its rules, what was changed by hand, and what really happened."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from app.duty.roster.rules.interval import Interval, in_utc
from app.duty.roster.rules.rotation import Rotation
from app.duty.roster.rules.windows import WeeklyWindow

Source = Literal["recorded", "temporary", "override", "rotation", "fixed"]


@dataclass(frozen=True, slots=True)
class Layer:
    """A rule of a seat: whom it names, a rotation or one person for good, and in which times of the week.

    No windows means always. Several layers are on duty together.
    """

    who: Rotation | int
    windows: tuple[WeeklyWindow, ...] = ()


@dataclass(frozen=True, slots=True)
class FixedShift:
    """A person on duty at a time written down by date: a published month, a temporary roster."""

    person: int
    interval: Interval


@dataclass(frozen=True, slots=True)
class Override:
    """A change by hand (替班、换班): add a person, remove one, or both: whoever is removed is replaced.

    A replacement comes only while the replaced is on duty. Raises ValueError when it changes nobody.
    """

    interval: Interval
    add: int | None = None
    remove: int | None = None

    def __post_init__(self) -> None:
        if self.add is None and self.remove is None:
            raise ValueError(
                "替班须写明增加谁或减少谁 / an override adds somebody, removes somebody, or both"
            )
        if self.add == self.remove:
            raise ValueError("不能由本人替换本人 / nobody can replace himself")


@dataclass(frozen=True, slots=True)
class Temporary:
    """A time in which only the shifts written here count, their gaps included (临时值班表)."""

    interval: Interval
    shifts: tuple[FixedShift, ...] = ()


@dataclass(frozen=True, slots=True)
class Recorded:
    """Who really was on duty: history, never computed anew (architecture, rule 7)."""

    person: int
    interval: Interval


@dataclass(frozen=True, slots=True)
class SeatPlan:
    """Everything that decides who sits in a seat.

    `fixed` is a published month by date, on one level with the layers. Before `recorded_until` only
    `recorded` counts; overrides apply in the order given, the order in which they were made. Raises
    ValueError for history without `recorded_until`, or one without a zone.
    """

    layers: tuple[Layer, ...] = ()
    fixed: tuple[FixedShift, ...] = ()
    overrides: tuple[Override, ...] = ()
    temporaries: tuple[Temporary, ...] = ()
    recorded: tuple[Recorded, ...] = ()
    recorded_until: datetime | None = None

    def __post_init__(self) -> None:
        if self.recorded_until is not None:
            object.__setattr__(self, "recorded_until", in_utc(self.recorded_until))
        elif self.recorded:
            raise ValueError("有值班实况就须写明记录到何时 / recorded duty needs recorded_until")


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a resolved shift that comes from one source."""

    interval: Interval
    source: Source


@dataclass(frozen=True, slots=True)
class ResolvedShift:
    """A person's uninterrupted time in a seat, as far as the window shows it.

    `source` is why the person is there when the shift begins, `parts` why at each moment. `truncated`: the
    duty goes on after the window; `truncated_start`: it began before it. Recorded duty is told with its real
    beginning, even before the window.
    """

    person: int
    interval: Interval
    source: Source
    truncated: bool = False
    truncated_start: bool = False
    parts: tuple[Part, ...] = field(default=(), compare=False, repr=False)
