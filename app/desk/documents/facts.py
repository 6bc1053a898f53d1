"""Wire shapes of documents."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Literal

from app.desk.documents.library import TemplateState
from app.desk.documents.rules.kinds import DocumentKind, Way, WrittenKind
from app.reporting.report.facts import TemplateFaultFact
from app.wire import Fact


class DocumentFileFact(Fact):
    """One file of a document."""

    form: Literal["pdf", "docx"]
    sha256: str
    bytes: int


class DocumentBrief(Fact):
    """A document as the log needs it. `incident_id`: the incident it is of, None for several or none."""

    id: int
    kind: DocumentKind
    title: str
    number: str
    edition: int
    drill: bool
    incident_id: int | None


class DocumentFact(DocumentBrief):
    """An archived document. `prints` is how often it was taken out; `latest`: no later edition is there."""

    subject: str
    region_code: str
    unit: str
    incident_ids: list[int]
    made_at: datetime
    made_by: str
    latest: bool
    prints: int
    printed_at: datetime | None
    files: list[DocumentFileFact]


class DocumentDetail(DocumentFact):
    """The same with the words on the paper, for a browser that shows no PDF."""

    content: dict[str, Any]


class DocumentPage(Fact):
    """Archived documents, the latest first; `more`: there are older ones."""

    documents: list[DocumentFact]
    more: bool


class DocumentTextBrief(Fact):
    """A free text as the log needs it."""

    id: int
    kind: WrittenKind
    state: Literal["draft", "signed", "dropped"]
    title: str
    number: str | None
    drill: bool
    incident_id: int | None


class DocumentTextFact(DocumentTextBrief):
    """A free text with everything there is of it."""

    region_code: str
    revision: int
    text: str
    secrecy: Literal["public", "internal"]
    urgency: Literal["extra_urgent", "urgent", "normal"]
    about_ids: list[int]
    day: date | None
    chaired_by: str
    place: str
    participants: str
    held_at: datetime | None
    addressees: list[str]
    copies: list[str]
    contact: str
    drafted_by: str
    drafted_at: datetime
    signed_by: str | None
    signed_at: datetime | None
    document_id: int | None
    dropped_by: str | None
    dropped_reason: str


class DocumentKindFact(Fact):
    """A kind of document: who signs it, how it is numbered, and how its template stands."""

    key: DocumentKind
    zh: str
    en: str
    way: Way
    signed_zh: str
    signed_en: str
    numbers: str
    template: TemplateState
    file: str
    faults: list[TemplateFaultFact]
