"""Which step of a loop follows which, and how much of what was found is closed. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Literal

TaskKind = Literal["hazard", "repair", "improvement", "whistle"]
TaskState = Literal["found", "assigned", "fixed", "checked", "closed", "dropped", "converted"]
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
OVER: tuple[TaskState, ...] = ("closed", "dropped", "converted")
REPORT_ORDINARY, REPORT_URGENT = timedelta(hours=24), timedelta(hours=2)
"""Within which a department that a whistle calls reports on site (domain/rules A7.3)."""


def report_within(*, urgent: bool) -> timedelta:
    """Return how long a department has to report on site."""
    return REPORT_URGENT if urgent else REPORT_ORDINARY


def rate(closed: int, let_go: int, total: int) -> float | None:
    """Return which part of what was really found is closed (销号率), None while there is nothing.

    `let_go` was dropped, or became an incident: that is dealt with there.
    """
    real = total - let_go
    return round(closed / real, 4) if real > 0 else None
