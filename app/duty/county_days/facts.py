"""The county's own days on the wire."""

from __future__ import annotations

from datetime import date, datetime

from app.duty.roster.rules.calendar import DayKind
from app.wire import Fact


class CountyDayFact(Fact):
    """A day the county settles otherwise than the state's calendar."""

    on: date
    kind: DayKind
    name_zh: str
    name_en: str
    reason: str
    set_by: str
    set_at: datetime
