"""The life of a notice: sent, followed by an SMS, read. Each a step in the caller's transaction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from app.db import Tx
from app.delivery import actions as delivery
from app.delivery import store as deliveries
from app.delivery.notices import store
from app.delivery.notices.commands import NoticeIn
from app.delivery.notices.events import NoticeChanged
from app.delivery.notices.facts import NoticeFact, NoticeTopic
from app.delivery.notices.rules import LIFETIME, first_step, same_number, says_received, sms_at, sms_text
from app.delivery.notices.store import Reached
from app.delivery.notices.tables import Notice
from app.delivery.tables import Delivery
from app.journal import store as journal
from app.org.rules.access import Concern, Viewer, actor, require
from app.refusals import NotFound
from app.wire import Actor

SMS_CHANNEL = "satellite_phone"
"""Whatever speaks the AT command set: a satellite phone, or a modem with an ordinary card."""
ANSWER = timedelta(minutes=3)
REPLY_WITHIN = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Matter:
    """What somebody is told of. `key` is the same for the same matter: it is told to a person once.

    `by_sms` False: whoever is not logged in reads it when he is. `regions`: whose desks see that it was told.
    `text_en`: what the house itself says, for screens in English; an SMS is always in Chinese.
    """

    topic: NoticeTopic
    key: str
    text: str
    regions: tuple[str, ...]
    subject_id: int | None = None
    by_sms: bool = True
    text_en: str = ""


async def tell(
    tx: Tx,
    stream: str,
    person_ids: Sequence[int],
    matter: Matter,
    now: datetime,
    *,
    by: Viewer | None = None,
    answer: timedelta = ANSWER,
) -> list[NoticeFact]:
    """Tell people of the county a matter, each once; who was told already is passed over.

    The caller holds the lock of what the matter is about. Returns what was told now.
    """
    before = await store.told_already(tx, stream, matter.key)
    fresh = [one for one in dict.fromkeys(person_ids) if one not in before]
    rows = []
    for whom in await store.reached(tx, stream, fresh, now):
        row = _written(stream, whom, matter, now, by.name if by else "", answer)
        tx.add(row)
        await tx.flush()
        if row.step == "sms":
            tx.add(_sms(row, whom.name, now))
        rows.append(row)
    return await _noted(tx, stream, rows, "notice.sent", now, actor(by) if by else None)


async def send(tx: Tx, by: Viewer, told: NoticeIn, key: str, now: datetime) -> list[NoticeFact]:
    """Tell people of one's scope something in plain words; `key` names this telling.

    Raises NotPermitted, NotFound for somebody who is not there.
    """
    require(by, "command")
    known = {one.person_id: one for one in await store.reached(tx, by.stream, told.person_ids, now)}
    if any(one not in known or not by.covers(known[one].region_code) for one in told.person_ids):
        raise NotFound("该人员", "person")
    regions = tuple(sorted({known[one].region_code for one in told.person_ids}))
    matter = Matter("plain", f"plain:{by.account_id}:{key}", told.text, regions)
    return await tell(tx, by.stream, told.person_ids, matter, now, by=by)


async def follow(tx: Tx, now: datetime) -> bool:
    """Send the SMS of one notice that was not opened in time; False if none is due."""
    row = await store.due(tx, now)
    if row is None:
        return False
    row.next_step_at = None
    if row.read_at is not None or now - row.sent_at > LIFETIME:
        return True
    row.step = "sms"
    told = await store.fact(tx, row.stream, row.id or 0)
    tx.add(_sms(row, told.person_name, now))
    await _noted(tx, row.stream, [row], "notice.escalated", now, None)
    return True


async def read(tx: Tx, by: Viewer, notice_id: int, now: datetime) -> NoticeFact:
    """Note that the person it was meant for has read it; twice changes nothing. Raises NotFound."""
    row = await store.locked(tx, by.stream, notice_id)
    if row is None or by.person_id is None or row.person_id != by.person_id:
        raise NotFound("该通知", "notice")
    if row.read_at is not None:
        return await store.fact(tx, by.stream, notice_id)
    return await _read(tx, row, "app", now, actor(by))


async def hear_reply(tx: Tx, stream: str, number: str, text: str, now: datetime) -> bool:
    """Take an SMS as the receipt of what went to this number last; False when it is none."""
    if not says_received(text):
        return False
    waiting = await store.texted(tx, stream, now, REPLY_WITHIN)
    mine = [row for row in waiting if same_number(row.phone, number)]
    for row in mine:  # one "1" answers for everything that was sent before it
        await _read(tx, row, "sms", now, None)
    return bool(mine)


async def _read(
    tx: Tx, row: Notice, means: Literal["app", "sms"], now: datetime, who: Actor | None
) -> NoticeFact:
    row.read_at, row.read_means, row.next_step_at = now, means, None
    for message in await deliveries.unended_of_notice(tx, row.id or 0):
        delivery.move(message, "deliver" if means == "sms" else "cancel", now)
    (fact,) = await _noted(tx, row.stream, [row], "notice.read", now, who)
    return fact


def _written(stream: str, whom: Reached, matter: Matter, now: datetime, by: str, answer: timedelta) -> Notice:
    step = first_step(logged_in=whom.logged_in, phone=whom.phone, by_sms=matter.by_sms)
    return Notice(
        stream=stream,
        person_id=whom.person_id,
        phone=whom.phone,
        topic=matter.topic,
        subject_id=matter.subject_id,
        key=matter.key,
        text=matter.text,
        text_en=matter.text_en,
        step=step,
        concern_regions=list(matter.regions),
        sent_by=by,
        sent_at=now,
        next_step_at=sms_at(step, whom.phone, now, answer, by_sms=matter.by_sms),
    )


def _sms(row: Notice, name: str, now: datetime) -> Delivery:
    return Delivery(
        stream=row.stream,
        notice_id=row.id,
        addressee=name,
        concern_regions=list(row.concern_regions),
        channel=SMS_CHANNEL,
        address=row.phone,
        body=sms_text(row.text),
        queued_at=now,
        expires_at=now + LIFETIME,
    )


async def _noted(
    tx: Tx,
    stream: str,
    rows: Sequence[Notice],
    type_: Literal["notice.sent", "notice.escalated", "notice.read"],
    now: datetime,
    who: Actor | None,
) -> list[NoticeFact]:
    if not rows:
        return []
    await tx.flush()
    facts = [await store.fact(tx, stream, row.id or 0) for row in rows]
    entries = [
        journal.Entry(NoticeChanged(type=type_, notice=fact), Concern(tuple(row.concern_regions)))
        for row, fact in zip(rows, facts, strict=True)
    ]
    await journal.append(tx, stream, now, entries, who)
    return facts
