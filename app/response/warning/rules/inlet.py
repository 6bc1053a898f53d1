"""Bytes → bulletin: which kind of message it is, and whether it may be taken. Pure."""

from __future__ import annotations

import hmac
from collections.abc import Sequence
from dataclasses import dataclass

from app.codecs import cap, cn12379
from app.codecs.cap.geometry import Box
from app.codecs.cap.schema import NAMESPACE as CAP
from app.codecs.cn12379.schema import NAMESPACE as CN12379
from app.codecs.findings import Finding, Layer, Refused, faults, rule, shown
from app.codecs.markup.reader import LIMITS, Node, parse
from app.response.warning.rules.affected import Place
from app.response.warning.rules.bulletin import Bulletin, of_12379, of_cap

MOST_BYTES = LIMITS.size
MARGIN_DEG = 0.3
MOST_ENTRIES = 50


@dataclass(frozen=True, slots=True)
class Read:
    """What bytes hold: a bulletin, or None when they cannot be understood; `kind` as far as it was told."""

    kind: str  # cap | cn12379 | unknown
    bulletin: Bulletin | None
    findings: tuple[Finding, ...]

    @property
    def sound(self) -> bool:
        """Whether nothing but advice was found."""
        return self.bulletin is not None and not faults(self.findings)


def read(data: bytes, box: Box | None) -> Read:
    """Read a message of either kind. Never raises; `box` is the county, to name swapped coordinates."""
    try:
        root = parse(data)
    except Refused as refused:
        return Read("unknown", None, (refused.finding,))
    if root.namespace == CN12379:
        notice = cn12379.read(data)
        of = of_12379(notice.message) if notice.message else None
        return Read("cn12379", of, notice.findings)
    alert = cap.read(data, box=box)
    kind = "cap" if root.namespace == CAP else "unknown"
    return Read(kind, of_cap(alert.message) if alert.message else None, alert.findings)


def box_of(places: Sequence[Place]) -> Box | None:
    """Return the degrees within which the county's places lie, with a margin; None without any."""
    if not places:
        return None
    lats, lons = [one.lat for one in places], [one.lon for one in places]
    return Box(min(lats) - MARGIN_DEG, min(lons) - MARGIN_DEG, max(lats) + MARGIN_DEG, max(lons) + MARGIN_DEG)


def foreign(bulletin: Bulletin, senders: Sequence[str]) -> Finding | None:
    """Return what is wrong when a source may not speak for a sender; without a list it may for all."""
    if not senders or bulletin.sender in senders or bulletin.author in senders:
        return None
    return rule(
        "FOREIGN_SENDER",
        f"该来源不得代 {shown(bulletin.sender)} 发布,请核实后人工采用",
        f"this source may not speak for {shown(bulletin.sender)}: check it, then take it by hand",
    )


def same_name(bulletin: Bulletin) -> Finding:
    """Say that another content came under the same identifier before."""
    return rule(
        "SAME_ID_OTHER_CONTENT",
        f"标识 {shown(bulletin.identifier)} 已收到过不同内容,更新请用 Update 并换新标识",
        f"{shown(bulletin.identifier)} came with other content before: send an Update under a new identifier",
    )


def told(finding: Finding) -> dict[str, object]:
    """Return a finding as it is kept and shown."""
    return {
        "layer": finding.layer.value,
        "code": finding.code,
        "zh": finding.zh,
        "en": finding.en,
        "line": finding.line,
    }


def is_security(findings: Sequence[Finding]) -> bool:
    """Whether bytes were refused for what they may do."""
    return any(finding.layer is Layer.SECURITY for finding in findings)


def token_holds(secret: str, header: str) -> bool:
    """Whether an Authorization header bears the secret, compared in constant time."""
    scheme, _, token = header.partition(" ")
    return scheme.lower() == "bearer" and hmac.compare_digest(token.strip().encode(), secret.encode())


def is_message(root: Node) -> bool:
    """Whether a document is a message itself rather than an index of messages."""
    return root.name == "alert"


def entries(root: Node) -> list[str]:
    """Return the addresses an Atom or RSS index names, the first of each entry, at most 50.

    A link to CAP is preferred (its type, or rel=enclosure), else the first.
    """
    found = []
    for node in _walk(root):
        if node.name not in ("entry", "item"):
            continue
        links = [child for child in node.children if child.name in ("link", "enclosure", "guid")]
        best = sorted(links, key=_unlike_cap)
        address = next((a for a in map(_href, best) if a.startswith(("http://", "https://", "/"))), "")
        if address:
            found.append(address[:500])
    return list(dict.fromkeys(found))[:MOST_ENTRIES]


def _unlike_cap(link: Node) -> bool:
    return "cap" not in link.attributes.get("type", "").lower()


def _href(link: Node) -> str:
    return (link.attributes.get("href") or link.attributes.get("url") or link.text).strip()


def _walk(root: Node) -> list[Node]:
    waiting, seen = [root], []
    while waiting:
        node = waiting.pop(0)
        seen.append(node)
        waiting.extend(node.children)
    return seen
