"""The status of every refusal of documents, and its faults in words."""

from __future__ import annotations

from collections.abc import Mapping

from app.desk.documents.refusals import BriefTwice, DraftOver, EmptyDraft, NotFinished, StaleDraft
from app.refusals import Refusal

DOCUMENT_STATUS: Mapping[type[Refusal], int] = {
    BriefTwice: 409,
    DraftOver: 409,
    EmptyDraft: 409,
    NotFinished: 409,
    StaleDraft: 409,
}
DOCUMENT_FAULTS: Mapping[str, tuple[str, str]] = {
    "brief_day": (
        "值班信息须写明是哪一日的,其他文书不写日期",
        "a daily brief says of which day it is, other texts do not",
    ),
}
