"""A report gets its number and its paper: by a leader's hand, or on his oral consent."""

from __future__ import annotations

from datetime import datetime

from app.db import Tx
from app.dispatch.store import incidents
from app.filing.rules.numbers import DRILL, series_of
from app.filing.store import archive as papers
from app.filing.store.archive import Filing
from app.filing.store.series import next_running
from app.org import store as org
from app.org.rules.access import Viewer, require
from app.refusals import FieldFault, InvalidInput, NotPermitted
from app.reporting.report.actions.access import own, tell
from app.reporting.report.actions.composing import Office
from app.reporting.report.commands import ReportSignIn
from app.reporting.report.facts import ReportFact
from app.reporting.report.refusals import NotGrave
from app.reporting.report.rules.points import long_time
from app.reporting.report.rules.sheet import Press, Sheet
from app.reporting.report.rules.steps import ReportKind, check, grave
from app.reporting.report.rules.words import SECRECY, URGENCY, number_of, signer_words
from app.reporting.report.store import reports
from app.reporting.report.tables import WrittenReport

HEAD = "突发事件信息快报"


async def sign(
    tx: Tx, by: Viewer, report_id: int, told: ReportSignIn, now: datetime, office: Office, press: Press
) -> ReportFact:
    """Sign a report (签发): number, paper and state in one transaction.

    Raises NotPermitted, NotGrave, StaleReport, IllegalStep, InvalidInput, NotFound.
    """
    report = await own(tx, by, report_id, told.revision)
    if told.signed_as == "leader":
        require(by, "approve_duty")
        check(report.state, "sign")
        report.signed_by = by.name
    else:
        await _consent(tx, by, report, told, now)
    await _number(tx, report, now, office)
    report.signed_as, report.signed_at = told.signed_as, now
    report.state, report.revision = "signed", report.revision + 1
    await archive(tx, by, report, 1, now, office, press)
    type_ = "report.signed" if told.signed_as == "leader" else "report.consented"
    return await tell(tx, by, report, type_, now, words=report.consent_of)


async def archive(
    tx: Tx, by: Viewer, report: WrittenReport, edition: int, now: datetime, office: Office, press: Press
) -> None:
    """Print a report once and keep the bytes with their SHA-256: a reprint is these bytes."""
    await tx.flush()
    sheet = await sheet_of(tx, report, office)
    filing = Filing(
        stream=report.stream,
        region_code=report.region_code,
        kind=f"report_{report.kind}",
        subject=reports.subject_of(report.id or 0),
        number=report.number or "",
        title=report.title,
        unit=sheet.author,
        content={"letter": sheet.words()},
        incident_ids=(report.incident_id,),
    )
    await papers.keep(tx, filing, await press(sheet), by.name, now, edition)


async def sheet_of(tx: Tx, report: WrittenReport, office: Office) -> Sheet:
    """Return a report as it stands on paper; an unsigned one says that it is a draft."""
    to = await reports.addressees(tx, report.id or 0)
    at = report.signed_at or report.drafted_at
    return Sheet(
        head=office.templates.by_kind[report.kind].marks.get("题头", HEAD),  # type: ignore[index]
        number=report.number or "(草稿,未编号)",
        secrecy=SECRECY[report.secrecy],
        urgency=URGENCY[report.urgency],
        title=report.title,
        to=tuple(one.name for one in to if not one.is_copy),
        cc=tuple(one.name for one in to if one.is_copy),
        text=report.text,
        author=await author_of(tx, report),
        signed_on=long_time(at, office.zone),
        reporter=report.author,
        reviewer=report.reviewed_by or "",
        signer=signer_of(report),
        contact=report.contact,
        note=report.skip_reason and f"越级报送理由:{report.skip_reason}",
    )


async def author_of(tx: Tx, report: WrittenReport) -> str:
    """Return in whose name a report is written: the centre's, or the township's own."""
    author, _ = await org.centre_names(tx, report.stream)
    if len(report.region_code.rstrip("0")) > 6:
        region = await org.region(tx, report.region_code)
        author = region.name_zh if region else author
    return author


def signer_of(report: WrittenReport) -> str:
    """Return who signed, as it stands on the paper; "" before the sign-off."""
    if not report.signed_as:
        return ""
    return signer_words(
        report.signed_as, report.signed_by or "", report.consent_of, report.countersigned_by or ""
    )


async def _consent(tx: Tx, by: Viewer, report: WrittenReport, told: ReportSignIn, now: datetime) -> None:
    check(report.state, "consent")
    incident = await incidents.row(tx, by.stream, report.incident_id)
    if incident is None:
        raise NotPermitted
    if not grave(incident.initial_level, life_threat=incident.life_threat):
        raise NotGrave
    if told.consent_at is not None and told.consent_at > now:
        raise InvalidInput(
            FieldFault("consent_at", "同意时间不能晚于现在", "consent cannot lie in the future")
        )
    report.consent_of, report.consent_at = told.consent_of, told.consent_at


async def _number(tx: Tx, report: WrittenReport, now: datetime, office: Office) -> None:
    kind: ReportKind = report.kind  # type: ignore[assignment]
    prefix = office.prefix
    if len(report.region_code.rstrip("0")) > 6:
        region = await org.region(tx, report.region_code)
        prefix = f"{region.name_zh if region else report.region_code}应信"
    report.year = now.astimezone(office.zone).year
    report.series = f"{report.region_code}:{kind}" + (":drill" if report.drill else "")
    series = series_of(f"report_{kind}", report.region_code, drill=report.drill)
    report.running = await next_running(tx, report.stream, series, report.year)
    report.number = (DRILL if report.drill else "") + number_of(prefix, kind, report.year, report.running)
