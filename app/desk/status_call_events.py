"""The events of status round-ups, as they stand on the wire."""

from __future__ import annotations

from app.desk.envelope import Envelope
from app.dispatch.status_call.events import (
    StatusCallChanged,
    StatusHeadCalled,
    StatusRecipientChanged,
    StatusRepeatChanged,
    StatusSummarised,
    StatusTextRefused,
)


class StatusCallChangedEvent(Envelope, StatusCallChanged):
    """StatusCallChanged on the wire."""


class StatusRecipientChangedEvent(Envelope, StatusRecipientChanged):
    """StatusRecipientChanged on the wire."""


class StatusHeadCalledEvent(Envelope, StatusHeadCalled):
    """StatusHeadCalled on the wire."""


class StatusTextRefusedEvent(Envelope, StatusTextRefused):
    """StatusTextRefused on the wire."""


class StatusSummarisedEvent(Envelope, StatusSummarised):
    """StatusSummarised on the wire."""


class StatusRepeatChangedEvent(Envelope, StatusRepeatChanged):
    """StatusRepeatChanged on the wire."""


StatusCallEvent = (
    StatusCallChanged
    | StatusRecipientChanged
    | StatusHeadCalled
    | StatusTextRefused
    | StatusSummarised
    | StatusRepeatChanged
)
StatusCallWireEvent = (
    StatusCallChangedEvent
    | StatusRecipientChangedEvent
    | StatusHeadCalledEvent
    | StatusTextRefusedEvent
    | StatusSummarisedEvent
    | StatusRepeatChangedEvent
)
