"""What people say of contact."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import StringConstraints

from app.commands import Command, Line, Reason, Told

Means = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,39}$")]


class ContactAttemptIn(Told):
    """A try to reach a unit by a rung of the ladder, and what came of it."""

    means: Means
    result: Literal["reached", "no_answer", "failed"]
    words: Line = ""


class ContactCloseIn(Command):
    """Why the task ends though the unit is not heard as usual: given up its post, moved, seen in person."""

    reason: Reason
