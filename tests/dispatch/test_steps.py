"""The transition tables: what is not in them is refused, and milestones only ever grow."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.dispatch.rules.steps import (
    ALARM_STEPS,
    ASSIGNMENT_STEPS,
    IllegalStep,
    milestones,
    newly_reached,
    next_alarm_state,
    next_assignment_state,
    steps_of,
)
from app.dispatch.settings import load_dispatch_rules
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
    assert all(milestones(state) for state in ASSIGNMENT_STEPS.values())
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


def test_a_village_team_never_sets_out_and_a_fire_brigade_comes_home() -> None:
    """domain/rules.md B6: who is there already reports no departure; a brigade comes home (归队)."""
    village = load_dispatch_rules().terms("village_detachment", AT).steps
    brigade = load_dispatch_rules().terms("fire_rescue", AT).steps
    with pytest.raises(IllegalStep):
        next_assignment_state("acknowledged", "depart", village)
    assert next_assignment_state("acknowledged", "arrive", village) == "on_scene"
    assert "en_route_at" not in newly_reached("on_scene", {}, AT, village)
    assert next_assignment_state("task_done", "return", brigade) == "returned"
    assert milestones("returned", brigade)[-1] == "returned_at"
    with pytest.raises(IllegalStep):
        next_assignment_state("task_done", "return")


@pytest.mark.parametrize("kind", sorted(load_dispatch_rules().kinds))
def test_every_kind_of_team_can_answer_come_and_finish(kind: str) -> None:
    table = steps_of(load_dispatch_rules().terms(kind, AT).steps)
    assert {"acknowledged", "on_scene", "task_done", "declined", "cancelled"} <= set(table.values())
    assert ("en_route" in table.values()) == (("acknowledged", "depart") in table)


@pytest.mark.parametrize(("hour", "minutes"), [(0, 5), (9, 5), (11, 5), (12, 8), (18, 8), (22, 5)])
def test_the_turnout_target_is_that_of_the_hour_of_the_dispatch(hour: int, minutes: int) -> None:
    """B6: professional teams within 5 min by day, 8 by night; the hours here are UTC."""
    at = AT.replace(hour=hour, minute=0)
    assert load_dispatch_rules().terms("fire_rescue", at).turnout_s == minutes * 60
