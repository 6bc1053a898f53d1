"""Wire shapes of declared key periods."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal

from app.wire import Fact

PeriodKind = Literal["response", "warning"]
WarningColour = Literal["red", "orange"]


class DeclaredPeriodFact(Fact):
    """A key period that a leader declared; it holds from `first` to `last`, None while it goes on."""

    id: int
    kind: PeriodKind
    level: int | None
    colour: WarningColour | None
    first: date
    last: date | None
    name_zh: str
    name_en: str
    reason: str
    declared_by: str
    declared_at: datetime
    ended_by: str | None
    ended_at: datetime | None
