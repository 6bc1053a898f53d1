"""Wire shapes of a recommendation."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from app.duty.roster.on_call import CalledFact
from app.wire import Fact

PartnerKind = Literal["neighbour", "superior", "military", "other"]
DeploymentKind = Literal["forward", "move_up"]


class ReasonFact(Fact):
    """Why, in both languages, with a stable code."""

    code: str
    zh: str
    en: str


class OfferFact(Fact):
    """A unit that may go. `picked_for` are the needs it should go for; empty: it need not.

    `distance_m` along the straight line, `eta_s` from the order with `turnout_s` in it. `contact` is who
    leads the post of its place at this instant, by the roster.
    """

    rank: int
    team_id: int
    team_name: str
    call_sign: str
    distance_m: float
    turnout_s: float
    eta_s: float
    score: float
    people: int
    picked_for: list[str]
    contact: CalledFact | None
    reasons: list[ReasonFact]


class LeftOutFact(Fact):
    """An able unit that is not offered."""

    team_id: int
    team_name: str
    code: str
    zh: str
    en: str


class AidFact(Fact):
    """A neighbour, a superior or another partner who could bring what is missing."""

    partner_id: int
    kind: PartnerKind
    name_zh: str
    name_en: str
    phone: str
    distance_m: float | None


class NeedFact(Fact):
    """What is needed of a capability and how far it is met, counting who is out already."""

    capability: str
    capability_zh: str
    teams: int
    people: int
    have_teams: int
    have_people: int
    short: ReasonFact | None
    aid: list[AidFact]


class CardFact(Fact):
    """The run card that was taken; `reminder` goes with the order."""

    id: str
    name_zh: str
    name_en: str
    alarms: int
    reminder_zh: str
    reminder_en: str


class MoveUpFact(Fact):
    """A township that would be left bare, and who should stand in (None: nobody can be spared)."""

    region_code: str
    region_name: str
    team_id: int | None
    team_name: str | None
    from_region_code: str | None
    eta_s: float | None
    zh: str
    en: str


class AdviceFact(Fact):
    """Which units should go to an incident, with what it was asked for.

    `left_out` are the nearest of those left out, `left_out_counts` all of them by code. `alarm` is how many
    alarms were added up.
    """

    incident_id: int
    incident_number: str
    at: datetime
    wanted: list[str]
    alarm: int
    card: CardFact | None
    by_hand: bool
    needs: list[NeedFact]
    offers: list[OfferFact]
    left_out: list[LeftOutFact]
    left_out_counts: dict[str, int]
    shortfall: ReasonFact | None
    move_ups: list[MoveUpFact]


class ReplacementFact(Fact):
    """Who should go in place of a team that is to be diverted: what if it left now.

    `needed`: without it the incident is short of what it needs. `offer` is the best who brings something of
    what it brought; without one `shortfall` says why there is nobody.
    """

    assignment_id: int
    incident_id: int
    incident_number: str
    team_name: str
    needed: bool
    offer: OfferFact | None
    shortfall: ReasonFact | None


class JointAdviceFact(Fact):
    """Several incidents solved together: every team is picked for one of them at most."""

    at: datetime
    advice: list[AdviceFact]
    move_ups: list[MoveUpFact]


class DeploymentFact(Fact):
    """A team stands by away from home (靠前驻防), or moved up to a township that was left bare (补位)."""

    id: int
    team_id: int
    team_name: str
    kind: DeploymentKind
    region_code: str
    region_name: str
    place: str
    lon: float
    lat: float
    reason: str
    starts_at: datetime
    ends_at: datetime | None
    ordered_by: str
    ordered_at: datetime
    ended_by: str | None
    ended_at: datetime | None


class PartnerFact(Fact):
    """Who is asked for help when the county has no more."""

    id: int
    kind: PartnerKind
    name_zh: str
    name_en: str
    phone: str
    lon: float | None
    lat: float | None
    capabilities: list[str]
    note: str
    active: bool
