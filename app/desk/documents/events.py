"""The events of documents."""

from __future__ import annotations

from typing import Literal

from app.desk.documents.facts import DocumentBrief, DocumentTextBrief
from app.wire import Fact


class DocumentFiled(Fact):
    """A document was put into the archive: its first edition, or its next."""

    type: Literal["document.filed"]
    document: DocumentBrief


class DocumentTextChanged(Fact):
    """A free text was begun, edited, signed or dropped."""

    type: Literal["document.drafted", "document.edited", "document.signed", "document.dropped"]
    draft: DocumentTextBrief
