"""The transition tables: what is not in them is refused, and milestones only ever grow."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.dispatch.rules.steps import (
    ALARM_STEPS,
    ASSIGNMENT_STEPS,
    MILESTONES,
    IllegalStep,
    newly_reached,
    next_alarm_state,
    next_assignment_state,
)
from app.dispatch.tables import ACTIVE_STATES

AT = datetime(2025, 6, 17, 18, 13, 20, tzinfo=UTC)
STATES = ("dispatched", "acknowledged", "en_route", "on_scene", "task_done", "declined", "cancelled")
STEPS = ("acknowledge", "decline", "depart", "arrive", "finish", "cancel")
OVER = ("task_done", "declined", "cancelled")


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("step", STEPS)
def test_a_step_that_is_in_the_table_leads_on_and_any_other_is_refused(state: str, step: str) -> None:
    if (state, step) in ASSIGNMENT_STEPS:
        assert next_assignment_state(state, step) == ASSIGNMENT_STEPS[state, step]
        return
    with pytest.raises(IllegalStep) as told:
        next_assignment_state(state, step)
    assert (told.value.state, told.value.step) == (state, step)
    assert step in told.value.en and state in told.value.en


@pytest.mark.parametrize(
    ("state", "step", "after"),
    [
        ("open", "acknowledge", "acknowledged"),
        ("open", "confirm", "confirmed"),
        ("open", "dismiss", "dismissed"),
        ("acknowledged", "acknowledge", None),
        ("acknowledged", "confirm", "confirmed"),
        ("acknowledged", "dismiss", "dismissed"),
        ("confirmed", "confirm", None),
        ("confirmed", "dismiss", None),
        ("dismissed", "confirm", None),
        ("dismissed", "acknowledge", None),
    ],
)
def test_an_alarm_is_judged_once(state: str, step: str, after: str | None) -> None:
    if after is not None:
        assert next_alarm_state(state, step) == after
        return
    with pytest.raises(IllegalStep):
        next_alarm_state(state, step)


def test_the_refusal_names_the_state_in_chinese_and_an_unknown_one_as_it_is() -> None:
    assert "途中" in IllegalStep("en_route", "finish").zh
    assert "elsewhere" in IllegalStep("elsewhere", "finish").zh


def test_every_state_is_reachable_and_what_is_over_stays_over() -> None:
    assert set(ASSIGNMENT_STEPS.values()) | {"dispatched"} == set(STATES)
    assert {state for state, _ in ASSIGNMENT_STEPS} == set(ACTIVE_STATES)
    assert set(MILESTONES) == set(ASSIGNMENT_STEPS.values())
    assert {state for state, _ in ALARM_STEPS} == {"open", "acknowledged"}


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.tuples(st.sampled_from(STEPS), st.integers(0, 600)), max_size=12))
def test_any_row_of_steps_keeps_milestones_in_order_and_never_rewrites_one(
    steps: list[tuple[str, int]],
) -> None:
    state, now = "dispatched", AT
    known: dict[str, datetime | None] = {}
    for step, seconds in steps:
        now += timedelta(seconds=seconds)
        try:
            state = next_assignment_state(state, step)
        except IllegalStep:
            continue
        reached = newly_reached(state, known, now)
        assert not {name for name in reached if known.get(name)}
        known.update(reached)
        chain = [known.get(f"{name}_at") for name in ("acknowledged", "en_route", "on_scene", "task_done")]
        filled = [at for at in chain if at is not None]
        assert filled == sorted(filled)
        # Without gaps: being on scene proves that the order was received.
        assert chain[: len(filled)] == filled
    assert (state in OVER) == (state not in ACTIVE_STATES)
