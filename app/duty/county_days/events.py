"""The events of the county's own days."""

from __future__ import annotations

from typing import Literal

from app.duty.county_days.facts import CountyDayFact
from app.wire import Fact


class CountyDayChanged(Fact):
    """A day was settled otherwise than the state's calendar has it, or given back to it."""

    type: Literal["calendar.day_set", "calendar.day_cleared"]
    day: CountyDayFact
