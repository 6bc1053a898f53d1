"""Units are asked, reminded, and their heads called: over the app, and by text where nobody is logged in.

A drill asks and reminds in the app alone: whoever is not there is telephoned by the desk, no head is called.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from app.db import Tx
from app.delivery import messages
from app.delivery.facts import DeliveryChannel
from app.delivery.messages import SMS, Message
from app.dispatch.status_call.actions.access import call_for_work, concern_of
from app.dispatch.status_call.actions.refusals import NobodySilent
from app.dispatch.status_call.actions.telling import tell_call, tell_units
from app.dispatch.status_call.commands import RemindIn
from app.dispatch.status_call.events import StatusHeadCalled
from app.dispatch.status_call.facts import HeadCalledFact, StatusCallFact, StatusRecipientFact
from app.dispatch.status_call.heads import contact_of, head_of
from app.dispatch.status_call.rules.words import asking, climbing, reminding
from app.dispatch.status_call.store import calls, recipients, units
from app.dispatch.status_call.tables import StatusCall, StatusNotice
from app.filing.rules.numbers import marked
from app.journal import store as journal
from app.org.rules.access import Viewer

_NO_MOBILE = ("没有登记手机号,请打电话", "no mobile number is known: telephone")
_BY_VOICE = ("演练不发短信,请打电话", "a drill sends no SMS: telephone")
HEAD_WITHIN = timedelta(hours=1)  # a head's text that could not leave by then is old news


async def open_round(
    tx: Tx, by: Viewer | None, call: StatusCall, now: datetime, zone: ZoneInfo
) -> StatusCallFact:
    """Ask everybody; from now on answers are taken."""
    assert call.id is not None
    call.state, call.opened_at = "open", now
    words = asking(call.id, call.title, calls.questions_of(call.questions), due_words(call.due_at, zone))
    for unit in await recipients.facts(tx, call.stream, call.stream, now, call_id=call.id):
        await _reach(tx, by, call, unit, "asked", words, now)
    return await tell_call(tx, by, call, "status_call.opened", now)


async def remind(
    tx: Tx, by: Viewer, call_id: int, told: RemindIn, now: datetime, zone: ZoneInfo
) -> list[StatusRecipientFact]:
    """Remind those who are silent, all or some of them.

    Raises NotFound, NotPermitted, StatusCallOver, StatusCallNotAsked, NobodySilent.
    """
    call = await call_for_work(tx, by, call_id)
    silent = await recipients.silent(tx, call_id)
    chosen = [one for one in silent if not told.recipient_ids or one in told.recipient_ids]
    if not chosen:
        raise NobodySilent
    return await remind_some(tx, by, call, chosen, now, zone)


async def remind_some(
    tx: Tx, by: Viewer | None, call: StatusCall, ids: Sequence[int], now: datetime, zone: ZoneInfo
) -> list[StatusRecipientFact]:
    """Remind these recipients; `by` None is the clock."""
    assert call.id is not None
    words = reminding(call.id, call.title, due_words(call.due_at, zone))
    for unit in await recipients.facts(tx, call.stream, call.stream, now, ids=ids):
        await _reach(tx, by, call, unit, "reminded", words, now)
    return await tell_units(tx, by, call, ids, "status_call.reminded", now)


async def escalate(tx: Tx, call: StatusCall, now: datetime, zone: ZoneInfo) -> int:
    """Call the head of every unit that is silent beyond the deadline; return how many were called."""
    assert call.id is not None
    call.escalated_at = now
    if call.drill:
        return 0
    silent = await recipients.silent(tx, call.id)
    entries = []
    for unit in await recipients.facts(tx, call.stream, call.stream, now, ids=silent):
        called = await _call_head(tx, call, unit, now, zone)
        concern = await concern_of(tx, call, [unit])
        entries.append(
            journal.Entry(
                StatusHeadCalled(type="status_call.escalated", called=called), concern, call.incident_id
            )
        )
    await tx.flush()
    if entries:
        await journal.append(tx, call.stream, now, entries)
    return len(entries)


async def withdraw(tx: Tx, recipient_id: int, now: datetime) -> None:
    """Let what still waits for a recipient not leave any more."""
    await messages.withdraw(tx, await recipients.unended_notices(tx, recipient_id), now)


def due_words(due_at: datetime, zone: ZoneInfo) -> str:
    """Write a deadline as people read it in a text: 18日11:00."""
    at = due_at.astimezone(zone)
    return f"{at.day}日{at:%H:%M}"


async def _reach(
    tx: Tx,
    by: Viewer | None,
    call: StatusCall,
    unit: StatusRecipientFact,
    kind: Literal["asked", "reminded"],
    words: str,
    now: datetime,
) -> None:
    """Send over the app always; by text too when nobody there is logged in, unless it is a drill."""
    words = marked(words, drill=call.drill)
    own = await messages.queue(
        tx, await _message(tx, call, unit, "app", f"unit:{unit.unit_id}", words, now), now
    )
    name = by.name if by else ""
    tx.add(StatusNotice(recipient_id=unit.id, kind=kind, delivery_id=own, channel="app", at=now, by=name))
    if await units.is_logged_in(tx, call.stream, unit.unit_id, unit.region_code, now):
        return
    contact = await contact_of(tx, call.stream, unit.unit_id, now)
    why = (contact.why_zh, contact.why_en) if contact else _NO_MOBILE
    if call.drill:
        why = _BY_VOICE
    sent = None
    if contact and contact.mobile and not call.drill:
        sent = await messages.queue(tx, await _message(tx, call, unit, SMS, contact.mobile, words, now), now)
    tx.add(
        StatusNotice(
            recipient_id=unit.id,
            kind=kind,
            delivery_id=sent,
            channel="phone" if call.drill else "sms",
            address=contact.mobile if contact else "",
            person_id=contact.person_id if contact else None,
            name=contact.name if contact else "",
            why_zh=why[0],
            why_en=why[1],
            at=now,
            by=name,
        )
    )


async def _call_head(
    tx: Tx, call: StatusCall, unit: StatusRecipientFact, now: datetime, zone: ZoneInfo
) -> HeadCalledFact:
    assert call.id is not None
    head = await head_of(tx, call.stream, unit.unit_id, unit.region_code, now)
    sent = None
    if head.mobile:
        words = climbing(call.id, call.title, unit.unit_name, due_words(call.due_at, zone))
        sent = await messages.queue(tx, await _message(tx, call, unit, SMS, head.mobile, words, now), now)
    tx.add(
        StatusNotice(
            recipient_id=unit.id,
            kind="escalated",
            delivery_id=sent,
            channel="sms" if sent else "phone",
            address=head.mobile,
            person_id=head.person_id,
            name=head.name,
            why_zh=head.why_zh,
            why_en=head.why_en,
            at=now,
        )
    )
    return HeadCalledFact(
        call_id=call.id,
        recipient_id=unit.id,
        unit_name=unit.unit_name,
        title=call.title,
        due_at=call.due_at,
        person_id=head.person_id,
        name=head.name,
        why_zh=head.why_zh,
        why_en=head.why_en,
        channel="sms" if sent else "phone",
    )


async def _message(
    tx: Tx,
    call: StatusCall,
    unit: StatusRecipientFact,
    channel: DeliveryChannel,
    address: str,
    words: str,
    now: datetime,
) -> Message:
    """Let what asks age with the deadline; after it what is sent has an hour."""
    concern = await concern_of(tx, call, [unit])
    return Message(
        stream=call.stream,
        channel=channel,
        address=address,
        body=words,
        concern=concern,
        expires_at=max(call.due_at, now + HEAD_WITHIN),
        incident_id=call.incident_id,
        drill=call.drill,
    )
