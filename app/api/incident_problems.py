"""The status of every refusal about what is known of incidents and what waits to be judged."""

from __future__ import annotations

from collections.abc import Mapping

from app.dispatch.attachments.rules import FileRefused, FileTooLarge
from app.dispatch.command_body.refusals import AlreadyInCommand, BodyRetired, BodyStale, CommandOver
from app.dispatch.exercise.apart import DrillApart, DrillStaysHere
from app.dispatch.handoff.refusals import HandoffReceived, TooManyHandoffs
from app.dispatch.inbox.refusals import (
    BadSignature,
    NoticeJudged,
    NoticeTooLarge,
    SameIdOtherContent,
    StaleNotice,
    UnknownPartner,
)
from app.dispatch.lifecycle.refusals import (
    ChildrenStillOpen,
    CommandStillActive,
    LinkedAlready,
    LinkOver,
    MergedAway,
    MergeSettled,
    NoCommonReader,
    WouldWiden,
)
from app.refusals import Refusal

INCIDENT_STATUS: Mapping[type[Refusal], int] = {
    UnknownPartner: 401,
    BadSignature: 401,
    StaleNotice: 401,
    NoticeJudged: 409,
    DrillApart: 409,
    DrillStaysHere: 409,
    HandoffReceived: 409,
    TooManyHandoffs: 409,
    SameIdOtherContent: 409,
    ChildrenStillOpen: 409,
    CommandStillActive: 409,
    LinkedAlready: 409,
    LinkOver: 409,
    MergedAway: 409,
    MergeSettled: 409,
    NoCommonReader: 409,
    WouldWiden: 409,
    AlreadyInCommand: 409,
    BodyRetired: 409,
    BodyStale: 409,
    CommandOver: 409,
    FileTooLarge: 413,
    NoticeTooLarge: 413,
    FileRefused: 415,
}
