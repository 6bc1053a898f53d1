"""Drones, flights and live pictures on the wire."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from app.devices.drones.live import Verb
from app.wire import Fact

MissionState = Literal["planned", "flying", "landed"]
AirspaceKind = Literal["filed", "not_needed"]
LiveOutcome = Literal["asked", "done", "refused", "no_answer", "not_sent", "interrupted"]


class ProposedFact(Fact):
    """What a drone itself says of a launch or a landing: when, and its battery then."""

    at: datetime
    battery_pct: float | None


class DroneMissionFact(Fact):
    """A flight. `proposed_launch` and `proposed_landing` wait for a person who takes them over."""

    id: int
    number: str
    drill: bool
    device_id: int
    device_label: str
    incident_id: int | None
    incident_number: str
    region_code: str
    purpose: str
    pilot: str
    observer: str
    airspace_kind: AirspaceKind
    airspace: str
    launched_at: datetime | None
    launch_pct: float | None
    landed_at: datetime | None
    landing_pct: float | None
    note: str
    attachment_ids: list[int]
    made_by: str
    made_at: datetime
    state: MissionState
    proposed_launch: ProposedFact | None = None
    proposed_landing: ProposedFact | None = None


class DroneLiveFact(Fact):
    """A dock was asked for its drone's picture. `target` is the host: the address may hold a key."""

    id: int
    device_id: int
    device_label: str
    verb: Verb
    target: str
    outcome: LiveOutcome
    code: int | None
    asked_by: str
    asked_at: datetime
    ended_at: datetime | None
    said_zh: str = ""
    said_en: str = ""


class DroneFact(Fact):
    """A drone as it last told of itself; what it never told is None.

    `link`: live, lost (in the air and silent), silent (on the ground), never_heard, none (no way to hear it).
    `battery_known` is false when it told that it does not know. `clock_off_s`: by how much its clock is
    wrong, 0 while it is right. `can_send`: there is a dock that can be asked for its picture.
    """

    id: int
    family: str
    number: str
    label: str
    region_code: str
    link: Literal["live", "lost", "silent", "never_heard", "none"]
    heard_at: datetime | None
    battery_pct: float | None
    battery_known: bool
    remaining_s: float | None
    height_m: float | None
    heading_deg: float | None
    wind_mps: float | None
    satellites: int | None
    mode: str
    landed: str
    flies: bool
    clock_off_s: int | None
    says: str
    gateway: str
    can_send: bool
    lon: float | None
    lat: float | None
    place_at: datetime | None
    speed_mps: float | None
    mission_id: int | None
    live: DroneLiveFact | None


class DroneBoard(Fact):
    """All drones of the scope. `docks`: their broker is set; `stream_url`: where pictures go unless told."""

    drones: list[DroneFact]
    docks: bool
    stream_url: str
