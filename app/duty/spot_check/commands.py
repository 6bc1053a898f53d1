"""What people ask of spot checks: the validated shapes of commands."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from app.commands import Command, Line, Moment, Paragraph, Reason, RegionCode, RowId
from app.duty.spot_check.rules.judge import Failure, Method

Title = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=80)]
Seed = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=60)]
Seconds = Annotated[int, Field(ge=0, le=7200)]
Body = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=20_000)]
MOST_DRAWN = 200


class ShareIn(Command):
    """So many of the drawn posts are checked by this means."""

    method: Method
    count: Annotated[int, Field(ge=1, le=MOST_DRAWN)]


class SpotCheckIn(Command):
    """A round of checks, now or at a planned time. Without a seed the server makes one.

    `kinds` and `region_codes` narrow the pool; empty means every post. As many posts are drawn as the shares
    say, the first share taking the posts drawn first.
    """

    title: Title
    ordered_by: Line = ""
    starts_at: Moment | None = None
    ends_at: Moment | None = None
    kinds: Annotated[list[Title], Field(max_length=20)] = []
    region_codes: Annotated[list[RegionCode], Field(max_length=100)] = []
    shares: Annotated[list[ShareIn], Field(min_length=1, max_length=6)]
    seed: Seed | None = None
    weighting: Literal["plain", "quota"] = "plain"
    response_level: Annotated[int, Field(ge=1, le=4)] | None = None

    @model_validator(mode="after")
    def _ends_after_it_starts(self) -> Self:
        if self.starts_at and self.ends_at and self.ends_at <= self.starts_at:
            raise PydanticCustomError("ends_before_start", "ends_at must lie after starts_at")
        return self


class MethodIn(Command):
    """Check a post by another means."""

    method: Method


class _ResultIn(Command):
    """What every means tells of an answer: who it was, and what he knows. None was not asked."""

    answered: bool
    person_id: RowId | None = None
    name: Line = ""
    standing_in: bool = False
    at_desk: bool = True
    weather: bool | None = None
    warnings: bool | None = None
    leader_named: bool | None = None
    log_last_entry_at: Moment | None = None
    log_complete: bool | None = None
    note: Line = ""

    @model_validator(mode="after")
    def _names_who_answered(self) -> Self:
        if self.answered and self.at_desk and self.person_id is None and not self.name:
            raise PydanticCustomError("nobody_named", "say who answered")
        return self


class PhoneResultIn(_ResultIn):
    """A call to the one duty telephone: after how many rings (R6)."""

    method: Literal["phone"]
    rings: Annotated[int, Field(ge=1, le=60)] | None = None
    seconds: Seconds | None = None

    @model_validator(mode="after")
    def _counts_the_rings(self) -> Self:
        if self.answered and self.rings is None:
            raise PydanticCustomError("rings_missing", "say after how many rings")
        return self


class VideoResultIn(_ResultIn):
    """A call to the video room: how long it took to connect; `at_desk`: somebody was in the picture."""

    method: Literal["video"]
    seconds: Seconds | None = None


class CallResultIn(_ResultIn):
    """A call over another means; the server measures the seconds unless they were counted."""

    method: Literal["app", "radio", "satellite_phone", "beidou"]
    seconds: Seconds | None = None


ResultIn = Annotated[PhoneResultIn | VideoResultIn | CallResultIn, Field(discriminator="method")]


class LeaderIn(Command):
    """Whether the leader in charge was reached, after how many seconds, and whether he is on site."""

    reached: bool
    seconds: Seconds | None = None
    on_site: bool | None = None
    note: Line = ""


class CircularIn(Command):
    """The circular's text; `version` is the one that was read."""

    version: Annotated[int, Field(ge=1)]
    title: Title
    body: Body


class EvidenceIn(Command):
    """What was done about a failure."""

    evidence: Reason


class ConfirmIn(Command):
    """Whether the centre takes it as done; otherwise it is open again."""

    done: bool
    remark: Line = ""


class AppealIn(Command):
    """Why one failure of a finding is wrong."""

    failure: Failure
    evidence: Reason


class AppealDecisionIn(Command):
    """A leader's word on an appeal."""

    upheld: bool
    remark: Paragraph = ""
