"""What people ask of tasks."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import Field, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from app.commands import Command, Line, Moment, Paragraph, RegionCode, RowId
from app.task.rules import TaskKind, TaskStep


class LoopIn(Command):
    """Something found that is to be put right. With a unit or an owner it is assigned at once.

    A whistle (吹哨) names the departments (`units`) that report on site, within 2 h if `urgent`, else 24 h;
    the first of them leads unless `unit_id` says another.
    """

    kind: TaskKind
    title: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=120)]
    text: Paragraph = ""
    region_code: RegionCode
    unit_id: RowId | None = None
    owner: Line = ""
    due_at: Moment | None = None
    units: Annotated[list[RowId], Field(max_length=12)] = []
    urgent: bool = False

    @model_validator(mode="after")
    def _only_a_whistle_calls(self) -> Self:
        if (self.units or self.urgent) and self.kind != "whistle":
            raise PydanticCustomError("units_of_a_whistle", "only a whistle calls departments")
        self.units = list(dict.fromkeys(self.units))
        return self


class CauseTaskIn(Command):
    """What is to be put right about a device or a finding, by whom and by when: it becomes one open task."""

    words: Line = ""
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


class TaskArrivalIn(Command):
    """A department's people reported on site: who, and when if not now."""

    unit_id: RowId
    name: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=80)]
    at: Moment | None = None
