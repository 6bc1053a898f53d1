"""What a drawn ring must be to be an area, and which townships it touches. Pure."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Literal

from app.org.rules.rings import Point, crosses_itself, within

Fault = Literal["no_area", "crosses", "elsewhere"]
Place = tuple[str, float, float]  # code of a village, lon, lat

FARTHEST_KM = 30
_KM_A_DEGREE = 111.2


def tidy(ring: Sequence[Point]) -> list[Point]:
    """Return the ring without corners told twice in a row; its last is not its first."""
    corners = [at for n, at in enumerate(ring) if n == 0 or at != ring[n - 1]]
    return corners[:-1] if len(corners) > 1 and corners[0] == corners[-1] else corners


def fault_of(ring: Sequence[Point]) -> Fault | None:
    """Return why a tidy ring is no area; None when it is one."""
    if len(ring) < 3 or _twice_the_area(ring) == 0:
        return "no_area"
    return "crosses" if crosses_itself(ring) else None


def towns_of(ring: Sequence[Point], villages: Sequence[Place]) -> list[str]:
    """Return the codes of the townships whose villages lie inside, or of the nearest one where none does.

    Empty where no village is within 30 km of the ring's corners: that is another county's ground.
    """
    if inside := within([ring], villages):
        return sorted({_town(code) for code in inside})
    code, away = min(
        ((code, min(_km(at, (lon, lat)) for at in ring)) for code, lon, lat in villages),
        key=lambda one: one[1],
        default=("", math.inf),
    )
    return [_town(code)] if away <= FARTHEST_KM else []


def _town(code: str) -> str:
    return code[:9] + "000"


def _km(a: Point, b: Point) -> float:
    return _KM_A_DEGREE * math.hypot((a[0] - b[0]) * math.cos(math.radians(a[1])), a[1] - b[1])


def _twice_the_area(ring: Sequence[Point]) -> float:
    return sum(a[0] * b[1] - b[0] * a[1] for a, b in zip(ring, [*ring[1:], ring[0]], strict=True))
