"""The shapes of cameras on the wire."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from app.dispatch.video.rules.view import CameraKind, Sight
from app.wire import Fact

MediaState = Literal["none", "well", "trouble"]


class CameraFact(Fact):
    """A camera as whoever sees its place may see it: nothing of where its picture comes from.

    `view_unsure`: its sector was measured elsewhere (`moved_at`), or it is carried about. Where it is tied to
    a tracker or a team, `lon` and `lat` are where that was at `tracked_at`.
    """

    id: int
    kind: CameraKind
    name_zh: str
    name_en: str
    region_code: str
    region_name: str
    unit_id: int | None
    unit_name: str | None
    lon: float
    lat: float
    height_m: float | None
    bearing_deg: float | None
    angle_deg: float | None
    range_m: float | None
    stream_path: str
    note: str
    moved_at: datetime | None
    tracker_id: int | None
    tracker_label: str | None
    team_id: int | None
    team_name: str | None
    tracked_at: datetime | None
    view_unsure: bool
    active: bool
    revision: int
    changed_by: str
    changed_at: datetime


class CameraViewFact(Fact):
    """Where a camera stood and what it saw there, until when, and who moved it or measured it anew."""

    id: int
    lon: float
    lat: float
    bearing_deg: float | None
    angle_deg: float | None
    range_m: float | None
    until: datetime
    ended_by: str


class CameraSourceFact(Fact):
    """Where a camera's picture comes from, for who keeps cameras; of a login only that there is one."""

    url: str
    gb_id: str
    has_login: bool


class MediaFact(Fact):
    """How the media server is, in words: none is set, it answers, or what is wrong with it."""

    state: MediaState
    zh: str
    en: str


class CameraSeen(Fact):
    """A camera with whether its picture is there; `online` None: the media server could not be asked."""

    camera: CameraFact
    online: bool | None


class CameraPage(Fact):
    """The cameras of a scope and how the media server is."""

    media: MediaFact
    cameras: list[CameraSeen]


class CameraNear(Fact):
    """A camera near an incident: how far, in which direction the incident lies, whether it is in the view."""

    camera: CameraFact
    online: bool | None
    distance_m: int
    bearing_deg: int
    in_view: Sight


class CamerasNear(Fact):
    """The cameras near an incident, the best one on top; `placed` False: it has no position."""

    media: MediaFact
    placed: bool
    cameras: list[CameraNear]
