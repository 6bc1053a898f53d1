"""Who leads at a desk: the seats in the order in which they stand in for one another."""

from __future__ import annotations

LEADERS: tuple[str, ...] = ("leader_in_charge", "chief_leader")
"""The leader in charge (带班领导); he leads the shift but does not sit at the desk."""

RANKS: tuple[str, ...] = (
    "shift_lead",
    "duty_officer",
    "intake",
    "dispatch_comms",
    "clerk",
    "reporter_a",
    "reporter_b",
)
"""The seats at the desk, the one that leads it first. Reserve duty is not at the desk."""


def rank(role: str) -> int:
    """Return the place of a seat in the order; what is not at the desk comes last."""
    return RANKS.index(role) if role in RANKS else len(RANKS)
