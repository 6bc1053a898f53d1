"""What a leader says of the county's own days."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from pydantic import Field, StringConstraints

from app.commands import Command, Reason
from app.duty.roster.rules.calendar import DayKind

CalendarDay = Annotated[date, Field(ge=date(2001, 1, 1), le=date(2099, 12, 31))]


class CountyDayIn(Command):
    """Settle a day: what it is, what it is called, by which notice."""

    kind: DayKind
    name_zh: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=40)]
    name_en: Annotated[str, StringConstraints(strip_whitespace=True, max_length=80)] = ""
    reason: Reason
