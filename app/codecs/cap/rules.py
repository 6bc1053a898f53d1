"""What CAP 1.2 asks beyond its schema (§3.2): pure judgements of one message."""

from __future__ import annotations

import re
from collections.abc import Iterator

from app.codecs.cap.alert import Alert, Area, Info, Ring
from app.codecs.cap.geometry import Box, beyond_the_earth, crosses_itself
from app.codecs.findings import Finding, advice, rule, shown

NO_SHAPE = "AREA_WITHOUT_GEOMETRY"

_NAME = re.compile(r"[^\s,&<]+")
_MIME = re.compile(r"[A-Za-z0-9!#$&^_.+-]{1,80}/[A-Za-z0-9!#$&^_.+-]{1,80}(;.*)?", re.DOTALL)
_ANSWERS = frozenset(("Update", "Cancel", "Ack", "Error"))


def judge(alert: Alert, box: Box | None = None) -> Iterator[Finding]:
    """Name the rules that a message breaks; `box` is the reader's jurisdiction."""
    yield from _names(alert)
    yield from _references(alert)
    yield from _audience(alert)
    yield from _remarks(alert)
    for info in alert.infos:
        yield from _times(alert, info)
        yield from _resources(info)
        for area in info.areas:
            yield from _area(area, box)


def _names(alert: Alert) -> Iterator[Finding]:
    for code, name, value in (
        ("BAD_IDENTIFIER", "identifier", alert.identifier),
        ("BAD_SENDER", "sender", alert.sender),
    ):
        if not _NAME.fullmatch(value):
            yield rule(
                code,
                f"<{name}> {shown(value)} 不能为空,也不能含空格、逗号、< 和 &",
                f"<{name}> {shown(value)} may not be empty nor hold a space, comma, < or &",
            )


def _references(alert: Alert) -> Iterator[Finding]:
    if alert.msg_type in _ANSWERS and not alert.references:
        yield rule(
            "REFERENCES_REQUIRED",
            f"msgType 为 {alert.msg_type} 时必须有 <references>",
            f"msgType {alert.msg_type} needs <references>",
        )
    for reference in alert.references:
        if reference == alert.identity:
            yield rule(
                "CIRCULAR_REFERENCE", "<references> 引用了本消息自己", "<references> names this very message"
            )
        elif reference.sent > alert.sent:
            yield rule(
                "POSTDATED_REFERENCE",
                f"<references> 引用了更晚发出的消息 {shown(reference.identifier)}",
                f"<references> names the later message {shown(reference.identifier)}",
            )
        elif reference.sender != alert.sender and alert.msg_type in ("Update", "Cancel"):
            yield advice(
                "FOREIGN_REFERENCE",
                f"{alert.msg_type} 引用了另一发布者 {shown(reference.sender)} 的消息",
                f"this {alert.msg_type} names a message of another sender, {shown(reference.sender)}",
            )


def _audience(alert: Alert) -> Iterator[Finding]:
    if alert.restriction and alert.scope != "Restricted":
        yield rule(
            "RESTRICTION_SCOPE_MISMATCH",
            "有 <restriction> 时 scope 必须是 Restricted",
            "<restriction> goes with scope Restricted only",
        )
    if alert.scope == "Restricted" and not alert.restriction:
        yield rule(
            "RESTRICTION_REQUIRED",
            "scope 为 Restricted 时必须有 <restriction>",
            "scope Restricted needs <restriction>",
        )
    if alert.scope == "Private" and not alert.addresses:
        yield rule(
            "ADDRESSES_REQUIRED", "scope 为 Private 时必须有 <addresses>", "scope Private needs <addresses>"
        )


def _remarks(alert: Alert) -> Iterator[Finding]:
    if alert.msg_type in ("Alert", "Update") and not alert.infos:
        yield advice("NO_INFO", "没有 <info>,不知道预警什么", "there is no <info>: it warns of nothing")
    if alert.msg_type == "Error" and not alert.note:
        yield advice(
            "ERROR_WITHOUT_NOTE", "Error 应在 <note> 中说明原因", "an Error should say why in <note>"
        )


def _times(alert: Alert, info: Info) -> Iterator[Finding]:
    starts = info.effective or alert.sent
    if info.expires is not None and info.expires <= starts and alert.msg_type != "Cancel":
        yield advice("EXPIRES_EARLY", "失效时间不晚于生效时间", "it expires before it takes effect")
    if info.expires is not None and info.onset is not None and info.onset > info.expires:
        yield advice("ONSET_AFTER_EXPIRES", "开始时间晚于失效时间", "its onset is after it expires")


def _resources(info: Info) -> Iterator[Finding]:
    for resource in info.resources:
        if not _MIME.fullmatch(resource.mime_type):
            yield advice(
                "MIME_SHAPE",
                f"<mimeType> {shown(resource.mime_type)} 应如 audio/mpeg",
                f"<mimeType> {shown(resource.mime_type)} should be like audio/mpeg",
            )
        if resource.size is not None and resource.size < 0:
            yield rule("BAD_SIZE", "<size> 不能为负", "<size> may not be negative")


def _area(area: Area, box: Box | None) -> Iterator[Finding]:
    where = shown(area.desc)
    if not (area.polygons or area.circles or area.geocodes):
        yield advice(
            NO_SHAPE,
            f"区域 {where} 没有多边形、圆或区划代码",
            f"the area {where} has no polygon, circle or geocode",
        )
    for ring in area.polygons:
        yield from _ring(ring, where, box)
    for circle in area.circles:
        if beyond_the_earth(circle):
            yield rule(
                "BAD_CIRCLE",
                f"区域 {where} 的半径 {circle.radius_km} 千米过大(单位是千米)",
                f"the radius {circle.radius_km} km of {where} is larger than the earth (the unit is km)",
            )
    yield from _height(area)


def _ring(ring: Ring, where: str, box: Box | None) -> Iterator[Finding]:
    if box is not None and box.swapped(ring):
        yield rule(
            "SWAPPED_COORDINATES",
            f"区域 {where} 的经纬度看来写反了,应先纬度后经度",
            f"latitude and longitude of {where} seem to have changed places: latitude comes first",
        )
    if crosses_itself(ring):
        yield advice(
            "POLYGON_CROSSES_ITSELF", f"区域 {where} 的多边形自相交", f"a polygon of {where} crosses itself"
        )


def _height(area: Area) -> Iterator[Finding]:
    if area.ceiling is None:
        return
    if area.altitude is None:
        yield rule(
            "CEILING_WITHOUT_ALTITUDE", "有 <ceiling> 时必须有 <altitude>", "<ceiling> needs <altitude>"
        )
    elif area.ceiling <= area.altitude:
        yield rule(
            "CEILING_NOT_ABOVE_ALTITUDE",
            f"<ceiling> {area.ceiling} 应高于 <altitude> {area.altitude}",
            f"<ceiling> {area.ceiling} must be above <altitude> {area.altitude}",
        )
