"""The events of written reports, as they stand on the wire."""

from __future__ import annotations

from app.desk.envelope import Envelope
from app.reporting.report.events import ReportChanged


class ReportChangedEvent(Envelope, ReportChanged):
    """ReportChanged on the wire."""


ReportEvent = ReportChanged
ReportWireEvent = ReportChangedEvent
