"""A report comes in: by the signed webhook, or as a file somebody imports. It opens nothing by itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from zoneinfo import ZoneInfo

from app.db import Tx
from app.dispatch.inbox import actions as inbox
from app.dispatch.inbox.commands import IntakeNoticeIn
from app.dispatch.store import incidents
from app.filing.rules.numbers import series_of
from app.filing.store.series import next_running
from app.journal import store as journal
from app.org import store as org
from app.org.rules.access import Concern, Viewer, actor
from app.reporting.exchange.actions.informing import inform
from app.reporting.exchange.events import ReceivedReportChanged
from app.reporting.exchange.facts import ReceivedBrief
from app.reporting.exchange.message import ReportMessage, canonical, without_papers
from app.reporting.exchange.refusals import AlteredContent, OtherContentUnderId, OwnMessage, WrongScope
from app.reporting.exchange.rules.signing import digest
from app.reporting.exchange.store import outgoing, received
from app.reporting.exchange.tables import ReceivedPaper, ReceivedReport, ReportPeer
from app.reporting.report.rules.words import URGENCY, kind_words

SERIES = "received"
MAGIC: Mapping[str, bytes] = {"pdf": b"%PDF-", "docx": b"PK\x03\x04"}
MOST_NOTICE = 3_900


@dataclass(frozen=True, slots=True)
class Arrival:
    """How it came: by which peer (None: unsigned), to which desk, by whom it was brought."""

    stream: str
    desk: str
    peer: ReportPeer | None
    means: Literal["system", "file"]
    body_sha256: str
    zone: ZoneInfo
    by: Viewer | None = None


async def receive(
    tx: Tx, how: Arrival, message: ReportMessage, papers: Mapping[str, bytes], now: datetime
) -> tuple[ReceivedBrief, bool]:
    """Take a report in; the same one again changes nothing. Returns it, and whether it was known.

    Raises WrongScope, OwnMessage, AlteredContent, OtherContentUnderId.
    """
    _check_scope(how, message)
    _check_papers(message, papers)
    if await outgoing.of_message(tx, how.stream, message.id) is not None:
        raise OwnMessage
    kept = without_papers(message)
    content = content_hash(kept)
    before = await _known(tx, how, message.id, content)
    if before is not None:
        return await received.brief(tx, before.id or 0), True
    row = await _row(tx, how, message, kept, content, now)
    tx.add(row)
    await tx.flush()
    assert row.id is not None
    for form, data in papers.items():
        tx.add(ReceivedPaper(received_id=row.id, form=form, sha256=digest(data), data=data))
    first = await received.first_edition(tx, row)
    row.notice_id = first.notice_id if first else await _notice(tx, how, row, message, now)
    await tx.flush()
    fact = await received.brief(tx, row.id)
    if not row.restricted:
        what = f"{kind_words(row.kind, row.seq)}{'补签件' if first else ''}"
        words = f"收到{row.from_name}{what}【{URGENCY[row.urgency]}】{row.title},请收悉"
        told = (words[:300], f"A report came from {row.from_name}: {row.title}. Please take note")
        await inform(tx, how.stream, how.desk, f"received:{row.id}", told, how.zone, now)
    event = ReceivedReportChanged(type="received_report.arrived", received=fact)
    entry = journal.Entry(event, concern_of(row))
    await journal.append(tx, how.stream, now, [entry], actor(how.by) if how.by else None)
    return fact, False


def concern_of(row: ReceivedReport) -> Concern:
    """Return whom a received report concerns: the desk it came to and those above it."""
    return Concern((row.region_code,), restricted=row.restricted)


def content_hash(kept: Mapping[str, object]) -> str:
    """Return what a message is known by beside its id: what was signed, not what became of the incident."""
    incident = kept["incident"]
    assert isinstance(incident, dict)
    said = {name: kept[name] for name in ("id", "sender", "to", "report", "papers")}
    return digest(canonical({**said, "incident": incident["number"]}))


def _check_scope(how: Arrival, message: ReportMessage) -> None:
    """Let a peer report of its own places; what nobody signed is answered for by who brings it."""
    if how.peer is None:
        return
    for code in (message.sender.region_code, message.incident.region_code):
        if not how.peer.scope or not code.startswith(how.peer.scope):
            raise WrongScope(code)


def _check_papers(message: ReportMessage, papers: Mapping[str, bytes]) -> None:
    said: dict[str, str] = {one.form: one.sha256 for one in message.papers}
    for form in sorted(said.keys() | papers.keys()):
        data = papers.get(form)
        whole = data is not None and digest(data) == said.get(form) and data.startswith(MAGIC[form])
        if not whole or len(said) < len(message.papers):
            raise AlteredContent(f"report.{form}")


async def _known(tx: Tx, how: Arrival, message_id: str, content: str) -> ReceivedReport | None:
    """Return the row of a message that came before; what came unsigned is the peer's once it is signed."""
    peer = how.peer.id if how.peer else None
    rows = await received.known(tx, how.stream, message_id)
    same = next((one for one in rows if one.peer_id == peer), None)
    if same is not None:
        if same.content_hash != content:
            raise OtherContentUnderId
        return same
    alike = next((one for one in rows if one.content_hash == content and None in (one.peer_id, peer)), None)
    if alike is not None and how.peer is not None:
        alike.peer_id, alike.signed = how.peer.id, True
        await tx.flush()
    return alike


