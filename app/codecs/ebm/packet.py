"""EBD packets (GD/J 082, 083): bytes ↔ who sends what to whom, and what was found wrong."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from app.codecs.ebm import rules
from app.codecs.ebm.amend import amend, forgive, rename, set_apart
from app.codecs.ebm.fields import Fields, fields_of, node_of
from app.codecs.ebm.profile import GDJ_2018, Dialect, Profile, detected
from app.codecs.ebm.schema import BEIJING, TYPES, packet, time_of
from app.codecs.findings import CannotWrite, Checked, Finding, Refused, advice, bounded, faults, schema, shown
from app.codecs.markup.model import validate
from app.codecs.markup.reader import Limits, Node, parse
from app.codecs.markup.writer import branch, document, leaf

LISTS = Limits(size=8 * 1024 * 1024, nodes=120_000)
"""A county reports some thousand terminals at once, ten elements each."""


@dataclass(frozen=True, slots=True)
class Packet:
    """One EBD. `kind` is its EBDType and the name of its payload, whose fields are named as in the standard.

    `time` is Beijing's; `destination`, `source_url` and `related` are "" when absent.
    """

    ebd_id: str
    kind: str
    source: str
    time: datetime
    payload: Fields = field(default_factory=dict)
    destination: str = ""
    source_url: str = ""
    related: str = ""


def read(data: bytes, profile: Profile | None = None, *, limits: Limits = LISTS) -> Checked[Packet]:
    """Read one EBD. Never raises for what the bytes hold.

    Without a profile the dialect is told by the length of the EBDID. The packet is None when the bytes are
    refused or do not fit the content model; one that breaks rules only is there beside its findings.
    """
    try:
        root = parse(data, limits)
    except Refused as refused:
        return Checked(None, (refused.finding,))
    return of_tree(root, profile, marked=data.startswith(b"\xef\xbb\xbf"))


def of_tree(root: Node, profile: Profile | None = None, *, marked: bool = False) -> Checked[Packet]:
    """Read an EBD that has been parsed already; `marked` says that a byte order mark stood before it."""
    if root.name != "EBD":
        return Checked(None, (_not_ebd(root),))
    profile = profile or detected(root.said("EBDID"))
    found = list(_remarks(root, marked=marked))
    found.extend(amend(root, profile))
    payload = next((child.name for child in reversed(root.children) if child.name in TYPES), None)
    model = packet(profile.dialect, payload or root.said("EBDType"))
    if profile.extensions:
        found.extend(forgive(root, model))
    if profile.rows_apart:
        found.extend(set_apart(root, model))
    found.extend(validate(root, model, ""))
    if faults(found) or payload is None:
        return Checked(None, bounded(found))
    body = fields_of(root.children[-1], model.inside[-1] if model.inside else model)
    read = _packet(root, body)
    found.extend(rules.judge(_said(read, payload), profile))
    return Checked(read, bounded(found))


def write(packet_: Packet, profile: Profile = GDJ_2018) -> bytes:
    """Write a packet as its peer reads it, in UTF-8; what stands there has been read back and found valid.

    Raises CannotWrite when a value or a rule forbids it; times without zone are refused with ValueError.
    """
    if packet_.time.tzinfo is None:
        raise ValueError("the time of a packet needs its zone")
    known = {part.name: part for part in packet(profile.dialect, packet_.kind).inside or ()}
    if packet_.kind not in known:
        raise CannotWrite([_unknown_kind(packet_.kind)])
    root = branch(
        "EBD",
        leaf("EBDVersion", "1"),
        leaf("EBDID", packet_.ebd_id),
        leaf("EBDType", packet_.kind),
        branch("SRC", leaf("EBRID", packet_.source), _may("URL", packet_.source_url)),
        _holder("DEST", "EBRID", packet_.destination),
        leaf("EBDTime", time_text(packet_.time)),
        _holder("RelatedEBD", "EBDID", packet_.related),
        node_of(packet_.payload, known[packet_.kind]),
    )
    if profile.dialect is Dialect.DRAFT_2016:
        rename(root, "SendTime", "SentTime")
    data = document(root)
    wrong = faults(read(data, profile).findings)
    if wrong:
        raise CannotWrite(wrong)
    return data


def time_text(time: datetime) -> str:
    """Return a time as the standard writes it: Beijing's, without zone."""
    return f"{time.astimezone(BEIJING):%Y-%m-%d %H:%M:%S}"


def _packet(root: Node, body: Fields) -> Packet:
    source, destination, related = (root.child(name) or Node("") for name in ("SRC", "DEST", "RelatedEBD"))
    time = time_of(root.said("EBDTime"))
    assert time is not None, "the model has accepted it"
    return Packet(
        ebd_id=root.said("EBDID"),
        kind=root.said("EBDType"),
        source=source.said("EBRID"),
        time=time,
        payload=body,
        destination=destination.said("EBRID"),
        source_url=source.said("URL"),
        related=related.said("EBDID"),
    )


def _said(read: Packet, payload: str) -> rules.Said:
    return rules.Said(read.ebd_id, read.kind, read.source, read.related, payload, read.payload)


def _remarks(root: Node, *, marked: bool) -> Iterator[Finding]:
    if marked:
        yield advice("BYTE_ORDER_MARK", "文件以 BOM 开头", "the file starts with a byte order mark")
    if root.said("EBDVersion") not in ("1", ""):
        yield advice("VERSION_FORM", "EBDVersion 应为 1", "EBDVersion should be 1", root.line)


def _not_ebd(root: Node) -> Finding:
    return schema(
        "NOT_EBD",
        f"根元素是 {shown(root.name)},不是 <EBD>",
        f"the root element is {shown(root.name)}, not <EBD>",
        root.line,
    )


def _unknown_kind(kind: str) -> Finding:
    return schema("UNKNOWN_TYPE", f"没有 EBDType {shown(kind)}", f"there is no EBDType {shown(kind)}")


def _may(name: str, text: str) -> Node | None:
    return leaf(name, text) if text else None


def _holder(name: str, inner: str, text: str) -> Node | None:
    return branch(name, leaf(inner, text)) if text else None
