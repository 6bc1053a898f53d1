"""Which step of a loop follows which, and how much of what was found is closed. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

TaskKind = Literal["hazard", "repair", "improvement", "whistle"]
TaskState = Literal["found", "assigned", "fixed", "checked", "closed", "dropped"]
TaskStep = Literal["assign", "fix", "check", "return", "close", "drop"]
STEPS: Mapping[tuple[str, str], TaskState] = {
    ("found", "assign"): "assigned",
    ("assigned", "assign"): "assigned",
    ("assigned", "fix"): "fixed",
    ("fixed", "check"): "checked",
    ("fixed", "return"): "assigned",
    ("checked", "return"): "assigned",
    ("checked", "close"): "closed",
    ("found", "drop"): "dropped",
    ("assigned", "drop"): "dropped",
}
"""Nothing is closed that nobody checked; what was not fixed goes back to whom it was assigned to."""
OPEN: tuple[TaskState, ...] = ("found", "assigned", "fixed", "checked")


def rate(closed: int, dropped: int, total: int) -> float | None:
    """Return which part of what was really found is closed (销号率), None while there is nothing."""
    real = total - dropped
    return round(closed / real, 4) if real > 0 else None
