"""The ladder as data: which rung comes when, with the cases of other systems' tests (field.md §4.6)."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.dispatch.ladder.rules import Ask, Ladder, Place, Rung, base, climb, jump, wait
from app.dispatch.settings import SHIPPED, load_dispatch_rules

AT = datetime(2025, 6, 17, 18, 13, 20, tzinfo=UTC)
LADDER = load_dispatch_rules().ladder
ALL = frozenset(get_args(Ask))


def minutes(ladder: Ladder, means: Collection[Ask], most: int = 8) -> Iterator[tuple[str, float]]:
    """The rungs as they are taken, with the minutes after the dispatch."""
    place, at = Place(), timedelta()
    for _ in range(most):
        step = climb(ladder, place, means)
        if step is None:
            return
        place = step.place
        yield ladder.rungs[place.rung].id, at.total_seconds() / 60
        pause = wait(ladder, place)
        if pause is None:
            return
        at += pause


def plan(*after_min: float) -> Ladder:
    rungs = tuple(
        Rung(str(n), timedelta(minutes=after), ("leader",), "", "") for n, after in enumerate(after_min, 1)
    )
    return Ladder(rungs, 0, None, ("leader_accounts",))


def test_the_shipped_ladder_is_the_countys_rule() -> None:
    """domain/roster_rules.yaml: order_escalation_min."""
    found = list(minutes(LADDER, ALL))
    assert found[:5] == [("app", 0), ("second_channel", 3), ("voice", 5), ("deputy", 8), ("leader", 10)]
    assert found[5:] == [("leader", 15), ("leader", 20), ("leader", 25)]


@pytest.mark.parametrize(
    ("means", "expected"),
    [
        ({"app", "leader"}, [("app", 0), ("leader", 3)]),
        ({"text", "leader"}, [("second_channel", 0), ("leader", 3)]),
        ({"text", "voice", "leader"}, [("second_channel", 0), ("voice", 3), ("leader", 5)]),
        (
            {"app", "text", "voice", "unit_head", "leader"},
            [("app", 0), ("second_channel", 3), ("voice", 5), ("leader", 8)],
        ),
        ({"leader"}, [("leader", 0)]),
    ],
)
def test_a_rung_without_means_is_skipped_at_the_instant_it_would_have_been_tried(
    means: set[Ask], expected: list[tuple[str, float]]
) -> None:
    assert list(minutes(replace(LADDER, repeat_every=None), means)) == expected


def test_e1_after_thirty_minutes_of_silence_the_second_is_asked() -> None:
    assert list(minutes(plan(0, 30), {"leader"})) == [("1", 0), ("2", 30)]
    assert wait(plan(0, 30), Place(0, 1)) == timedelta(minutes=30)


def test_e2_a_plan_whose_first_step_is_called_one_works_from_its_first() -> None:
    first = climb(plan(0, 30), Place(), {"leader"})
    assert first is not None
    assert plan(0, 30).rungs[first.place.rung].id == "1"


def test_e6_the_repetition_counts_and_asks_the_last_rungs_again() -> None:
    top = Place(LADDER.top, 5, 0)
    again = climb(LADDER, top, ALL)
    assert again is not None
    assert (again.place.round, again.asks) == (1, ("deputy", "unit_head", "leader"))
    assert wait(LADDER, again.place) == timedelta(minutes=5)
    assert climb(replace(LADDER, repeat_every=None), top, ALL) is None


def test_e6_the_time_of_the_next_rung_lies_within_its_wait() -> None:
    """Wait 15 min: due in [15, 16) min of the rung before, however late the look was."""
    for late in (0, 1, 4.9):
        now = AT + timedelta(seconds=late)
        assert (
            AT + timedelta(minutes=15) <= base(AT, now) + timedelta(minutes=15) < AT + timedelta(minutes=16)
        )


def test_timers_do_not_drift_and_do_not_fire_all_together_after_an_outage() -> None:
    assert base(AT, AT + timedelta(seconds=1)) == AT
    assert base(AT, AT + timedelta(hours=1)) == AT + timedelta(hours=1)
    assert base(None, AT) == AT
    assert base(AT + timedelta(minutes=1), AT) == AT  # a jump before the timer ran out


@given(st.sets(st.sampled_from(get_args(Ask))), st.integers(-1, 3), st.integers(0, 5))
def test_from_any_place_and_with_any_means_the_ladder_goes_up_and_ends_at_the_leader(
    means: set[Ask], rung: int, taken: int
) -> None:
    """Devices and people come and go between two rungs: it must not fall back or stand still."""
    step = climb(LADDER, Place(rung, taken), means | {"leader"})
    assert step is not None
    assert step.place.rung > rung
    assert step.asks
    pause = wait(LADDER, step.place)
    assert pause is not None
    assert pause > timedelta()


@pytest.mark.parametrize("rung", range(5))
def test_after_a_jump_the_waits_are_those_of_the_rung(rung: int) -> None:
    step = jump(LADDER, Place(0, 1, 2), rung, ALL)
    assert (step.place.rung, step.place.round) == (rung, 2)
    following = LADDER.rungs[rung + 1].after - LADDER.rungs[rung].after if rung < 4 else LADDER.repeat_every
    assert wait(LADDER, step.place) == following


@pytest.mark.parametrize(
    ("before", "after", "fault"),
    [
        ("after_min: 3", "after_min: 6", "递增"),
        ("id: deputy", "id: voice", "重复"),
        ("ask: [unit_head, leader]", "ask: [unit_head]", "带班领导"),
        ("next_leader, leader_accounts", "next_leader", "兜底"),
        ("from: deputy", "from: nobody", "起点"),
        ("ask: [app]", "ask: [pigeon]", "pigeon"),
    ],
)
def test_a_ladder_that_cannot_be_climbed_stops_the_start_and_names_the_file(
    tmp_path: Path, before: str, after: str, fault: str
) -> None:
    told = SHIPPED.read_text(encoding="utf-8")
    own = tmp_path / "own.yaml"
    own.write_text(told.replace(before, after, 1), encoding="utf-8")
    assert own.read_text(encoding="utf-8") != told
    with pytest.raises(ValueError, match=fault) as refused:
        load_dispatch_rules(own)
    assert "own.yaml" in str(refused.value)


def test_a_number_of_a_rung_is_found_by_its_id() -> None:
    assert (LADDER.number("deputy"), LADDER.number("nobody")) == (3, None)
    assert replace(LADDER, rungs=LADDER.rungs[-1:]).answer == timedelta()
