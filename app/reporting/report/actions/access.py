"""Who may read and who may write a report: its desk, as far as it may know the incident."""

from __future__ import annotations

from datetime import datetime

from app.db import Tx
from app.dispatch.store import incidents
from app.dispatch.store.incidents import IncidentSeen
from app.journal import store as journal
from app.org.rules.access import Concern, Viewer, actor, may_see, require
from app.refusals import NotFound, NotPermitted
from app.reporting.report.events import ReportChanged
from app.reporting.report.facts import ReportFact
from app.reporting.report.refusals import StaleReport
from app.reporting.report.store import reports
from app.reporting.report.tables import WrittenReport


def concern_of(report: WrittenReport, incident: Concern) -> Concern:
    """Return whom a report concerns: the desk that writes it and those above, who may know the incident."""
    return Concern((report.region_code,), (), incident.restricted, readers=incident.readers)


async def readable(tx: Tx, by: Viewer, incident_id: int) -> IncidentSeen:
    """Return an incident whose reports may be asked for. Raises NotPermitted, NotFound."""
    require(by, "see_desk")
    seen = await incidents.seen(tx, by.stream, incident_id)
    if seen is None or not may_see(by, seen.concern):
        raise NotFound("该事件", "incident")
    return seen


async def seen(tx: Tx, by: Viewer, report_id: int) -> WrittenReport:
    """Return a report to read. Raises NotPermitted, NotFound."""
    require(by, "see_desk")
    return await _visible(tx, by, await reports.row(tx, by.stream, report_id))


async def own(tx: Tx, by: Viewer, report_id: int, revision: int | None = None) -> WrittenReport:
    """Return a report of this person's desk, locked. Raises NotPermitted, NotFound, StaleReport."""
    require(by, "command")
    report = await _visible(tx, by, await reports.locked(tx, by.stream, report_id))
    if not by.covers(report.region_code):
        raise NotPermitted
    if revision is not None and revision != report.revision:
        raise StaleReport
    return report


async def tell(
    tx: Tx,
    by: Viewer | None,
    report: WrittenReport,
    type_: str,
    now: datetime,
    addressee: str = "",
    words: str = "",
) -> ReportFact:
    """Put a step into the journal and return the report; the last call of an action.

    `by` None: a machine did it.
    """
    await tx.flush()
    incident = await incidents.seen(tx, report.stream, report.incident_id)
    assert incident is not None
    event = ReportChanged(type=type_, report=reports.brief(report), addressee=addressee, words=words)
    entry = journal.Entry(event, concern_of(report, incident.concern), report.incident_id)
    await journal.append(tx, report.stream, now, [entry], actor(by) if by else None)
    return await reports.fact(tx, report)


async def _visible(tx: Tx, by: Viewer, report: WrittenReport | None) -> WrittenReport:
    if report is not None:
        incident = await incidents.seen(tx, by.stream, report.incident_id)
        if incident is not None and may_see(by, concern_of(report, incident.concern)):
            return report
    raise NotFound("该报告", "report")
