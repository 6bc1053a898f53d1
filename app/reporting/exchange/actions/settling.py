"""What came of a try: a receipt, a mail that was taken, or trouble. One transaction each, no person."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from app.db import Tx
from app.delivery.notices.rules import LONGEST
from app.dispatch.store import incidents
from app.reporting.exchange.actions.informing import inform
from app.reporting.exchange.post import ReceiptIn
from app.reporting.exchange.rules.retry import ALARM_AGAIN, next_try
from app.reporting.exchange.rules.trouble import Trouble, trouble_words
from app.reporting.exchange.store import outgoing, peers
from app.reporting.exchange.tables import ReportOutgoing
from app.reporting.report.actions.access import tell
from app.reporting.report.actions.sending import confirmed
from app.reporting.report.store import reports
from app.reporting.report.tables import ReportAddressee, WrittenReport


async def delivered(
    tx: Tx, stream: str, outgoing_id: int, receipt: ReceiptIn | None, body_sha256: str, now: datetime
) -> None:
    """Note that it arrived. A receipt confirms the addressee as one entered by hand does; a mail does not."""
    row = await outgoing.locked(tx, stream, outgoing_id)
    if row is None or row.delivered_at is not None:
        return
    row.state, row.next_at, row.alarm_at = "delivered", None, None
    row.trouble = row.trouble_detail = ""
    row.delivered_at, row.body_sha256 = now, body_sha256
    if receipt is not None:
        row.receipt_number, row.receipt_at = receipt.number, receipt.received_at
    found = await _of_report(tx, row)
    if found is None:
        return
    report, to = found
    words = receipt.number if receipt else "邮件"
    await tell(tx, None, report, "report.delivered", now, to.name, words)
    if receipt is not None and to.confirmed_at is None:
        assert to.sent_at is not None
        to.confirmed_as = "receipt"
        to.confirmed_at = max(min(receipt.received_at, now), to.sent_at)
        to.confirmed_by = f"系统回执 {receipt.number}"
        to.confirmed_entered_by = to.name
        await confirmed(tx, None, report, to, now)


async def failed(tx: Tx, stream: str, outgoing_id: int, trouble: Trouble, now: datetime) -> None:
    """Note what went wrong and when it is tried again; what was refused alarms the desk at once."""
    row = await outgoing.locked(tx, stream, outgoing_id)
    if row is None or row.state != "waiting":
        return
    row.trouble, row.trouble_detail = trouble.code, trouble.detail
    row.next_at = next_try(row.queued_at, row.attempts, now, refused=trouble.refused)
    if row.next_at is None:
        row.state, row.trouble, row.trouble_detail = "stopped", "given_up", ""
    if trouble.refused and row.alarm_at is None:
        row.alarm_at = now


async def alarm(tx: Tx, stream: str, outgoing_id: int, zone: ZoneInfo, now: datetime) -> None:
    """Tell the desk that a report does not arrive, so that somebody phones; again every half hour.

    Of a need-to-know incident the event alone tells its readers.
    """
    row = await outgoing.locked(tx, stream, outgoing_id)
    if row is None or row.state != "waiting" or (row.alarm_at is not None and row.alarm_at > now):
        return  # another node was quicker
    row.alarm_at = now + ALARM_AGAIN
    found = await _of_report(tx, row)
    peer = await peers.row(tx, row.peer_id)
    if found is None or peer is None or found[1].confirmed_at is not None:
        return
    report, to = found
    why, why_en = trouble_words(row.trouble, row.trouble_detail)
    minutes = int((now - row.queued_at).total_seconds() // 60)
    call = f",请电话报送{peer.phone}" if peer.phone else ",请电话报送"
    words = f"待送达{minutes}分钟{f'({why})' if why else ''}{call}"
    incident = await incidents.seen(tx, stream, report.incident_id)
    if incident is not None and not (incident.concern.restricted or incident.concern.readers):
        text = f"{report.number} 未送达{to.name}:{words}"[:LONGEST]
        trouble = f" ({why_en})" if why_en else ""
        en = f"{report.number} has not reached {to.name} for {minutes} min{trouble}: tell it by telephone"
        key = f"undelivered:{row.id}:{now.isoformat()}"
        await inform(tx, stream, report.region_code, key, (text, f"{en} {peer.phone}".strip()), zone, now)
    await tell(tx, None, report, "report.undelivered", now, to.name, words)


async def acknowledged(
    tx: Tx, stream: str, peer_id: int, message_id: str, number: str, by: str, at: datetime, now: datetime
) -> bool:
    """Note that somebody over there stands for a report (收悉); False where no such report went there.

    What was not known to have arrived has arrived then.
    """
    row = await outgoing.of_message(tx, stream, message_id, peer_id)
    found = await _of_report(tx, row) if row is not None else None
    if row is None or found is None:
        return False
    if row.acknowledged_at is not None:
        return True
    at = min(at, now)
    row.acknowledged_by, row.acknowledged_at = by, at
    report, to = found
    if row.delivered_at is None:
        row.state, row.next_at, row.alarm_at = "delivered", None, None
        row.trouble = row.trouble_detail = ""
        row.delivered_at, row.receipt_number, row.receipt_at = now, number, at
    await tell(tx, None, report, "report.acknowledged", now, to.name, by)
    if to.confirmed_at is None and to.sent_at is not None:
        to.confirmed_as, to.confirmed_at = "receipt", max(at, to.sent_at)
        to.confirmed_by, to.confirmed_entered_by = f"{by} {number}", to.name
        await confirmed(tx, None, report, to, now)
    return True


async def _of_report(tx: Tx, row: ReportOutgoing) -> tuple[WrittenReport, ReportAddressee] | None:
    """Return the report of a queued line, locked, and its addressee; None for an acknowledgement."""
    if row.report_id is None:
        return None
    report = await reports.locked(tx, row.stream, row.report_id)
    to = next(
        (one for one in await reports.addressees(tx, row.report_id) if one.id == row.addressee_id), None
    )
    return (report, to) if report is not None and to is not None else None
