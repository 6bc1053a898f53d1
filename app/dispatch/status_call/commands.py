"""What people ask of status round-ups: the validated shapes of commands."""

from __future__ import annotations

from datetime import time
from typing import Annotated, Self

from pydantic import Field, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from app.commands import Command, Line, Moment, Reason, RegionCode, RowId
from app.dispatch.status_call.facts import AnswerSource
from app.dispatch.status_call.rules.sheet import QuestionKind

MOST_TITLE = 80
Title = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=MOST_TITLE)]
Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
Choice = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=40)]
Limit = Annotated[float, Field(ge=-1e9, le=1e9, allow_inf_nan=False)]
Said = (
    bool
    | Annotated[float, Field(ge=-1e12, le=1e12, allow_inf_nan=False)]
    | Annotated[str, StringConstraints(strip_whitespace=True, max_length=200)]
    | Annotated[list[Words], Field(max_length=20)]
)
Number = Annotated[str, StringConstraints(pattern=r"^[1-9]\d?$")]
MOST_UNITS = 500


class QuestionIn(Command):
    """One question. Bounds, unit and comparisons are for numbers, `choices` for a choice (2 to 9 of them)."""

    kind: QuestionKind
    text: Title
    unit: Annotated[str, StringConstraints(strip_whitespace=True, max_length=8)] = ""
    minimum: Limit | None = None
    maximum: Limit | None = None
    whole: bool = True
    of_people: bool = False
    cumulative: bool = False
    choices: Annotated[list[Choice], Field(max_length=9)] = []
    optional: bool = False

    @model_validator(mode="after")
    def _fits_its_kind(self) -> Self:
        if self.minimum is not None and self.maximum is not None and self.minimum > self.maximum:
            raise PydanticCustomError("bounds_crossed", "minimum must not be above maximum")
        if self.kind == "choice" and (
            len(set(self.choices)) < 2 or len(set(self.choices)) < len(self.choices)
        ):
            raise PydanticCustomError("choices_missing", "name at least two different choices")
        return self


class RecipientsIn(Command):
    """Who is asked: the units below places (of these kinds), the units of groups, units picked by hand."""

    region_codes: Annotated[list[RegionCode], Field(max_length=100)] = []
    kinds: Annotated[list[Choice], Field(max_length=20)] = []
    group_ids: Annotated[list[RowId], Field(max_length=50)] = []
    unit_ids: Annotated[list[RowId], Field(max_length=MOST_UNITS)] = []

    @model_validator(mode="after")
    def _names_somebody(self) -> Self:
        if not (self.region_codes or self.group_ids or self.unit_ids):
            raise PydanticCustomError("nobody_asked", "say who is asked")
        return self


class StatusCallIn(Command):
    """A round-up, asked now or at `opens_at`. `remind_before_min` None: nobody is reminded by itself.

    A `drill` is marked 【演练】, asks in the app alone and calls nobody's head; of an incident of a drill
    every round-up is one.
    """

    title: Title
    asked_by: Line = ""
    note: Annotated[str, StringConstraints(strip_whitespace=True, max_length=500)] = ""
    questions: Annotated[list[QuestionIn], Field(min_length=1, max_length=20)]
    recipients: RecipientsIn
    due_at: Moment
    opens_at: Moment | None = None
    remind_before_min: Annotated[int, Field(ge=1, le=1440)] | None = 30
    incident_id: RowId | None = None
    drill: bool = False


class CloneIn(Command):
    """The same questions to the same units, due at another time."""

    due_at: Moment
    opens_at: Moment | None = None
    title: Title | None = None


class StatusAnswerIn(Command):
    """An answer, or a correction of one with its reason.

    `nothing` is "无情况": a zero report. `source` is how it reached the centre; for any but `app` the desk
    writes it down and says who told it. `told_at` None means now, `as_of` None means when it was told.
    """

    nothing: bool = False
    values: Annotated[dict[Number, Said], Field(max_length=20)] = {}
    note: Line = ""
    source: AnswerSource = "app"
    told_by: Line = ""
    told_at: Moment | None = None
    as_of: Moment | None = None
    voucher: Line = ""
    reason: Line = ""


class RemindIn(Command):
    """Whom to remind among the silent; empty means all of them."""

    recipient_ids: Annotated[list[RowId], Field(max_length=MOST_UNITS)] = []


class RepeatIn(Command):
    """Ask again every so many hours, or so that answers are due at these times of the day (not both)."""

    every_hours: Annotated[int, Field(ge=1, le=72)] | None = None
    times: Annotated[list[time], Field(max_length=12)] = []
    lead_minutes: Annotated[int, Field(ge=10, le=1440)] = 60

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        if (self.every_hours is None) == (not self.times):
            raise PydanticCustomError(
                "one_rhythm", "every so many hours, or at times of the day: one of them"
            )
        if any(at.tzinfo for at in self.times):
            raise PydanticCustomError("one_rhythm", "times of the day have no zone")
        if self.every_hours is not None and self.lead_minutes > self.every_hours * 60:
            raise PydanticCustomError("lead_too_long", "a round would be asked before the last one is due")
        return self


class CancelIn(Command):
    """Why a round-up is called off."""

    reason: Reason
