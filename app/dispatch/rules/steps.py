"""Which step an alarm or an assignment may take from which state. What is not in a table is refused."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from app.dispatch.terms import ChainStep
from app.refusals import Refusal

STATE_AFTER: Mapping[str, str] = {
    "acknowledge": "acknowledged",
    "depart": "en_route",
    "arrive": "on_scene",
    "finish": "task_done",
    "return": "returned",
}
WHOLE_CHAIN: tuple[ChainStep, ...] = ("acknowledge", "depart", "arrive", "finish")


def steps_of(chain: Sequence[str]) -> dict[tuple[str, str], str]:
    """Return the legal steps of a kind of team: (state, step) to state.

    An answer may skip ahead up to the arrival: a responder who reports "on scene" by radio has also
    accepted. A task is finished on scene only, and a team that came back has finished before.
    """
    before = ["dispatched"]
    table: dict[tuple[str, str], str] = {}
    for name in chain:
        for state in before if name in ("acknowledge", "depart", "arrive") else before[-1:]:
            table[state, name] = STATE_AFTER[name]
        before.append(STATE_AFTER[name])
    for state in before[: before.index("task_done")]:
        table[state, "cancel"] = "cancelled"
        if state in ("dispatched", "acknowledged"):
            table[state, "decline"] = "declined"
    return table


ASSIGNMENT_STEPS: Mapping[tuple[str, str], str] = steps_of(WHOLE_CHAIN)

# The instant that becomes known when a state is reached; earlier milestones that were skipped are filled
# with the same instant, because being on scene proves that the order was received.
MILESTONE_OF: Mapping[str, str] = {
    "acknowledge": "acknowledged_at",
    "depart": "en_route_at",
    "arrive": "on_scene_at",
    "finish": "task_done_at",
    "return": "returned_at",
}

ALARM_STEPS: Mapping[tuple[str, str], str] = {
    ("open", "acknowledge"): "acknowledged",
    ("open", "confirm"): "confirmed",
    ("open", "dismiss"): "dismissed",
    ("acknowledged", "confirm"): "confirmed",
    ("acknowledged", "dismiss"): "dismissed",
}

_ZH = {
    "dispatched": "已派出",
    "acknowledged": "已确认",
    "en_route": "途中",
    "on_scene": "到场",
    "task_done": "完成",
    "returned": "归队",
    "declined": "已拒绝",
    "cancelled": "已撤销",
    "open": "未确认",
    "confirmed": "已立案",
    "dismissed": "已排除",
    "closed": "已结案",
    "scheduled": "计划中",
}


class IllegalStep(Refusal):
    """The step is not offered from this state."""

    code = "illegal_step"

    def __init__(self, state: str, step: str) -> None:
        super().__init__(
            f"当前状态为“{_ZH.get(state, state)}”,不能执行此操作,请刷新后重试",
            f"the state is {state}: {step} is not possible from here; reload and look again",
        )
        self.state = state
        self.step = step


def next_assignment_state(state: str, step: str, chain: Sequence[str] = WHOLE_CHAIN) -> str:
    """Return the state after the step, by the chain of the team's kind. Raises IllegalStep."""
    try:
        return steps_of(chain)[state, step]
    except KeyError:
        raise IllegalStep(state, step) from None


def next_alarm_state(state: str, step: str) -> str:
    """Return the state after the step. Raises IllegalStep."""
    try:
        return ALARM_STEPS[state, step]
    except KeyError:
        raise IllegalStep(state, step) from None


def milestones(state: str, chain: Sequence[str] = WHOLE_CHAIN) -> tuple[str, ...]:
    """Return the milestones that a state proves, by the chain of the team's kind."""
    if state in ("declined", "cancelled"):
        return (f"{state}_at",)
    states = [STATE_AFTER[name] for name in chain]
    return tuple(MILESTONE_OF[name] for name in chain[: states.index(state) + 1])


def newly_reached(
    state: str, known: Mapping[str, datetime | None], at: datetime, chain: Sequence[str] = WHOLE_CHAIN
) -> dict[str, datetime]:
    """Return the milestones that reaching `state` at `at` makes known, never overwriting an earlier one."""
    return {name: at for name in milestones(state, chain) if known.get(name) is None}
