"""What people ask of responses: the validated shapes of commands."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from app.commands import Command, Moment, RowId
from app.response.level.rules.proposing import Colour
from app.response.plan.commands import CauseIn, DecideIn, ResponseLevel

EventLevel = Literal["extraordinary", "major", "larger", "general"]
EventCode = Annotated[str, StringConstraints(pattern=r"^1[1-4][A-Z][0-9]{2}$")]
Basis = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=300)]


class ResponseIn(CauseIn):
    """Propose to activate a response to a hazard at a level; `plan_id` is whose card goes out with it.

    The level of the response, that of the event and the colour of a warning are three things.
    """

    event_code: EventCode
    level: ResponseLevel
    event_level: EventLevel | None = None
    warning_colour: Colour | None = None
    plan_id: RowId | None = None


class ResponseStepIn(Command):
    """Propose another level, or the end, of an active response."""

    kind: Literal["adjust", "terminate"]
    level: ResponseLevel | None = None
    event_level: EventLevel | None = None
    warning_colour: Colour | None = None
    basis: Basis

    @model_validator(mode="after")
    def _fits_its_kind(self) -> Self:
        if (self.kind == "adjust") != (self.level is not None):
            raise PydanticCustomError("response_level", "an adjustment has a level, an end has none")
        return self


class ResponseDecideIn(DecideIn):
    """The commander's word: accept as proposed, at another level, or refuse with a remark."""

    verdict: Literal["accept", "other", "refuse"]
    level: ResponseLevel | None = None

    @model_validator(mode="after")
    def _verdict_is_whole(self) -> Self:
        if (self.verdict == "other") != (self.level is not None):
            raise PydanticCustomError("response_level", "another level has to be named, and only then")
        if self.verdict == "refuse" and not self.remark:
            raise PydanticCustomError("refusal_reason", "say why it is refused")
        return self


class ConsultationIn(Command):
    """A consultation (会商) that was held: when, who chaired it, what came out."""

    held_at: Moment | None = None
    chaired_by: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=60)]
    words: Annotated[str, Field(min_length=1, max_length=500)]
