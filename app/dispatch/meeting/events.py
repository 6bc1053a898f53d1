"""The events of meetings. What the screens signal to each other is none."""

from __future__ import annotations

from typing import Literal

from app.dispatch.meeting.facts import MeetingFact, MeetingMemberFact
from app.wire import Fact


class MeetingChanged(Fact):
    """A meeting by video was opened or closed; `called` are the names of those it calls."""

    type: Literal["meeting.opened", "meeting.closed"]
    meeting: MeetingFact
    called: list[str]


class MeetingMemberChanged(Fact):
    """Somebody was rung, came, declined, was missed or left; media came through; a picture was seen."""

    type: Literal[
        "meeting.called",
        "meeting.joined",
        "meeting.connected",
        "meeting.video_seen",
        "meeting.declined",
        "meeting.missed",
        "meeting.left",
    ]
    title: str
    kind: Literal["meeting", "roll_call"]
    drill: bool
    member: MeetingMemberFact
