"""A report goes out to its addressees, and each says that it came."""

from __future__ import annotations

from datetime import datetime

from app.db import Tx
from app.dispatch.commands import earlier
from app.org.rules.access import Viewer
from app.refusals import NotFound
from app.reporting.exchange.actions.queueing import enqueue
from app.reporting.report.actions.access import own, tell
from app.reporting.report.actions.telling import tell_written
from app.reporting.report.commands import ReportConfirmIn, ReportSendIn
from app.reporting.report.facts import ReportFact
from app.reporting.report.refusals import AlreadySentThere, NotSentThere
from app.reporting.report.rules.steps import check, state_after
from app.reporting.report.store import reports
from app.reporting.report.tables import ReportAddressee, WrittenReport


async def send(tx: Tx, by: Viewer, report_id: int, told: ReportSendIn, now: datetime) -> ReportFact:
    """Enter that it went out, to one or to all it has not gone to. The text is the same for all.

    To who is registered with a system or a mail box it is put into the queue in the same transaction.

    Raises AlreadySentThere, IllegalReportStep (nobody signed it), NotFound, NotPermitted.
    """
    report = await own(tx, by, report_id)
    check(report.state, "send")
    everybody = await reports.addressees(tx, report_id)
    wanted = [_of(everybody, told.addressee_id)] if told.addressee_id is not None else everybody
    waiting = [one for one in wanted if one.sent_at is None]
    if not waiting:
        raise AlreadySentThere
    for one in waiting:
        one.sent_at, one.sent_by, one.channel = earlier(told.sent_at, now), by.name, told.channel
    if told.channel == "system" and told.sent_at is None:  # else it went out some other way
        await enqueue(tx, report, waiting, now)
    if report.state == "signed":
        report.state, report.sent_at = "sent", now
    report.revision += 1
    return await tell(tx, by, report, "report.sent", now, "、".join(one.name for one in waiting))


async def confirm(
    tx: Tx, by: Viewer, report_id: int, addressee_id: int, told: ReportConfirmIn, now: datetime
) -> ReportFact:
    """Enter a receipt, or the call that confirmed it; with it the written report counts as told there.

    Raises NotSentThere, AlreadySentThere, IllegalStep, NotFound, NotPermitted.
    """
    report = await own(tx, by, report_id)
    check(report.state, "confirm")
    everybody = await reports.addressees(tx, report_id)
    one = _of(everybody, addressee_id)
    if one.sent_at is None:
        raise NotSentThere
    if one.confirmed_at is not None:
        raise AlreadySentThere
    one.confirmed_as, one.confirmed_at = told.confirmed_as, max(earlier(told.at, now), one.sent_at)
    one.confirmed_by, one.confirmed_number = told.who, told.number
    one.confirmed_entered_by = by.name
    return await confirmed(tx, by, report, one, now)


async def confirmed(
    tx: Tx, by: Viewer | None, report: WrittenReport, one: ReportAddressee, now: datetime
) -> ReportFact:
    """Let a confirmation that was entered count: the report's state, what was due, the journal.

    `by` None: the addressee's own system sent the receipt. The report is locked.
    """
    await tx.flush()
    everybody = await reports.addressees(tx, report.id or 0)
    report.state = state_after([each.confirmed_at is not None for each in everybody])
    report.revision += 1
    await tell_written(tx, by, report, one, now)
    return await tell(tx, by, report, "report.confirmed", now, one.name)


def _of(everybody: list[ReportAddressee], addressee_id: int) -> ReportAddressee:
    found = [one for one in everybody if one.id == addressee_id]
    if not found:
        raise NotFound("该报送对象", "addressee of this report")
    return found[0]
