"""What a field phone says of itself: where it is, that its bearer needs help, what he sees on scene.

The phone becomes a device of its team at the first word.
"""

from __future__ import annotations

from datetime import datetime

from app.db import Tx
from app.dispatch.actions.intake import hear_distress
from app.dispatch.actions.permission import require
from app.dispatch.commands import FieldWordsIn, HelpIn, PositionIn, earlier
from app.dispatch.events import TextReceived
from app.dispatch.facts import AlarmFact, TextFact
from app.dispatch.store import alarms, assignments, incidents, teams
from app.dispatch.tables import HeardSignal
from app.journal import store as journal
from app.org import store as org
from app.org.rules.access import Viewer, actor
from app.org.store import DeviceFact
from app.refusals import NotFound
from app.signals import Distress, Fix
from app.tracking import store as tracking
from app.tracking.rules import believable


async def hear_position(tx: Tx, by: Viewer, told: PositionIn, now: datetime) -> None:
    """Store the position of the person's phone. Raises NotPermitted for people without a team."""
    require(by, "answer")
    if not by.team_ids:
        return
    phone = await _phone(tx, by, now)
    heard = tracking.Heard(
        device_id=phone.id,
        stream=by.stream,
        team_id=phone.team_id,
        region_code=phone.region_code,
        lon=told.lon,
        lat=told.lat,
        altitude_m=None,
        speed_mps=told.speed_mps,
        course_deg=told.course_deg,
        fixed_at=told.fixed_at,
        true_at=believable(told.fixed_at, now),
        heard_at=now,
    )
    await tracking.write_many(tx, [heard])


async def call_for_help(tx: Tx, by: Viewer, told: HelpIn, now: datetime) -> AlarmFact:
    """Raise the alarm of a person who pressed SOS on his phone; a second call counts towards the first.

    Anybody who is logged in may call for help.
    """
    phone = await _phone(tx, by, now)
    fix = None
    if told.lon is not None and told.lat is not None:
        fix = Fix(lon=told.lon, lat=told.lat, fixed_at=told.fixed_at)
    ref = f"app-{told.happened_at.isoformat()}"
    words = told.text or f"{by.name} SOS"
    call = Distress(ref=ref, sent_at=told.happened_at, fix=fix, text=words)
    alarm_id = await hear_distress(tx, phone, call, b"", now)
    return await alarms.fact(tx, alarm_id)


async def say(tx: Tx, by: Viewer, assignment_id: int, told: FieldWordsIn, now: datetime) -> TextFact:
    """Put a team's words from the scene before the desk and into the incident's log. Raises NotFound.

    A task that is over takes words still: what was written without a network comes late.
    """
    assignment = await assignments.row(tx, by.stream, assignment_id)
    if assignment is None or assignment.team_id not in by.team_ids:
        raise NotFound("该派单", "assignment")
    seen = await incidents.seen(tx, by.stream, assignment.incident_id)
    assert seen is not None
    phone = await _phone(tx, by, now)
    signal = HeardSignal(
        stream=by.stream,
        device_id=phone.id,
        kind="text",
        dedup_key=f"app-{told.happened_at.isoformat()}",
        text=told.text,
        raw=b"",
        sent_at=earlier(told.happened_at, now),
        heard_at=now,
    )
    tx.add(signal)
    await tx.flush()
    assert signal.id is not None
    fact = TextFact(
        id=signal.id,
        device_id=phone.id,
        device_label=phone.label,
        family=phone.family,
        region_code=phone.region_code,
        team_id=assignment.team_id,
        text=told.text,
        heard_at=now,
    )
    event = TextReceived(type="text.received", text=fact)
    entry = journal.Entry(event, seen.concern, assignment.incident_id)
    await journal.append(tx, by.stream, now, [entry], actor(by))
    return fact


async def _phone(tx: Tx, by: Viewer, now: datetime) -> DeviceFact:
    """Return the person's phone, entered at its first word; without a team it stands in his scope."""
    team_id = min(by.team_ids, default=None)
    region = by.scope.ljust(12, "0") if team_id is None else (await teams.fact(tx, team_id)).region_code
    device_id = await org.phone_of(tx, by.stream, by.account_id, f"{by.name} 手机", region, team_id, now)
    phone = await org.device_by_id(tx, by.stream, device_id)
    assert phone is not None
    return phone
