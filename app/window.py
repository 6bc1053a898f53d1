"""Windows of the day or of the year that may cross their end: half-open, from the first to the last. Pure."""

from __future__ import annotations

from datetime import time
from typing import TypeVar

# A time of day, or a month with its day.
Point = TypeVar("Point", time, tuple[int, int])


def within(window: tuple[Point, Point], at: Point) -> bool:
    """Return whether a point lies in a window; ending before it begins, it crosses midnight or new year."""
    begins, ends = window
    return begins <= at < ends if begins <= ends else at >= begins or at < ends
