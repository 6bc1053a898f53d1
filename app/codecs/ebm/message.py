"""The message itself (GD/J 082 table 2): the fields of an EBM payload ↔ what to play, where and when."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum

from app.codecs.ebm.fields import Field, Fields, many, text
from app.codecs.ebm.packet import time_text
from app.codecs.ebm.schema import time_of


class MsgType(IntEnum):
    """What a message is for. There is no update: an update is a new message that names the old one."""

    BROADCAST = 1
    CANCEL = 2
    DRILL_PLATFORM = 3
    DRILL_FRONT_END = 4
    DRILL_TERMINAL = 5

    @property
    def is_drill(self) -> bool:
        """Say whether it is a drill; never play one as the real thing."""
        return self >= MsgType.DRILL_PLATFORM


SEVERITY_ORDER = (1, 2, 3, 4, 0)
"""Highest first: 1 is red, 4 blue, and 0 (unknown) is the LOWEST."""


@dataclass(frozen=True, slots=True)
class Auxiliary:
    """A file or stream of a message; `size` and `digest` as sent, "" when absent."""

    kind: int
    name: str
    size: str = ""
    digest: str = ""


@dataclass(frozen=True, slots=True)
class Content:
    """One language of a message. Without a file the receiver speaks the text itself."""

    language: str
    title: str
    text: str
    areas: tuple[str, ...]
    auxiliaries: tuple[Auxiliary, ...] = ()
    program: str = ""


@dataclass(frozen=True, slots=True)
class Basics:
    """What a mandatory message says of itself. Times are Beijing's."""

    msg_type: int
    sender_name: str
    sender_code: str
    sent: datetime
    event_type: str
    severity: int
    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class Message:
    """One EBM. `related` is the message that it cancels or replaces, "" for none."""

    ebm_id: str
    basics: Basics | None = None
    contents: tuple[Content, ...] = ()
    related: str = ""


def message_of(payload: Fields) -> Message:
    """Read the payload of a packet of kind EBM that was found good; what it does not model is left out."""
    basics = payload.get("MsgBasicInfo")
    return Message(
        ebm_id=text(payload, "EBMID"),
        basics=_basics(basics) if isinstance(basics, Mapping) else None,
        contents=tuple(_content(content) for content in many(payload, "MsgContent")),
        related=text(payload, "RelatedInfo", "EBMID"),
    )


def payload_of(message: Message) -> dict[str, Field]:
    """Return the payload for a packet of kind EBM."""
    payload: dict[str, Field] = {"EBMVersion": "1", "EBMID": message.ebm_id}
    if message.related:
        payload["RelatedInfo"] = {"EBMID": message.related}
    if message.basics is not None:
        payload["MsgBasicInfo"] = _basics_out(message.basics)
    if message.contents:
        payload["MsgContent"] = tuple(_content_out(content) for content in message.contents)
    return payload


def _basics(basics: Fields) -> Basics:
    times = [time_of(text(basics, name)) for name in ("SendTime", "StartTime", "EndTime")]
    sent, start, end = times
    assert sent is not None, "the model has accepted it"
    assert start is not None, "the model has accepted it"
    assert end is not None, "the model has accepted it"
    return Basics(
        msg_type=int(text(basics, "MsgType")),
        sender_name=text(basics, "SenderName"),
        sender_code=text(basics, "SenderCode"),
        sent=sent,
        event_type=text(basics, "EventType"),
        severity=int(text(basics, "Severity")),
        start=start,
        end=end,
    )


def _content(content: Fields) -> Content:
    return Content(
        language=text(content, "LanguageCode"),
        title=text(content, "MsgTitle"),
        text=text(content, "MsgDesc"),
        areas=tuple(text(content, "AreaCode").split(",")),
        auxiliaries=tuple(_auxiliary(auxiliary) for auxiliary in many(content, "Auxiliary")),
        program=text(content, "ProgramNum"),
    )


def _auxiliary(auxiliary: Fields) -> Auxiliary:
    kind, name = int(text(auxiliary, "AuxiliaryType")), text(auxiliary, "AuxiliaryDesc")
    return Auxiliary(kind, name, text(auxiliary, "Size"), text(auxiliary, "Digest"))


def _basics_out(basics: Basics) -> Fields:
    return {
        "MsgType": str(basics.msg_type),
        "SenderName": basics.sender_name,
        "SenderCode": basics.sender_code,
        "SendTime": time_text(basics.sent),
        "EventType": basics.event_type,
        "Severity": str(basics.severity),
        "StartTime": time_text(basics.start),
        "EndTime": time_text(basics.end),
    }


def _content_out(content: Content) -> Fields:
    fields: dict[str, Field] = {
        "LanguageCode": content.language,
        "MsgTitle": content.title,
        "MsgDesc": content.text,
        "AreaCode": ",".join(content.areas),
    }
    if content.program:
        fields["ProgramNum"] = content.program
    if content.auxiliaries:
        fields["Auxiliary"] = tuple(_auxiliary_out(auxiliary) for auxiliary in content.auxiliaries)
    return fields


def _auxiliary_out(auxiliary: Auxiliary) -> Fields:
    fields = {"AuxiliaryType": str(auxiliary.kind), "AuxiliaryDesc": auxiliary.name}
    optional = {"Size": auxiliary.size, "Digest": auxiliary.digest}
    return fields | {name: value for name, value in optional.items() if value}
