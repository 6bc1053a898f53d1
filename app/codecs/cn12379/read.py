"""Bytes → `Notice` and what was found wrong with it."""

from __future__ import annotations

from collections.abc import Iterator

from app.codecs.cap.shapes import Shapes
from app.codecs.cn12379 import rules
from app.codecs.cn12379.notice import File, Method, Notice, Place, WarningInfo
from app.codecs.cn12379.schema import ALERT, NAMESPACE, time_of
from app.codecs.findings import Checked, Finding, Refused, bounded, rule
from app.codecs.markup.model import root_fault, validate
from app.codecs.markup.reader import LIMITS, Limits, Node, parse

_TIMES = frozenset(("sendTime", "effective", "onset", "expires"))
_ROOT = (f'12379 的 <alert xmlns="{NAMESPACE}">', f'<alert xmlns="{NAMESPACE}"> of 12379')


def read(data: bytes, *, limits: Limits = LIMITS) -> Checked[Notice]:
    """Read one 12379 message. Never raises for what the bytes hold.

    The message is None when the bytes are refused or do not fit the content model; a message that breaks
    rules only is there beside its findings.
    """
    try:
        root = parse(data, limits)
    except Refused as refused:
        return Checked(None, (refused.finding,))
    if wrong := root_fault(root, NAMESPACE, "NOT_12379", *_ROOT):
        return Checked(None, (wrong,))
    found = list(validate(root, ALERT, NAMESPACE))
    if found:
        return Checked(None, bounded(found))
    found.extend(_times_with_t(root))
    _without_empty_shapes(root)
    notice = _Reader(found).notice(root)
    found.extend(rules.judge(notice))
    return Checked(notice, bounded(found))


def _times_with_t(node: Node) -> Iterator[Finding]:
    """Name times written as CAP writes them: understood, but not what 12379 says."""
    for child in node.children:
        if child.name in _TIMES and "T" in child.text:
            yield rule(
                "TIME_WITH_T",
                f"<{child.name}> 日期与时间之间应是空格,不是 T",
                f"<{child.name}> has a T between date and time, it must be a space",
                child.line,
            )
        elif child.name == "info":
            yield from _times_with_t(child)


def _without_empty_shapes(root: Node) -> None:
    """Take out the empty polygons and circles that 12379 writes where there are none."""
    for info in root.all("info"):
        for area in info.all("area"):
            area.children = [
                child
                for child in area.children
                if child.name not in ("polygon", "circle") or child.text.strip()
            ]


class _Reader:
    """Builds the message from a tree that fits the model; what it cannot build it names and leaves out."""

    def __init__(self, found: list[Finding]) -> None:
        self._shapes = Shapes(found)

    def notice(self, node: Node) -> Notice:
        code = node.child("code")
        sent = time_of(node.said("sendTime"))
        assert sent is not None, "the model has accepted it"
        return Notice(
            identifier=node.said("identifier"),
            sender=node.said("sender"),
            sender_code=node.said("senderCode"),
            phone=node.said("phone"),
            send_time=sent,
            status=node.said("status"),
            msg_type=node.said("msgType"),
            scope=node.said("scope"),
            methods=tuple(_method(method) for method in (code.all("method") if code else ())),
            classification=node.said("secClassification"),
            note=node.said("note"),
            references=node.said("references"),
            warnings=tuple(self._warning(info) for info in node.all("info")),
        )

    def _warning(self, node: Node) -> WarningInfo:
        return WarningInfo(
            language=node.said("language") or "zh-CN",
            event_type=node.said("eventType"),
            urgency=node.said("urgency") or "Unknown",
            severity=node.said("severity"),
            certainty=node.said("certainty") or "Unknown",
            effective=time_of(node.said("effective")),
            onset=time_of(node.said("onset")),
            expires=time_of(node.said("expires")),
            sender_name=node.said("senderName"),
            headline=node.said("headline"),
            description=node.said("description"),
            instruction=node.said("instruction"),
            web=node.said("web"),
            files=tuple(_file(file) for file in node.all("resource")),
            places=tuple(self._place(area) for area in node.all("area")),
        )

    def _place(self, node: Node) -> Place:
        return Place(
            desc=node.said("areaDesc"),
            polygons=self._shapes.polygons(node),
            circles_m=self._shapes.circles(node),
            geocodes=tuple(
                code.strip()
                for child in node.all("geocode")
                for code in child.text.split(",")
                if code.strip()
            ),
        )


def _method(node: Node) -> Method:
    return Method(
        node.said("methodName"), node.said("message"), node.said("audienceGrp"), node.said("audiencePrt")
    )


def _file(node: Node) -> File:
    return File(node.said("resourceDesc"), node.said("size"), node.said("digest"))
