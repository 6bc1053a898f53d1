"""What a 12379 message says. Texts are as sent, without white space around; "" is absent."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from app.codecs.cap.alert import Circle, Ring


@dataclass(frozen=True, slots=True)
class Method:
    """One way of publishing (SMS, SPEAKER, TV …) with the words meant for it and for whom."""

    name: str
    message: str = ""
    audience_group: str = ""
    audience_part: str = ""


@dataclass(frozen=True, slots=True)
class File:
    """A file that belongs to the warning: size in bytes, digest SHA-1, both as sent."""

    desc: str
    size: str = ""
    digest: str = ""


@dataclass(frozen=True, slots=True)
class Place:
    """Where: region codes of 12 digits; the radius of a circle is in METRES, unlike in CAP."""

    desc: str
    polygons: tuple[Ring, ...] = ()
    circles_m: tuple[Circle, ...] = ()
    geocodes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class WarningInfo:
    """One warning; `severity` is a colour (Red, Orange, Yellow, Blue, Unknown)."""

    event_type: str
    severity: str
    language: str = "zh-CN"
    urgency: str = "Unknown"
    certainty: str = "Unknown"
    effective: datetime | None = None
    onset: datetime | None = None
    expires: datetime | None = None
    sender_name: str = ""
    headline: str = ""
    description: str = ""
    instruction: str = ""
    web: str = ""
    files: tuple[File, ...] = ()
    places: tuple[Place, ...] = ()


@dataclass(frozen=True, slots=True)
class Notice:
    """One 12379 message. `references` is the identifier of the FIRST issue, "" when this is the first."""

    identifier: str
    sender: str
    sender_code: str
    send_time: datetime
    status: str
    msg_type: str
    scope: str
    phone: str = ""
    methods: tuple[Method, ...] = ()
    classification: str = ""
    note: str = ""
    references: str = ""
    warnings: tuple[WarningInfo, ...] = ()

    @property
    def subject(self) -> str:
        """Return what update, cancel and first issue have in common: the first issue's identifier."""
        return self.references or self.identifier
