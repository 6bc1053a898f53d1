"""Reckon an incident's dues anew, whole, and keep what was late. The caller holds the incident's lock."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from app.db import Tx
from app.dispatch.actions.permission import concern_of
from app.dispatch.tables import Incident
from app.journal.store import Entry
from app.reporting.actions.situation import remember, situation_of
from app.reporting.events import ReportWasLate
from app.reporting.rules.clock import Span, next_look, standing
from app.reporting.rules.dues import Due, dues
from app.reporting.rules.situation import Told
from app.reporting.rules.terms import SCHEDULED, Node
from app.reporting.settings import Reporting
from app.reporting.shapes import due_fact, why_fact
from app.reporting.store import dues as store
from app.reporting.store import situation as facts
from app.reporting.store.dues import AFTER_CLOSE
from app.reporting.tables import ReportDue, ReportLate

# Whether a superior passes a report on, nobody in the county can know: it is not followed here.
OURS: frozenset[Node] = frozenset({"E", "V", "T", "D", "C", "L", "B", "CG"})
INSTANT = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Late:
    """A flag that is to be written: of which due, reckoned how, by how many started minutes."""

    row: ReportDue
    due_at: datetime
    done_at: datetime | None
    minutes: int


async def recompute(tx: Tx, policy: Reporting, incident: Incident, now: datetime) -> list[Entry]:
    """Reckon all dues of an incident as it is known now; return what the journal is to be told.

    What is not asked for any more is dropped, never deleted. A report that came too late is flagged for good:
    later corrections reckon its due anew and leave the flag (domain/rules B5, semantics 5).
    """
    if incident.state == "scheduled":
        return []
    await tx.flush()
    known = await remember(tx, incident, await facts.facts(tx, incident.id or 0), now)
    rows = {_key(row): row for row in await store.of_incident(tx, incident.id or 0)}
    situation = await situation_of(tx, incident, known)
    merged = incident.merged_into_id is not None
    found = () if merged else dues(situation, policy.rules, policy.profiles, now)
    late: list[Late] = []
    for due in found:
        if due.sender in OURS:
            row = rows.pop((*due.key, due.round), None)
            late += _kept(tx, policy, incident, row, due, situation.told, now)
    for row in rows.values():
        if row.state == "open":
            row.state, row.next_alarm_at = "dropped", None
    return await flag(tx, policy, incident, late, now)


def _kept(
    tx: Tx,
    policy: Reporting,
    incident: Incident,
    row: ReportDue | None,
    due: Due,
    told: Sequence[Told],
    now: datetime,
) -> list[Late]:
    """Write a due into its row, a new one if there is none; return what is to be flagged of it."""
    late = []
    if row is None:
        row = _new(incident, due)
        tx.add(row)
    elif passed := _missed(row, due, told, now):
        late.append(passed)
    _write(row, due, policy)
    _set_timer(row, incident, policy)
    if row.done_at is not None and (minutes := _minutes(row, policy, now)):
        late.append(Late(row, row.due_at, row.done_at, minutes))
    return late


def _key(row: ReportDue) -> tuple[str, str, str, str, int]:
    return row.sender, row.receiver, row.channel, row.kind, row.round


def _new(incident: Incident, due: Due) -> ReportDue:
    return ReportDue(
        stream=incident.stream,
        incident_id=incident.id or 0,
        sender=due.sender,
        receiver=due.receiver,
        channel=due.channel,
        kind=due.kind,
        round=due.round,
        begins_at=due.why.begins,
        due_at=due.at,
        rule_id=due.why.rule.id,
        profile=due.why.rule.profile,
        mark=due.why.rule.mark,
        grade=due.why.grade,
        anchor=due.why.anchor,
        anchor_at=due.why.anchor_at,
        applied=due.why.applied,
        rules_version="",
        explanation={},
    )


def _write(row: ReportDue, due: Due, policy: Reporting) -> None:
    why = due.why
    row.begins_at, row.due_at = why.begins, due.at
    row.rule_id, row.profile, row.mark = why.rule.id, why.rule.profile, why.rule.mark
    row.grade, row.anchor, row.anchor_at, row.applied = why.grade, why.anchor, why.anchor_at, why.applied
    row.rules_version = policy.rules.version
    row.explanation = why_fact(due, policy.rules.zone).model_dump(mode="json")
    row.state = "done" if due.done else "open"
    row.done_at = due.done.at if due.done else None
    row.done_version = due.done.version if due.done else None


def _set_timer(row: ReportDue, incident: Incident, policy: Reporting) -> None:
    """Set when the due rings next; nothing rings of a closed incident but what is due of its end."""
    if row.state != "open" or (incident.state != "open" and row.kind not in AFTER_CLOSE):
        row.next_alarm_at = None
        return
    span = Span(row.begins_at, row.due_at)
    row.next_alarm_at = next_look([span], policy.rules.semantics, row.alarmed_at or row.begins_at - INSTANT)


def _minutes(row: ReportDue, policy: Reporting, now: datetime) -> int:
    span = Span(row.begins_at, row.due_at, row.done_at)
    return standing(span, policy.rules.semantics, now).late_min


def _missed(row: ReportDue, due: Due, told: Sequence[Told], now: datetime) -> Late | None:
    """Return the report of a row that came too late: the row has moved on to its next one."""
    if due.kind not in SCHEDULED or row.state != "open" or due.at <= row.due_at or row.due_at >= now:
        return None
    mine = (due.sender, due.receiver, due.channel)
    made = [one.at for one in told if (one.sender, one.receiver, one.channel) == mine and one.at <= now]
    at = min((one for one in made if one > row.due_at), default=None)
    if at is None:
        return None
    return Late(row, row.due_at, at, -int(-(at - row.due_at) // timedelta(minutes=1)))


async def flag(
    tx: Tx, policy: Reporting, incident: Incident, late: Sequence[Late], now: datetime
) -> list[Entry]:
    """Write flags that are not written yet; return the entries that tell of reports made late."""
    if not late:
        return []
    await tx.flush()
    written = await store.lates(tx, [one.row.id or 0 for one in late])
    entries = []
    for one in late:
        before = written.setdefault(one.row.id or 0, [])
        if any((old.kind, old.due_at, old.done_at) == ("late", one.due_at, one.done_at) for old in before):
            continue
        row = ReportLate(
            due_id=one.row.id or 0,
            kind="late",
            due_at=one.due_at,
            done_at=one.done_at,
            minutes=one.minutes,
            rule_id=one.row.rule_id,
            noted_at=now,
        )
        tx.add(row)
        await tx.flush()
        before.append(row)
        if one.done_at is not None:
            entries.append(_told(policy, incident, one, before, now))
    return entries


def _told(
    policy: Reporting, incident: Incident, late: Late, lates: Sequence[ReportLate], now: datetime
) -> Entry:
    named = (incident.id or 0, incident.number, incident.title)
    fact = due_fact(late.row, named, lates, policy.rules.semantics, now)
    event = ReportWasLate(type="report.late", due=fact, late_minutes=late.minutes, reason="")
    return Entry(event, concern_of(incident), incident.id)
