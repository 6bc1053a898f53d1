"""`Alert` → bytes. The same message always gives the same bytes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from app.codecs.cap.alert import Alert, Area, Info, Pair, Resource
from app.codecs.cap.geometry import circle_text, written
from app.codecs.cap.read import read
from app.codecs.cap.schema import NAMESPACE
from app.codecs.findings import CannotWrite, faults
from app.codecs.markup.reader import Node
from app.codecs.markup.writer import branch, document, leaf


def write(alert: Alert) -> bytes:
    """Write a message as UTF-8; what stands there has been read back and found valid.

    Raises CannotWrite when a value or a rule forbids it: nothing invalid leaves the house.
    """
    data = document(_alert(alert), NAMESPACE)
    wrong = faults(read(data).findings)
    if wrong:
        raise CannotWrite(wrong)
    return data


def time_text(time: datetime) -> str:
    """Return a time with its offset; UTC is -00:00 (§3.3.2)."""
    text = time.isoformat(timespec="seconds")
    return text if time.utcoffset() != timedelta(0) else f"{text[:-6]}-00:00"


def _alert(alert: Alert) -> Node:
    references = " ".join(f"{one.sender},{one.identifier},{time_text(one.sent)}" for one in alert.references)
    return branch(
        "alert",
        leaf("identifier", alert.identifier),
        leaf("sender", alert.sender),
        leaf("sent", time_text(alert.sent)),
        leaf("status", alert.status),
        leaf("msgType", alert.msg_type),
        _may("source", alert.source),
        leaf("scope", alert.scope),
        _may("restriction", alert.restriction),
        _may("addresses", _quoted(alert.addresses)),
        *(leaf("code", code) for code in alert.codes),
        _may("note", alert.note),
        _may("references", references),
        _may("incidents", _quoted(alert.incidents)),
        *(_info(info) for info in alert.infos),
    )


def _info(info: Info) -> Node:
    return branch(
        "info",
        leaf("language", info.language),
        *(leaf("category", category) for category in info.categories),
        leaf("event", info.event),
        *(leaf("responseType", kind) for kind in info.response_types),
        leaf("urgency", info.urgency),
        leaf("severity", info.severity),
        leaf("certainty", info.certainty),
        _may("audience", info.audience),
        *_pairs("eventCode", info.event_codes),
        _when("effective", info.effective),
        _when("onset", info.onset),
        _when("expires", info.expires),
        _may("senderName", info.sender_name),
        _may("headline", info.headline),
        _may("description", info.description),
        _may("instruction", info.instruction),
        _may("web", info.web),
        _may("contact", info.contact),
        *_pairs("parameter", info.parameters),
        *(_resource(resource) for resource in info.resources),
        *(_area(area) for area in info.areas),
    )


def _resource(resource: Resource) -> Node:
    return branch(
        "resource",
        leaf("resourceDesc", resource.desc),
        leaf("mimeType", resource.mime_type),
        None if resource.size is None else leaf("size", str(resource.size)),
        _may("uri", resource.uri),
        _may("derefUri", resource.deref_uri),
        _may("digest", resource.digest),
    )


def _area(area: Area) -> Node:
    return branch(
        "area",
        leaf("areaDesc", area.desc),
        *(leaf("polygon", " ".join(written(point) for point in ring)) for ring in area.polygons),
        *(leaf("circle", circle_text(circle)) for circle in area.circles),
        *_pairs("geocode", area.geocodes),
        None if area.altitude is None else leaf("altitude", f"{area.altitude:f}"),
        None if area.ceiling is None else leaf("ceiling", f"{area.ceiling:f}"),
    )


def _may(name: str, text: str) -> Node | None:
    return leaf(name, text) if text else None


def _when(name: str, time: datetime | None) -> Node | None:
    return None if time is None else leaf(name, time_text(time))


def _pairs(name: str, pairs: tuple[Pair, ...]) -> Iterator[Node]:
    return (branch(name, leaf("valueName", key), leaf("value", value)) for key, value in pairs)


def _quoted(words: tuple[str, ...]) -> str:
    return " ".join(f'"{word}"' if any(c.isspace() for c in word) else word for word in words)
