"""The events of a post's settings."""

from __future__ import annotations

from typing import Literal

from app.duty.posts.facts import PostSettings
from app.wire import Fact


class PostSet(Fact):
    """What a planner set of a post: its lines and place, its seats, its rotations."""

    type: Literal["roster.post_set", "roster.seats_set", "roster.rotation_set", "roster.rotation_ended"]
    settings: PostSettings
