"""What the clock does: opens the next ways, tells of the silent, asks for feedback, reminds of the list."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from app.db import Tx
from app.delivery import messages
from app.delivery.messages import SMS, Message
from app.journal.concern import Concern
from app.response.call_and_respond.actions.climbing import TASK_WITHIN, TEXT_LIVES, climb, send
from app.response.call_and_respond.actions.listing import remind
from app.response.call_and_respond.actions.starting import due_words
from app.response.call_and_respond.actions.telling import tell_climbed, tell_overdue
from app.response.call_and_respond.rules import words
from app.response.call_and_respond.rules.loop import township_of
from app.response.call_and_respond.store import rounds, targets
from app.response.call_and_respond.tables import CalloutCall, CalloutPerson, CalloutRound, CalloutTarget

MOST_AT_ONCE = 400


async def look(tx: Tx, stream: str, now: datetime, zone: ZoneInfo) -> int:
    """Do what is due at the targets of running rounds; return at how many something was done."""
    waiting = await targets.waiting_for_clock(tx, stream, now, MOST_AT_ONCE)
    people: dict[int, list[CalloutPerson]] = defaultdict(list)
    for one in await targets.people(tx, [target.id or 0 for target in waiting]):
        people[one.target_id].append(one)
    of_round = await rounds.of_ids(tx, sorted({target.round_id for target in waiting}))
    lines = 0
    for round_id, row in of_round.items():
        held = [target for target in waiting if target.round_id == round_id]
        moved = await climb(tx, row, held, people, due_words(held, zone), now)
        asked = await _ask_feedback(tx, row, held, people, now)
        told = await _tell_silent(tx, row, held, now)
        if moved:
            await tell_climbed(tx, row, moved, "callout.climbed", now)
        if asked:
            await tell_climbed(tx, row, asked, "callout.feedback_asked", now)
        await tell_overdue(tx, row, told, now)
        lines += len(held)
    return lines + await remind(tx, stream, now, zone)


async def _ask_feedback(
    tx: Tx,
    row: CalloutRound,
    held: Sequence[CalloutTarget],
    people: dict[int, list[CalloutPerson]],
    now: datetime,
) -> list[int]:
    """Ask who answered for a village for the feedback it owes, once; its desk telephones too."""
    asked = []
    for target in held:
        due = target.feedback_due_at
        if due is None or due > now or target.fed_back_at or target.feedback_asked_at:
            continue
        target.feedback_asked_at = now
        body = words.feedback(row.title, row.drill, target.name)
        listed = people[target.id or 0]
        named = [one for one in listed if one.name == target.answered_by] or listed
        for one in named[:1]:
            if one.app:
                await send(tx, row, target, one, "app", body, now, "feedback")
            if one.mobile and not row.drill:
                await send(tx, row, target, one, "sms", body, now, "feedback")
        tx.add(
            CalloutCall(
                target_id=target.id or 0,
                name=named[0].name if named else "",
                number=named[0].phones[0] if named and named[0].phones else "",
                means="phone",
                purpose="feedback",
                result="due",
                words=body,
                at=now,
                entered_at=now,
                due_at=now + TASK_WITHIN,
                owner=target.caller,
            )
        )
        asked.append(target.id or 0)
    await tx.flush()
    return asked


async def _tell_silent(
    tx: Tx, row: CalloutRound, held: Sequence[CalloutTarget], now: datetime
) -> list[tuple[str, list[int]]]:
    """Tell the level above of the silent: a village's township by text, the centre of the rest."""
    late: dict[tuple[str, str], list[CalloutTarget]] = defaultdict(list)
    for target in held:
        if target.answered_at is None and target.overdue_at is None and target.due_at < now:
            target.overdue_at = now
            late[target.tier, township_of(target.region_code)].append(target)
    told = []
    for (tier, town), silent in late.items():
        above = await _head_of(tx, row, town) if tier == "village" else None
        if above is not None and above.mobile and not row.drill:
            body = words.overdue(row.title, row.drill, [one.name for one in silent])
            message = Message(row.stream, SMS, above.mobile, body, Concern((town,)), now + TEXT_LIVES)
            await messages.queue(tx, message, now)
        told.append((above.name if above else "", [one.id or 0 for one in silent]))
    return told


async def _head_of(tx: Tx, row: CalloutRound, town: str) -> CalloutPerson | None:
    """Return the first of a township's list in this round."""
    found = await targets.facts(tx, town[:9], row.started_at, round_ids=[row.id or 0])
    towns = [one.id for one in found if one.tier == "township"]
    people = await targets.people(tx, towns)
    return people[0] if people else None
