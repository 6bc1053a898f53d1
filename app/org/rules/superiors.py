"""The tree of units: no unit may stand above itself, by whichever of its two superiors."""

from __future__ import annotations

from collections.abc import Mapping, Sequence


def circle(superiors: Mapping[int, Sequence[int]], unit: int) -> list[int]:
    """Return the units of a circle that leads from a unit back to itself, or nothing.

    `superiors` maps each unit to those above it: its administrative and its business superior.
    """
    came_from: dict[int, int] = {}
    waiting = [unit]
    while waiting:
        below = waiting.pop()
        for above in superiors.get(below, ()):
            if above == unit:
                return _path(came_from, unit, below)
            if above not in came_from:
                came_from[above] = below
                waiting.append(above)
    return []


def _path(came_from: Mapping[int, int], unit: int, last: int) -> list[int]:
    path = [last]
    while path[-1] != unit:
        path.append(came_from[path[-1]])
    return path[::-1]
