"""Alarms of dues: at shares of the time, at the due, and every few minutes after (B5, engine semantics 2)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from app.db import Tx
from app.delivery.notices import actions as notices
from app.delivery.notices.actions import Matter
from app.dispatch.actions.permission import concern_of
from app.dispatch.store import incidents
from app.dispatch.tables import Incident
from app.journal import store as journal
from app.journal.store import Entry
from app.reporting.actions.recompute import Late, flag, recompute
from app.reporting.actions.seats import seated
from app.reporting.events import ReportDueRang
from app.reporting.rulebook.in_force import in_force
from app.reporting.rules.clock import Alarm, Span, alarms, next_look, standing
from app.reporting.rules.terms import CHANNELS, KINDS, NODES
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
    rung = [one for row in await store.of_incident(tx, incident_id) if (one := _rings(row, policy, now))]
    late = [Late(one.row, one.row.due_at, None, _minutes(one.row, policy, now)) for one in rung]
    entries += await flag(tx, policy, incident, [one for one in late if one.minutes], now)
    entries += await _told(tx, policy, incident, rung, now)
    await _notify(tx, incident, rung, policy, now)
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


async def _notify(
    tx: Tx, incident: Incident, rung: Sequence[Ringing], policy: Reporting, now: datetime
) -> None:
    """Tell those on duty at the centre; of a need-to-know incident the screens of its readers alone tell."""
    if incident.restricted or not rung:
        return
    people = await seated(tx, incident.stream, incident.stream.ljust(12, "0"), now, policy.rules.zone)
    if people is None:
        return
    for one in rung:
        key = f"report:{one.row.id}:{one.row.due_at.isoformat()}:{one.alarm.share}:{one.alarm.late_min}"
        matter = Matter(
            "reporting", key, _words(incident, one, policy, now), (incident.region_code,), one.row.id
        )
        await notices.tell(tx, incident.stream, people[one.alarm.to], matter, now)


def _words(incident: Incident, one: Ringing, policy: Reporting, now: datetime) -> str:
    row = one.row
    at = row.due_at.astimezone(policy.rules.zone)
    what = f"{NODES[row.sender][0]}→{NODES[row.receiver][0]}{CHANNELS[row.channel][0]}{KINDS[row.kind][0]}"  # type: ignore[index]
    late = _minutes(row, policy, now)
    stands = f"已超时{late}分钟,请立即报送并说明原因" if late else f"须于{at:%m-%d %H:%M:%S}前报送"
    return f"{incident.number} {what}{stands}"
