"""When a seat counts as empty, and how loud that is. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from app.duty.roster.rules.interval import Interval
from app.duty.roster.rules.plan import FixedShift
from app.duty.roster.rules.proof import gaps

Kind = Literal["unplanned", "not_arrived", "left"]
Stage = Literal["day_ahead", "two_hours", "open"]
AHEAD = timedelta(hours=24)  # A2.6: alarms at T-24 h, T-2 h, T+10 min
SOON = timedelta(hours=2)
GRACE = timedelta(minutes=10)
EARLY = timedelta(hours=2)  # who comes earlier than this has mistaken the day
SILENT = timedelta(minutes=15)  # S17.3: no sign of a person for so long
NEAR_M = 500.0  # a telephone's position is good enough within this distance of the duty room
CALLS_IN_VAIN = 3  # S17.7
STAGES: Sequence[Stage] = ("day_ahead", "two_hours", "open")


@dataclass(frozen=True, slots=True)
class SeatNow:
    """A seat with its planned shifts and with who is there; `watched`: presence is kept for it.

    `manned` are the times around now in which it needs its people, None for always.
    """

    seat_id: int
    post_id: int
    needed: int
    watched: bool
    shifts: tuple[FixedShift, ...]
    there: frozenset[int] = frozenset()
    left: tuple[tuple[int, datetime], ...] = ()
    manned: tuple[Interval, ...] | None = None


@dataclass(frozen=True, slots=True)
class Empty:
    """A time in which a seat lacks somebody; `person` 0 where nobody is planned."""

    seat_id: int
    post_id: int
    kind: Kind
    person: int
    interval: Interval
    missing: int
    stage: Stage


def empties(seat: SeatNow, now: datetime) -> tuple[Empty, ...]:
    """Return where this seat lacks somebody within the next 24 hours, by time; gaps keep their beginning."""
    spans = (Interval(now - AHEAD, now + AHEAD),) if seat.manned is None else seat.manned
    found = [
        _empty(seat, "unplanned", 0, gap.interval, gap.missing, now)
        for span in spans
        for gap in gaps(seat.shifts, seat.needed, span)
        if gap.interval.end > now
    ]
    if seat.watched:
        found += _absent(seat, now)
    return tuple(sorted(found, key=lambda one: (one.interval.start, one.kind, one.person)))


def stage_of(start: datetime, now: datetime) -> Stage:
    """Return how near a gap is."""
    if start <= now:
        return "open"
    return "two_hours" if start - now <= SOON else "day_ahead"


def filled(kind: str, ends_at: datetime, seat: SeatNow | None, now: datetime) -> bool:
    """Whether a gap that is no longer found has been filled.

    A new name on the roster fills no chair: where presence is kept, the gap of somebody who is not there
    stays open until enough people are.
    """
    if kind == "unplanned" or seat is None or not seat.watched or ends_at <= now:
        return True
    return len(seat.there) >= seat.needed


def _absent(seat: SeatNow, now: datetime) -> Iterable[Empty]:
    """Who is planned and has not come ten minutes after the beginning, or has come and gone."""
    for shift in seat.shifts:
        if not shift.interval.contains(now) or shift.person in seat.there:
            continue
        went = max((at for person, at in seat.left if person == shift.person), default=None)
        if went is not None and shift.interval.contains(went):
            yield _empty(seat, "left", shift.person, Interval(went, shift.interval.end), 1, now)
        elif now - shift.interval.start >= GRACE:
            yield _empty(seat, "not_arrived", shift.person, shift.interval, 1, now)


def _empty(seat: SeatNow, kind: Kind, person: int, interval: Interval, missing: int, now: datetime) -> Empty:
    return Empty(seat.seat_id, seat.post_id, kind, person, interval, missing, stage_of(interval.start, now))


def minutes_open(start: datetime, end: datetime) -> int:
    """Return for how many minutes, rounded up, a gap was open; 0 when it was filled ahead."""
    return max(0, -(-int((end - start).total_seconds()) // 60))
