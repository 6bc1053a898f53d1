"""What people ask of written reports: the validated shapes of commands."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from app.commands import Command, Line, Moment, Reason, RowId, ToldChannel

MOST_ADDRESSEES, MOST_TEXT = 20, 20_000
Words = Annotated[str, StringConstraints(strip_whitespace=True, max_length=2000)]
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=MOST_TEXT)]
Title = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=120)]
Named = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100)]
Node = Literal["C", "CG", "P", "PR", "D"]
Secrecy = Literal["public", "internal"]
Urgency = Literal["extra_urgent", "urgent", "normal"]
Revision = Annotated[int, Field(ge=1)]


class AddresseeIn(Command):
    """A node a report goes to: 总值班室 (CG), the prefecture (P), the province (PR) or a department (D).

    A township's report goes to the county's centre (C).
    """

    node: Node
    name: Named
    is_copy: bool = False


Addressees = Annotated[list[AddresseeIn], Field(min_length=1, max_length=MOST_ADDRESSEES)]


class NarrativeIn(Command):
    """What only people can say; what is empty is still being verified."""

    cause: Words = ""
    course: Words = ""
    scope: Words = ""
    losses: Words = ""
    trend: Words = ""
    leaders: Words = ""
    measures: Words = ""
    requests: Words = ""
    commander: Line = ""
    next_work: Words = ""


class ReportIn(Command):
    """Begin the next version. Without a narrative that of the version before goes on."""

    kind: Literal["initial", "followup", "final"]
    addressees: Addressees
    narrative: NarrativeIn | None = None
    secrecy: Secrecy = "internal"
    urgency: Urgency = "urgent"
    contact: Line = ""
    skip_reason: Line = ""

    @model_validator(mode="after")
    def _each_once(self) -> Self:
        _once(self.addressees)
        return self


class ReportEditIn(Command):
    """A draft anew. `refresh`: take the facts anew and write the text from them; else `text` is the text.

    `only_for` asks for a text for one addressee alone, which is refused (同口径).
    """

    revision: Revision
    title: Title
    text: Text
    addressees: Addressees
    narrative: NarrativeIn | None = None
    secrecy: Secrecy = "internal"
    urgency: Urgency = "urgent"
    contact: Line = ""
    skip_reason: Line = ""
    refresh: bool = False
    only_for: RowId | None = None

    @model_validator(mode="after")
    def _each_once(self) -> Self:
        _once(self.addressees)
        return self


class ReportStepIn(Command):
    """A step at the revision that was read."""

    revision: Revision


class ReportReturnIn(ReportStepIn):
    """Send it back with what is to be changed."""

    remarks: Reason


class ReportSignIn(ReportStepIn):
    """Sign a report: by the leader's own account, or on his oral consent in a grave case."""

    signed_as: Literal["leader", "oral_consent"] = "leader"
    consent_of: Line = ""
    consent_at: Moment | None = None

    @model_validator(mode="after")
    def _consent_has_a_name(self) -> Self:
        if self.signed_as == "oral_consent" and not (self.consent_of and self.consent_at):
            raise PydanticCustomError("consent_missing", "say who consented and when")
        return self


class ReportSendIn(Command):
    """It went out: to one addressee, or to all to whom it has not gone yet."""

    addressee_id: RowId | None = None
    channel: ToldChannel = "system"
    sent_at: Moment | None = None


class ReportConfirmIn(Command):
    """It was received: a receipt came, or a call confirmed it, then with who, at which number, when."""

    confirmed_as: Literal["receipt", "call"]
    who: Line = ""
    number: Line = ""
    at: Moment | None = None

    @model_validator(mode="after")
    def _call_is_told(self) -> Self:
        if self.confirmed_as == "call" and not (self.who and self.number and self.at):
            raise PydanticCustomError("call_untold", "say who confirmed it, at which number and when")
        return self


def _once(addressees: list[AddresseeIn]) -> None:
    if len({(one.node, one.name) for one in addressees}) < len(addressees):
        raise PydanticCustomError("addressee_twice", "the same addressee twice")
    if all(one.is_copy for one in addressees):
        raise PydanticCustomError("only_copies", "name one addressee that is no copy")
