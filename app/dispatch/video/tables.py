"""Tables of cameras."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, Index, text
from sqlmodel import Field, SQLModel

from app.db import instant


class Camera(SQLModel, table=True):
    """A camera (视频点): where it stands, what it sees, and where its picture comes from.

    `stream_path` is its name on the media server, borne once in the county among what is in use. `source_url`
    holds no login; that stands in `source_user` and `source_password`, which no answer, event or log ever
    shows. `moved_at`: it stands elsewhere than where its view was measured. None is deleted: `active` goes.
    """

    __tablename__ = "camera"
    __table_args__ = (
        CheckConstraint(
            "kind IN ('tower', 'village', 'backpack', 'drone', 'other')", name="camera_kind_is_known"
        ),
        CheckConstraint(
            "num_nonnulls(tracker_id, team_id) = 0"
            " OR (num_nonnulls(tracker_id, team_id) = 1 AND kind IN ('backpack', 'drone'))",
            name="only_what_is_carried_is_tracked",
        ),
        Index(
            "camera_stream_path_once", "stream", "stream_path", unique=True, postgresql_where=text("active")
        ),
        Index("camera_of_region", "stream", "region_code", postgresql_where=text("active")),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=BigInteger)
    stream: str
    kind: str
    name_zh: str
    name_en: str = ""
    region_code: str = Field(foreign_key="region.code")
    unit_id: int | None = Field(default=None, foreign_key="org_unit.id", sa_type=BigInteger)
    lon: float
    lat: float
    height_m: float | None = None
    bearing_deg: float | None = None
    angle_deg: float | None = None
    range_m: float | None = None
    stream_path: str
    source_url: str = ""
    source_user: str = ""
    source_password: str = ""
    gb_id: str = ""
    note: str = ""
    moved_at: datetime | None = instant(nullable=True)
    # What a camera that is carried about is tied to: it is where the device, or the team's freshest one, is.
    tracker_id: int | None = Field(default=None, foreign_key="device.id", sa_type=BigInteger)
    team_id: int | None = Field(default=None, foreign_key="team.id", sa_type=BigInteger)
    active: bool = True
    revision: int = 1
    changed_by: str = ""
    changed_at: datetime = instant()


class CameraView(SQLModel, table=True):
    """Where a camera stood and what it saw there until it was moved or measured anew. Only added."""

    __tablename__ = "camera_view"

    id: int | None = Field(default=None, primary_key=True, sa_type=BigInteger)
    camera_id: int = Field(foreign_key="camera.id", sa_type=BigInteger, index=True)
    lon: float
    lat: float
    bearing_deg: float | None = None
    angle_deg: float | None = None
    range_m: float | None = None
    until: datetime = instant()
    ended_by: str
