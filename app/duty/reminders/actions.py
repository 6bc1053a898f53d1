"""Tell people of their own duty. Each look in the caller's transaction; the rows' locks make it once."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from app.db import Tx
from app.delivery.notices import actions as notices
from app.delivery.notices.actions import Matter
from app.duty.reminders import store
from app.duty.reminders.rules import (
    REMIND_BEFORE,
    changed_words,
    changes,
    digest_of,
    digest_words,
    reminder_words,
    urgent,
)
from app.duty.roster import on_duty
from app.duty.roster.rules.ranks import LEADERS

LED_BY = (*LEADERS, "shift_lead")


async def tell_changes(tx: Tx, stream: str, now: datetime, zone: ZoneInfo) -> int:
    """Tell everybody what changed of his own shifts to come; return how many were told.

    A change within a day goes out by SMS to whoever is not logged in; others wait until he is.
    """
    turns = await store.untold(tx, stream, now)
    told = changes(turns)
    for person, changed in told.items():
        last = max(turn.id for turn in changed.turns)
        zh, en = changed_words(changed, zone)
        of = f"{last}+{len(changed.added)}-{len(changed.dropped)}"
        matter = Matter(
            topic="own_duty",
            key=f"own_duty:{person}:{of}:{now.isoformat()}",
            text=zh,
            text_en=en,
            regions=tuple(sorted({turn.region_code for turn in changed.turns})),
            by_sms=urgent(changed, now),
        )
        await notices.tell(tx, stream, [person], matter, now)
    await store.mark(tx, "told_at", [turn.id for turn in turns if not turn.withdrawn], now)
    await store.mark(tx, "withdrawal_told_at", [turn.id for turn in turns if turn.withdrawn], now)
    soon = [turn.id for turn in turns if not turn.withdrawn and turn.starts_at - now <= REMIND_BEFORE]
    await store.mark(tx, "reminded_at", soon, now)  # that was the reminder
    return len(told)


async def remind(tx: Tx, stream: str, now: datetime, zone: ZoneInfo) -> int:
    """Call shifts to mind that begin within twelve hours, each once; return how many."""
    turns = await store.beginning(tx, stream, now, REMIND_BEFORE)
    for turn in turns:
        zh, en = reminder_words(turn, zone)
        key, region = f"reminder:{turn.id}", (turn.region_code,)
        matter = Matter("own_duty", key, zh, region, turn.id, by_sms=False, text_en=en)
        await notices.tell(tx, stream, [turn.person_id], matter, now)
    await store.mark(tx, "reminded_at", [turn.id for turn in turns], now)
    return len(turns)


async def digest(tx: Tx, stream: str, now: datetime, last_look: datetime, zone: ZoneInfo) -> int:
    """Tell the centre's leaders on duty, at their hours, who is on, who is next and what is empty."""
    due = digest_of(now, last_look, zone)
    if due is None:
        return 0
    posts = await on_duty.on_duty(tx, stream, stream, now, zone=zone)
    centre = next((post for post in posts if post.kind == "centre"), None)
    if centre is None:
        return 0
    on = [shift for seat in centre.seats for shift in seat.on if seat.role in LED_BY]
    following = [shift for seat in centre.seats for shift in seat.next if seat.role in LED_BY]
    zh, en = digest_words(
        [shift.person_name for shift in on],
        [shift.person_name for shift in following],
        centre.until,
        sum(seat.missing for post in posts for seat in post.seats),
        zone,
    )
    key = f"digest:{due[0]}:{due[1]:%H%M}"
    matter = Matter("own_duty", key, zh, (centre.region_code,), by_sms=False, text_en=en)
    whom = [shift.person_id for shift in on]
    return len(await notices.tell(tx, stream, whom, matter, now))
