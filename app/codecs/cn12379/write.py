"""`Notice` → bytes. The same message always gives the same bytes."""

from __future__ import annotations

from datetime import datetime

from app.codecs.cap.geometry import circle_text, written
from app.codecs.cn12379.notice import Method, Notice, Place, WarningInfo
from app.codecs.cn12379.read import read
from app.codecs.cn12379.schema import NAMESPACE
from app.codecs.findings import CannotWrite, faults
from app.codecs.markup.reader import Node
from app.codecs.markup.writer import branch, document, leaf


def write(notice: Notice) -> bytes:
    """Write a message as UTF-8; what stands there has been read back and found valid.

    Raises CannotWrite when a value or a rule forbids it.
    """
    data = document(_alert(notice), NAMESPACE)
    wrong = faults(read(data).findings)
    if wrong:
        raise CannotWrite(wrong)
    return data


def time_text(time: datetime | None) -> str:
    """Return `2026-06-18 09:30:00+08:00`, "" for no time."""
    return "" if time is None else time.isoformat(" ", timespec="seconds")


def _alert(notice: Notice) -> Node:
    return branch(
        "alert",
        leaf("identifier", notice.identifier),
        leaf("sender", notice.sender),
        leaf("senderCode", notice.sender_code),
        leaf("phone", notice.phone) if notice.phone else None,
        leaf("sendTime", time_text(notice.send_time)),
        leaf("status", notice.status),
        leaf("msgType", notice.msg_type),
        leaf("scope", notice.scope),
        branch("code", *(_method(method) for method in notice.methods)),
        leaf("secClassification", notice.classification),
        leaf("note", notice.note),
        leaf("references", notice.references),
        *(_info(warning) for warning in notice.warnings),
    )


def _method(method: Method) -> Node:
    return branch(
        "method",
        leaf("methodName", method.name),
        leaf("message", method.message),
        leaf("audienceGrp", method.audience_group),
        leaf("audiencePrt", method.audience_part),
    )


def _info(warning: WarningInfo) -> Node:
    return branch(
        "info",
        leaf("language", warning.language),
        leaf("eventType", warning.event_type),
        leaf("urgency", warning.urgency),
        leaf("severity", warning.severity),
        leaf("certainty", warning.certainty),
        leaf("effective", time_text(warning.effective)),
        leaf("onset", time_text(warning.onset)),
        leaf("expires", time_text(warning.expires)),
        leaf("senderName", warning.sender_name),
        leaf("headline", warning.headline),
        leaf("description", warning.description),
        leaf("instruction", warning.instruction),
        leaf("web", warning.web),
        *(
            branch(
                "resource",
                leaf("resourceDesc", file.desc),
                leaf("size", file.size),
                leaf("digest", file.digest),
            )
            for file in warning.files
        ),
        *(_area(place) for place in warning.places),
    )


def _area(place: Place) -> Node:
    polygons = [" ".join(written(point) for point in ring) for ring in place.polygons]
    return branch(
        "area",
        leaf("areaDesc", place.desc),
        *(leaf("polygon", text) for text in polygons or [""]),
        *(leaf("circle", text) for text in [circle_text(circle) for circle in place.circles_m] or [""]),
        leaf("geocode", ",".join(place.geocodes)),
    )
