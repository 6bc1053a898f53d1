"""The events of meetings by video, as they stand on the wire."""

from __future__ import annotations

from app.desk.envelope import Envelope
from app.dispatch.meeting.events import MeetingChanged, MeetingMemberChanged


class MeetingChangedEvent(Envelope, MeetingChanged):
    """MeetingChanged on the wire."""


class MeetingMemberChangedEvent(Envelope, MeetingMemberChanged):
    """MeetingMemberChanged on the wire."""


MeetingEvent = MeetingChanged | MeetingMemberChanged
MeetingWireEvent = MeetingChangedEvent | MeetingMemberChangedEvent
