"""What people say of flights and live pictures."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from app.commands import Command, Line, Moment, RowId

Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=60)]
Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
Percent = Annotated[float, Field(ge=0, le=100, allow_inf_nan=False)]


class DroneMissionIn(Command):
    """A flight that is to be: for an incident or none, with the filing's number or why none is needed."""

    device_id: RowId
    incident_id: RowId | None = None
    purpose: Words
    pilot: Name
    observer: Annotated[str, StringConstraints(strip_whitespace=True, max_length=60)] = ""
    airspace_kind: Literal["filed", "not_needed"]
    airspace: Words


class FlightTimeIn(Command):
    """It left the ground, or is back: now unless told; told again, it is corrected."""

    at: Moment | None = None
    battery_pct: Percent | None = None
    note: Line = ""
    attachment_ids: Annotated[list[RowId], Field(max_length=50)] = []


class DroneLiveIn(Command):
    """Start or stop the picture; `url` None: to the address of the settings."""

    action: Literal["start", "stop"]
    url: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=400)] | None = None

    @model_validator(mode="after")
    def _address_of_a_start(self) -> Self:
        if self.action == "stop" and self.url is not None:
            raise PydanticCustomError("stop_has_no_address", "a picture is stopped wherever it goes")
        return self
