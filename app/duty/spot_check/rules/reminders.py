"""When somebody is reminded of a planned check or of a failure that waits to be put right. Pure."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Literal

Begun = Literal["owner", "lead"]
Due = Literal["due", "overdue"]
PATIENCE = timedelta(minutes=10)
"""So long a check may have begun without a call before the shift lead is told."""
SOON = timedelta(hours=2)
"""So long before its time runs out a failure's owner is reminded."""


def begun(starts_at: datetime, now: datetime, told: str, *, has_owner: bool, called: bool) -> Begun | None:
    """Return who is to be told that a planned check has begun: its owner at once, then the shift lead.

    `told` is who was told last, "" for nobody. A check that somebody works on needs no reminder; one without
    an owner is the shift lead's at once.
    """
    if now < starts_at or called or told == "lead":
        return None
    if told == "" and has_owner:
        return "owner"
    return "lead" if not has_owner or now >= starts_at + PATIENCE else None


def due(due_at: datetime, opened_at: datetime, now: datetime, told: str) -> Due | None:
    """Return which reminder of an open failure is due: near its end, and once it has passed; each once.

    Of a time shorter than twice the warning nobody is reminded ahead: it has just begun.
    """
    if now >= due_at:
        return None if told == "overdue" else "overdue"
    if told == "" and now >= due_at - SOON and due_at - opened_at >= 2 * SOON:
        return "due"
    return None
