"""Wire shapes of meetings."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from app.dispatch.meeting.rules import Kind, MemberState, Outcome
from app.wire import Fact


class MeetingFact(Fact):
    """A meeting with its count, in the words of a roll call: called, answered, missing, waiting.

    `median_s` and `slowest_s` are seconds from ringing to media that came through.
    """

    id: int
    kind: Kind
    title: str
    drill: bool
    incident_id: int | None
    incident_number: str | None
    region_codes: list[str]
    state: Literal["open", "closed"]
    opened_at: datetime
    opened_by: str
    closed_at: datetime | None
    closed_by: str | None
    total: int
    answered: int
    missing: int
    waiting: int
    connected: int
    no_video: int
    median_s: float | None
    slowest_s: float | None


class MeetingMemberFact(Fact):
    """A seat and who sits there. `kind` account: the caller's own, which is not counted.

    `outcome` is what the table of a roll call says; `seconds` from ringing to media that came through.
    """

    id: int
    meeting_id: int
    kind: Literal["account", "unit", "team", "person"]
    ref_id: int
    name: str
    region_code: str
    state: MemberState
    outcome: Outcome
    seconds: float | None
    rang_at: datetime | None
    answered_at: datetime | None
    answered_by: str
    connected_at: datetime | None
    video_at: datetime | None
    left_at: datetime | None
    camera: bool | None
    microphone: bool | None


class MeetingDetail(MeetingFact):
    """A meeting with its seats, the caller's first; of a roll call those of the reader alone."""

    members: list[MeetingMemberFact]


class MeetingMine(Fact):
    """An open meeting in which there is a seat for me: `ringing` is to be heard, loudly."""

    meeting_id: int
    kind: Kind
    title: str
    drill: bool
    opened_at: datetime
    opened_by: str
    member_id: int
    member_kind: Literal["account", "unit", "team", "person"]
    name: str
    state: MemberState
    rang_at: datetime | None
    taken_by: str | None


class RoomFact(Fact):
    """Where the room of a large meeting is, and the pass that lets this one screen in for two minutes."""

    url: str
    token: str


class PeerFact(Fact):
    """A screen that takes part now."""

    id: str
    member_id: int
    name: str
    seat: str
    caller: bool
    camera: bool
    microphone: bool
