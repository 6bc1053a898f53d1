"""When measured values speak for lifting, and what signatures it takes. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Literal

NORMAL_IN_A_ROW = 2
Verdict = Literal["signed", "objected"]
Series = tuple[str, str]  # point, substance


def normal_in_row(readings: Iterable[tuple[datetime, float]], limit: float) -> int:
    """Return how many of the latest readings in a row are not above the limit."""
    count = 0
    for _, value in sorted(readings, reverse=True):
        if value > limit:
            break
        count += 1
    return count


def speaks_for_lifting(in_row: Mapping[Series, int]) -> bool:
    """Whether every series that was measured was normal twice in a row; nothing measured says nothing."""
    return bool(in_row) and all(count >= NORMAL_IN_A_ROW for count in in_row.values())


def lacking(verdicts: Mapping[str, Verdict | None]) -> Sequence[str]:
    """Return the departments that did not sign: silent ones and those that object."""
    return [name for name, verdict in verdicts.items() if verdict != "signed"]
