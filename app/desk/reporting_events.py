"""The events of reporting, as they stand on the wire."""

from __future__ import annotations

from app.desk.envelope import Envelope
from app.reporting.events import ReportDueRang, ReportKnown, ReportWasLate
from app.reporting.rulebook.events import RulesChanged


class ReportDueRangEvent(Envelope, ReportDueRang):
    """ReportDueRang on the wire."""


class ReportWasLateEvent(Envelope, ReportWasLate):
    """ReportWasLate on the wire."""


class ReportKnownEvent(Envelope, ReportKnown):
    """ReportKnown on the wire."""


class RulesChangedEvent(Envelope, RulesChanged):
    """RulesChanged on the wire."""


ReportingEvent = RulesChanged | ReportDueRang | ReportWasLate | ReportKnown
ReportingWireEvent = RulesChangedEvent | ReportDueRangEvent | ReportWasLateEvent | ReportKnownEvent
