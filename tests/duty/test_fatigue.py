from __future__ import annotations

from datetime import time, timedelta

import pytest

from app.duty.roster.rules.fatigue import Limits, Reason, fatigue, why_not
from app.duty.roster.rules.interval import Interval
from app.duty.roster.rules.plan import FixedShift
from tests.duty.clocks import CHICAGO, SHANGHAI, on, span

LI, WANG = 1, 2


def day(first: int, last: int | None = None, start: str = "08:00", end: str = "08:00") -> Interval:
    """From the first of the days of June 2026 to the last, the next when left out."""
    return span(f"2026-06-{first:02d} {start}", f"2026-06-{last or first + 1:02d} {end}", SHANGHAI)


def li(*intervals: Interval) -> list[FixedShift]:
    return [FixedShift(LI, each) for each in intervals]


def codes(reasons: tuple[Reason, ...]) -> list[str]:
    return [reason.code for reason in reasons]


FOUND: dict[str, tuple[list[Interval], list[tuple[str, Interval]]]] = {
    "24 hours on and 72 off": ([day(1), day(5), day(9)], []),
    "24 hours on and 24 off for two nights": ([day(1), day(3)], []),
    "a third night in seven days": (
        [day(1), day(3), day(5)],
        [("third_night_in_seven", span("2026-06-02 00:00", "2026-06-06 06:00", SHANGHAI))],
    ),
    "a third night on the eighth day": ([day(1), day(4), day(8)], []),
    "a third night on the seventh day": (
        [day(1), day(4), day(7)],
        [("third_night_in_seven", span("2026-06-02 00:00", "2026-06-08 06:00", SHANGHAI))],
    ),
    "a double shift": ([day(1), day(2)], [("continuous_exceeded", day(1, 3))]),
    "a minute over 24 hours": (
        [day(1, end="08:01")],
        [("continuous_exceeded", day(1, end="08:01"))],
    ),
    "half a day of rest": (
        [day(1, 1, end="20:00"), day(2, 2, end="20:00")],
        [("rest_too_short", day(1, 2, start="20:00"))],
    ),
    "late evening is no night of R13": ([day(n, n, "18:00", "23:59") for n in (1, 3, 5)], []),
    "one early hour is": (
        [day(n, n, "05:00", "07:00") for n in (1, 3, 5)],
        [("third_night_in_seven", span("2026-06-01 00:00", "2026-06-05 06:00", SHANGHAI))],
    ),
}


@pytest.mark.parametrize(("duties", "expected"), FOUND.values(), ids=FOUND)
def test_r20_warns_of_long_duty_short_rest_and_many_nights(
    duties: list[Interval], expected: list[tuple[str, Interval]]
) -> None:
    found = fatigue(li(*duties))
    assert [(each.kind, each.interval) for each in found] == expected
    assert all(each.rule == "R20" and each.person == LI for each in found)


def test_duties_of_two_persons_do_not_tire_each_other() -> None:
    assert fatigue([FixedShift(LI, day(1)), FixedShift(WANG, day(2))]) == ()


def test_a_finding_says_in_both_languages_what_is_wrong() -> None:
    (found,) = fatigue(li(day(1, end="20:30")))
    assert found.zh == "06月01日08:00至06月02日20:30连续值班36.5小时,超过24小时"
    assert found.en == "36.5 h on duty 06-01 08:00 to 06-02 20:30, more than 24 h"


def test_four_nights_in_a_week_are_told_once_for_each_night_too_many() -> None:
    nights = li(*(day(n, n, "00:00", "01:00") for n in (1, 3, 5, 7)))
    assert [each.kind for each in fatigue(nights)] == ["third_night_in_seven"] * 2


def test_hours_are_real_hours_where_clocks_go_back() -> None:
    night = [FixedShift(LI, span("2017-11-04 08:00", "2017-11-05 08:00", CHICAGO))]
    assert [each.kind for each in fatigue(night, CHICAGO)] == ["continuous_exceeded"]


def test_a_rested_person_may_take_the_duty() -> None:
    assert why_not(LI, day(5), li(day(1)), [day(20)]) == ()


BLOCKED: dict[str, tuple[list[Interval], list[Interval], list[str]]] = {
    "on leave": ([], [day(4, 6)], ["on_leave"]),
    "on duty elsewhere": ([day(5, 5, "10:00", "12:00")], [], ["already_on_duty"]),
    "relieved only this morning": ([day(4)], [], ["continuous_exceeded"]),
    "on again the next noon": ([day(6, 6, "12:00", "20:00")], [], ["rest_too_short"]),
    "two nights behind": ([day(1), day(3)], [], ["third_night_in_seven"]),
    "a night before and one after": ([day(3), day(7)], [], ["third_night_in_seven"]),
    "everything at once": (
        [day(1), day(3), day(5, 5, "10:00", "12:00"), day(7, 7, "00:00", "01:00")],
        [day(5)],
        [
            "on_leave",
            "already_on_duty",
            "third_night_in_seven",
            "third_night_in_seven",
            "rest_too_short",
        ],
    ),
}


@pytest.mark.parametrize(("duties", "leave", "expected"), BLOCKED.values(), ids=BLOCKED)
def test_whoever_cannot_come_is_told_with_the_reason(
    duties: list[Interval], leave: list[Interval], expected: list[str]
) -> None:
    assert codes(why_not(LI, day(5), li(*duties), leave)) == expected


def test_a_reason_says_in_both_languages_what_stands_against_it() -> None:
    leave, busy = why_not(LI, day(5), li(day(5)), [day(4, 6)])
    assert leave == Reason(
        "on_leave", day(4, 6), "06月04日08:00至06月06日08:00请假", "on leave 06-04 08:00 to 06-06 08:00"
    )
    assert busy.zh == "06月05日08:00至06月06日08:00已在值班"
    assert busy.en == "already on duty 06-05 08:00 to 06-06 08:00"


def test_what_is_broken_already_and_what_others_do_is_not_held_against_him() -> None:
    worn = [*li(day(1), day(2)), FixedShift(WANG, day(20))]
    assert why_not(LI, day(20), worn, []) == ()


def test_a_county_may_bear_more_or_less() -> None:
    mild = Limits(max_continuous=timedelta(hours=48), min_rest=timedelta(hours=8), max_nights=3)
    assert fatigue(li(day(1), day(2), day(4)), SHANGHAI, mild) == ()
    with pytest.raises(ValueError, match=r"须为正.*must be positive"):
        Limits(max_continuous=timedelta(0))
    with pytest.raises(ValueError, match=r"不合理.*cannot be"):
        Limits(night_from=time(6), night_to=time(6))


def test_a_night_is_by_the_wall_of_the_zone() -> None:
    early = [
        FixedShift(LI, Interval(on(f"2026-06-0{n} 18:00"), on(f"2026-06-0{n} 19:00"))) for n in (1, 3, 5)
    ]
    assert [each.kind for each in fatigue(early, SHANGHAI)] == ["third_night_in_seven"]
    assert fatigue(early, CHICAGO) == ()
