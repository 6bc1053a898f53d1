"""Whether a station is staffed as it has to be (rules A1.5: at least 6 posts, 2 of them full-time)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Staffing = Literal["enough", "short", "exempt"]


@dataclass(frozen=True, slots=True)
class Minimum:
    """What a kind of unit needs; nothing for most."""

    posts: int = 0
    full_time: int = 0


def staffing(needed: Minimum, people: int, full_time: int) -> Staffing:
    """Say whether the people of a unit are as many as its kind needs."""
    if not needed.posts and not needed.full_time:
        return "exempt"
    return "enough" if people >= needed.posts and full_time >= needed.full_time else "short"
