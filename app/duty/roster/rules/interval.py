"""Half-open spans of time, [start, end), in UTC."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Protocol


@dataclass(frozen=True, slots=True, order=True)
class Interval:
    """A span [start, end) of aware instants, kept in UTC whatever zone they were told in.

    UTC because Python subtracts and compares two times of one zone by their wall clocks, which is an hour
    wrong across a change of clocks. Raises ValueError when an instant has no zone or `end <= start`.
    """

    start: datetime
    end: datetime

    def __post_init__(self) -> None:
        if self.start.tzinfo is not UTC:
            object.__setattr__(self, "start", in_utc(self.start))
        if self.end.tzinfo is not UTC:
            object.__setattr__(self, "end", in_utc(self.end))
        if self.end <= self.start:
            raise ValueError(
                f"结束时间 {self.end.isoformat()} 须晚于开始时间 {self.start.isoformat()} / "
                "the end must be later than the start"
            )

    def contains(self, at: datetime) -> bool:
        """Say whether an aware instant lies inside; the end does not."""
        return self.start <= in_utc(at) < self.end

    def overlaps(self, other: Interval) -> bool:
        """Say whether both have an instant in common; touching is not overlapping."""
        return self.start < other.end and other.start < self.end

    def intersect(self, other: Interval) -> Interval | None:
        """Return what both have in common, None when nothing."""
        start, end = max(self.start, other.start), min(self.end, other.end)
        return Interval(start, end) if start < end else None

    def subtract(self, many: Iterable[Interval]) -> tuple[Interval, ...]:
        """Return what is left of this one without `many` (any order, overlapping or not), sorted."""
        left: list[Interval] = []
        at = self.start
        for taken in sorted(many):
            if taken.end <= at:
                continue
            if taken.start >= self.end:
                break
            if taken.start > at:
                left.append(Interval(at, taken.start))
            at = taken.end
        if at < self.end:
            left.append(Interval(at, self.end))
        return tuple(left)

    def union(self, many: Iterable[Interval]) -> tuple[Interval, ...]:
        """Return this one and `many` melted together: disjoint, not touching, sorted."""
        return union((self, *many))


class OnDuty(Protocol):
    """A person's time on duty, whatever it comes from: resolved, fixed or recorded."""

    @property
    def person(self) -> int:
        """Who."""

    @property
    def interval(self) -> Interval:
        """When."""


def in_utc(at: datetime) -> datetime:
    """Return the same instant in UTC. Raises ValueError when it has no zone."""
    if at.tzinfo is UTC:
        return at
    if at.utcoffset() is None:
        raise ValueError(f"时间 {at.isoformat()} 没有时区 / an instant needs a time zone")
    return at.astimezone(UTC)


def union(many: Iterable[Interval]) -> tuple[Interval, ...]:
    """Return the intervals melted together: disjoint, not touching, sorted."""
    found: list[Interval] = []
    for one in sorted(many):
        if found and one.start <= found[-1].end:
            if one.end > found[-1].end:
                found[-1] = Interval(found[-1].start, one.end)
        else:
            found.append(one)
    return tuple(found)


def subtract(many: Iterable[Interval], taken: Iterable[Interval]) -> tuple[Interval, ...]:
    """Return what is left of `many` without `taken`, melted together and sorted."""
    gone = union(taken)
    left: list[Interval] = []
    for one in union(many):
        left += one.subtract(within(gone, one))
    return tuple(left)


def within(many: tuple[Interval, ...], span: Interval) -> tuple[Interval, ...]:
    """Return the parts of `many` that lie inside `span`. `many` is as `union` gives it."""
    found: list[Interval] = []
    first = max(bisect_right(many, span.start, key=_start) - 1, 0)
    for one in many[first:]:
        if one.start >= span.end:
            break
        part = one.intersect(span)
        if part is not None:
            found.append(part)
    return tuple(found)


def _start(one: Interval) -> datetime:
    return one.start
