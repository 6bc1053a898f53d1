"""What people ask of dispatch: the validated shapes of commands."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal, Self

from pydantic import Field, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from app.commands import (
    Command,
    Latitude,
    Line,
    Longitude,
    Moment,
    Placed,
    Reason,
    RegionCode,
    RowId,
)
from app.dispatch.assignment_facts import AnswerChannel
from app.dispatch.facts import Caller, Casualties, IncidentSource, ReportKind, ReportNode

# What a caller tells comes in one piece, and must not be cut while he speaks.
CallersTale = Annotated[str, StringConstraints(strip_whitespace=True, max_length=10_000)]
EventCode = Annotated[str, StringConstraints(pattern=r"^1[1-4][A-Z0-9][0-9]{2}$")]


Persons = Annotated[int, Field(ge=0, le=1_000_000)]
Amount = Annotated[float, Field(ge=0, le=10_000_000, allow_inf_nan=False)]


class CallerIn(Caller):
    """A caller as told: bounded, because it rides along with every event of the incident."""

    name: Line = ""
    phone: Annotated[str, StringConstraints(strip_whitespace=True, max_length=40)] = ""
    words: Annotated[str, StringConstraints(strip_whitespace=True, max_length=1000)] = ""
    ring_began_at: Moment | None = None
    answered_at: Moment | None = None
    rings: Annotated[int, Field(ge=1, le=99)] | None = None

    @model_validator(mode="after")
    def _rang_first(self) -> Self:
        if self.ring_began_at and self.answered_at and self.answered_at < self.ring_began_at:
            raise PydanticCustomError("answered_before_it_rang", "answered before it rang")
        return self


class CasualtiesIn(Casualties):
    """Figures as told."""

    dead: Persons | None = None
    missing: Persons | None = None
    trapped: Persons | None = None
    seriously_injured: Persons | None = None
    slightly_injured: Persons | None = None
    at_risk: Persons | None = None
    evacuated: Annotated[int, Field(ge=0, le=10_000_000)] | None = None
    homes: Persons | None = None
    loss: Amount | None = None
    loss_at_risk: Amount | None = None
    area: Amount | None = None
    magnitude: Annotated[float, Field(ge=0, le=10, allow_inf_nan=False)] | None = None


Callers = Annotated[list[CallerIn], Field(max_length=20)]


class IncidentIn(Placed):
    """A new incident, by hand from a telephone call or another source; with `drill_id` of a running drill."""

    event_scheme: Line = "CN-EVENT-5"
    event_code: EventCode
    title: Line = ""
    initial_level: Annotated[int, Field(ge=1, le=4)] = 4
    life_threat: bool = False
    source: IncidentSource = "telephone"
    region_code: RegionCode
    address: Line = ""
    description: CallersTale = ""
    callers: Callers = []
    casualties: CasualtiesIn = CasualtiesIn()
    occurred_at: Moment | None = None
    received_at: Moment | None = None
    drill_id: RowId | None = None


class AlarmConfirmIn(Placed):
    """What the officer knows better than the alarm; everything else is taken from the alarm."""

    event_scheme: Line = "CN-EVENT-5"
    event_code: EventCode = "12Y00"
    title: Line = ""
    initial_level: Annotated[int, Field(ge=1, le=4)] = 4
    life_threat: bool = True
    region_code: RegionCode | None = None
    address: Line = ""
    description: CallersTale = ""
    callers: Callers = []
    casualties: CasualtiesIn = CasualtiesIn()
    occurred_at: Moment | None = None


class IncidentPatch(Placed):
    """Changed fields only; `version` is the one the editor saw.

    `reason` is asked for when the type changes or the level is lowered.
    """

    version: Annotated[int, Field(ge=1, le=2**31)]
    event_scheme: Line | None = None
    event_code: EventCode | None = None
    title: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)] | None = (
        None
    )
    initial_level: Annotated[int, Field(ge=1, le=4)] | None = None
    life_threat: bool | None = None
    region_code: RegionCode | None = None
    address: Line | None = None
    description: CallersTale | None = None
    callers: Callers | None = None
    casualties: CasualtiesIn | None = None
    occurred_at: Moment | None = None
    reason: Line = ""


class ReasonIn(Command):
    """A step that needs a reason."""

    reason: Reason


class TellingIn(Command):
    """Somebody above was told: whom, by what means, when.

    `receiver` makes it a report that counts (docs/reporting.md); no `sender`: the node of who enters it.
    `version`: which version of the incident was told, the present one if nobody says.
    """

    whom: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100)]
    channel: Annotated[str, StringConstraints(strip_whitespace=True, max_length=40)] = "telephone"
    told_at: Moment | None = None
    sender: ReportNode | None = None
    receiver: ReportNode | None = None
    kind: ReportKind = "initial"
    number: Annotated[str, StringConstraints(strip_whitespace=True, max_length=40)] = ""
    receipt: Annotated[str, StringConstraints(strip_whitespace=True, max_length=100)] = ""
    version: Annotated[int, Field(ge=1, le=1_000_000)] | None = None


OrderText = Annotated[str, StringConstraints(strip_whitespace=True, max_length=500)]
Rank = Annotated[int, Field(ge=1, le=1000)]


class ReplaceIn(Command):
    """Who goes to the incident a diverted team leaves, with the order for there."""

    team_id: RowId
    text: OrderText = ""
    rank_when_assigned: Rank | None = None


class AssignIn(Command):
    """Send one team. `rank_when_assigned` is its rank in the recommendation the officer saw.

    `acks_required` acknowledgements are wanted, or one of each of `ack_people`. `divert_from` names the
    active assignment a committed team is taken from: the confirmation that it leaves it. `replacement` is
    sent in the same instant to the incident it leaves: both or neither. `check_in_min` lets the team report
    that it is safe so often (a watch at a dead fire: hourly), not as its kind does.
    """

    team_id: RowId
    text: OrderText = ""
    rank_when_assigned: Rank | None = None
    acks_required: Annotated[int, Field(ge=1, le=20)] = 1
    ack_people: Annotated[list[RowId], Field(max_length=20)] = []
    divert_from: RowId | None = None
    replacement: ReplaceIn | None = None
    check_in_min: Annotated[int, Field(ge=5, le=240)] | None = None


class StepIn(Command):
    """One step of an assignment, by the team itself or by the desk on its behalf.

    `told_at` is when the desk was told (now unless stated), `person_id` whose acknowledgement it is where an
    order asks for those of named people.
    """

    step: Literal["acknowledge", "decline", "depart", "arrive", "finish", "return", "cancel"]
    channel: AnswerChannel = "app"
    reason: Line = ""
    happened_at: Moment | None = None
    told_at: Moment | None = None
    person_id: RowId | None = None


class UndoIn(Command):
    """Take the last step back. The one who took it needs no reason while it is fresh."""

    reason: Line = ""


class TeamSignIn(Command):
    """A sign from a team by whatever channel: still coming, or all safe."""

    channel: AnswerChannel = "app"


class RungIn(Command):
    """Go to a rung of the ladder at once, by its id."""

    rung: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
    reason: Reason


class StandbyIn(Command):
    """Put a team on or off standby."""

    standby: bool


class PositionIn(Command):
    """A field phone's own position."""

    lon: Longitude
    lat: Latitude
    accuracy_m: Annotated[float, Field(ge=0, le=100_000)] | None = None
    speed_mps: Annotated[float, Field(ge=0, le=200)] | None = None
    course_deg: Annotated[float, Field(ge=0, le=360)] | None = None
    fixed_at: Moment | None = None


class HelpIn(Placed):
    """A call for help from a field phone; without a place the phone's last known one stands."""

    happened_at: Moment
    fixed_at: Moment | None = None
    text: Line = ""


class FieldWordsIn(Command):
    """What a team writes from the scene."""

    text: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=1000)]
    happened_at: Moment


def earlier(stated: datetime | None, now: datetime) -> datetime:
    """Return the stated instant, or now when nothing was stated or the statement lies in the future."""
    return min(stated, now) if stated else now
