"""Which headquarters fits an incident. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

GRAVE = 2
"""From this level on (1 the highest) the general headquarters is proposed as well."""


@dataclass(frozen=True, slots=True)
class Body:
    """A headquarters as far as the proposal asks: its kind, and beginnings of event codes."""

    id: int
    kind: str
    hazards: tuple[str, ...]


def fitting(bodies: Iterable[Body], event_code: str, level: int) -> list[int]:
    """Return the headquarters that fit an incident, the closest first (domain/rules A1.10).

    The longer the beginning of the code that fits, the closer. The general one stands last: for grave
    incidents, and where no special one fits. On-site ones are set up by hand and never proposed.
    """
    known = list(bodies)
    scored = [
        (max((len(h) for h in body.hazards if event_code.startswith(h)), default=0), body) for body in known
    ]
    special = [
        body.id
        for score, body in sorted(scored, key=lambda each: (-each[0], each[1].id))
        if score and body.kind == "special"
    ]
    general = [body.id for body in known if body.kind == "general"]
    return special + (general if level <= GRAVE or not special else [])
