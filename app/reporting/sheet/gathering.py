"""Read what the sheet says from rows, bounded, as far as a person's scope goes."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any, cast

from app.db import Tx
from app.dispatch.attachments import store as attachments
from app.dispatch.facts import IncidentFact, ReportNode
from app.journal import store as journal
from app.journal.store import JournalRow
from app.org.rules.access import Viewer
from app.reporting.facts import ReportDueFact
from app.reporting.report.facts import ReportFact
from app.reporting.report.store import reports
from app.reporting.settings import Reporting
from app.reporting.shapes import due_fact
from app.reporting.sheet.facts import (
    LateSheet,
    SheetCallerFact,
    SheetDueFact,
    SheetEntryFact,
    SheetReceiptFact,
    SheetRecordingFact,
    SheetVersionFact,
)
from app.reporting.store import dues as store
from app.reporting.store import situation as facts
from app.reporting.tables import ReportDue

MOST_DUES, MOST_VERSIONS, MOST_ENTRIES = 400, 200, 600
OF_WRITTEN = (
    "report.drafted",
    "report.returned",
    "report.signed",
    "report.consented",
    "report.countersigned",
    "report.sent",
    "report.confirmed",
)
OF_DUE = ("report.late", "report.late_reason")
ENTRIES = (
    *OF_WRITTEN,
    *OF_DUE,
    "report.fact_noted",
    "report.fact_corrected",
    "incident.opened",
    "incident.reported",
    "incident.amended",
    "incident.attached",
    "incident.closed",
    "incident.reopened",
    "alarm.confirmed",
    "intake.opened",
)


async def gather(
    tx: Tx,
    by: Viewer,
    policy: Reporting,
    incident: IncidentFact,
    receiver: ReportNode | None,
    now: datetime,
) -> LateSheet:
    """Return what the sheet says of an incident this person may see; written reports of his scope only."""
    dues = await _dues(tx, policy, incident, receiver, now)
    versions = await _versions(tx, by, incident.id, receiver)
    shown = {one.id for one in versions}
    rows = await journal.read_kinds(tx, by.stream, incident.id, ENTRIES, MOST_ENTRIES + 1)
    return LateSheet(
        incident_id=incident.id,
        number=incident.number,
        title=incident.title,
        event_name_zh=incident.event_name_zh,
        event_name_en=incident.event_name_en,
        initial_level=incident.initial_level,
        place=f"{incident.region_path}{incident.address}",
        state=incident.state,
        occurred_at=incident.occurred_at,
        received_at=incident.received_at,
        opened_at=incident.opened_at,
        opened_by=incident.opened_by,
        closed_at=incident.closed_at,
        receiver=receiver,
        dues=dues,
        known=facts.known_facts(await facts.facts(tx, incident.id)),
        tellings=[one for one in incident.tellings if receiver in (None, one.receiver)],
        callers=[SheetCallerFact(name=one.name, phone=one.phone) for one in incident.callers],
        recordings=await _recordings(tx, incident.id),
        versions=versions,
        entries=[one for row in rows[-MOST_ENTRIES:] if (one := _entry(row, receiver, shown))],
        entries_left_out=len(rows) > MOST_ENTRIES,
    )


async def _dues(
    tx: Tx, policy: Reporting, incident: IncidentFact, receiver: ReportNode | None, now: datetime
) -> list[SheetDueFact]:
    every = await store.of_incident(tx, incident.id)
    rows = [row for row in every if receiver in (None, row.receiver)]
    lates = await store.lates(tx, [row.id or 0 for row in rows])
    named = (incident.id, incident.number, incident.title)
    shown = [row for row in rows if row.state != "dropped" or row.id in lates]
    # What was late first, then what was due first.
    shown.sort(key=lambda row: (row.id not in lates, row.due_at, row.id))
    return [
        _due(row, due_fact(row, named, lates.get(row.id or 0, ()), policy.rules.semantics, now))
        for row in shown[:MOST_DUES]
    ]


def _due(row: ReportDue, told: ReportDueFact) -> SheetDueFact:
    same = {name: getattr(told, name) for name in SheetDueFact.model_fields if hasattr(told, name)}
    return SheetDueFact(
        **{
            **same,
            "state": row.state,
            "rules_version": row.rules_version,
            "limit_zh": told.why.limit_zh,
            "limit_en": told.why.limit_en,
            "why_zh": told.why.zh,
            "why_en": told.why.en,
            "cap": told.why.cap,
        }
    )


async def _versions(
    tx: Tx, by: Viewer, incident_id: int, receiver: ReportNode | None
) -> list[SheetVersionFact]:
    found = await reports.facts(tx, await reports.of_incident(tx, incident_id, by.scope, MOST_VERSIONS))
    return [
        _version(one)
        for one in found
        if one.state != "dropped" and (receiver is None or any(to.node == receiver for to in one.addressees))
    ]


def _version(told: ReportFact) -> SheetVersionFact:
    same = {name: getattr(told, name) for name in SheetVersionFact.model_fields if hasattr(told, name)}
    receipts = [
        SheetReceiptFact(**{name: getattr(to, name) for name in SheetReceiptFact.model_fields})
        for to in told.addressees
    ]
    papers = [f"{one.edition}.{one.form} {one.sha256}" for one in told.papers]
    return SheetVersionFact(**{**same, "to": receipts, "papers": papers})


async def _recordings(tx: Tx, incident_id: int) -> list[SheetRecordingFact]:
    """Return sound first: what was said on the telephone."""
    found = await attachments.of_incident(tx, incident_id)
    found.sort(key=lambda one: (one.kind != "audio", one.id))
    return [
        SheetRecordingFact(
            **one.model_dump(include=set(SheetRecordingFact.model_fields)),
            withdrawn=one.withdrawn_at is not None,
        )
        for one in found
    ]


def _entry(row: JournalRow, receiver: ReportNode | None, versions: set[int]) -> SheetEntryFact | None:
    """Return an entry the sheet rests on, None for one of another addressee or of another desk's report."""
    body = cast("Mapping[str, Any]", json.loads(row.body))
    if row.type in OF_WRITTEN and body.get("report", {}).get("id") not in versions:
        return None
    if receiver is not None and row.type in OF_DUE and body.get("due", {}).get("receiver") != receiver:
        return None
    return SheetEntryFact(
        seq=row.seq,
        at=row.at,
        type=row.type,
        actor=(body.get("actor") or {}).get("name"),
        hash=row.hash.hex(),
    )
