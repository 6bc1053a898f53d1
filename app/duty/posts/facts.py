"""Wire shapes of a post's settings."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from app.duty.roster.facts import PostFact, SeatFact
from app.wire import Fact


class WindowFact(Fact):
    """Weekdays (0 = Monday) and local times; an end that is not after the start lies on the next day."""

    days: list[int]
    start: str
    end: str


class RotationFact(Fact):
    """Groups of persons that take turns at a seat."""

    id: int
    seat_id: int
    name: str
    kind: Literal["hourly", "daily", "weekly", "monthly"]
    length: int
    starts_at: datetime
    groups: list[list[int]]
    on_days: list[int] | None
    windows: list[WindowFact]
    made_by: str
    made_at: datetime


class PostSettings(Fact):
    """A post with its seats and the rotations that propose who holds them."""

    post: PostFact
    seats: list[SeatFact]
    rotations: list[RotationFact]
