"""What people ask of drills."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from app.commands import Command, Line, Moment, Paragraph, Reason, RowId
from app.exercise.rules.script import InjectIn

Source = Annotated[str, StringConstraints(min_length=1, max_length=200_000)]


class DrillMemberIn(Command):
    """An account that controls or judges the drill."""

    account_id: RowId
    role: Literal["controller", "evaluator"] = "controller"


PartyKey = Annotated[
    str, StringConstraints(pattern=r"^((person|account|unit|post|team):[1-9]\d{0,17}|place:\d{9})$")
]


class DrillIn(Command):
    """A drill: its script as text, when it is to begin, and who controls it besides its director.

    `participants` (参演) alone see and hear of it and are sent and asked in it, `observers` (观摩) only look
    on; no participant named: the whole county takes part.
    """

    source: Source
    planned_at: Moment
    members: Annotated[list[DrillMemberIn], Field(max_length=20)] = []
    participants: Annotated[list[PartyKey], Field(max_length=100)] = []
    observers: Annotated[list[PartyKey], Field(max_length=100)] = []


class DrillEditIn(DrillIn):
    """The drill anew, while it is planned; `revision` is the one that was read."""

    revision: Annotated[int, Field(ge=1)]


class ScriptIn(Command):
    """A script to be looked at."""

    source: Source


class DrillStepIn(Command):
    """Start, pause, resume, finish or cancel; pausing and cancelling say why."""

    step: Literal["start", "pause", "resume", "finish", "cancel"]
    reason: Line = ""


class InjectStepIn(Command):
    """Let an inject come now, hold it back, let it run again, or leave it out."""

    step: Literal["fire", "hold", "release", "skip"]


class InjectAddIn(Command):
    """An inject that stands in no script, sent at once: free words of the controllers."""

    inject: InjectIn


class InjectMarkIn(Command):
    """What an evaluator writes beside an inject; `done` says that what was expected was done now."""

    done: bool = False
    points: Annotated[int, Field(ge=0, le=100)] | None = None
    remark: Line = ""


class DrillVoiceIn(Command):
    """Let loudspeakers sound in the drill, as another person than its director, and why."""

    reason: Reason


class ImprovementIn(Command):
    """Something to be improved: it becomes a task of a unit."""

    title: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=120)]
    unit_id: RowId | None = None
    owner: Line = ""
    due_at: Moment | None = None


class EvaluationIn(Command):
    """The evaluation: what is said of the whole, and what is to be improved."""

    summary: Paragraph = ""
    improvements: Annotated[list[ImprovementIn], Field(max_length=30)] = []
