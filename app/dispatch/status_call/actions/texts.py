"""Answers by text message or radio text: read, or refused politely; what was sent is never lost."""

from __future__ import annotations

from datetime import datetime, timedelta

from app.db import Tx
from app.delivery import messages
from app.delivery.messages import Message
from app.delivery.rules import CHANNEL_OF_FAMILY
from app.dispatch.status_call.actions.access import concern_of
from app.dispatch.status_call.actions.answering import Given, faults_of, take
from app.dispatch.status_call.events import StatusTextRefused
from app.dispatch.status_call.facts import AnswerSource
from app.dispatch.status_call.rules import words
from app.dispatch.status_call.rules.words import Heard
from app.dispatch.status_call.store import calls, recipients, units
from app.dispatch.status_call.tables import StatusCall, StatusRecipient, StatusText
from app.journal import store as journal
from app.journal.concern import Concern
from app.org.store import DeviceFact
from app.signals import Text
from app.tracking.rules import believable

COPIES_WITHIN = timedelta(hours=24)
REPLY_WITHIN = timedelta(minutes=30)
_BY_TEXT = "短信更正"


async def hear_answer(tx: Tx, device: DeviceFact, text: Text, now: datetime) -> bool:
    """Take a text as an answer to a round-up; False if it is none, or from nobody who was asked.

    The device's row is locked by the caller: of two copies the second is heard after the first.
    """
    heard = words.heard(text.text)
    if heard is None:
        return False
    speaking = await units.units_speaking(tx, device.stream, device.id)
    waiting = await units.waiting_rounds(tx, device.stream, speaking)
    if not waiting:
        return False
    if await units.text_known(tx, device.id, text.ref, now - COPIES_WITHIN):
        return True
    chosen = _chosen(heard, waiting)
    if isinstance(chosen, str):
        await _refuse(tx, device, text, None, None, chosen, now)
        return True
    call = await calls.locked(tx, device.stream, chosen[0])
    found = await recipients.row(tx, device.stream, chosen[1])
    assert call is not None and found is not None
    await _answer(tx, device, text, heard, call, found[0], now)
    return True


def _chosen(heard: Heard, waiting: list[tuple[int, int, bool]]) -> tuple[int, int] | str:
    """Return the (round, recipient) a text means, or what to ask its sender."""
    mine = [one for one in waiting if heard.call_id is None or one[0] == heard.call_id]
    if heard.call_id is None:
        mine = [one for one in mine if not one[2]] or mine
    numbers = "、".join(f"#{call_id}" for call_id in sorted({one[0] for one in waiting}))
    if not mine:
        return f"没有找到调度#{heard.call_id}。贵单位待报的是{numbers},请以“编号 1=… 2=…”回复"
    if len({one[0] for one in mine}) > 1:
        return f"贵单位有多个调度待报:{numbers}。请在前面写上编号,如“#{mine[0][0]} 1=…”"
    return mine[0][0], mine[0][1]


async def _answer(
    tx: Tx,
    device: DeviceFact,
    text: Text,
    heard: Heard,
    call: StatusCall,
    row: StatusRecipient,
    now: datetime,
) -> None:
    questions = calls.questions_of(call.questions)
    values, unread = words.read(questions, heard.told)
    told_at = max(believable(text.sent_at, now), call.opened_at or now)
    source: AnswerSource = "sms" if device.family == "satphone" else "radio"
    given = Given(
        nothing=heard.nothing,
        values=values,
        source=source,
        told_by=device.label,
        told_at=told_at,
        as_of=told_at,
        entered_by=device.label,
        note=text.text[:200],
        reason=_BY_TEXT,
    )
    if unread:
        told = "、".join(f"第{number}题“{heard.told[number]}”" for number in unread)
        await _refuse(tx, device, text, call, row, f"抱歉,{told}没有看懂。请重发,如“{_example(call)}”", now)
        return
    if wrong := faults_of(call, given):
        said = ";".join(one.zh for one in wrong[:3])
        await _refuse(tx, device, text, call, row, f"抱歉,未能记录:{said}。请重发,如“{_example(call)}”", now)
        return
    fact = await take(tx, None, call, row, given, now)
    doubted = "、".join(dict.fromkeys(f"第{one.number}题" for one in fact.answers[-1].doubts))
    reply = f"已收到{fact.unit_name}对#{call.id}的填报,谢谢" + (
        f"。{doubted}数值偏大或与上轮差别大,请核对" if doubted else ""
    )
    await _keep(tx, device, text, call, row, reply, now, taken=True)


def _example(call: StatusCall) -> str:
    asked = calls.questions_of(call.questions)
    return words.example(call.id or 0, asked)


async def _refuse(
    tx: Tx,
    device: DeviceFact,
    text: Text,
    call: StatusCall | None,
    row: StatusRecipient | None,
    reply: str,
    now: datetime,
) -> None:
    """Keep the text, tell its sender how to write it, and show it to the desk."""
    kept = await _keep(tx, device, text, call, row, reply, now, taken=False)
    assert kept.id is not None
    event = StatusTextRefused(type="status_call.text_refused", text=await recipients.text_fact(tx, kept.id))
    concern, incident_id = Concern((device.region_code,)), None
    if call is not None and row is not None:
        asked = await recipients.facts(tx, call.stream, call.stream, now, ids=[row.id or 0])
        concern, incident_id = await concern_of(tx, call, asked, device.region_code), call.incident_id
    await journal.append(tx, device.stream, now, [journal.Entry(event, concern, incident_id)])


async def _keep(
    tx: Tx,
    device: DeviceFact,
    text: Text,
    call: StatusCall | None,
    row: StatusRecipient | None,
    reply: str,
    now: datetime,
    *,
    taken: bool,
) -> StatusText:
    kept = StatusText(
        stream=device.stream,
        call_id=call.id if call else None,
        recipient_id=row.id if row else None,
        device_id=device.id,
        dedup_key=text.ref,
        source="sms" if device.family == "satphone" else "radio",
        sender=device.label,
        words=text.text,
        heard_at=now,
        taken=taken,
        reply=reply,
    )
    tx.add(kept)
    if channel := CHANNEL_OF_FAMILY.get(device.family):
        answer = Message(
            stream=device.stream,
            channel=channel,  # type: ignore[arg-type]
            address=device.number,
            body=reply,
            concern=Concern((device.region_code,)),
            expires_at=now + REPLY_WITHIN,
            device_id=device.id,
        )
        await messages.queue(tx, answer, now)
    await tx.flush()
    return kept
