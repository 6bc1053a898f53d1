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
    active: bool = True
    revision: int = 1
    changed_by: str = ""
    changed_at: datetime = instant()
