"""Command bodies on the wire."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from app.wire import Fact

BodyKind = Literal["general", "special", "on_site"]
CommandPost = Literal["commander", "deputy", "member", "office"]
CommandChannel = Literal["telephone", "radio", "in_person", "document", "app"]


class CommandPostFact(Fact):
    """A post of a headquarters and who holds it as a rule."""

    post: CommandPost
    person_id: int | None = None
    name: str


class MemberUnitFact(Fact):
    """A member unit (成员单位)."""

    id: int
    name_zh: str


class CommandBodyFact(Fact):
    """A headquarters of the register. `hazards` are beginnings of event codes; `version` grows with every
    change.
    """

    id: int
    kind: BodyKind
    name_zh: str
    name_en: str
    hazards: list[str]
    posts: list[CommandPostFact]
    member_units: list[MemberUnitFact]
    retired_at: datetime | None = None
    version: int = 1


class CommandHoldingFact(Fact):
    """Who held a post from when to when; when that was told and entered, how, by which voucher."""

    id: int
    post: CommandPost
    person_id: int | None
    name: str
    from_at: datetime
    to_at: datetime | None
    told_at: datetime
    entered_at: datetime
    entered_by: str
    channel: CommandChannel
    voucher: str
    reason: str


class CommandActivationFact(Fact):
    """A headquarters in command of an incident, or that was."""

    id: int
    incident_id: int
    body_id: int
    body_name: str
    kind: BodyKind
    site: str
    reason: str
    activated_at: datetime
    told_at: datetime
    entered_at: datetime
    entered_by: str
    channel: CommandChannel
    voucher: str
    stood_down_at: datetime | None
    stood_down_by: str | None
    stood_down_reason: str | None
    holders: list[CommandHoldingFact]
    member_units: list[MemberUnitFact]


class CommandOfIncident(Fact):
    """Who commands an incident, who did, and the headquarters that fit it, the closest first."""

    activations: list[CommandActivationFact]
    proposed: list[CommandBodyFact]
