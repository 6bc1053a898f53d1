"""What 12379 asks beyond its content model (rules §B3): pure judgements of one message."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime

from app.codecs.cap.geometry import crosses_itself
from app.codecs.cn12379.notice import Notice, Place, WarningInfo
from app.codecs.findings import Finding, advice, rule, shown

_IDENTIFIER = re.compile(r"([0-9]{14})_([0-9]{14})(?:_[0-9])?")
"""ZZZZZZDDDUUUXX_YYYYMMDDhhmmss: region 6, trade 3 (GB/T 4657), inner 3, 2; a newer draft appends _N."""

_UNIT = re.compile(r"[0-9]{14}")
_REGION = re.compile(r"[0-9]{6}(?:[0-9]{3}(?:[0-9]{3})?)?")
_EVENT = re.compile(r"[0-9A-Z]{5}")
_EARTH_M = 20_038_000.0


def judge(notice: Notice) -> Iterator[Finding]:
    """Name the rules that a message breaks."""
    yield from _identifier(notice)
    yield from _references(notice)
    for warning in notice.warnings:
        yield from _warning(notice, warning)
        for place in warning.places:
            yield from _place(place)


def is_identifier(text: str) -> bool:
    """Say whether a text is an identifier with a real time in it."""
    found = _IDENTIFIER.fullmatch(text)
    if found is None:
        return False
    try:
        datetime.strptime(found[2], "%Y%m%d%H%M%S")  # noqa: DTZ007 — only whether it exists
    except ValueError:
        return False
    return True


def _identifier(notice: Notice) -> Iterator[Finding]:
    if not is_identifier(notice.identifier):
        yield rule(
            "BAD_IDENTIFIER",
            f"<identifier> {shown(notice.identifier)} 应为 14 位发布单位编码_14 位时间",
            f"<identifier> {shown(notice.identifier)} must be 14 digits of the unit_14 of the time",
        )
    if not _UNIT.fullmatch(notice.sender_code):
        yield rule(
            "BAD_SENDERCODE",
            f"<senderCode> {shown(notice.sender_code)} 应为 14 位数字",
            f"<senderCode> {shown(notice.sender_code)} must be 14 digits",
        )
    elif is_identifier(notice.identifier) and not notice.identifier.startswith(notice.sender_code):
        yield rule(
            "SENDERCODE_MISMATCH",
            "<identifier> 的前 14 位与 <senderCode> 不同",
            "<identifier> does not start with <senderCode>",
        )


def _references(notice: Notice) -> Iterator[Finding]:
    if notice.msg_type in ("Update", "Cancel") and not notice.references:
        yield rule(
            "REFERENCES_REQUIRED",
            f"msgType 为 {notice.msg_type} 时 <references> 应填首发预警的 identifier",
            f"msgType {notice.msg_type} needs the identifier of the first issue in <references>",
        )
    if notice.references and not is_identifier(notice.references):
        yield rule(
            "BAD_REFERENCE",
            f"<references> {shown(notice.references)} 应为首发预警的 identifier,不是 CAP 的三元组",
            f"<references> {shown(notice.references)} must be the first issue's identifier, no triple",
        )
    if notice.references and notice.references == notice.identifier:
        yield rule(
            "CIRCULAR_REFERENCE", "<references> 引用了本消息自己", "<references> names this very message"
        )


def _warning(notice: Notice, warning: WarningInfo) -> Iterator[Finding]:
    if not _EVENT.fullmatch(warning.event_type):
        yield advice(
            "EVENT_CODE_SHAPE",
            f"<eventType> {shown(warning.event_type)} 应为五位编码,如 11B03",
            f"<eventType> {shown(warning.event_type)} should be a code of five, such as 11B03",
        )
    starts = warning.effective or notice.send_time
    if warning.expires is not None and warning.expires <= starts and notice.msg_type != "Cancel":
        yield advice("EXPIRES_EARLY", "失效时间不晚于生效时间", "it expires before it takes effect")
    if not warning.places:
        yield advice("NO_AREA", "没有 <area>,不知道预警哪里", "there is no <area>: it does not say where")


def _place(place: Place) -> Iterator[Finding]:
    where = shown(place.desc)
    for code in place.geocodes:
        if not _REGION.fullmatch(code):
            yield rule(
                "BAD_GEOCODE",
                f"区域 {where} 的区划代码 {shown(code)} 应为 6、9 或 12 位数字",
                f"the region code {shown(code)} of {where} must have 6, 9 or 12 digits",
            )
    for circle in place.circles_m:
        if circle.radius_km > _EARTH_M:
            yield rule("BAD_CIRCLE", f"区域 {where} 的半径过大", f"the radius of {where} is too large")
    for ring in place.polygons:
        if crosses_itself(ring):
            yield advice(
                "POLYGON_CROSSES_ITSELF",
                f"区域 {where} 的多边形自相交",
                f"a polygon of {where} crosses itself",
            )
