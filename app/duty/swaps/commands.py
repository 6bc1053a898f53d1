"""What people ask about swaps."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from app.commands import Command, Moment, Paragraph, Reason, RowId


class SwapIn(Command):
    """Offer a shift, or a part of it, to a person or to everybody of the post; with or without return.

    `urgent` is for a swap less than 24 hours ahead (R10): the reason then says why.
    """

    shift_id: RowId
    taker_id: RowId | None = None
    return_shift_id: RowId | None = None
    starts_at: Moment | None = None
    ends_at: Moment | None = None
    urgent: bool = False
    reason: Reason

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.starts_at and self.ends_at and self.ends_at <= self.starts_at:
            raise PydanticCustomError("ends_before_start", "ends_at must lie after starts_at")
        return self


class TakeIn(Command):
    """Take an offered shift, for oneself or on behalf of a person one plans duty for."""

    person_id: RowId | None = None


class SwapDecisionIn(Command):
    """A leader's word on a swap."""

    approved: bool
    remark: Paragraph = ""


class FilingIn(Command):
    """Under what number it was reported to the county's general duty office (报备)."""

    filed_as: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=60)]
