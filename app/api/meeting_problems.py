"""The status of every refusal of meetings, and the words of what their shapes refuse."""

from __future__ import annotations

from collections.abc import Mapping

from app.dispatch.meeting.refusals import (
    AnsweredElsewhere,
    MeetingFull,
    MeetingOver,
    RoomNeeded,
    TooManyMeetings,
)
from app.dispatch.meeting.rules import MemberStepRefused
from app.refusals import Refusal

MEETING_STATUS: Mapping[type[Refusal], int] = {
    AnsweredElsewhere: 409,
    MeetingFull: 409,
    MeetingOver: 409,
    MemberStepRefused: 409,
    RoomNeeded: 409,
    TooManyMeetings: 409,
}

MEETING_FAULTS: Mapping[str, tuple[str, str]] = {
    "nobody_called": ("请选择呼叫谁:单位、队伍或人员", "say whom to call: units, teams or persons"),
    "too_many_called": (
        "一次最多呼叫 {most} 方,请减少后再发起",
        "{most} at most are called: leave some out",
    ),
}
