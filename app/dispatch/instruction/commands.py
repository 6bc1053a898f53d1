"""What people ask of leaders' instructions."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from app.commands import Command, Line, Moment, RowId
from app.dispatch.order.commands import MOST_RECIPIENTS, MOST_TASKS, RecipientIn, TaskIn, Title

ToldHow = Literal["written_note", "telephone", "in_person", "message"]


class InstructionIn(Command):
    """An instruction as it was given; `photo_ref` names the picture of a written note."""

    leader_name: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=60)]
    leader_post: Line = ""
    text: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2000)]
    told_how: ToldHow = "written_note"
    photo_ref: Line = ""
    incident_id: RowId | None = None
    said_at: Moment | None = None
    told_at: Moment | None = None


class SplitIn(Command):
    """The tasks an instruction is split into; they go out as one order, on the leader's own consent."""

    title: Title
    recipients: Annotated[list[RecipientIn], Field(min_length=1, max_length=MOST_RECIPIENTS)]
    tasks: Annotated[list[TaskIn], Field(min_length=1, max_length=MOST_TASKS)]
    report_requirement: Line = ""
    report_due_at: Moment | None = None
    ack_within_min: Annotated[int, Field(ge=1, le=24 * 60)] | None = 30


class InstructionCloseIn(Command):
    """How it ended."""

    outcome: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=500)]
