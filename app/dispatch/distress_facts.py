"""Beside the alarm of a call for help: who doubts it, and where a silent caller may be."""

from __future__ import annotations

from datetime import datetime

from app.wire import Fact


class DismissalFact(Fact):
    """Who says that a call for help was none, and why: another person has to confirm it."""

    by: str
    account_id: int
    person_id: int | None = None
    at: datetime
    reason: str


class SearchFact(Fact):
    """Where a silent caller was seen last. He is within `least_m` + speed × time of it, `most_m` at most."""

    lon: float
    lat: float
    since: datetime
    speed_mps: float
    least_m: float
    most_m: float
