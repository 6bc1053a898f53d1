"""What people ask of documents: the validated shapes of commands."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal, Self

from pydantic import Field, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from app.commands import Command, Line, Moment, RowId
from app.desk.documents.rules.kinds import MadeKind, WrittenKind

MOST_TEXT, MOST_TO = 20_000, 30
Part = Annotated[str, StringConstraints(strip_whitespace=True, max_length=12, pattern=r"^[0-9-]*$")]
Title = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=120)]
Text = Annotated[str, StringConstraints(strip_whitespace=True, max_length=MOST_TEXT)]
Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100)]
Names = Annotated[list[Name], Field(max_length=MOST_TO)]
Day = Annotated[date, Field(ge=date(2000, 1, 1), le=date(2099, 12, 31))]


class DocumentFileIn(Command):
    """File a document: of which noun (its number), of which part of it (a day, a month, a version).

    `drill`: it belongs to an exercise (演练): the series of drills, and 【演练】 on the paper.
    """

    kind: MadeKind
    id: RowId = 1
    part: Part = ""
    drill: bool = False


class DocumentTextBase(Command):
    """What a free text is made of. Without a text a daily brief is composed from the records of its day."""

    title: Title
    text: Text = ""
    secrecy: Literal["public", "internal"] = "internal"
    urgency: Literal["extra_urgent", "urgent", "normal"] = "normal"
    chaired_by: Line = ""
    place: Line = ""
    participants: Annotated[str, StringConstraints(strip_whitespace=True, max_length=2000)] = ""
    held_at: Moment | None = None
    addressees: Names = Field(default_factory=list)
    copies: Names = Field(default_factory=list)
    contact: Line = ""


class DocumentTextIn(DocumentTextBase):
    """Begin a text. A daily brief is of a day of duty, from eight to eight."""

    kind: WrittenKind
    drill: bool = False
    incident_id: RowId | None = None
    day: Day | None = None

    @model_validator(mode="after")
    def _brief_has_a_day(self) -> Self:
        if (self.kind == "daily_brief") != (self.day is not None):
            raise PydanticCustomError("brief_day", "a daily brief, and nothing else, is of a day")
        return self


class DocumentTextEditIn(DocumentTextBase):
    """A text anew, at the revision that was read."""

    revision: Annotated[int, Field(ge=1)]


class DocumentTextStepIn(Command):
    """A step at the revision that was read."""

    revision: Annotated[int, Field(ge=1)]


class DocumentPrintIn(Command):
    """Somebody takes a document out of the archive."""

    form: Literal["pdf", "docx"]
