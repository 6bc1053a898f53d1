"""What people say of presence."""

from __future__ import annotations

from typing import Literal

from app.commands import Command, Line, Moment, Placed, RowId


class ArrivalIn(Placed):
    """I am here, or (`person_id`) somebody is: the shift lead writes it down. A telephone tells where."""

    person_id: RowId | None = None
    means: Literal["desk", "phone"] = "desk"
    note: Line = ""


class LeavingIn(Command):
    """I go, or somebody was found gone (`person_id`, since `at`).

    `anyway`: a leader answers for an empty seat, and says why in the note.
    """

    person_id: RowId | None = None
    at: Moment | None = None
    anyway: bool = False
    note: Line = ""


class AliveIn(Placed):
    """I am still here."""


class LeaderCallIn(Command):
    """The leader in charge was called; `person_id` says which one, where several lead at this post now."""

    person_id: RowId | None = None
    answered: bool
    note: Line = ""


class StandInIn(Command):
    """Let a person fill a seat from now (or the gap's beginning) on; `gap_id` is what it is for.

    `despite` is a leader's reason why somebody sits for more than 24 hours at a stretch.
    """

    person_id: RowId
    gap_id: RowId
    note: Line = ""
    despite: Line = ""
