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
from app.reporting.rules.terms import CHANNELS, KINDS, NODES, Words
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
    tx: Tx, incident: Incident, people: Sequence[int], words: Words, now: datetime, *, by_sms: bool
) -> None:
    key = f"report:{incident.id}:{now.isoformat()}:{'late' if by_sms else 'soon'}"
    zh, en = words
    regions = (incident.region_code,)
    matter = Matter("reporting", key, zh, regions, incident.id, by_sms=by_sms, text_en=en)
    await notices.tell(tx, incident.stream, people, matter, now)


def _soon(incident: Incident, dues: Sequence[ReportDue], policy: Reporting) -> Words:
    zh, en = [], []
    for row in dues:
        (what, what_en), at = _what(row), f"{row.due_at.astimezone(policy.rules.zone):%m-%d %H:%M:%S}"
        zh.append(f"{what}须于{at}前报送")
        en.append(f"{what_en} is due by {at}")
    said = _some(zh, en)
    return f"{incident.number} {said[0]}", f"{incident.number} {said[1]}"


def _late(incident: Incident, dues: Sequence[ReportDue], policy: Reporting, now: datetime) -> Words:
    zh, en = [], []
    for row in sorted(dues, key=lambda row: row.due_at):
        (what, what_en), (since, since_en) = _what(row), _since(_minutes(row, policy, now))
        zh.append(what + since)
        en.append(f"{what_en} {since_en}")
    if len(zh) == 1:
        said = zh[0] + ",请立即报送并说明原因", f"{en[0]}: report now and say why"
    else:
        all_zh, all_en = _some(zh, en)
        said = (
            f"{len(zh)}项报送超时,请立即报送并说明原因:{all_zh}",
            f"{len(en)} reports are late, send them now and say why: {all_en}",
        )
    return f"{incident.number} {said[0]}", f"{incident.number} {said[1]}"


def _some(zh: Sequence[str], en: Sequence[str]) -> Words:
    named, named_en = "、".join(zh[:MOST_NAMED]), ", ".join(en[:MOST_NAMED])
    if len(zh) <= MOST_NAMED:
        return named, named_en
    return f"{named}等{len(zh)}项", f"{named_en} and more, {len(en)} in all"


def _since(minutes: int) -> Words:
    return (f"已超时{minutes}分钟", f"is {minutes} min late") if minutes else ("已到时限", "is due now")


def _minutes(row: ReportDue, policy: Reporting, now: datetime) -> int:
    return standing(Span(row.begins_at, row.due_at), policy.rules.semantics, now).late_min


def _what(row: ReportDue) -> Words:
    zh, en = zip(NODES[row.sender], NODES[row.receiver], CHANNELS[row.channel], KINDS[row.kind], strict=True)  # type: ignore[index]
    return f"{zh[0]}→{zh[1]}{zh[2]}{zh[3]}", f"{en[0]} → {en[1]}, {en[3]} by {en[2]}"
