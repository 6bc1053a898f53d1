"""Tell those on duty at the centre of dues: before them on their screens, after them by message in steps."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from app.db import Tx
from app.delivery.notices import actions as notices
from app.delivery.notices.actions import Matter
from app.dispatch.tables import Incident
from app.reporting.actions.seats import seated
from app.reporting.rules.book import Recipient
from app.reporting.rules.clock import Span, standing
from app.reporting.rules.messages import message_due
from app.reporting.rules.terms import CHANNELS, KINDS, NODES
from app.reporting.settings import Reporting
from app.reporting.tables import ReportDue

MOST_NAMED = 4  # in one message: an SMS is short


async def call(
    tx: Tx,
    incident: Incident,
    soon: Mapping[Recipient, Sequence[ReportDue]],
    rows: Sequence[ReportDue],
    policy: Reporting,
    now: datetime,
) -> None:
    """Tell who is to know: of `soon` on the screen alone, of what is late in one message naming all of it.

    Of a need-to-know incident the screens of its readers alone tell. The caller holds the incident's lock.
    """
    late = [row for row in rows if row.state == "open" and row.next_alarm_at and row.due_at <= now]
    messages = policy.rules.semantics.messages
    told = any(message_due(row.due_at, messages, row.messaged_at, now) for row in late)
    if incident.restricted or not (told or any(soon.values())):
        return
    people = await seated(tx, incident.stream, incident.stream.ljust(12, "0"), now, policy.rules.zone)
    if people is None:
        return
    for whom, dues in soon.items():
        if dues:
            await _tell(tx, incident, people[whom], _soon(incident, dues, policy), now, by_sms=False)
    if told:
        for row in late:
            row.messaged_at = now
        whom = policy.rules.semantics.alarms_to[-1]
        await _tell(tx, incident, people[whom], _late(incident, late, policy, now), now, by_sms=True)


async def _tell(
    tx: Tx, incident: Incident, people: Sequence[int], words: str, now: datetime, *, by_sms: bool
) -> None:
    key = f"report:{incident.id}:{now.isoformat()}:{'late' if by_sms else 'soon'}"
    regions = (incident.region_code,)
    await notices.tell(
        tx, incident.stream, people, Matter("reporting", key, words, regions, incident.id, by_sms=by_sms), now
    )


def _soon(incident: Incident, dues: Sequence[ReportDue], policy: Reporting) -> str:
    zone = policy.rules.zone
    words = [f"{_what(row)}须于{row.due_at.astimezone(zone):%m-%d %H:%M:%S}前报送" for row in dues]
    return f"{incident.number} {_some(words)}"


def _late(incident: Incident, dues: Sequence[ReportDue], policy: Reporting, now: datetime) -> str:
    late = {row.id: _minutes(row, policy, now) for row in dues}
    longest = sorted(dues, key=lambda row: row.due_at)
    if len(longest) == 1:
        return f"{incident.number} {_what(longest[0])}{_since(late[longest[0].id])},请立即报送并说明原因"
    words = [f"{_what(row)}{_since(late[row.id])}" for row in longest]
    return f"{incident.number} {len(longest)}项报送超时,请立即报送并说明原因:{_some(words)}"


def _some(words: Sequence[str]) -> str:
    named = "、".join(words[:MOST_NAMED])
    return named if len(words) <= MOST_NAMED else f"{named}等{len(words)}项"


def _since(minutes: int) -> str:
    return f"已超时{minutes}分钟" if minutes else "已到时限"


def _minutes(row: ReportDue, policy: Reporting, now: datetime) -> int:
    return standing(Span(row.begins_at, row.due_at), policy.rules.semantics, now).late_min


def _what(row: ReportDue) -> str:
    return f"{NODES[row.sender][0]}→{NODES[row.receiver][0]}{CHANNELS[row.channel][0]}{KINDS[row.kind][0]}"  # type: ignore[index]
