"""What comes from outside about broadcasts."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from app.broadcast.rules.law import Wish
from app.codecs.colours import Colour
from app.commands import Command, Latitude, Line, Longitude, Moment, Reason, RegionCode, RowId

MOST_AREAS, MOST_POLYGONS, MOST_POINTS = 400, 10, 500
Press = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{8,64}$")]
Language = Annotated[str, StringConstraints(pattern=r"^[a-z]{3}$")]
Title = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=60)]
Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=1000)]
Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=60)]
Phone = Annotated[str, StringConstraints(strip_whitespace=True, min_length=3, max_length=30)]
CauseStatus = Annotated[str, StringConstraints(to_lower=True, pattern=r"^[a-zA-Z]{1,20}$")]
Point = tuple[Longitude, Latitude]


class BroadcastSpokenIn(Command):
    """The same in a further language (GB/T 4880.2)."""

    language: Language
    title: Title
    text: Words


class BroadcastAreaIn(Command):
    """Where: places of the tree (all villages below them), and polygons drawn on the map (lon, lat).

    `replaces_id` names an earlier broadcast that this one brings up to date, or ends (解除): without places
    of its own it goes to those whom that one, and what that one replaced, was for.
    """

    areas: Annotated[list[RegionCode], Field(max_length=MOST_AREAS)] = []
    polygons: Annotated[
        list[Annotated[list[Point], Field(min_length=3, max_length=MOST_POINTS)]],
        Field(max_length=MOST_POLYGONS),
    ] = []
    replaces_id: RowId | None = None

    @model_validator(mode="after")
    def _somewhere(self) -> Self:
        if not self.areas and not self.polygons and self.replaces_id is None:
            raise PydanticCustomError("no_area", "choose at least one area")
        return self


class BroadcastIn(BroadcastAreaIn):
    """A broadcast sheet. `press` is the page's key of this one press: pressed twice, it is one sheet.

    `start_at` None: as soon as it is approved. `end_at` None: an hour after the start, or as long as it
    takes.
    """

    press: Press
    wish: Wish = "actual"
    event_type: Annotated[str, StringConstraints(pattern=r"^[0-9A-Z]{5}$")]
    colour: Colour | None = None
    daily: bool = False
    title: Title
    text: Words
    language: Language = "zho"
    more_texts: Annotated[list[BroadcastSpokenIn], Field(max_length=4)] = []
    voice_id: RowId | None = None
    template: Line = ""
    start_at: Moment | None = None
    end_at: Moment | None = None
    repeats: Annotated[int, Field(ge=1, le=20)] = 3
    interval_s: Annotated[int, Field(ge=0, le=600)] = 5
    cause_kind: Literal["", "warning", "incident", "response"] = ""
    cause_id: RowId | None = None
    cause_words: Line = ""
    cause_status: CauseStatus = "actual"

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.start_at is not None and self.end_at is not None and self.end_at <= self.start_at:
            raise PydanticCustomError("window", "end_at comes after start_at")
        if (self.cause_kind == "") != (self.cause_id is None):
            raise PydanticCustomError("half_a_cause", "cause_kind and cause_id belong together")
        if len({self.language, *(one.language for one in self.more_texts)}) != len(self.more_texts) + 1:
            raise PydanticCustomError("language_twice", "each language stands once")
        return self


class BroadcastEditIn(BroadcastIn):
    """The sheet anew; `revision` is the one that was read."""

    revision: Annotated[int, Field(ge=1)]


class BroadcastRevisionIn(Command):
    """What was read when this was pressed."""

    revision: Annotated[int, Field(ge=1)]


class BroadcastApprovalIn(BroadcastRevisionIn):
    """Let it go. For a drill `audible` is the number of loudspeakers the person saw would sound."""

    audible: Annotated[int, Field(ge=0)] | None = None


class BroadcastReturnIn(BroadcastRevisionIn):
    """Back to the author, with what is to be changed."""

    remarks: Reason


class BroadcastConsentIn(BroadcastRevisionIn):
    """A named leader consented by telephone: who, at which number, when, in which words."""

    consent_of: Name
    phone: Phone
    at: Moment
    words: Reason
    audible: Annotated[int, Field(ge=0)] | None = None


class BroadcastStopIn(Command):
    """Stop it now. A reason may follow later: a stop waits for nothing."""

    reason: Line = ""


class BroadcastDropIn(Command):
    """Put a sheet away that was not let go."""

    reason: Reason


class BroadcastDrawIn(Command):
    """Draw villages that are asked whether it was heard."""

    count: Annotated[int, Field(ge=1, le=50)] = 2


class BroadcastHeardIn(Command):
    """What the call to a drawn village brought."""

    answer: Literal["heard", "not_heard", "no_answer"]
    person: Line = ""
    phone: Line = ""
    words: Line = ""


class SpeakerRepairIn(Command):
    """A terminal is to be repaired."""

    terminal_id: RowId
    fault: Reason
    owner: Line = ""
    owner_phone: Line = ""


class SpeakerRepairOwnerIn(Command):
    """Who sees to it."""

    owner: Name
    owner_phone: Line = ""


class SpeakerRepairDoneIn(Command):
    """It works again."""

    note: Reason


class SpeakerDrillIn(Command):
    """Whether the terminals of a village may sound in a drill."""

    drills: bool


class BroadcastFileIn(Command):
    """The name of a file whose bytes are the body."""

    name: Line = ""
    terminal_id: RowId | None = None
