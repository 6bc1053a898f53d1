"""The events of the intake queue, as they stand on the wire."""

from __future__ import annotations

from app.desk.envelope import Envelope
from app.dispatch.inbox.events import IntakeNoticeChanged, LinkedPartnerChanged


class IntakeNoticeChangedEvent(Envelope, IntakeNoticeChanged):
    """IntakeNoticeChanged on the wire."""


class LinkedPartnerChangedEvent(Envelope, LinkedPartnerChanged):
    """LinkedPartnerChanged on the wire."""


InboxEvent = IntakeNoticeChanged | LinkedPartnerChanged
InboxWireEvent = IntakeNoticeChangedEvent | LinkedPartnerChangedEvent
