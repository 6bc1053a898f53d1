"""The events of written reports."""

from __future__ import annotations

from typing import Literal

from app.reporting.report.facts import ReportBrief
from app.wire import Fact


class ReportChanged(Fact):
    """A report took a step; `addressee` where it was sent or received, `words` why it was returned.

    `delivered`: its system or mail server has it; `undelivered`: it has waited too long, somebody should
    phone; `acknowledged`: somebody over there stands for it (收悉).
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
        "report.delivered",
        "report.undelivered",
        "report.acknowledged",
        "report.confirmed",
        "report.dropped",
        "report.reasked",
    ]
    report: ReportBrief
    addressee: str = ""
    words: str = ""
