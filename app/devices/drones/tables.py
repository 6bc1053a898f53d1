"""Tables of flights, and of what docks were asked."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, Column, Index, UniqueConstraint
from sqlalchemy.dialects.postgresql import ARRAY
from sqlmodel import Field, SQLModel

from app.db import instant, none_yet


class DroneMission(SQLModel, table=True):
    """A flight (飞行任务): which drone, for what, by whom, in which airspace, and when it was in the air.

    `airspace_kind` is filed (`airspace` is the number of the filing) or not_needed (`airspace` says why).
    """

    __tablename__ = "drone_mission"
    __table_args__ = (
        UniqueConstraint("stream", "number", name="a_flight_number_is_given_once"),
        CheckConstraint(
            "landed_at IS NULL OR (launched_at IS NOT NULL AND landed_at >= launched_at)",
            name="a_drone_lands_after_its_launch",
        ),
        Index("drone_mission_of_device", "device_id", "id"),
        Index("drone_mission_of_incident", "incident_id"),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=BigInteger)
    stream: str
    number: str
    drill: bool = Field(default=False, sa_column_kwargs={"server_default": "false"})
    device_id: int = Field(foreign_key="device.id", sa_type=BigInteger)
    incident_id: int | None = Field(default=None, foreign_key="incident.id", sa_type=BigInteger)
    region_code: str = Field(foreign_key="region.code")
    purpose: str
    pilot: str
    observer: str = ""
    airspace_kind: str  # filed | not_needed
    airspace: str
    launched_at: datetime | None = instant(nullable=True)
    launch_pct: float | None = None
    landed_at: datetime | None = instant(nullable=True)
    landing_pct: float | None = None
    note: str = ""
    attachment_ids: list[int] = Field(
        default_factory=none_yet, sa_column=Column(ARRAY(BigInteger), nullable=False, server_default="{}")
    )
    made_by: str
    made_at: datetime = instant()


class DroneLive(SQLModel, table=True):
    """A dock was asked to start or stop the picture of its drone, and what came of it.

    One that was asked a while ago and has no outcome was left behind by a process that died.
    """

    __tablename__ = "drone_live"
    __table_args__ = (Index("drone_live_of_device", "device_id", "id"),)

    id: int | None = Field(default=None, primary_key=True, sa_type=BigInteger)
    stream: str
    device_id: int = Field(foreign_key="device.id", sa_type=BigInteger)
    gateway: str
    verb: str  # live_start_push | live_stop_push
    video_id: str
    url: str = ""
    outcome: str = "asked"  # asked | done | refused | no_answer | not_sent
    code: int | None = Field(default=None, sa_type=BigInteger)
    asked_by: str
    asked_at: datetime = instant()
    ended_at: datetime | None = instant(nullable=True)
