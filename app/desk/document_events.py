"""The events of documents, as they stand on the wire."""

from __future__ import annotations

from app.desk.documents.events import DocumentFiled, DocumentTextChanged
from app.desk.envelope import Envelope


class DocumentFiledEvent(Envelope, DocumentFiled):
    """DocumentFiled on the wire."""


class DocumentTextChangedEvent(Envelope, DocumentTextChanged):
    """DocumentTextChanged on the wire."""


DocumentEvent = DocumentFiled | DocumentTextChanged
DocumentWireEvent = DocumentFiledEvent | DocumentTextChangedEvent
