"""A signed report as a file for who has no system to send it to, and the reading of such a file."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo

from pydantic import ValidationError

from app.db import Tx
from app.org.rules.access import Viewer, require
from app.refusals import FieldFault, InvalidInput, NotFound
from app.reporting.exchange.actions.queueing import message_of
from app.reporting.exchange.actions.receiving import Arrival, receive
from app.reporting.exchange.facts import ReceivedBrief
from app.reporting.exchange.message import ReportMessage, canonical
from app.reporting.exchange.refusals import AlteredContent, NoPackage, UnknownPeer, UnsignedReport
from app.reporting.exchange.rules.package import (
    PAPERS,
    REPORT,
    Altered,
    Package,
    Unreadable,
    manifest_of,
    pack,
    unpack,
)
from app.reporting.exchange.rules.signing import digest, holds, package_signature
from app.reporting.exchange.store import peers
from app.reporting.exchange.tables import ReportPeer
from app.reporting.report.actions import access
from app.reporting.report.store import reports

Secret = Callable[[str], str | None]


async def package(tx: Tx, by: Viewer, report_id: int, addressee_id: int, secret: Secret) -> tuple[str, bytes]:
    """Return a report as a file for one addressee: its name and the ZIP.

    It is signed where the addressee is registered with a key whose secret is here. Raises UnsignedReport,
    NotFound, NotPermitted.
    """
    report = await access.seen(tx, by, report_id)
    if report.number is None or report.signed_at is None:
        raise UnsignedReport
    to = next((one for one in await reports.addressees(tx, report_id) if one.id == addressee_id), None)
    if to is None:
        raise NotFound("该报送对象", "addressee of this report")
    told = canonical(await message_of(tx, report, to))
    papers = await reports.paper_bytes(tx, report_id, await reports.last_edition(tx, report_id))
    known = await peers.named(tx, report.stream, report.region_code, {(to.node, to.name)})
    peer = known.get((to.node, to.name))
    key = peer.key_id if peer is not None else ""
    shared = secret(key) if key else None
    name = f"{report.number} {report.title}.zip"
    if shared is None:
        return name, pack(told, papers)
    manifest = manifest_of({REPORT: told, **{PAPERS[form]: data for form, data in papers.items()}})
    return name, pack(told, papers, key, package_signature(shared, key, manifest))


async def take_in(
    tx: Tx, by: Viewer, data: bytes, secret: Secret, zone: ZoneInfo, now: datetime
) -> tuple[ReceivedBrief, bool]:
    """Import a package. What is not signed is answered for by who imports it, and is marked so.

    Raises NoPackage, AlteredContent, UnknownPeer for a signature of nobody known here, NotPermitted, and what
    `receive` raises.
    """
    require(by, "command")
    try:
        found = unpack(data)
    except Unreadable as error:
        raise NoPackage(error.zh, error.en) from None
    except Altered as error:
        raise AlteredContent(str(error)) from None
    peer = await _signer(tx, by, found, secret)
    message = read_message(found.report)
    desk = peer.region_code if peer is not None else by.scope.ljust(12, "0")
    how = Arrival(by.stream, desk, peer, "file", digest(data), zone, by)
    return await receive(tx, how, message, found.papers, now)


def read_message(body: bytes) -> ReportMessage:
    """Read a message. Raises InvalidInput naming each field that is wrong."""
    try:
        return ReportMessage.model_validate_json(body)
    except ValidationError as error:
        raise InvalidInput(*faults(error)) from None


def faults(error: ValidationError) -> list[FieldFault]:
    """Return what is wrong with a message, field by field; its content is not repeated."""
    return [
        FieldFault(".".join(map(str, one["loc"])) or "body", "内容不正确:" + one["msg"], one["msg"])
        for one in error.errors(include_url=False, include_input=False)[:20]
    ]


async def _signer(tx: Tx, by: Viewer, found: Package, secret: Secret) -> ReportPeer | None:
    """Return the peer whose signature a package bears, None where nobody signed it."""
    if not found.key:
        return None
    peer, shared = await peers.by_key(tx, by.stream, found.key), secret(found.key)
    if peer is None or shared is None or not by.covers(peer.region_code):
        raise UnknownPeer
    if not holds(found.signature, package_signature(shared, found.key, found.manifest)):
        raise AlteredContent("signature.json")
    return peer
