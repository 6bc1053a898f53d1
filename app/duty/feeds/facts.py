"""What is known of feeds, and of the shifts in them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from pydantic import Field

from app.commands import Command, RowId
from app.wire import Fact


class FeedIn(Command):
    """Have a calendar address made: of the roster of a post, or of my own shifts."""

    post_id: RowId | None = None


class FeedFact(Fact):
    """A calendar address of mine, without its secret."""

    id: int
    post_id: int | None
    post_name: str | None
    made_at: datetime


class NewFeed(FeedFact):
    """A calendar address, told once: `path` holds the secret."""

    path: str = Field(description="path and query of the address, below the address of the service")


@dataclass(frozen=True, slots=True)
class CalendarShift:
    """A shift as a calendar shows it; `revision` counts the changes of the post's roster."""

    id: int
    post_name: str
    post_phone: str
    role: str
    person_name: str
    starts_at: datetime
    ends_at: datetime
    cancelled: bool
    told_at: datetime
    revision: int
