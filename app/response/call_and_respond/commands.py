"""What people ask of call-and-respond: the validated shapes of commands."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from app.commands import Command, Line, Moment, Reason, RegionCode, RowId
from app.response.call_and_respond.facts import CalloutAction, CalloutCause, CalloutRole
from app.response.call_and_respond.rules.climb import Means
from app.response.call_and_respond.rules.limits import Colour
from app.response.call_and_respond.rules.loop import Outcome

Title = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=80)]
Words = Annotated[str, StringConstraints(strip_whitespace=True, max_length=500)]
Name = Annotated[str, StringConstraints(strip_whitespace=True, max_length=40)]
MinuteCount = Annotated[int, Field(ge=1, le=1440)]
People = Annotated[int, Field(ge=0, le=1_000_000)]
MOST_PLACES = 400
CallResult = Literal["answered", "no_answer", "busy", "wrong_number", "refused", "failed"]


class CalloutAreaIn(Command):
    """Which places: villages, whole townships, or the county."""

    region_codes: Annotated[list[RegionCode], Field(min_length=1, max_length=MOST_PLACES)]


class CalloutRoundIn(CalloutAreaIn):
    """Start a round: why, and what comes when, where, and what it does."""

    cause_kind: CalloutCause = "hand"
    cause_id: RowId | None = None
    title: Title
    colour: Colour
    hazard: Words = ""
    expected: Line = ""
    area: Line = ""
    harm: Words = ""
    drill: bool = False

    @model_validator(mode="after")
    def _cause_is_named(self) -> Self:
        if (self.cause_kind == "hand") != (self.cause_id is None):
            raise PydanticCustomError("callout_cause", "a cause has its number, a hand has none")
        return self


class CalloutCallIn(Command):
    """A call that was made. `person_row_id` is who of the frozen list; answered needs who answered.

    `at` None means now.
    """

    person_row_id: RowId | None = None
    name: Name = ""
    number: Annotated[str, StringConstraints(strip_whitespace=True, max_length=40)] = ""
    means: Means = "phone"
    result: CallResult
    words: Line = ""
    at: Moment | None = None


class CalloutAcknowledgeIn(Command):
    """The person called says so himself, on his own page."""

    words: Line = ""


class CalloutHandOffIn(Command):
    """Somebody is sent to a silent place: who, until when."""

    to: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=60)]
    words: Line = ""
    minutes: MinuteCount = 30


class CalloutActionIn(Command):
    """One thing done. Evacuated says how many of how many."""

    kind: CalloutAction
    done: People | None = None
    planned: People | None = None
    words: Line = ""

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if self.kind == "evacuated" and (self.done is None or self.planned is None):
            raise PydanticCustomError("callout_how_many", "say how many of how many were evacuated")
        if self.kind in ("other", "words") and not self.words:
            raise PydanticCustomError("callout_words", "say in words what was done")
        return self


class CalloutReportIn(Command):
    """What was done. `feedback` False: work is under way, the village's own word is still owed."""

    actions: Annotated[list[CalloutActionIn], Field(min_length=1, max_length=12)]
    feedback: bool = True
    means: Means = "app"
    told_by: Name = ""
    at: Moment | None = None


class CalloutVerifyIn(Command):
    """What a spot call found: who was asked, what he said."""

    outcome: Outcome
    asked: Name = ""
    words: Line = ""


class CalloutEndIn(Command):
    """What there is to say at the end of a round."""

    words: Words = ""


class CalloutSameIn(Command):
    """The cause was lowered or cancelled: told to exactly those whom the round reached."""

    kind: Literal["lowered", "cancelled"]
    colour: Colour | None = None
    words: Reason

    @model_validator(mode="after")
    def _lowered_to(self) -> Self:
        if (self.kind == "lowered") != (self.colour is not None):
            raise PydanticCustomError("callout_colour", "lowered says to which colour, cancelled to none")
        return self


class CalloutEntryIn(Command):
    """A person, or whoever holds an office, on the standing list."""

    role: CalloutRole
    person_id: RowId | None = None
    office_id: RowId | None = None

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        if (self.person_id is None) == (self.office_id is None):
            raise PydanticCustomError("one_of_them", "a person or an office: one of them")
        return self


class CalloutListIn(Command):
    """The standing list of the county or a township, in the order in which they are called."""

    region_code: RegionCode
    entries: Annotated[list[CalloutEntryIn], Field(max_length=30)]


class CalloutMinutesIn(Command):
    """The minutes of one colour."""

    county: MinuteCount
    township: MinuteCount
    village: MinuteCount
    feedback: MinuteCount
    person: MinuteCount
    channel: MinuteCount
    retry: MinuteCount


class CalloutLimitsIn(Command):
    """A new version of the table of minutes, and why."""

    red: CalloutMinutesIn
    orange: CalloutMinutesIn
    yellow: CalloutMinutesIn
    blue: CalloutMinutesIn
    verify_percent: Annotated[int, Field(ge=1, le=100)] = 5
    reason: Reason
