"""When the list of those who are called must be refreshed and filed: before 20 April (§B3). Pure."""

from __future__ import annotations

from datetime import date
from typing import Literal

Review = Literal["filed", "not_yet", "due", "overdue"]
FILED_BEFORE = (4, 20)
REMINDED_FROM = (3, 20)  # a month before [D]


def review(today: date, filed_on: date | None) -> Review:
    """Return how this year's review stands on a day of the county. A filing of another year is none."""
    if filed_on is not None and filed_on.year == today.year:
        return "filed"
    if today >= date(today.year, *FILED_BEFORE):
        return "overdue"
    return "due" if today >= date(today.year, *REMINDED_FROM) else "not_yet"
