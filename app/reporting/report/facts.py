"""Wire shapes of written reports."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from app.commands import ToldChannel
from app.reporting.exchange.facts import ReportDelivery
from app.reporting.report.commands import Node, Secrecy, Urgency
from app.reporting.report.rules.steps import ReportKind, ReportState
from app.wire import Fact


class ReportBrief(Fact):
    """A report as the log needs it: without its text. `signature_open`: on oral consent, not signed yet."""

    id: int
    incident_id: int
    kind: ReportKind
    seq: int
    version: int
    state: ReportState
    title: str
    number: str | None
    returns: int
    signature_open: bool


class ReportAddresseeFact(Fact):
    """One addressee: when it went there by which channel, and how it was received.

    `delivery`: how it stands on its way where this house sends it by itself.
    """

    id: int
    node: Node
    name: str
    is_copy: bool
    sent_at: datetime | None
    sent_by: str
    channel: ToldChannel
    confirmed_as: Literal["receipt", "call"] | None
    confirmed_at: datetime | None
    confirmed_by: str
    confirmed_number: str
    delivery: ReportDelivery | None = None


class ReportPaperFact(Fact):
    """A paper that is kept as it was printed."""

    edition: int
    form: Literal["pdf", "docx"]
    sha256: str
    made_at: datetime


class ReportNarrative(Fact):
    """What people added to the record."""

    cause: str = ""
    course: str = ""
    scope: str = ""
    losses: str = ""
    trend: str = ""
    leaders: str = ""
    measures: str = ""
    requests: str = ""
    commander: str = ""
    next_work: str = ""


class ReportFact(ReportBrief):
    """A version with all there is of it. `unknown` were asked again `asked` times, next at `reask_at`."""

    region_code: str
    revision: int
    text: str
    secrecy: Secrecy
    urgency: Urgency
    author: str
    contact: str
    narrative: ReportNarrative
    unknown: list[str]
    incident_version: int
    as_of: datetime
    reask_at: datetime | None
    asked: int
    skip_reason: str
    drafted_by: str
    drafted_at: datetime
    reviewed_by: str | None
    reviewed_at: datetime | None
    returned_by: str | None
    returned_at: datetime | None
    remarks: str
    signed_as: Literal["leader", "oral_consent"] | None
    signed_by: str | None
    consent_of: str
    consent_at: datetime | None
    signed_at: datetime | None
    countersigned_by: str | None
    countersigned_at: datetime | None
    sent_at: datetime | None
    dropped_by: str | None
    dropped_reason: str
    addressees: list[ReportAddresseeFact]
    papers: list[ReportPaperFact]


class TemplateFaultFact(Fact):
    """What is wrong with a county's template: the shipped one is used meanwhile. Line 0: the file."""

    file: str
    line: int
    zh: str
    en: str


class ReportChain(Fact):
    """The versions of an incident, the first first, and what is wrong with the county's templates.

    `reopened_at`: a final report begun before it does not end the chain.
    """

    reports: list[ReportFact]
    reopened_at: datetime | None
    template_faults: list[TemplateFaultFact]


class ReportPreview(Fact):
    """What the next version would say if it were drafted now."""

    title: str
    text: str
    unknown: list[str]
    template_faults: list[TemplateFaultFact]
