"""The events of documents, as they stand on the wire."""

from __future__ import annotations

from app.desk.documents.events import DocumentFiled, DraftChanged
from app.desk.envelope import Envelope


class DocumentFiledEvent(Envelope, DocumentFiled):
    """DocumentFiled on the wire."""


class DraftChangedEvent(Envelope, DraftChanged):
    """DraftChanged on the wire."""


DocumentEvent = DocumentFiled | DraftChanged
DocumentWireEvent = DocumentFiledEvent | DraftChangedEvent
