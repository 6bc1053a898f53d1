"""Reckon an incident's dues anew, whole, and keep what was late. The caller holds the incident's lock."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from app.db import Tx
from app.dispatch.actions.permission import concern_of
from app.dispatch.tables import Incident
from app.journal.store import Entry
from app.reporting.actions.situation import remembered, situation_of
from app.reporting.events import ReportWasLate
from app.reporting.rulebook import store as rulebook
from app.reporting.rulebook.in_force import in_force, of_version
from app.reporting.rules.clock import Span, next_look, standing
from app.reporting.rules.dues import Due, Key, dues
from app.reporting.rules.situation import Situation, Told
from app.reporting.rules.succession import Takeover, live, taken_over
from app.reporting.rules.terms import OURS, SCHEDULED, Channel, Kind, Node
from app.reporting.settings import Reporting
from app.reporting.shapes import due_fact, why_fact
from app.reporting.store import dues as store
from app.reporting.store import situation as facts
from app.reporting.store.dues import AFTER_CLOSE
from app.reporting.tables import ReportDue, ReportLate

INSTANT = timedelta(microseconds=1)
RowKey = tuple[Node, Node, Channel, Kind, int]


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
    policy = await in_force(tx, policy, incident.stream, now)
    if incident.drill_id is not None:  # no clock of the law runs for a drill: its injects have their own
        await rulebook.note_reckoned(tx, incident.id or 0, policy.key)
        return []
    before = await facts.facts(tx, incident.id or 0)
    known = remembered(incident, before, now)
    tx.add_all(known[len(before) :])
    situation = situation_of(incident, known, await facts.figures(tx, incident.id or 0))
    reckoning = Reckoning(tx, incident, policy, situation, now)
    rows = {_key(row): row for row in await store.of_incident(tx, incident.id or 0)}
    late: list[Late] = []
    if incident.merged_into_id is None:
        late += await _settled(reckoning, rows)
        late += _asked(reckoning, rows)
    for row in rows.values():
        if row.state == "open":
            row.state, row.next_alarm_at = "dropped", None
    await rulebook.note_reckoned(tx, incident.id or 0, policy.key)
    return await flag(tx, policy, incident, late, now)


@dataclass(frozen=True, slots=True)
class Reckoning:
    """What reckoning an incident anew needs."""

    tx: Tx
    incident: Incident
    policy: Reporting
    situation: Situation
    now: datetime

    def dues(self, policy: Reporting) -> tuple[Due, ...]:
        """Return the dues by these rules."""
        return dues(self.situation, policy.rules, policy.profiles, self.now, policy.days)


async def _settled(one: Reckoning, rows: dict[RowKey, ReportDue]) -> list[Late]:
    """Reckon what was discharged under earlier rules by those rules; take it out of the rows.

    Corrected facts move its due, new rules do not (rules.succession).
    """
    settled = {key: row for key, row in rows.items() if _by_earlier_rules(row, one.policy)}
    late: list[Late] = []
    for rules_id in {row.rules_id for row in settled.values()}:
        then = await of_version(one.tx, one.policy, rules_id)
        if then is None:
            continue
        found = {(*due.key, due.done.at): due for due in one.dues(then) if due.done}
        for row in settled.values():
            if row.rules_id != rules_id or row.done_at is None:
                continue
            due = found.get((*_key(row)[:4], row.done_at))
            if due is not None:
                before, kept = row.before_at, Reckoning(one.tx, one.incident, then, one.situation, one.now)
                late += _kept(kept, row, due, before)
    return late


def _asked(one: Reckoning, rows: dict[RowKey, ReportDue]) -> list[Late]:
    """Write what the rules in force ask for; take it out of the rows, and what earlier rules settled."""
    settled: dict[Key, int] = {}
    for key in [key for key, row in rows.items() if _by_earlier_rules(row, one.policy)]:
        del rows[key]
        settled[key[:4]] = max(settled.get(key[:4], 0), key[4])
    late: list[Late] = []
    for due in live(one.dues(one.policy), one.policy.since, settled):
        if due.sender in OURS:
            row = rows.pop((*due.key, due.round), None)
            late += _kept(one, row, due, _due_before(row, one.policy))
    return late


def _by_earlier_rules(row: ReportDue, policy: Reporting) -> bool:
    if policy.since is None or row.done_at is None or row.rules_id == policy.id:
        return False
    return row.state == "done" and row.done_at < policy.since


def _due_before(row: ReportDue | None, policy: Reporting) -> datetime | None:
    """Return when a row was due by the rules before those of now."""
    if row is None:
        return None
    if row.rules_id == policy.id:
        return row.before_at
    return row.due_at if row.state == "open" else None


def _kept(one: Reckoning, row: ReportDue | None, due: Due, before: datetime | None) -> list[Late]:
    """Write a due into its row, a new one if there is none; return what is to be flagged of it.

    `before` is when it was due by the rules before those that ask for it.
    """
    policy = one.policy
    if policy.since is not None:
        due = taken_over(due, Takeover(policy.since, policy.rules.semantics), before)
    late = []
    if row is None:
        row = _new(one.incident, due)
        one.tx.add(row)
    elif passed := _missed(row, due, one.situation.told, one.now):
        late.append(passed)
    _write(row, due, policy)
    row.before_at = before
    _set_timer(row, one.incident, policy)
    if row.done_at is not None and (minutes := _minutes(row, policy, one.now)):
        late.append(Late(row, row.due_at, row.done_at, minutes))
    return late


def _key(row: ReportDue) -> RowKey:
    return row.sender, row.receiver, row.channel, row.kind, row.round  # type: ignore[return-value]


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
    row.rules_version, row.rules_id = policy.rules.version, policy.id
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
