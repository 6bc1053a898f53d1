"""What people say of versions of the rules."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from app.commands import Command, Line, Moment, Reason, RowId
from app.reporting.rules.nodes import LARGEST

RulesText = Annotated[str, StringConstraints(min_length=1, max_length=LARGEST)]
Name = Annotated[str, StringConstraints(min_length=1, max_length=40)]
Profiles = Annotated[list[Name], Field(min_length=1, max_length=50)]
FileOrVersion = Annotated[int, Field(ge=0, le=2**63 - 1)]  # 0 is the file


class RulesTextIn(Command):
    """A text to be read."""

    text: RulesText


class RulesDraftIn(Command):
    """A new draft, or a draft changed at the `revision` that was read; `base`: made from which version."""

    text: RulesText
    profiles: Profiles
    base: FileOrVersion = 0
    revision: Annotated[int, Field(ge=1)] | None = None


class RulesPublishIn(Command):
    """Publish a draft: `published_last` is the publication one has seen, 0 for none.

    `holds_from` None: at once.
    """

    revision: Annotated[int, Field(ge=1)]
    published_last: FileOrVersion
    reason: Reason
    holds_from: Moment | None = None


class RulesDropIn(Command):
    """Drop a draft, or withdraw what does not hold yet: then with a reason."""

    revision: Annotated[int, Field(ge=1)]
    reason: Line = ""


class LimitIn(Command):
    """A limit to be written into a text: whole minutes or working days, or `end_of_day`."""

    profile: Name
    rule: Name
    key: Literal["due_min", "due_working_days"] = "due_min"
    channel: Literal["phone", "written", "system"]
    grade: Name | None = None
    value: Annotated[str, StringConstraints(pattern=r"^(\d{1,6}|end_of_day)$")]


class RulesLimitsIn(Command):
    """Limits to be written into a text, which otherwise stays as it is, remarks included."""

    text: RulesText
    limits: Annotated[list[LimitIn], Field(min_length=1, max_length=200)]


class RulesTryIn(Command):
    """Try rules on what is recorded: a text, or a version, with profiles (none named: its own).

    Either the incidents opened in a range of time, or single ones; at most 500, the newest.
    """

    text: RulesText | None = None
    version: FileOrVersion | None = None
    profiles: Profiles | None = None
    since: Moment | None = None
    until: Moment | None = None
    incidents: Annotated[list[RowId], Field(max_length=500)] = []

    @model_validator(mode="after")
    def _one_of_each(self) -> Self:
        if (self.text is None) == (self.version is None):
            raise PydanticCustomError("rules_to_try", "name a text or a version: one of them")
        ranged = self.since is not None and self.until is not None
        if ranged == bool(self.incidents):
            raise PydanticCustomError("incidents_to_try", "name a range or incidents: one of them")
        if self.since and self.until and self.until <= self.since:
            raise PydanticCustomError("ends_before_start", "until must lie after since")
        return self
