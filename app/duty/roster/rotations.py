"""A stored rotation as the rules know it, and the shifts that follow from it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import time
from typing import Literal, cast
from zoneinfo import ZoneInfo

from app.duty.roster.commands import LONGEST
from app.duty.roster.rules.interval import Interval
from app.duty.roster.rules.resolve import FixedShift
from app.duty.roster.rules.rotation import Rotation, turns
from app.duty.roster.rules.windows import WeeklyWindow, intervals
from app.duty.roster.tables import SeatRotation


def rotation_of(row: SeatRotation, zone: ZoneInfo) -> Rotation:
    """Return the rotation of a row. Raises ValueError for one that names nobody or no day."""
    return Rotation(
        cast("Literal['hourly', 'daily', 'weekly', 'monthly']", row.kind),
        row.length,
        row.starts_at,
        tuple(tuple(group) for group in row.groups),
        zone,
        on_days=None if row.on_days is None else frozenset(row.on_days),
    )


def windows_of(row: SeatRotation) -> tuple[WeeklyWindow, ...]:
    """Return the times of the week in which the rotation counts; none means always."""
    return tuple(
        WeeklyWindow(
            frozenset(window["days"]), time.fromisoformat(window["start"]), time.fromisoformat(window["end"])
        )
        for window in row.windows
    )


def shifts_of(row: SeatRotation, span: Interval, zone: ZoneInfo) -> Iterator[FixedShift]:
    """Yield the shifts of a rotation that begin within a span, one per turn and window, whole.

    Of a turn that is longer than a shift may be (a month's leader for two months) comes the span's part: each
    month plans its own.
    """
    windows = windows_of(row)
    for turn in turns(rotation_of(row, zone), span):
        pieces: tuple[Interval, ...] = (turn.interval,)
        if windows:
            times = Interval(turn.interval.start, turn.interval.end)
            pieces = tuple(
                part
                for window in windows
                for one in intervals(window, times, zone)
                if (part := one.intersect(turn.interval)) is not None
            )
        for whole in pieces:
            piece = whole if whole.end - whole.start <= LONGEST else whole.intersect(span)
            if piece is not None and span.start <= piece.start < span.end:
                for person in turn.persons:
                    yield FixedShift(person, piece)
