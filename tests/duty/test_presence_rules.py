"""When a seat counts as empty, and how loud that is."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from app.duty.presence.rules import Empty, SeatNow, empties, filled, minutes_open, stage_of
from app.duty.roster.rules.interval import Interval
from app.duty.roster.rules.plan import FixedShift

EIGHT = datetime(2025, 7, 1, 0, 0, tzinfo=UTC)  # 08:00 in Beijing
ALICE, BOB = 1, 2


def at(hours: float) -> datetime:
    return EIGHT + timedelta(hours=hours)


def shift(person: int, start: float, end: float) -> FixedShift:
    return FixedShift(person, Interval(at(start), at(end)))


def seat(
    *shifts: FixedShift, there: tuple[int, ...] = (), left: tuple[tuple[int, float], ...] = ()
) -> SeatNow:
    return SeatNow(
        3, 1, 1, watched=True, shifts=shifts, there=frozenset(there), left=tuple((p, at(h)) for p, h in left)
    )


def brief(found: tuple[Empty, ...]) -> list[tuple[str, int, str]]:
    return [(one.kind, one.person, one.stage) for one in found]


DAYS = (shift(ALICE, 0, 24), shift(BOB, 24, 48), shift(ALICE, 48, 72))


@pytest.mark.parametrize(
    ("seat_now", "now", "expected"),
    [
        (seat(*DAYS, there=(ALICE,)), 1, []),
        (seat(*DAYS[:1], there=(ALICE,)), 1, [("unplanned", 0, "day_ahead")]),
        (seat(*DAYS[:1], there=(ALICE,)), 22, [("unplanned", 0, "two_hours")]),
        (seat(*DAYS[:1], there=(ALICE,)), 24, [("unplanned", 0, "open")]),
        (seat(*DAYS[:2]), 0.16, []),
        (seat(*DAYS[:2]), 10 / 60, [("not_arrived", ALICE, "open")]),
        (seat(*DAYS, there=(ALICE,)), 24.1, []),
        (seat(*DAYS[:2], left=((ALICE, 12),)), 13, [("left", ALICE, "open")]),
        (seat(*DAYS[:2], left=((ALICE, 12),), there=(ALICE,)), 13, []),
    ],
    ids=[
        "everybody planned and there",
        "nobody planned for tomorrow",
        "nobody planned in two hours",
        "nobody planned now",
        "nine minutes late is within the grace",
        "ten minutes late is not",
        "the last ones stay until the next come",
        "somebody went",
        "somebody went and came back",
    ],
)
def test_what_a_seat_lacks(seat_now: SeatNow, now: float, expected: list[tuple[str, int, str]]) -> None:
    assert brief(empties(seat_now, at(now))) == expected


def test_a_gap_keeps_its_beginning_while_time_goes_on() -> None:
    half = seat(shift(ALICE, 0, 12), shift(BOB, 24, 48), there=(ALICE,))
    for hour in (1, 11, 13, 23.9):
        (gap,) = empties(half, at(hour))
        assert gap.interval == Interval(at(12), at(24))


def test_where_no_presence_is_kept_only_the_roster_counts() -> None:
    unwatched = SeatNow(3, 1, 1, watched=False, shifts=(shift(ALICE, 0, 48),))
    assert empties(unwatched, at(5)) == ()


@pytest.mark.parametrize(
    ("start", "now", "stage"),
    [(24, 0, "day_ahead"), (2.01, 0, "day_ahead"), (2, 0, "two_hours"), (0, 0, "open")],
)
def test_the_nearer_the_louder(start: float, now: float, stage: str) -> None:
    assert stage_of(at(start), at(now)) == stage


def test_a_new_name_on_the_roster_fills_no_chair() -> None:
    replaced = seat(shift(ALICE, 0, 12), shift(BOB, 12, 24))
    assert not filled("left", at(24), replaced, at(13))
    assert filled("left", at(24), seat(*replaced.shifts, there=(BOB,)), at(13))
    assert filled("left", at(24), replaced, at(24))


@pytest.mark.parametrize(("seconds", "minutes"), [(-5, 0), (0, 0), (1, 1), (60, 1), (61, 2), (2700, 45)])
def test_minutes_open_are_rounded_up_and_never_negative(seconds: int, minutes: int) -> None:
    assert minutes_open(EIGHT, EIGHT + timedelta(seconds=seconds)) == minutes
