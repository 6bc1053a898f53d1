"""A leader signs afterwards what went out on oral consent (补签)."""

from __future__ import annotations

from datetime import datetime

from app.db import Tx
from app.org.rules.access import Viewer, require
from app.reporting.exchange.actions.queueing import enqueue
from app.reporting.exchange.store import outgoing
from app.reporting.report.actions.access import own, tell
from app.reporting.report.actions.composing import Office
from app.reporting.report.actions.signing import archive
from app.reporting.report.facts import ReportFact
from app.reporting.report.refusals import NothingOpenToSign
from app.reporting.report.rules.sheet import Press
from app.reporting.report.rules.steps import check
from app.reporting.report.store import reports


async def countersign(
    tx: Tx, by: Viewer, report_id: int, revision: int, now: datetime, office: Office, press: Press
) -> ReportFact:
    """Sign it; the paper gets its second edition, which goes to every peer the first was queued for.

    Raises NothingOpenToSign, NotPermitted, StaleReport, IllegalStep, NotFound.
    """
    require(by, "approve_duty")
    report = await own(tx, by, report_id, revision)
    check(report.state, "countersign")
    if not reports.open_signature(report):
        raise NothingOpenToSign
    report.countersigned_by, report.countersigned_at = by.name, now
    report.revision += 1
    await archive(tx, by, report, 2, now, office, press)
    queued = await outgoing.of_report(tx, report_id)
    again = [one for one in await reports.addressees(tx, report_id) if one.id in queued]
    await enqueue(tx, report, again, now)
    return await tell(tx, by, report, "report.countersigned", now)
