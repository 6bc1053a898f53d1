"""Times and percentiles: the cases of other systems (field.md D14, D15) and what must hold of any."""

from __future__ import annotations

from dataclasses import astuple
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.dispatch.kpi.rules import (
    Milestones,
    busy_s,
    grade,
    grade_of_share,
    in_time,
    mean,
    percentile,
    times,
)


def at(clock: str) -> datetime:
    return datetime.fromisoformat(f"2025-06-17T{clock}+00:00")


def test_d15_the_times_of_one_assignment() -> None:
    told = times(
        Milestones(
            at("12:21:07"),
            at("12:21:20"),
            at("12:21:29"),
            at("12:25:26"),
            at("12:26:37"),
            at("12:27:23"),
        )
    )
    assert (told.turnout, told.travel, told.response, told.scene, told.back) == (22, 237, 259, 71, 46)
    assert (told.answer, told.total) == (13, 376)


def test_d15_what_is_missing_is_blank_and_what_ran_backwards_too_and_zero_is_zero() -> None:
    told = times(Milestones(at("12:21:07"), at("12:21:07"), None, at("12:20:00"), at("12:30:00")))
    assert (told.answer, told.turnout, told.travel, told.response) == (0, None, None, None)
    assert (told.scene, told.back, told.total) == (600, None, 533)


@given(st.lists(st.one_of(st.none(), st.integers(-9000, 9000)), min_size=5, max_size=5))
def test_no_time_is_ever_negative(seconds: list[int | None]) -> None:
    start = datetime(2025, 6, 17, tzinfo=UTC)
    known = [None if s is None else start + timedelta(seconds=s) for s in seconds]
    assert all(span is None or span >= 0 for span in astuple(times(Milestones(start, *known))))


def test_d14_percentiles_are_interpolated() -> None:
    values = list(range(10, 101, 10))
    assert [mean(values), percentile(values, 0.5), percentile(values, 0.9)] == pytest.approx([55, 55, 91])
    assert (percentile([], 0.5), mean([])) == (None, None)
    assert percentile([7], 0.9) == 7


@given(st.lists(st.integers(0, 9999), min_size=1), st.floats(0, 1))
def test_a_percentile_lies_among_its_values(values: list[int], share: float) -> None:
    found = percentile(values, share)
    assert found is not None
    assert min(values) - 1e-6 <= found <= max(values) + 1e-6


def test_d14_an_hour_of_three_was_busy() -> None:
    day = (at("09:00:00"), at("12:00:00"))
    assert busy_s([(at("10:00:00"), at("11:00:00"))], *day) == 3600
    assert busy_s([(at("10:00:00"), at("11:00:00")), (at("10:30:00"), at("13:00:00"))], *day) == 7200
    assert busy_s([(at("07:00:00"), at("08:00:00"))], *day) == 0


@pytest.mark.parametrize(
    ("seconds", "target", "expected"),
    [
        (300, 300, "green"),
        (301, 300, "amber"),
        (600, 300, "amber"),
        (601, 300, "red"),
        (None, 300, None),
        (1, None, None),
    ],
)
def test_a_time_is_green_amber_or_red_by_its_target(
    seconds: float | None, target: float | None, expected: str | None
) -> None:
    assert grade(seconds, target) == expected


def test_a_month_is_judged_by_the_share_in_time() -> None:
    assert in_time([(1, 2), (3, 2), (None, 2), (1, None)]) == 0.5
    assert in_time([(None, 2)]) is None
    assert [grade_of_share(share) for share in (None, 0.95, 0.8, 0.5)] == [None, "green", "amber", "red"]
