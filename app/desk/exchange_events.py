"""The events of reports between houses, as they stand on the wire."""

from __future__ import annotations

from app.desk.envelope import Envelope
from app.reporting.exchange.events import PeerChanged, ReceivedReportChanged


class PeerChangedEvent(Envelope, PeerChanged):
    """PeerChanged on the wire."""


class ReceivedReportChangedEvent(Envelope, ReceivedReportChanged):
    """ReceivedReportChanged on the wire."""


ExchangeEvent = PeerChanged | ReceivedReportChanged
ExchangeWireEvent = PeerChangedEvent | ReceivedReportChangedEvent
