"""Who takes turns at the duty desks of the demo (rules §A2.1, §B7 R1): seats with their groups of persons."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from app.demo.people import Person
from app.demo.units import OrgUnit

REQUIRED = {"intake": "接警受理", "dispatch_comms": "调度通信"}
"""What the centre's seats ask people to have been trained for (R19)."""
# Seat, how many at once, where they sit, and who may: role and seat of the person's register entry.
_CENTRE = (
    ("leader_in_charge", 1, "on_site", "leader_in_charge", ""),
    ("shift_lead", 1, "on_site", "shift_lead", ""),
    ("intake", 2, "on_site", "duty_officer", "intake"),
    ("dispatch_comms", 2, "on_site", "duty_officer", "dispatch"),
    ("clerk", 1, "on_site", "duty_officer", "clerk"),
)
_TOWNSHIP = (
    ("leader_in_charge", 1, "on_call", "leader_in_charge", ""),
    ("duty_officer", 2, "on_site", "duty_officer", ""),
)
_DEPARTMENT = (
    ("leader_in_charge", 1, "on_call", "leader_in_charge", ""),
    ("duty_officer", 1, "on_site", "duty_officer", ""),
)
FOUR_LINES = ("government", "work_safety", "disaster", "rescue")
"""四合一: the business lines kept at a township's one desk (A2.5)."""


@dataclass(frozen=True, slots=True)
class Seat:
    """A kind of chair at a unit's desk; `groups` of persons (by key) take turns, a day each, from eight."""

    unit_key: str
    role: str
    needed: int
    mode: str
    groups: tuple[tuple[str, ...], ...]


def seats(units: Sequence[OrgUnit], people: Sequence[Person]) -> tuple[Seat, ...]:
    """List the seats of every desk, each with as many full groups as there are people for."""
    found = []
    for unit in units:
        kinds = {"centre": _CENTRE, "department": _DEPARTMENT}.get(unit.kind, _TOWNSHIP)
        for role, needed, mode, held_by, chair in kinds:
            keys = [p.key for p in people if p.unit_key == unit.key and p.role == held_by and p.seat == chair]
            groups = tuple(tuple(keys[at : at + needed]) for at in range(0, len(keys) - needed + 1, needed))
            found.append(Seat(unit.key, role, needed, mode, groups))
    return tuple(found)


def lines(unit: OrgUnit) -> tuple[str, ...]:
    """Return the business lines kept at a unit's desk."""
    if unit.kind == "centre":
        return FOUR_LINES
    return () if unit.kind == "department" else FOUR_LINES
