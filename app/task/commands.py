"""What people ask of tasks."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, StringConstraints

from app.commands import Command, Line, Moment, Paragraph, RegionCode, RowId
from app.task.rules import TaskKind, TaskStep


class LoopIn(Command):
    """Something found that is to be put right. With a unit or an owner it is assigned at once."""

    kind: TaskKind
    title: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=120)]
    text: Paragraph = ""
    region_code: RegionCode
    unit_id: RowId | None = None
    owner: Line = ""
    due_at: Moment | None = None


class TaskStepIn(Command):
    """The next step, in words; assigning names a unit or an owner and by when."""

    step: TaskStep
    revision: Annotated[int, Field(ge=1)]
    words: Line = ""
    unit_id: RowId | None = None
    owner: Line = ""
    due_at: Moment | None = None
