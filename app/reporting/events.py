"""The events of reporting."""

from __future__ import annotations

from typing import Literal

from app.reporting.facts import ReportDueFact, ReportKnownFact
from app.wire import Fact


class ReportDueRang(Fact):
    """A due report is called to mind, or passed its time: `to` whom, at which `share` of the time."""

    type: Literal["report.due_soon", "report.overdue"]
    due: ReportDueFact
    to: Literal["desk", "shift_lead", "leader"]
    share: float
    late_minutes: int


class ReportWasLate(Fact):
    """A report was made late (迟报), or somebody said why it was (`reason`)."""

    type: Literal["report.late", "report.late_reason"]
    due: ReportDueFact
    late_minutes: int
    reason: str


class ReportKnown(Fact):
    """Somebody entered or corrected a fact the deadlines hang on; `before` is what was corrected."""

    type: Literal["report.fact_noted", "report.fact_corrected"]
    incident_id: int
    incident_number: str
    known: ReportKnownFact
    before: ReportKnownFact | None
