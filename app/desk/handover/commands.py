"""What people ask of a hand-over."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, StringConstraints

from app.commands import Command, Line, Moment, RowId
from app.desk.handover.facts import MatterKind
from app.desk.handover.rules.signing import Part

Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=500)]


class OpenIn(Command):
    """Which post hands over; the change of shift is the one at hand."""

    post_id: RowId


class TickIn(Command):
    """A receiver takes an item over. `person_id` is told at the account of one who is in neither team.

    `in_order` False needs a remark: what the receiver found instead.
    """

    in_order: bool = True
    remark: Line = ""
    person_id: RowId | None = None


class MoveIn(Command):
    """Who came or went. A reason is needed by one who goes before he is relieved."""

    person_id: RowId
    reason: Line = ""


class SignIn(Command):
    """A signature: one's own, or one typed for a person without an account, with the reason."""

    part: Part
    person_id: RowId | None = None
    reason: Line = ""


class MatterIn(Command):
    """A matter to be handed on."""

    kind: MatterKind
    text: Words
    due_at: Moment | None = None


class MatterCloseIn(Command):
    """How a matter ended."""

    outcome: Annotated[str, Field(max_length=500)] = ""
