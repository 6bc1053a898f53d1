"""A person judges an alarm: acknowledge, confirm into an incident, dismiss."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from app.db import Tx
from app.delivery.messages import Message, queue
from app.delivery.rules import CHANNEL_OF_FAMILY
from app.dispatch.actions.incidents import Draft, open_incident
from app.dispatch.actions.permission import actor, require
from app.dispatch.actions.tell import told_of
from app.dispatch.commands import AlarmConfirmIn
from app.dispatch.events import AlarmChanged, AlarmConfirmed
from app.dispatch.exercise import store as parties
from app.dispatch.facts import AlarmFact, Caller, IncidentFact
from app.dispatch.rules.sos import REPLY_LIFETIME, reply_words
from app.dispatch.rules.steps import ALARM_STEPS, next_alarm_state
from app.dispatch.settings import DispatchRules, shipped
from app.dispatch.store import alarms, incidents
from app.dispatch.tables import Alarm
from app.filing.rules.numbers import marked
from app.journal import store as journal
from app.org import store as org
from app.org.rules.access import Concern, Viewer, may_see
from app.refusals import NotFound, Refusal
from app.wire import Actor


class BelongsToItsCall(Refusal):
    """A caller's silence is no incident of its own."""

    code = "belongs_to_its_call"

    def __init__(self) -> None:
        super().__init__(
            "静默告警属于原呼救,请在原呼救上立案",
            "a caller's silence belongs to his call: open the incident on the call itself",
        )


async def alarm_for(tx: Tx, by: Viewer, alarm_id: int) -> Alarm:
    """Return an alarm that this person may judge, locked. Raises NotFound, NotPermitted."""
    require(by, "command")
    alarm = await alarms.locked(tx, by.stream, alarm_id)
    if alarm is None or not may_see(by, await _concern(tx, alarm)):
        raise NotFound("该报警", "alarm")
    await parties.check_acts(tx, by, alarm.drill_id)
    if alarm.drill_id is None:
        alarm.count = await alarms.count_signals(tx, alarm_id)  # with the copies not told one by one
    return alarm


async def _concern(tx: Tx, alarm: Alarm) -> Concern:
    """Return whom an alarm concerns: its place, and nobody who may not know its incident.

    A silence was raised while the incident was nobody's secret, and is settled as soon as it is one.
    """
    if alarm.kind == "caller_silent":
        return Concern((alarm.region_code,))
    seen = await incidents.seen(tx, alarm.stream, alarm.incident_id) if alarm.incident_id else None
    known = seen.concern if seen else Concern((), readers=tuple(alarm.readers))
    return Concern((alarm.region_code,), restricted=known.restricted, readers=known.readers)


async def acknowledge(
    tx: Tx, by: Viewer, alarm_id: int, now: datetime, rules: DispatchRules | None = None
) -> AlarmFact:
    """Say "I have seen it": stops the sound on every console, and a caller's card is answered.

    Raises IllegalStep, NotFound.
    """
    alarm = await alarm_for(tx, by, alarm_id)
    alarm.state = next_alarm_state(alarm.state, "acknowledge")
    alarm.acknowledged_by, alarm.acknowledged_at = by.name, now
    await _reply(tx, alarm, now, rules or shipped())
    return await tell_of(tx, alarm, "alarm.acknowledged", now, actor(by))


async def _reply(tx: Tx, alarm: Alarm, now: datetime, rules: DispatchRules) -> None:
    """Answer a caller's card that his call was seen, once. In a drill the words stay in the house."""
    if alarm.kind != "sos" or alarm.reply or not rules.sos.reply:
        return
    device = await alarms.fact(tx, alarm.id or 0)
    channel = CHANNEL_OF_FAMILY.get(device.family)
    if channel != "beidou":
        return  # a vehicle's SOS is often pressed in secret: its screen stays silent
    drill = alarm.drill_id is not None
    alarm.reply = marked(reply_words(rules.sos.reply, now, rules.zone), drill=drill)
    if not drill:
        words = Message(
            alarm.stream,
            "beidou",
            device.device_number,
            alarm.reply,
            Concern((alarm.region_code,)),
            now + REPLY_LIFETIME,
            device_id=alarm.device_id,
        )
        await queue(tx, words, now)


async def dismiss(tx: Tx, by: Viewer, alarm_id: int, reason: str, now: datetime) -> AlarmFact:
    """Judge the alarm to be none, with a reason that stays. Raises IllegalStep, NotFound.

    A call for help in earnest is not dismissed by one person: see `dismissal`.
    """
    alarm = await alarm_for(tx, by, alarm_id)
    alarm.state = next_alarm_state(alarm.state, "dismiss")
    alarm.settled_by, alarm.settled_at, alarm.dismiss_reason = by.name, now, reason
    return await tell_of(tx, alarm, "alarm.dismissed", now, actor(by))


async def settle_silence(tx: Tx, stream: str, device_id: int, reason: str, now: datetime) -> None:
    """Settle a device's alarm of silence because it is over. The caller holds the device's lock."""
    await settle_by_itself(tx, stream, device_id, "silent", reason, now)


