"""The events of written reports."""

from __future__ import annotations

from typing import Literal

from app.reporting.report.facts import ReportBrief
from app.wire import Fact


class ReportChanged(Fact):
    """A report took a step; `addressee` where it was sent or received, `words` why it was returned.

    Reasked: `words` are the fields that are being verified, `addressee` is who is to be asked.
    """

    type: Literal[
        "report.drafted",
        "report.edited",
        "report.reviewed",
        "report.returned",
        "report.signed",
        "report.consented",
        "report.countersigned",
        "report.sent",
        "report.confirmed",
        "report.dropped",
        "report.reasked",
    ]
    report: ReportBrief
    addressee: str = ""
    words: str = ""
