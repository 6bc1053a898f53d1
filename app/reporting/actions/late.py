"""Say why a report was late (迟报原因): another entry beside the flag, which stays."""

from __future__ import annotations

from datetime import datetime

from app.db import Tx
from app.dispatch.actions.permission import concern_of, incident_for_command
from app.journal import store as journal
from app.journal.store import Entry
from app.org.rules.access import Viewer, actor
from app.refusals import NotFound, Refusal
from app.reporting.commands import LateReasonIn
from app.reporting.events import ReportWasLate
from app.reporting.facts import ReportDueFact
from app.reporting.rulebook.in_force import in_force
from app.reporting.settings import Reporting
from app.reporting.shapes import due_fact
from app.reporting.store import dues as store
from app.reporting.tables import ReportLate


class NotLate(Refusal):
    """There is no late report to give a reason for."""

    code = "report_not_late"

    def __init__(self) -> None:
        super().__init__(
            "该项报送没有迟报记录,无须说明原因", "this report is not flagged late: nothing to explain"
        )


async def give_reason(
    tx: Tx, by: Viewer, policy: Reporting, due_id: int, told: LateReasonIn, now: datetime
) -> ReportDueFact:
    """Note why a report was late. Raises NotLate, NotFound, NotPermitted."""
    row = await store.row(tx, by.stream, due_id)
    if row is None:
        raise NotFound("该报送事项", "due report")
    incident = await incident_for_command(tx, by, row.incident_id)
    await tx.refresh(row)
    lates = (await store.lates(tx, [due_id])).get(due_id, [])
    flags = [one for one in lates if one.kind == "late"]
    if not flags:
        raise NotLate
    reason = ReportLate(
        due_id=due_id,
        kind="reason",
        due_at=flags[-1].due_at,
        done_at=flags[-1].done_at,
        minutes=flags[-1].minutes,
        rule_id=flags[-1].rule_id,
        reason=told.reason,
        noted_at=now,
        noted_by=by.name,
        account_id=by.account_id,
    )
    tx.add(reason)
    await tx.flush()
    policy = await in_force(tx, policy, by.stream, now)
    named = (incident.id or 0, incident.number, incident.title)
    fact = due_fact(row, named, [*lates, reason], policy.rules.semantics, now)
    event = ReportWasLate(
        type="report.late_reason", due=fact, late_minutes=flags[-1].minutes, reason=told.reason
    )
    await journal.append(tx, by.stream, now, [Entry(event, concern_of(incident), incident.id)], actor(by))
    return fact