async def settle_by_itself(
    tx: Tx, stream: str, device_id: int, kind: str, reason: str, now: datetime
) -> None:
    """Settle an alarm of silence because it is over; an alarm of any other kind never is by itself.

    The caller holds the device's lock. One that was judged already stays as it was judged.
    """
    alarm = await alarms.current_of_device(tx, device_id, kind)
    if alarm is None or (alarm.state, "dismiss") not in ALARM_STEPS:
        return
    alarm.count = await alarms.count_signals(tx, alarm.id or 0)
    alarm.state = next_alarm_state(alarm.state, "dismiss")
    alarm.settled_by, alarm.settled_at, alarm.dismiss_reason = "系统", now, reason
    await tell_of(tx, alarm, "alarm.dismissed", now)


async def confirm(
    tx: Tx,
    by: Viewer,
    alarm_id: int,
    known: AlarmConfirmIn,
    now: datetime,
    zone: ZoneInfo,
    rules: DispatchRules | None = None,
) -> IncidentFact:
    """Judge the alarm to be real and open its incident in one transaction.

    Raises IllegalStep if somebody was faster, BelongsToItsCall, NotFound, InvalidInput.
    """
    alarm = await alarm_for(tx, by, alarm_id)
    assert alarm.id is not None
    if alarm.kind == "caller_silent":
        raise BelongsToItsCall
    state = next_alarm_state(alarm.state, "confirm")
    before = await alarms.fact(tx, alarm.id)
    place = await org.region_path(tx, alarm.region_code)
    draft = Draft(
        event_scheme=known.event_scheme,
        event_code=known.event_code,
        title=known.title or _title(before, place),
        initial_level=known.initial_level,
        life_threat=known.life_threat,
        source="telephone" if before.kind == "call" else "device_alarm",
        region_code=known.region_code or alarm.region_code,
        address=known.address,
        lon=known.lon if known.lon is not None else alarm.lon,
        lat=known.lat if known.lat is not None else alarm.lat,
        description=known.description or ("" if alarm.kind == "call" else alarm.text),
        callers=known.callers or [_caller(before)],
        casualties=known.casualties,
        occurred_at=known.occurred_at or alarm.sent_at,
        received_at=alarm.first_heard_at,
        alarm_ids=[alarm.id],
        told_regions=[alarm.region_code],
        drill_id=alarm.drill_id,
    )
    incident, learned = await open_incident(tx, by, draft, now, zone)
    alarm.state = state
    alarm.settled_by, alarm.settled_at, alarm.incident_id = by.name, now, incident.id
    alarm.dismissal = None  # whoever held it to be none was wrong
    if alarm.acknowledged_at is None:
        alarm.acknowledged_by, alarm.acknowledged_at = by.name, now
        await _reply(tx, alarm, now, rules or shipped())
    await tx.flush()
    seen = await incidents.seen(tx, by.stream, incident.id or 0)
    assert seen is not None
    fact = await alarms.fact(tx, alarm.id)
    event = AlarmConfirmed(type="alarm.confirmed", alarm=fact, incident=seen.fact)
    entries = [journal.Entry(event, seen.concern, incident.id)]
    if incident.restricted:
        gone = AlarmChanged(type="alarm.withdrawn", alarm=fact.model_copy(update={"incident_id": None}))
        entries.append(journal.Entry(gone, Concern((alarm.region_code,), audience="outside")))
    entries += (await told_of(tx, by, incident, learned, now))[1]
    await journal.append(tx, by.stream, now, entries, actor(by))
    return seen.fact


_KIND_WORDS = {
    "low_battery": "电量低",
    "power_lost": "断电",
    "left_area": "越出区域",
    "tamper": "被拆动",
    "fault": "故障",
    "silent": "失联",
}


def _title(alarm: AlarmFact, place: str) -> str:
    if alarm.kind == "call":
        return f"{place} 来电 {alarm.subject or '号码未显示'}"
    who = alarm.holder_name or alarm.device_label
    words = _KIND_WORDS.get(alarm.kind)
    return f"{place} {alarm.device_label} {words}" if words else f"{place} {who} SOS 求救"


def _caller(alarm: AlarmFact) -> Caller:
    if alarm.kind == "call":
        return Caller(name=alarm.text, phone=alarm.subject)
    return Caller(
        name=alarm.holder_name or alarm.device_label, phone=alarm.holder_phone or "", words=alarm.text
    )


async def tell_of(tx: Tx, alarm: Alarm, event_type: str, now: datetime, by: Actor | None = None) -> AlarmFact:
    """Write an alarm and tell what became of it. The last call of the transaction."""
    await tx.flush()
    assert alarm.id is not None
    fact = await alarms.fact(tx, alarm.id)
    event = AlarmChanged(type=event_type, alarm=fact)
    entry = journal.Entry(event, await _concern(tx, alarm), alarm.incident_id)
    await journal.append(tx, alarm.stream, now, [entry], by)
    return fact
