"""The status of every refusal about what is known of incidents and what waits to be judged."""

from __future__ import annotations

from collections.abc import Mapping

from app.dispatch.attachments.rules import FileRefused, FileTooLarge
from app.dispatch.inbox.refusals import (
    BadSignature,
    NoticeJudged,
    NoticeTooLarge,
    SameIdOtherContent,
    StaleNotice,
    UnknownPartner,
)
from app.refusals import Refusal

INCIDENT_STATUS: Mapping[type[Refusal], int] = {
    UnknownPartner: 401,
    BadSignature: 401,
    StaleNotice: 401,
    NoticeJudged: 409,
    SameIdOtherContent: 409,
    FileTooLarge: 413,
    NoticeTooLarge: 413,
    FileRefused: 415,
}
