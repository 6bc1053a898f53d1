"""What was sent in writing and confirmed counts as told: the one place where the two meet."""

from __future__ import annotations

from datetime import datetime
from typing import cast

from app.db import Tx
from app.dispatch.actions.telling import MOST, note_receipt, note_telling
from app.dispatch.commands import TellingIn
from app.dispatch.facts import ReportKind, ReportNode
from app.dispatch.store import incidents
from app.org.rules.access import Viewer
from app.reporting.report.tables import ReportAddressee, WrittenReport

CHANNEL = "written"


def sender_of(report: WrittenReport) -> ReportNode:
    """Return which node a report is of: a township's desk, or the centre."""
    return "T" if len(report.region_code.rstrip("0")) > 6 else "C"


async def tell_written(
    tx: Tx, by: Viewer | None, report: WrittenReport, to: ReportAddressee, now: datetime
) -> bool:
    """Note on the incident that this node has the report in writing, as of when it was sent.

    It discharges what was due to the node in writing up to the version of the incident it tells of. `by`
    None: the node's own system says so. Returns False where the incident takes no tellings any more, merged
    or full: the receipt of the report itself is the proof then.
    """
    find = incidents.row if by else incidents.locked
    incident = await find(tx, report.stream, report.incident_id)
    if incident is None or incident.merged_into_id is not None or len(incident.tellings) >= MOST:
        return False
    told = TellingIn(
        whom=to.name,
        channel=CHANNEL,
        told_at=to.sent_at,
        sender=sender_of(report),
        receiver=cast("ReportNode", to.node),
        kind=cast("ReportKind", report.kind),
        receipt=(to.confirmed_by or "回执")[:100],
        version=report.incident_version,
    )
    if by is not None:
        await note_telling(tx, by, report.incident_id, told, now)
        return True
    if incident.state not in ("open", "closed"):
        return False
    await note_receipt(tx, incident, told, to.name, now)
    return True
