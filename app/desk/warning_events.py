"""The events of warnings, as they stand on the wire."""

from __future__ import annotations

from app.desk.envelope import Envelope
from app.response.warning.events import WarningChanged, WarningMessageNoted, WarningSourceChanged


class WarningChangedEvent(Envelope, WarningChanged):
    """WarningChanged on the wire."""


class WarningMessageNotedEvent(Envelope, WarningMessageNoted):
    """WarningMessageNoted on the wire."""


class WarningSourceChangedEvent(Envelope, WarningSourceChanged):
    """WarningSourceChanged on the wire."""


WarningEvent = WarningChanged | WarningMessageNoted | WarningSourceChanged
WarningWireEvent = WarningChangedEvent | WarningMessageNotedEvent | WarningSourceChangedEvent
