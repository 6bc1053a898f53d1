"""What a post's month is worth: full marks less the deductions that hold, and its place among all posts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.duty.spot_check.rules.judge import Failure


@dataclass(frozen=True, slots=True)
class Weights:
    """The county's marks: where everybody begins, what a failure costs, below what nobody falls."""

    full: int
    floor: int
    deductions: Mapping[Failure, int]


@dataclass(frozen=True, slots=True)
class Charge:
    """A failure found at a post; one whose appeal was upheld costs nothing."""

    code: Failure
    upheld: bool = False


def points(charge: Charge, weights: Weights) -> int:
    """Return what a failure costs."""
    return 0 if charge.upheld else weights.deductions.get(charge.code, 0)


def score(charges: Sequence[Charge], weights: Weights) -> int:
    """Return the marks of a month."""
    return max(weights.floor, weights.full - sum(points(one, weights) for one in charges))


def places(scores: Mapping[int, int | None]) -> dict[int, int | None]:
    """Return the place of each post: equal marks share a place; who was not checked has none."""
    marks = sorted((mark for mark in scores.values() if mark is not None), reverse=True)
    return {post: None if mark is None else marks.index(mark) + 1 for post, mark in scores.items()}