async def _row(
    tx: Tx, how: Arrival, message: ReportMessage, kept: dict[str, object], content: str, now: datetime
) -> ReceivedReport:
    year = now.astimezone(how.zone).year
    series = series_of(f"report_{SERIES}", how.desk, drill=False)
    running = await next_running(tx, how.stream, series, year)
    report = message.report
    copied = report.model_dump(exclude={"number", "version", "as_of", "signed_at"})
    return ReceivedReport(
        **copied,
        stream=how.stream,
        region_code=how.desk,
        peer_id=how.peer.id if how.peer else None,
        number=f"收报〔{year}〕{running}号",
        message_id=message.id,
        content_hash=content,
        body_sha256=how.body_sha256,
        means=how.means,
        signed=how.peer is not None,
        restricted=message.incident.restricted or await _secret_kind(tx, message),
        from_node=how.peer.node
        if how.peer
        else ("T" if len(message.sender.region_code.rstrip("0")) > 6 else "D"),
        from_name=how.peer.name if how.peer else message.sender.name,
        their_number=report.number,
        their_incident=message.incident.number,
        signed_at=report.signed_at,
        region_path=f"{message.incident.region_path}{message.incident.address}",
        message=kept,
        received_at=now,
        entered_by=how.by.name if how.by else how.peer.name if how.peer else "",
    )


async def _secret_kind(tx: Tx, message: ReportMessage) -> bool:
    """Whether the kind of incident is need-to-know here, whatever it is over there."""
    kind = await incidents.event_type(tx, "CN-EVENT-5", message.incident.event_code)
    return kind is not None and kind.restricted


async def _notice(
    tx: Tx, how: Arrival, row: ReceivedReport, message: ReportMessage, now: datetime
) -> int | None:
    """Put it into the intake queue, from which an officer opens an incident or joins it to one.

    Of a need-to-know matter the place is left to the words: townships do not read it.
    """
    told = message.incident
    place = await org.region(tx, told.region_code)
    ours = place is not None and told.region_code.startswith(how.stream) and not row.restricted
    known = await incidents.event_type(tx, "CN-EVENT-5", told.event_code)
    long = len(row.text) > MOST_NOTICE
    notice = IntakeNoticeIn(
        their_id=f"{row.number}/{message.id}"[:100],
        title=row.title,
        text=f"{row.text[:MOST_NOTICE]}{f'……(全文见{row.number})' if long else ''}",
        event_code=told.event_code if known is not None else None,
        region_code=told.region_code if ours else None,
        address=(told.address if ours else f"{told.region_path}{told.address}")[:200],
        lon=told.lon,
        lat=told.lat,
        happened_at=told.occurred_at,
        from_name=row.from_name,
        from_phone=row.contact[:40],
        channel="system" if how.means == "system" else "document",
        voucher=row.their_number[:200],
    )
    sender = inbox.Sender(how.stream, "subordinate", row.from_name, by=how.by)
    fact, _ = await inbox.receive(tx, sender, notice, now)
    return fact.id
