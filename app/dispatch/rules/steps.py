"""Which step an alarm or an assignment may take from which state. What is not in a table is refused."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from app.refusals import Refusal

# An answer may skip ahead: a responder who reports "on scene" by radio has also accepted.
ASSIGNMENT_STEPS: Mapping[tuple[str, str], str] = {
    ("dispatched", "acknowledge"): "acknowledged",
    ("dispatched", "decline"): "declined",
    ("dispatched", "depart"): "en_route",
    ("dispatched", "arrive"): "on_scene",
    ("dispatched", "cancel"): "cancelled",
    ("acknowledged", "decline"): "declined",
    ("acknowledged", "depart"): "en_route",
    ("acknowledged", "arrive"): "on_scene",
    ("acknowledged", "cancel"): "cancelled",
    ("en_route", "arrive"): "on_scene",
    ("en_route", "cancel"): "cancelled",
    ("on_scene", "finish"): "task_done",
    ("on_scene", "cancel"): "cancelled",
}

# The instants that become known when a state is reached; earlier milestones that were skipped are
# filled with the same instant, because being on scene proves that the order was received.
MILESTONES: Mapping[str, tuple[str, ...]] = {
    "acknowledged": ("acknowledged_at",),
    "en_route": ("acknowledged_at", "en_route_at"),
    "on_scene": ("acknowledged_at", "en_route_at", "on_scene_at"),
    "task_done": ("acknowledged_at", "en_route_at", "on_scene_at", "task_done_at"),
    "declined": ("declined_at",),
    "cancelled": ("cancelled_at",),
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
    "declined": "已拒绝",
    "cancelled": "已撤销",
    "open": "未确认",
    "confirmed": "已立案",
    "dismissed": "已排除",
    "closed": "已结案",
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


def next_assignment_state(state: str, step: str) -> str:
    """Return the state after the step. Raises IllegalStep."""
    try:
        return ASSIGNMENT_STEPS[state, step]
    except KeyError:
        raise IllegalStep(state, step) from None


def next_alarm_state(state: str, step: str) -> str:
    """Return the state after the step. Raises IllegalStep."""
    try:
        return ALARM_STEPS[state, step]
    except KeyError:
        raise IllegalStep(state, step) from None


def newly_reached(state: str, known: Mapping[str, datetime | None], at: datetime) -> dict[str, datetime]:
    """Return the milestones that reaching `state` at `at` makes known, never overwriting an earlier one."""
    return {name: at for name in MILESTONES[state] if known.get(name) is None}
