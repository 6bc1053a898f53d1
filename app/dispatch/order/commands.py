"""What people ask of orders: the validated shapes of commands."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from app.commands import Command, Line, Moment, Paragraph, Reason, RowId
from app.dispatch.assignment_facts import AnswerChannel

MOST_TITLE = 80
Title = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=MOST_TITLE)]
Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=1000)]
TaskKind = Literal["personnel", "equipment", "facility", "supplies", "information", "action"]
Basis = Literal["incident", "instruction", "plan_card", "text"]
MOST_RECIPIENTS, MOST_TASKS = 100, 30


class RecipientIn(Command):
    """To whom an order goes: a unit, a team or a person, one of them."""

    unit_id: RowId | None = None
    team_id: RowId | None = None
    person_id: RowId | None = None

    @model_validator(mode="after")
    def _one_of_them(self) -> Self:
        if [self.unit_id, self.team_id, self.person_id].count(None) != 2:
            raise PydanticCustomError("one_of_them", "name exactly one of unit_id, team_id, person_id")
        return self


class TaskIn(Command):
    """A task (人员、装备、设施、物资、信息、行动). `owner` is a recipient's place in the list, None all."""

    kind: TaskKind = "action"
    text: Words
    owner: Annotated[int, Field(ge=0, lt=MOST_RECIPIENTS)] | None = None
    due_at: Moment | None = None


class OrderIn(Command):
    """An order as drafted. `report_due_at` holds for tasks without a deadline of their own.

    A `drill` is marked 【演练】 and stays in the app; it is of no real incident and of no instruction. Of an
    incident that belongs to a drill every order is one, whatever is said here.
    """

    title: Title
    text: Paragraph = ""
    drill: bool = False
    basis: Basis = "text"
    basis_text: Line = ""
    incident_id: RowId | None = None
    instruction_id: RowId | None = None
    recipients: Annotated[list[RecipientIn], Field(min_length=1, max_length=MOST_RECIPIENTS)]
    tasks: Annotated[list[TaskIn], Field(min_length=1, max_length=MOST_TASKS)]
    report_requirement: Line = ""
    report_due_at: Moment | None = None
    ack_within_min: Annotated[int, Field(ge=1, le=24 * 60)] | None = None

    @model_validator(mode="after")
    def _hangs_together(self) -> Self:
        if len({tuple(one.model_dump().values()) for one in self.recipients}) < len(self.recipients):
            raise PydanticCustomError("recipient_twice", "the same recipient twice")
        owners = {task.owner for task in self.tasks}
        if any(owner is not None and owner >= len(self.recipients) for owner in owners):
            raise PydanticCustomError("no_such_owner", "a task's owner is one of the recipients")
        if None not in owners and len(owners) < len(self.recipients):
            raise PydanticCustomError("idle_recipient", "every recipient needs a task")
        of_incident = self.incident_id is not None  # an instruction and a plan's card may be of one or not
        if self.basis not in ("instruction", "plan_card") and (self.basis == "incident") != of_incident:
            raise PydanticCustomError("basis_missing", "basis incident needs incident_id")
        if (self.basis == "instruction") != (self.instruction_id is not None):
            raise PydanticCustomError("basis_missing", "basis instruction needs instruction_id")
        if self.drill and self.basis == "instruction":
            raise PydanticCustomError("drill_of_the_real", "a drill is of no instruction")
        return self


class OrderEditIn(OrderIn):
    """A draft anew; `revision` is the one that was read."""

    revision: Annotated[int, Field(ge=1)]


class OrderAmendIn(OrderEditIn):
    """An issued order anew, as its next version, with the reason."""

    reason: Reason


class IssueIn(Command):
    """Issue an order: by a leader's own account, or on his oral consent, with his name and the time."""

    revision: Annotated[int, Field(ge=1)]
    issued_as: Literal["leader_in_charge", "commander", "oral_consent"]
    consent_of: Line = ""
    consent_at: Moment | None = None

    @model_validator(mode="after")
    def _consent_has_a_name(self) -> Self:
        if self.issued_as == "oral_consent" and not (self.consent_of and self.consent_at):
            raise PydanticCustomError("consent_missing", "say who consented and when")
        return self


class OrderReceiptIn(Command):
    """A receipt. On another's behalf with the channel by which he told it, and who vouches for it."""

    channel: AnswerChannel = "app"
    voucher: Line = ""
    happened_at: Moment | None = None
    told_at: Moment | None = None


class FeedbackIn(OrderReceiptIn):
    """A report. `done_task_ids` are the tasks that are done by it; without any it tells of progress."""

    text: Words
    done_task_ids: Annotated[list[RowId], Field(max_length=MOST_TASKS)] = []


class CloseOutIn(Command):
    """The issuer's word on reported tasks, all of them unless named: accepted, or returned with why."""

    accepted: bool
    task_ids: Annotated[list[RowId], Field(max_length=MOST_TASKS)] = []
    remark: Line = ""
    due_at: Moment | None = None

    @model_validator(mode="after")
    def _return_has_a_reason(self) -> Self:
        if not self.accepted and not self.remark:
            raise PydanticCustomError("return_reason", "say why it is returned")
        return self
