"""Alarms of dues: at shares of the time, at the due, and every few minutes after (B5, engine semantics 2).

Every alarm is an event, which rings on the consoles; who is called beside that is decided in `calling`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from app.db import Tx
from app.dispatch.actions.permission import concern_of
from app.dispatch.store import incidents
from app.dispatch.tables import Incident
from app.journal import store as journal
from app.journal.store import Entry
from app.reporting.actions.calling import call
from app.reporting.actions.recompute import Late, flag, recompute
from app.reporting.events import ReportDueRang
from app.reporting.rulebook.in_force import in_force
from app.reporting.rules.book import Recipient
from app.reporting.rules.clock import Alarm, Span, alarms, next_look, standing
from app.reporting.settings import Reporting
from app.reporting.shapes import due_fact
from app.reporting.store import dues as store
from app.reporting.tables import ReportDue


@dataclass(frozen=True, slots=True)
class Ringing:
    """A due and the last of its alarms that came since it was looked at: a sleeping house rings once."""

    row: ReportDue
    alarm: Alarm


async def ring(tx: Tx, stream: str, policy: Reporting, incident_id: int, now: datetime) -> None:
    """Give the alarms of one incident that are due, each once.

    Its dues are reckoned anew first: time alone may have made a rule hold. Overdue ones are flagged for good.
    """
    incident = await incidents.locked(tx, stream, incident_id)
    assert incident is not None
    policy = await in_force(tx, policy, stream, now)
    entries = await recompute(tx, policy, incident, now)
    await tx.flush()
    rows = await store.of_incident(tx, incident_id)
    rung = [one for row in rows if (one := _rings(row, policy, now))]
    late = [Late(one.row, one.row.due_at, None, _minutes(one.row, policy, now)) for one in rung]
    entries += await flag(tx, policy, incident, [one for one in late if one.minutes], now)
    entries += await _told(tx, policy, incident, rung, now)
    soon: dict[Recipient, list[ReportDue]] = {}
    for one in rung:
        if one.row.due_at > now:
            soon.setdefault(one.alarm.to, []).append(one.row)
    await call(tx, incident, soon, rows, policy, now)
    await journal.append(tx, stream, now, entries)


def _rings(row: ReportDue, policy: Reporting, now: datetime) -> Ringing | None:
    """Return the latest alarm of a due that came by now, and set its timer to the next one."""
    if row.state != "open" or row.next_alarm_at is None or row.next_alarm_at > now:
        return None
    span = Span(row.begins_at, row.due_at)
    came = alarms(span, policy.rules.semantics, row.alarmed_at, now)
    row.alarmed_at = now
    row.next_alarm_at = next_look([span], policy.rules.semantics, now)
    return Ringing(row, max(came, key=lambda one: one.at)) if came else None


def _minutes(row: ReportDue, policy: Reporting, now: datetime) -> int:
    return standing(Span(row.begins_at, row.due_at), policy.rules.semantics, now).late_min


async def _told(
    tx: Tx, policy: Reporting, incident: Incident, rung: Sequence[Ringing], now: datetime
) -> list[Entry]:
    lates = await store.lates(tx, [one.row.id or 0 for one in rung])
    named = (incident.id or 0, incident.number, incident.title)
    entries = []
    for one in rung:
        passed = one.row.due_at <= now
        event = ReportDueRang(
            type="report.overdue" if passed else "report.due_soon",
            due=due_fact(one.row, named, lates.get(one.row.id or 0, ()), policy.rules.semantics, now),
            to=one.alarm.to,
            share=one.alarm.share,
            late_minutes=_minutes(one.row, policy, now),
        )
        entries.append(Entry(event, concern_of(incident), incident.id))
    return entries
