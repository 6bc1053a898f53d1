"""What people ask of command bodies: the validated shapes of commands."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import Field, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from app.commands import Command, Line, Moment, Reason, RowId
from app.dispatch.command_body.facts import BodyKind, CommandChannel, CommandPost

Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100)]
Hazard = Annotated[str, StringConstraints(pattern=r"^1[1-4]([A-Z0-9]([0-9]{2})?)?$")]


class CommandHolderIn(Command):
    """Somebody at a post: of the register of persons, or by name."""

    post: CommandPost
    person_id: RowId | None = None
    name: Line = ""

    @model_validator(mode="after")
    def _somebody(self) -> Self:
        if self.person_id is None and not self.name:
            raise PydanticCustomError("nobody_at_post", "say who holds the post")
        return self


Holders = Annotated[list[CommandHolderIn], Field(max_length=60)]


class CommandBodyIn(Command):
    """A headquarters of the register, whole."""

    kind: BodyKind = "special"
    name_zh: Name
    name_en: Line = ""
    hazards: Annotated[list[Hazard], Field(max_length=60)] = []
    posts: Holders = []
    member_unit_ids: Annotated[list[RowId], Field(max_length=100)] = []


class CommandBodyAmendIn(CommandBodyIn):
    """A headquarters set anew, whole; `version` is the one the editor saw."""

    version: Annotated[int, Field(ge=1, le=2**31)]


class _Told(Command):
    """When it happened, when the desk was told, how, and by which voucher; now unless stated."""

    happened_at: Moment | None = None
    told_at: Moment | None = None
    channel: CommandChannel = "telephone"
    voucher: Line = ""


class ActivateIn(_Told):
    """Let a headquarters command an incident. No holders: those of the register."""

    body_id: RowId
    holders: Holders = []
    site: Line = ""
    reason: Reason


class HandOverCommandIn(_Told):
    """Somebody else holds a post from an instant on. `replaces`: whose holding ends with it."""

    holder: CommandHolderIn
    replaces: RowId | None = None
    reason: Reason


class StandDownIn(_Told):
    """The headquarters commands no longer."""

    reason: Reason
