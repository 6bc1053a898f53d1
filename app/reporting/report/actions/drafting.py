"""A version is begun, edited, reviewed, returned and dropped."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime

from app.db import Tx
from app.dispatch.actions.permission import incident_for_command
from app.dispatch.rules.steps import IllegalStep
from app.dispatch.store import incidents
from app.org.rules.access import Viewer, require
from app.refusals import FieldFault, InvalidInput
from app.reporting.report.actions.access import own, readable, tell
from app.reporting.report.actions.composing import Composed, Office, compose, narrative_after, told_before
from app.reporting.report.commands import AddresseeIn, ReportEditIn, ReportIn, ReportReturnIn
from app.reporting.report.facts import ReportChain, ReportFact, ReportPreview
from app.reporting.report.refusals import LevelSkipped, OneTextForAll, OutOfChain
from app.reporting.report.rules.record import Narrative
from app.reporting.report.rules.steps import ReportKind, Stands, check, next_in_chain, skips_a_level
from app.reporting.report.store import reports
from app.reporting.report.tables import ReportAddressee, WrittenReport
from app.reporting.store.situation import reopened_at

MOST = 200  # versions of an incident in one answer


async def chain(tx: Tx, by: Viewer, incident_id: int, office: Office) -> ReportChain:
    """Return the versions this person may read. Raises NotFound, NotPermitted."""
    await readable(tx, by, incident_id)
    found = await reports.of_incident(tx, incident_id, by.scope, MOST)
    return ReportChain(
        reports=await reports.facts(tx, found),
        reopened_at=await reopened_at(tx, incident_id),
        template_faults=list(office.templates.faults),
    )


async def preview(
    tx: Tx, by: Viewer, incident_id: int, told: ReportIn, now: datetime, office: Office
) -> ReportPreview:
    """Return what a version would say now; nothing is kept. Raises NotFound, NotPermitted."""
    require(by, "command")
    seen = await readable(tx, by, incident_id)
    before = await reports.chain(tx, incident_id, _desk(by))
    made = await compose(
        tx,
        seen.fact,
        told.kind,
        _seq(told.kind, before),
        _narrative(told, before),
        told_before(before),
        now,
        office,
    )
    return ReportPreview(
        title=made.title,
        text=made.text,
        unknown=list(made.unknown),
        template_faults=list(office.templates.faults),
    )


async def draft(
    tx: Tx, by: Viewer, incident_id: int, told: ReportIn, now: datetime, office: Office
) -> ReportFact:
    """Begin the next version. Raises NotFound, NotPermitted, OutOfChain, LevelSkipped, IllegalStep."""
    incident = await incident_for_command(tx, by, incident_id)
    if incident.state == "scheduled":
        raise IllegalStep(incident.state, "report")
    before = await reports.chain(tx, incident_id, _desk(by))
    stands = [Stands(one.kind, one.state, one.drafted_at) for one in before]
    if why := next_in_chain(told.kind, stands, await reopened_at(tx, incident_id)):
        raise OutOfChain(why)
    _check_levels(by, told.addressees, told.skip_reason)
    seq, narrative = _seq(told.kind, before), _narrative(told, before)
    seen = await incidents.seen(tx, by.stream, incident_id)
    assert seen is not None
    made = await compose(tx, seen.fact, told.kind, seq, narrative, told_before(before), now, office)
    report = WrittenReport(
        stream=by.stream,
        incident_id=incident_id,
        region_code=_desk(by),
        kind=told.kind,
        seq=seq,
        version=1 + sum(one.state != "dropped" for one in before),
        title=made.title,
        text=made.text,
        secrecy=told.secrecy,
        urgency=told.urgency,
        author=by.name,
        contact=told.contact,
        narrative=asdict(narrative),
        points=made.point_rows,
        told=made.told,
        unknown=list(made.unknown),
        incident_version=incident.version,
        as_of=now,
        reask_at=now + office.recheck if made.unknown else None,
        skip_reason=told.skip_reason,
        drafted_by=by.name,
        drafted_at=now,
    )
    tx.add(report)
    await tx.flush()
    _name(tx, report, told.addressees)
    return await tell(tx, by, report, "report.drafted", now)


async def edit(
    tx: Tx, by: Viewer, report_id: int, told: ReportEditIn, now: datetime, office: Office
) -> ReportFact:
    """Write a draft anew, for all addressees alike.

    Raises OneTextForAll, StaleReport, LevelSkipped, IllegalStep, NotFound, NotPermitted.
    """
    report = await own(tx, by, report_id, told.revision)
    check(report.state, "edit")
    if told.only_for is not None:
        raise OneTextForAll
    _check_levels(by, told.addressees, told.skip_reason)
    report.title, report.text = told.title, told.text
    report.secrecy, report.urgency = told.secrecy, told.urgency
    report.contact, report.skip_reason = told.contact, told.skip_reason
    if told.refresh:
        await _refresh(tx, by, report, told, now, office)
    report.state, report.revision = "draft", report.revision + 1
    await reports.forget_addressees(tx, report_id)
    _name(tx, report, told.addressees)
    return await tell(tx, by, report, "report.edited", now)


async def review(tx: Tx, by: Viewer, report_id: int, revision: int, now: datetime) -> ReportFact:
    """Review a draft: a leader may sign it. Raises StaleReport, IllegalStep, NotFound, NotPermitted."""
    require(by, "review_reports")
    report = await own(tx, by, report_id, revision)
    check(report.state, "review")
    report.state, report.revision = "reviewed", report.revision + 1
    report.reviewed_by, report.reviewed_at = by.name, now
    return await tell(tx, by, report, "report.reviewed", now)


async def send_back(tx: Tx, by: Viewer, report_id: int, told: ReportReturnIn, now: datetime) -> ReportFact:
    """Return a version with what is to be changed (退回修改); it is counted."""
    require(by, "review_reports")
    report = await own(tx, by, report_id, told.revision)
    check(report.state, "return")
    report.state, report.revision, report.returns = "returned", report.revision + 1, report.returns + 1
    report.returned_by, report.returned_at, report.remarks = by.name, now, told.remarks
    report.reviewed_by = report.reviewed_at = None
    return await tell(tx, by, report, "report.returned", now, words=told.remarks)


async def drop(tx: Tx, by: Viewer, report_id: int, reason: str, now: datetime) -> ReportFact:
    """Drop a version nobody signed, with the reason. Raises IllegalStep, NotFound, NotPermitted."""
    report = await own(tx, by, report_id)
    check(report.state, "drop")
    report.state, report.revision = "dropped", report.revision + 1
    report.dropped_by, report.dropped_reason = by.name, reason
    return await tell(tx, by, report, "report.dropped", now, words=reason)


async def _refresh(
    tx: Tx, by: Viewer, report: WrittenReport, told: ReportEditIn, now: datetime, office: Office
) -> None:
    """Take the facts anew, with what people say, and write title and text from them."""
    seen = await incidents.seen(tx, by.stream, report.incident_id)
    assert seen is not None
    before = await reports.chain(tx, report.incident_id, report.region_code)
    narrative = Narrative(**(told.narrative.model_dump() if told.narrative else report.narrative))
    kind: ReportKind = report.kind  # type: ignore[assignment]
    made = await compose(tx, seen.fact, kind, report.seq, narrative, told_before(before), now, office)
    _put(report, made, narrative)
    report.incident_version, report.as_of = seen.fact.version, now
    report.reask_at, report.asked = now + office.recheck if made.unknown else None, 0


def _put(report: WrittenReport, made: Composed, narrative: Narrative) -> None:
    report.title, report.text = made.title, made.text
    report.points, report.told, report.unknown = made.point_rows, made.told, list(made.unknown)
    report.narrative = asdict(narrative)


def _name(tx: Tx, report: WrittenReport, addressees: Sequence[AddresseeIn]) -> None:
    for ordinal, one in enumerate(addressees):
        tx.add(ReportAddressee(report_id=report.id or 0, ordinal=ordinal, **one.model_dump()))


def _check_levels(by: Viewer, addressees: Sequence[AddresseeIn], reason: str) -> None:
    """Skipping a level needs a reason and a copy to who is skipped (越级); nobody reports to himself."""
    if any(one.node == "C" for one in addressees) and len(_desk(by).rstrip("0")) <= 6:
        fault = ("县应急指挥中心不能向自己报送", "the county's centre does not report to itself")
        raise InvalidInput(FieldFault("addressees", *fault))
    if not skips_a_level([one.node for one in addressees if not one.is_copy]):
        return
    if not reason or not any(one.is_copy and one.node == "P" for one in addressees):
        raise LevelSkipped


def _seq(kind: str, before: Sequence[WrittenReport]) -> int:
    same = 1 + sum(one.kind == kind and one.state != "dropped" for one in before)
    if kind == "followup":
        return same
    return same if kind == "final" and same > 1 else 0


def _narrative(told: ReportIn, before: list[WrittenReport]) -> Narrative:
    return Narrative(**told.narrative.model_dump()) if told.narrative else narrative_after(before)


def _desk(by: Viewer) -> str:
    return by.scope.ljust(12, "0")
