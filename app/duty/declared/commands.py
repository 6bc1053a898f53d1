"""What a leader says of key periods."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from app.commands import Command, Reason
from app.duty.declared.facts import PeriodKind, WarningColour

PeriodDay = Annotated[date, Field(ge=date(2001, 1, 1), le=date(2099, 12, 31))]


class DeclaredPeriodIn(Command):
    """Let the stricter readiness hold: a response with its level, or a warning with its colour."""

    kind: PeriodKind
    level: Annotated[int, Field(ge=1, le=4)] | None = None
    colour: WarningColour | None = None
    first: PeriodDay
    last: PeriodDay | None = None
    reason: Reason

    @model_validator(mode="after")
    def _fits_its_kind(self) -> Self:
        response, warning = self.level is not None, self.colour is not None
        if (response, warning) != (self.kind == "response", self.kind == "warning"):
            raise PydanticCustomError("period_kind", "a response has a level, a warning has a colour")
        if self.last is not None and self.last < self.first:
            raise PydanticCustomError("ends_before_start", "last must not lie before first")
        return self
