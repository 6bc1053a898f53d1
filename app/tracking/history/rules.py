"""Which days the history has a table for, which it needs, and which are old enough to go. Pure.

Days are UTC days: a county's zone may change, the bounds of a table may not.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

AHEAD = 3  # days made before they begin: so long nobody need lead
FIRST_DAY = date(2025, 1, 1)  # before it nothing was ever heard: a clock that says so is broken
SHORTEST_KEEP = 31  # days: a device's own time is believed for thirty
_DAY = timedelta(days=1)
_NAME = re.compile(r"track_(?P<all>before_)?(?P<day>\d{8})")
_STAMP = "%Y%m%d"


@dataclass(frozen=True, slots=True)
class Part:
    """A table of the history: the days from `first` up to, not including, `end`."""

    name: str
    first: date
    end: date

    @staticmethod
    def of(day: date) -> Part:
        """Return the table of one day."""
        return Part(f"track_{day.strftime(_STAMP)}", day, day + _DAY)

    @staticmethod
    def named(name: str) -> Part | None:
        """Return the table of this name; None for `track_other`, which has no days of its own."""
        if (match := _NAME.fullmatch(name)) is None:
            return None
        day = datetime.strptime(match["day"], _STAMP).replace(tzinfo=UTC).date()
        return Part(name, FIRST_DAY, day) if match["all"] else Part.of(day)


@dataclass(frozen=True, slots=True)
class Terms:
    """How long positions are kept in the database, in days; 0: for ever. Raises ValueError."""

    keep_days: int

    def __post_init__(self) -> None:
        if 0 < self.keep_days < SHORTEST_KEEP:
            raise ValueError(
                f"轨迹至少保存 {SHORTEST_KEEP} 天,0 为永久 / "
                f"positions are kept for at least {SHORTEST_KEEP} days, or 0: for ever"
            )


def day_of(instant: datetime) -> date:
    """Return the day of an instant."""
    return instant.astimezone(UTC).date()


def wanted(today: date, parts: Iterable[Part], outside: Collection[date]) -> list[date]:
    """Return the days that need a table, the next ones first: from today on, and those found outside of all.

    What a clock wrote that was years off stays outside, and so does everything while ours is.
    """
    last = today + AHEAD * _DAY
    ahead = [today + n * _DAY for n in range(AHEAD + 1)]
    days = [*ahead, *sorted(day for day in outside if day < today)]
    held = list(parts)
    return [
        day
        for day in days
        if FIRST_DAY <= day <= last and not any(part.first <= day < part.end for part in held)
    ]


def ahead(today: date, parts: Iterable[Part]) -> int:
    """Return how many days after today have a table."""
    held = list(parts)
    days = (today + n * _DAY for n in range(1, AHEAD + 1))
    return sum(any(part.first <= day < part.end for part in held) for day in days)


def expired(parts: Iterable[Part], today: date, keep_days: int) -> list[Part]:
    """Return the tables whose last day is older than what is kept, oldest first."""
    if keep_days == 0:
        return []
    oldest = today - keep_days * _DAY
    return sorted((part for part in parts if part.end <= oldest), key=lambda part: part.end)


def recent(parts: Iterable[Part], today: date) -> list[Part]:
    """Return the tables of the three days before today."""
    return [part for part in parts if part.end > today - 3 * _DAY and part.first < today]


def is_steady(filled: Sequence[Part]) -> bool:
    """Whether the history may lose its oldest days: two of the last three (or one table of many) hold rows.

    Old days go because new ones come. A clock that jumped years ahead, or a county whose devices are all
    silent, takes nothing away.
    """
    return sum((part.end - part.first).days for part in filled) >= 2


def file_name(part: Part, number: int = 1) -> str:
    """Return what the archive of a table is called; the second of the same days has a number."""
    last = part.end - _DAY
    days = f"{part.first}" if part.first == last else f"before-{part.end}"
    return f"track-{days}{'' if number == 1 else f'-{number}'}.csv.gz"
