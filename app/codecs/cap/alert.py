"""What a CAP 1.2 message says. Texts are as sent, without white space around; "" is absent."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

Point = tuple[float, float]
"""Latitude, longitude in degrees, WGS-84."""

Ring = tuple[Point, ...]
"""A closed polygon: at least four points, the last is the first."""

Pair = tuple[str, str]
"""valueName, value."""


@dataclass(frozen=True, slots=True)
class Identity:
    """What makes a message one of a kind: all three; the identifier alone does not (§3.2.1, `references`)."""

    sender: str
    identifier: str
    sent: datetime


@dataclass(frozen=True, slots=True)
class Circle:
    """A circle: the radius is in kilometres (§3.2.4)."""

    centre: Point
    radius_km: float


@dataclass(frozen=True, slots=True)
class Area:
    """Where: the union of all its polygons, circles and geocodes. Altitudes are feet above sea level."""

    desc: str
    polygons: tuple[Ring, ...] = ()
    circles: tuple[Circle, ...] = ()
    geocodes: tuple[Pair, ...] = ()
    altitude: Decimal | None = None
    ceiling: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Resource:
    """A file that belongs to an info: `size` in bytes, `digest` SHA-1 as sent, content never fetched here."""

    desc: str
    mime_type: str
    size: int | None = None
    uri: str = ""
    deref_uri: str = ""
    digest: str = ""


@dataclass(frozen=True, slots=True)
class Info:
    """One event in one language; several infos may be languages of one event or events of their own."""

    categories: tuple[str, ...]
    event: str
    urgency: str
    severity: str
    certainty: str
    language: str = "en-US"
    response_types: tuple[str, ...] = ()
    audience: str = ""
    event_codes: tuple[Pair, ...] = ()
    effective: datetime | None = None
    onset: datetime | None = None
    expires: datetime | None = None
    sender_name: str = ""
    headline: str = ""
    description: str = ""
    instruction: str = ""
    web: str = ""
    contact: str = ""
    parameters: tuple[Pair, ...] = ()
    resources: tuple[Resource, ...] = ()
    areas: tuple[Area, ...] = ()


@dataclass(frozen=True, slots=True)
class Alert:
    """One CAP message. Times have their zone; `references` are earlier messages, wherever they are."""

    identifier: str
    sender: str
    sent: datetime
    status: str
    msg_type: str
    scope: str
    source: str = ""
    restriction: str = ""
    addresses: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()
    note: str = ""
    references: tuple[Identity, ...] = ()
    incidents: tuple[str, ...] = ()
    infos: tuple[Info, ...] = ()

    @property
    def identity(self) -> Identity:
        """Return what other messages refer to it by."""
        return Identity(self.sender, self.identifier, self.sent)
