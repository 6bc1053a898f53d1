"""When a reading of personal data is written down, and of how many people it tells. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

QUARTER_MIN = 15


def quarter_of(at: datetime) -> datetime:
    """Return the beginning of the quarter of an hour in which an instant lies."""
    return at.replace(minute=at.minute - at.minute % QUARTER_MIN, second=0, microsecond=0)


def people_in(told: Any) -> int:
    """Return of how many residents and callers an answer tells, as plain data."""
    if isinstance(told, list):
        return sum(people_in(one) for one in told)
    if not isinstance(told, Mapping):
        return 0
    callers = told.get("callers")
    named = bool("household" in told or told.get("from_name") or told.get("from_phone"))
    return (
        named
        + (len(callers) if isinstance(callers, list) else 0)
        + sum(people_in(value) for key, value in told.items() if key != "callers")
    )
