"""What people say about cameras."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import Field, StringConstraints, field_validator, model_validator
from pydantic_core import PydanticCustomError

from app.commands import Command, Latitude, Line, Longitude, RegionCode, RowId
from app.dispatch.video.rules.source import BadSource, Source, is_gb_id, is_stream_path, read_source
from app.dispatch.video.rules.view import ROAMING, CameraKind

Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=80)]
Secret = Annotated[str, StringConstraints(max_length=100)]
Revision = Annotated[int, Field(ge=1, le=2**31 - 1)]


class CameraIn(Command):
    """A camera to enter. Degrees clockwise from north; `angle_deg` from edge to edge, 360 all around.

    `source_url` is what the media server pulls (rtsp, rtmp, srt); empty: the camera, or its platform, sends
    to the media server itself. A login stands in the address or beside it. A backpack or a drone may follow a
    tracker, or a team: it is then where that is.
    """

    kind: CameraKind
    name_zh: Name
    name_en: Line = ""
    region_code: RegionCode
    unit_id: RowId | None = None
    lon: Longitude
    lat: Latitude
    height_m: Annotated[float, Field(ge=0, le=10_000)] | None = None
    bearing_deg: Annotated[float, Field(ge=0, lt=360)] | None = None
    angle_deg: Annotated[float, Field(gt=0, le=360)] | None = None
    range_m: Annotated[float, Field(gt=0, le=50_000)] | None = None
    stream_path: Line
    source_url: Annotated[str, StringConstraints(strip_whitespace=True, max_length=400)] = ""
    source_user: Secret = ""
    source_password: Secret = ""
    gb_id: Line = ""
    note: Line = ""
    tracker_id: RowId | None = None
    team_id: RowId | None = None

    @field_validator("stream_path")
    @classmethod
    def _is_path(cls, told: str) -> str:
        if not is_stream_path(told):
            raise PydanticCustomError("stream_path", "not a stream path")
        return told

    @field_validator("gb_id")
    @classmethod
    def _is_gb(cls, told: str) -> str:
        if told and not is_gb_id(told):
            raise PydanticCustomError("gb_id", "not twenty digits")
        return told

    @field_validator("source_url")
    @classmethod
    def _may_be_pulled(cls, told: str) -> str:
        if told:
            try:
                read_source(told)
            except BadSource as bad:
                raise PydanticCustomError(bad.fault, "not an address for the media server") from bad
        return told

    @model_validator(mode="after")
    def _login_of_something(self) -> Self:
        if (self.source_user or self.source_password) and not self.source_url:
            raise PydanticCustomError("login_of_nothing", "a login without an address")
        return self

    @model_validator(mode="after")
    def _only_what_is_carried_follows(self) -> Self:
        tied = (self.tracker_id is not None) + (self.team_id is not None)
        if tied > 1 or (tied and self.kind not in ROAMING):
            raise PydanticCustomError("tracker_of_fixed", "only a backpack or a drone follows one thing")
        return self

    def source(self) -> Source | None:
        """Return the address and the login, wherever it was written; None without an address."""
        if not self.source_url:
            return None
        told = read_source(self.source_url)
        if self.source_user or self.source_password:
            return Source(told.url, self.source_user, self.source_password)
        return told


class CameraPut(CameraIn):
    """A camera written anew; `revision` is the one that was read. A retired one is in use again.

    `view_measured`: bearing, angle and range hold at this position. Without it a camera whose position
    changed counts as moved, and its view as unsure. A login that is not told again is kept as long as the
    address leads to the same machine; `forget_login` drops it.
    """

    view_measured: bool = False
    forget_login: bool = False
    revision: Revision


class CameraPositionIn(Command):
    """Where a camera is now, as the desk was told: a backpack on the move, a mast that was taken down."""

    lon: Longitude
    lat: Latitude
    revision: Revision


class CameraRetireIn(Command):
    """Take a camera out of use; `revision` is the one that was read."""

    revision: Revision
