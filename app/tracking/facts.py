"""Positions on the wire."""

from __future__ import annotations

from datetime import datetime

from app.wire import Fact


class PositionFact(Fact):
    """The latest known position of a device. `fixed_at` is the device's time, `heard_at` ours."""

    device_id: int
    team_id: int | None
    region_code: str
    lon: float
    lat: float
    speed_mps: float | None = None
    course_deg: float | None = None
    fixed_at: datetime | None = None
    heard_at: datetime


class TrailPoint(Fact):
    """One of the last positions before an alarm, newest first."""

    lon: float
    lat: float
    fixed_at: datetime | None = None
    heard_at: datetime


class TrackPoint(Fact):
    """A place a device was at: `at` is when that was true."""

    lon: float
    lat: float
    at: datetime
    speed_mps: float | None = None


class TrackFact(Fact):
    """Where one device went, oldest first."""

    device_id: int
    points: list[TrackPoint]
