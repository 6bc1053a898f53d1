"""The events of the intake queue, as they stand on the wire."""

from __future__ import annotations

from app.desk.envelope import Envelope
from app.dispatch.inbox.events import NoticeChanged, PartnerChanged


class NoticeChangedEvent(Envelope, NoticeChanged):
    """NoticeChanged on the wire."""


class PartnerChangedEvent(Envelope, PartnerChanged):
    """PartnerChanged on the wire."""


InboxEvent = NoticeChanged | PartnerChanged
InboxWireEvent = NoticeChangedEvent | PartnerChangedEvent
