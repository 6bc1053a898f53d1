"""What is told of a notice, and what people do with it."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from app.commands import (
    Command,
    Line,
    Moment,
    Paragraph,
    Placed,
    Reason,
    RegionCode,
    RowId,
    ToldChannel,
)
from app.dispatch.commands import EventCode

TheirId = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100)]
Phone = Annotated[str, StringConstraints(strip_whitespace=True, max_length=40)]


class IntakeNoticeIn(Placed):
    """A notice as told; a title or a text is needed. Times with a zone, coordinates WGS-84."""

    their_id: TheirId | None = None
    title: Line = ""
    text: Paragraph = ""
    event_code: EventCode | None = None
    region_code: RegionCode | None = None
    address: Line = ""
    accuracy_m: Annotated[float, Field(ge=0, le=100_000, allow_inf_nan=False)] | None = None
    happened_at: Moment | None = None
    told_at: Moment | None = None
    from_name: Line = ""
    from_phone: Phone = ""
    channel: ToldChannel = ""
    voucher: Line = ""

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if not (self.title or self.text):
            raise PydanticCustomError("empty_notice", "a title or a text is needed")
        return self


class PartnerNoticeIn(IntakeNoticeIn):
    """A notice of a partner: its own number is needed."""

    their_id: TheirId


class TypedNoticeIn(IntakeNoticeIn):
    """A notice the desk types: of a superior, or a warning."""

    source: Literal["superior", "warning", "partner"] = "superior"


class LinkedPartnerIn(Command):
    """A partner to be let in."""

    name_zh: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=60)]


class JoinIn(Command):
    """The notice tells of an incident that is open already."""

    incident_id: RowId
    note: Line = ""


class DismissNoticeIn(Command):
    """The notice is no incident."""

    reason: Reason
