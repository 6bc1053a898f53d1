"""What people say about warnings."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from app.commands import Command, Line, Moment, Paragraph, Reason, RegionCode, RowId
from app.response.warning.facts import SourceMeans
from app.response.warning.rules.address import fetchable
from app.response.warning.rules.bulletin import ColourName, WarningStatus

Named = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=60)]
SenderName = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]


class WarningIn(Command):
    """A warning typed from paper, fax or telephone; `of` names the warning that it updates or lifts.

    Areas by region code, of townships or villages; times default to now and a day.
    """

    kind: Literal["alert", "update", "cancel"] = "alert"
    of: RowId | None = None
    status: WarningStatus = "actual"
    event_type: Annotated[str, StringConstraints(pattern=r"^(1[1-4][A-Z][0-9]{2})?$")] = ""
    colour: ColourName | None = None
    title: Line = ""
    text: Paragraph = ""
    instruction: Paragraph = ""
    issuer: Named
    region_codes: Annotated[list[RegionCode], Field(max_length=400)] = []
    sent: Moment | None = None
    effective: Moment | None = None
    expires: Moment | None = None

    @model_validator(mode="after")
    def _says_enough(self) -> Self:
        if (self.kind == "alert") != (self.of is None):
            raise PydanticCustomError("warning_of", "an update or a cancel names its warning, an alert none")
        if self.kind == "cancel":
            return self
        if not self.colour:
            raise PydanticCustomError("warning_colour", "choose a colour")
        if not self.region_codes:
            raise PydanticCustomError("warning_areas", "choose at least one place")
        if not (self.title or self.event_type or self.of):
            raise PydanticCustomError("warning_what", "choose the hazard or write a title")
        if self.expires and self.expires <= (self.effective or self.sent or self.expires):
            raise PydanticCustomError("ends_before_start", "it must end after it begins")
        return self


class WarningVouchIn(Command):
    """A person's word on a message that waits: it counts, or it does not."""

    accept: bool
    reason: Reason


class WarningPeriodIn(Command):
    """Declare the key period that a warning proposes."""

    reason: Reason


class WarningSourceIn(Command):
    """A source to be registered."""

    name: Named
    means: SourceMeans = "push"
    auth: Literal["hmac", "token"] = "hmac"
    url: Annotated[str, StringConstraints(strip_whitespace=True, max_length=500)] = ""
    every_s: Annotated[int, Field(ge=10, le=86_400)] = 60
    senders: Annotated[list[SenderName], Field(max_length=50)] = []

    @model_validator(mode="after")
    def _can_be_fetched(self) -> Self:
        if (self.means == "poll") != bool(self.url):
            raise PydanticCustomError("warning_source_url", "a polled source has an address, others none")
        if self.url and fetchable(self.url) is None:
            raise PydanticCustomError("warning_source_url", "the address cannot be called")
        return self
