"""Answers that exist only on the HTTP edge."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from zoneinfo import ZoneInfo

from pydantic import StringConstraints

from app.commands import Command
from app.desk.events import WireEvent
from app.desk.snapshot import Picture
from app.org.rules.access import Permission, Role, Viewer
from app.tracking.facts import PositionFact
from app.wire import Fact


class LoginIn(Command):
    """Name and password; `code` where the account asks for a second factor."""

    username: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=80)]
    password: Annotated[str, StringConstraints(min_length=1, max_length=200)]
    code: Annotated[str, StringConstraints(strip_whitespace=True, min_length=6, max_length=20)] | None = None


class Me(Fact):
    """Who is logged in; `person_id` is who this is in the register of persons.

    `second_factor_due`: the role needs a second factor, and nothing else is answered until it is set up.
    `zone` is the county's time zone (IANA), in which every time is shown and typed.
    """

    id: int
    username: str
    name: str
    role: Role
    stream: str
    scope: str
    team_ids: list[int]
    person_id: int | None
    permissions: list[Permission]
    zone: str
    second_factor_due: bool


def me_of(viewer: Viewer, zone: ZoneInfo, *, due: bool = False) -> Me:
    """Return the viewer as shown to himself."""
    return Me(
        id=viewer.account_id,
        username=viewer.username,
        name=viewer.name,
        role=viewer.role,
        stream=viewer.stream,
        scope=viewer.scope,
        team_ids=sorted(viewer.team_ids),
        person_id=viewer.person_id,
        permissions=viewer.permissions,
        zone=zone.key,
        second_factor_due=due,
    )


class SnapshotOut(Picture):
    """The picture at `seq`; events after it come over the WebSocket."""

    seq: int
    at: datetime
    me: Me
    positions: list[PositionFact]


class EventPage(Fact):
    """Events after a cursor; `next` is the cursor for the following page."""

    events: list[WireEvent]
    next: int
    head: int
    more: bool


class RegionOut(Fact):
    """A place of the tree."""

    code: str
    name: str
    name_en: str
    kind: str
    parent: str | None
    lon: float
    lat: float
    population: int


class EventTypeOut(Fact):
    """A kind of incident."""

    scheme: str
    code: str
    name_zh: str
    name_en: str
    category: str
    restricted: bool


class LimitsOut(Fact):
    """The limits the console shows. `credentials_max_days`: how old passwords may be; 0: any age."""

    answer_limit_s: int
    leader_alert_limit_s: int
    position_limit_s: int
    credentials_max_days: int


class CentreOut(Fact):
    """The name of the centre."""

    name_zh: str
    name_en: str


class ReferenceOut(Fact):
    """What changes rarely: places, kinds of incident, limits."""

    regions: list[RegionOut]
    event_types: list[EventTypeOut]
    limits: LimitsOut
    centre: CentreOut
    drill: bool


class UnknownDeviceOut(Fact):
    """A number that spoke to us and stands in no register."""

    family: str
    number: str
    first_heard_at: datetime
    last_heard_at: datetime
    count: int
