"""The base of every shape that comes from outside, and the words and numbers such shapes are made of."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Annotated, Literal, Self

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)
LATEST = datetime(2100, 1, 1, tzinfo=UTC)
Moment = Annotated[AwareDatetime, Field(ge=EARLIEST, le=LATEST)]

Line = Annotated[str, StringConstraints(strip_whitespace=True, max_length=200)]
Paragraph = Annotated[str, StringConstraints(strip_whitespace=True, max_length=4000)]
Reason = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=500)]
RegionCode = Annotated[str, StringConstraints(pattern=r"^\d{12}$")]
Longitude = Annotated[float, Field(ge=-180, le=180)]
Latitude = Annotated[float, Field(ge=-90, le=90)]
RowId = Annotated[int, Field(ge=1, le=2**63 - 1)]  # what a bigserial can be
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


class Command(BaseModel):
    """A shape that comes from outside: unknown fields and control characters are refused.

    Its validator is built when first used, like that of every Fact.
    """

    model_config = ConfigDict(extra="forbid", defer_build=True)

    @model_validator(mode="before")
    @classmethod
    def _no_control_characters(cls, told: object) -> object:
        if _holds_control(told):
            raise PydanticCustomError("control_character", "a text holds a control character")
        return told


class Placed(Command):
    """A shape that may stand at a point: both coordinates or neither."""

    lon: Longitude | None = None
    lat: Latitude | None = None

    @model_validator(mode="after")
    def _both_or_neither(self) -> Self:
        if (self.lon is None) != (self.lat is None):
            raise PydanticCustomError("half_a_place", "lon and lat belong together")
        return self


ToldChannel = Literal[
    "",
    "app",
    "sms",
    "telephone",
    "duty_line",
    "radio",
    "radio_370",
    "satellite_phone",
    "beidou",
    "sbd",
    "neighbour",
    "messenger",
    "in_person",
    "fax",
    "paper",
    "document",
    "email",
    "system",
]
"""How the desk was told of something, by whatever means it came in the dark (三断)."""


class Told(Command):
    """What may be entered after the fact: when it happened, when the desk was told, how, who vouches for it.

    Times that are not told are now; `app.times.three_times` puts them in their order.
    """

    happened_at: Moment | None = None
    told_at: Moment | None = None
    channel: ToldChannel = ""
    voucher: Annotated[str, StringConstraints(strip_whitespace=True, max_length=60)] = ""


def _holds_control(told: object) -> bool:
    """Look through nested input without recursion, which a hostile nesting would exhaust."""
    waiting = [told]
    while waiting:
        item = waiting.pop()
        if isinstance(item, dict):
            waiting.extend(item.values())
        elif isinstance(item, list):
            waiting.extend(item)
        elif isinstance(item, str) and _CONTROL.search(item):
            return True
    return False
