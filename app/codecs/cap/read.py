"""Bytes → `Alert` and what was found wrong with it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal

from app.codecs.cap import rules
from app.codecs.cap.alert import Alert, Area, Identity, Info, Pair, Resource
from app.codecs.cap.geometry import Box
from app.codecs.cap.schema import ALERT, NAMESPACE, time_of
from app.codecs.cap.shapes import Shapes
from app.codecs.findings import Checked, Finding, Refused, bounded, rule, shown
from app.codecs.markup.model import root_fault, validate
from app.codecs.markup.reader import LIMITS, Limits, Node, parse

MOST_REFERENCES = 500
MOST_ADDRESSES = 5000

_ADDRESSES = re.compile(r'"([^"]*)"|(\S+)')
_ROOT = (f'CAP 1.2 的 <alert xmlns="{NAMESPACE}">', f'<alert xmlns="{NAMESPACE}">')


def read(data: bytes, *, box: Box | None = None, limits: Limits = LIMITS) -> Checked[Alert]:
    """Read one CAP 1.2 message. Never raises for what the bytes hold.

    The message is None when the bytes are refused or break the schema; a message that only breaks rules is
    there beside its findings, for a person to look at. `box` is the reader's own jurisdiction.
    """
    try:
        root = parse(data, limits)
    except Refused as refused:
        return Checked(None, (refused.finding,))
    if wrong := root_fault(root, NAMESPACE, "NOT_CAP12", *_ROOT):
        return Checked(None, (wrong,))
    found = list(validate(root, ALERT, NAMESPACE))
    if found:
        return Checked(None, bounded(found))
    reader = _Reader(found)
    alert = reader.alert(root)
    shapeless = bool(found)  # a bad shape is named already: that its area has none is no news
    found.extend(one for one in rules.judge(alert, box) if not shapeless or one.code != rules.NO_SHAPE)
    return Checked(alert, bounded(found))


class _Reader:
    """Builds the message from a tree that fits the schema; what it cannot build it names and leaves out."""

    def __init__(self, found: list[Finding]) -> None:
        self._found = found
        self._shapes = Shapes(found)

    def alert(self, node: Node) -> Alert:
        return Alert(
            identifier=node.said("identifier"),
            sender=node.said("sender"),
            sent=_time(node, "sent"),
            status=node.said("status"),
            msg_type=node.said("msgType"),
            scope=node.said("scope"),
            source=node.said("source"),
            restriction=node.said("restriction"),
            addresses=self._words(node, "addresses"),
            codes=_texts(node, "code"),
            note=node.said("note"),
            references=tuple(self._references(node)),
            incidents=self._words(node, "incidents"),
            infos=tuple(self._info(info) for info in node.all("info")),
        )

    def _references(self, node: Node) -> Iterator[Identity]:
        child = node.child("references")
        if child is None:
            return
        words = child.text.split()
        if not words:
            self._bad(
                "BAD_REFERENCE",
                "<references> 是空的,请删除或填写",
                "<references> is empty: fill it or leave it out",
                child,
            )
        if len(words) > MOST_REFERENCES:
            zh = f"<references> 超过 {MOST_REFERENCES} 条"
            self._bad("TOO_MANY_REFERENCES", zh, f"more than {MOST_REFERENCES} references", child)
            return
        for word in words:
            parts = word.split(",")
            sent = time_of(parts[2]) if len(parts) == 3 else None
            if sent is None or not parts[0] or not parts[1]:
                zh = f"引用 {shown(word)} 应写作“sender,identifier,sent”"
                self._bad("BAD_REFERENCE", zh, f"{shown(word)} must be `sender,identifier,sent`", child)
            else:
                yield Identity(parts[0], parts[1], sent)

    def _words(self, node: Node, name: str) -> tuple[str, ...]:
        """Split at white space; a name with white space stands in quotes (§3.2.1)."""
        text = node.said(name)
        if len(text) > MOST_ADDRESSES * 10 and len(text.split()) > MOST_ADDRESSES:
            zh, en = f"<{name}> 超过 {MOST_ADDRESSES} 项", f"more than {MOST_ADDRESSES} names in <{name}>"
            self._bad("TOO_MANY_NAMES", zh, en, node)
            return ()
        return tuple(quoted or plain for quoted, plain in _ADDRESSES.findall(text) if quoted or plain)

    def _info(self, node: Node) -> Info:
        return Info(
            language=node.said("language") or "en-US",
            categories=_texts(node, "category"),
            event=node.said("event"),
            response_types=_texts(node, "responseType"),
            urgency=node.said("urgency"),
            severity=node.said("severity"),
            certainty=node.said("certainty"),
            audience=node.said("audience"),
            event_codes=_pairs(node, "eventCode"),
            effective=time_of(node.said("effective")),
            onset=time_of(node.said("onset")),
            expires=time_of(node.said("expires")),
            sender_name=node.said("senderName"),
            headline=node.said("headline"),
            description=node.said("description"),
            instruction=node.said("instruction"),
            web=node.said("web"),
            contact=node.said("contact"),
            parameters=_pairs(node, "parameter"),
            resources=tuple(_resource(resource) for resource in node.all("resource")),
            areas=tuple(self._area(area) for area in node.all("area")),
        )

    def _area(self, node: Node) -> Area:
        desc = node.said("areaDesc")
        altitude, ceiling = node.said("altitude"), node.said("ceiling")
        return Area(
            desc=desc,
            polygons=self._shapes.polygons(node),
            circles=self._shapes.circles(node),
            geocodes=_pairs(node, "geocode"),
            altitude=Decimal(altitude) if altitude else None,
            ceiling=Decimal(ceiling) if ceiling else None,
        )

    def _bad(self, code: str, zh: str, en: str, node: Node) -> None:
        self._found.append(rule(code, zh, en, node.line))


def _time(node: Node, name: str) -> datetime:
    found = time_of(node.said(name))
    assert found is not None, "the schema has accepted it"
    return found


def _texts(node: Node, name: str) -> tuple[str, ...]:
    return tuple(child.text.strip() for child in node.all(name))


def _pairs(node: Node, name: str) -> tuple[Pair, ...]:
    return tuple((child.said("valueName"), child.said("value")) for child in node.all(name))


def _resource(node: Node) -> Resource:
    size = node.said("size")
    return Resource(
        desc=node.said("resourceDesc"),
        mime_type=node.said("mimeType"),
        size=int(size) if size else None,
        uri=node.said("uri"),
        deref_uri=node.said("derefUri"),
        digest=node.said("digest"),
    )
