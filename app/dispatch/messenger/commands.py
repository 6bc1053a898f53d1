"""What people say of messengers."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from app.commands import Command, Line, Moment, RegionCode, RowId, Told

Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=60)]
Phone = Annotated[str, StringConstraints(strip_whitespace=True, max_length=40)]
Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=1000)]


class MessengerIn(Command):
    """Send a messenger to places of one township; he left now unless told, and is expected back."""

    messenger: Name
    phone: Phone = ""
    region_code: RegionCode
    villages: Annotated[list[RegionCode], Field(max_length=40)] = []
    words: Words
    by_means: Literal["on_foot", "motorcycle", "boat", "horse", "vehicle"] = "on_foot"
    incident_id: RowId | None = None
    left_at: Moment | None = None
    expected_at: Moment

    @model_validator(mode="after")
    def _villages_of_the_place(self) -> Self:
        place = self.region_code[:9] if self.region_code.endswith("000") else self.region_code
        if any(not village.startswith(place) for village in self.villages):
            raise PydanticCustomError("village_elsewhere", "a village lies outside the place he goes to")
        return self


class MessengerReportIn(Told):
    """He arrived, or is back: what he found. `expected_at` puts off when he is expected back."""

    report: Line = ""
    expected_at: Moment | None = None
