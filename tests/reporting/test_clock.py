"""The clock of a due: 50, 80, 100 % and every five minutes after; desk, shift lead, leader."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.reporting.rules.clock import MOST_ALARMS, alarms, next_look, standing
from app.reporting.rules.dues import Due
from app.reporting.rules.situation import LevelSet, Situation, Told
from tests.reporting.telling import RULES, clock, rows

SEMANTICS = RULES.semantics
AT = clock("09:00")
ONE = Situation("SJ", "11A01", AT, (LevelSet(AT, "general"),), received={"C": AT})
DUE: Due = rows(ONE, AT)["C", "CG", "written"][0]  # 09:00 … 10:00


def told(words: str) -> Due:
    return replace(DUE, done=Told("C", "CG", "written", clock(words)))


@pytest.mark.parametrize(
    ("now", "state", "late", "left"),
    [
        ("09:00", "running", 0, 60),
        ("09:29:59", "running", 0, None),
        ("09:30", "amber", 0, 30),
        ("09:47:59", "amber", 0, None),
        ("09:48", "red", 0, 12),
        ("10:00", "red", 0, 0),
        ("10:00:01", "late", 1, 0),
        ("10:07", "late", 7, 0),
    ],
)
def test_how_an_open_due_stands(now: str, state: str, late: int, left: int | None) -> None:
    found = standing(DUE, SEMANTICS, clock(now))
    assert (found.state, found.late_min) == (state, late)
    if left is not None:
        assert found.left == timedelta(minutes=left)


def test_what_was_reported_late_stays_late_and_what_was_in_time_stays_so() -> None:
    assert standing(told("10:00"), SEMANTICS, clock("20:00")).state == "done"
    late = standing(told("10:30"), SEMANTICS, clock("20:00"))
    assert (late.state, late.late_min) == ("done_late", 30)


def test_the_alarms_go_from_the_desk_to_the_leader_and_go_on() -> None:
    found = alarms(DUE, SEMANTICS, None, clock("10:11"))
    assert [(one.at, one.to, one.late_min) for one in found] == [
        (clock("09:30"), "desk", 0),
        (clock("09:48"), "shift_lead", 0),
        (clock("10:00"), "leader", 0),
        (clock("10:05"), "leader", 5),
        (clock("10:10"), "leader", 10),
    ]
    assert alarms(told("09:10"), SEMANTICS, None, clock("12:00")) == ()


def test_after_a_long_outage_only_so_many_alarms_are_told() -> None:
    found = alarms(DUE, SEMANTICS, clock("09:50"), DUE.at + timedelta(days=30))
    assert MOST_ALARMS <= len(found) <= MOST_ALARMS + 1
    assert found[-1].at == DUE.at + timedelta(days=30)


instants = st.integers(-3600, 20_000).map(lambda seconds: DUE.at + timedelta(seconds=seconds))


@given(instants, instants, instants)
def test_alarms_are_told_once_wherever_the_looks_fall(one: datetime, two: datetime, three: datetime) -> None:
    first, middle, last = sorted((one, two, three))
    whole = alarms(DUE, SEMANTICS, first, last)
    assert alarms(DUE, SEMANTICS, first, middle) + alarms(DUE, SEMANTICS, middle, last) == whole


@given(instants)
def test_the_next_look_is_the_next_alarm(now: datetime) -> None:
    found = next_look((DUE, told("09:10")), SEMANTICS, now)
    assert found is not None
    assert found > now
    assert [one.at for one in alarms(DUE, SEMANTICS, now, found)] == [found]


def test_nothing_open_needs_no_look() -> None:
    assert next_look((told("09:10"),), SEMANTICS, AT) is None


def test_a_due_that_begins_at_its_end_is_not_divided_by() -> None:
    at_once = replace(DUE, why=DUE.why._replace(begins=DUE.at))
    assert standing(at_once, SEMANTICS, DUE.at - timedelta(seconds=1)).share == 0
    assert standing(at_once, SEMANTICS, DUE.at).share == 1
