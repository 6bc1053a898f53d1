"""A report as it travels between houses: one shape for the signed webhook and for the file."""

from __future__ import annotations

import base64
import binascii
import json
from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints

from app.commands import Command, Line, Moment, Placed, RegionCode
from app.reporting.exchange.facts import PeerNode
from app.reporting.report.commands import Named, Secrecy, Text, Title, Urgency
from app.reporting.report.rules.steps import ReportKind

FORMAT = "zhishou.report/1"
MOST_BYTES = 12 * 1024 * 1024
MOST_PAPER = 4 * 1024 * 1024
ACK_BYTES = 16 * 1024
MessageId = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$")]
Sha256 = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
Short = Annotated[str, StringConstraints(strip_whitespace=True, max_length=60)]


class MessageSender(Command):
    """Who reports: the desk's own name and place."""

    name: Named
    region_code: RegionCode


class MessageAddressee(Command):
    """To whom it is addressed, as it stands on the paper."""

    node: PeerNode
    name: Named
    is_copy: bool = False


class MessageReport(Command):
    """The signed version: its number, text and who signed it."""

    number: Annotated[str, StringConstraints(min_length=1, max_length=60)]
    kind: ReportKind
    seq: Annotated[int, Field(ge=0, le=10_000)]
    version: Annotated[int, Field(ge=1, le=10_000)]
    title: Title
    text: Text
    secrecy: Secrecy
    urgency: Urgency
    author: Line
    contact: Line
    signer: Line
    signed_at: Moment
    as_of: Moment


class MessageIncident(Placed):
    """The incident it tells of, as far as the receiver needs it to open one of its own."""

    number: Short
    title: Line
    event_code: Short
    event_name: Line
    level: Annotated[int, Field(ge=1, le=4)]
    life_threat: bool
    restricted: bool
    region_code: RegionCode
    region_path: Line
    address: Line
    occurred_at: Moment | None
    received_at: Moment


class MessagePaper(Command):
    """A paper with its SHA-256; `data` is base64 in the webhook, empty in a file, which holds it beside."""

    form: Literal["pdf", "docx"]
    sha256: Sha256
    data: Annotated[str, StringConstraints(max_length=MOST_PAPER * 4 // 3 + 8)] = ""


class ReportMessage(Command):
    """What one house tells another. `id` is the same however often and whichever way it travels."""

    format: Literal["zhishou.report/1"]
    id: MessageId
    sender: MessageSender
    to: MessageAddressee
    report: MessageReport
    incident: MessageIncident
    papers: Annotated[list[MessagePaper], Field(max_length=2)]


class AcknowledgementMessage(Command):
    """收悉: somebody over there has read a report and stands for it."""

    format: Literal["zhishou.acknowledgement/1"]
    id: MessageId
    report: MessageId
    number: Annotated[str, StringConstraints(min_length=1, max_length=60)]
    by: Named
    at: Moment


def canonical(told: dict[str, Any]) -> bytes:
    """Return a message as bytes: the same ones each time."""
    return json.dumps(told, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def with_papers(told: dict[str, Any], papers: dict[str, bytes]) -> dict[str, Any]:
    """Return a message with its papers in it."""
    full = [{**one, "data": base64.b64encode(papers[one["form"]]).decode()} for one in told["papers"]]
    return {**told, "papers": full}


def without_papers(message: ReportMessage) -> dict[str, Any]:
    """Return a message without the bytes of its papers: what is kept, compared and sent."""
    told: dict[str, Any] = message.model_dump(mode="json")
    told["papers"] = [{**one, "data": ""} for one in told["papers"]]
    return told


def paper_bytes(paper: MessagePaper) -> bytes | None:
    """Return the bytes of a paper, None when they are no base64."""
    try:
        return base64.b64decode(paper.data, validate=True)
    except (binascii.Error, ValueError):
        return None
