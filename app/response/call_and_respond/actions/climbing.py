"""The next persons and means are tried: texts leave by themselves, calls become tasks of a desk."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from app.db import Tx
from app.delivery import messages
from app.delivery.messages import SMS, Message
from app.journal.concern import Concern
from app.response.call_and_respond.rules import words
from app.response.call_and_respond.rules.climb import (
    AUTOMATIC,
    Group,
    Means,
    Reachable,
    Silence,
    Way,
    decide,
    ladder,
    next_at,
)
from app.response.call_and_respond.rules.limits import Minutes
from app.response.call_and_respond.store import rounds
from app.response.call_and_respond.tables import CalloutCall, CalloutPerson, CalloutRound, CalloutTarget

TASK_WITHIN = timedelta(minutes=5)
SENT_BY_FOOT = timedelta(minutes=30)
TEXT_LIVES = timedelta(hours=2)


def silence_of(
    row: CalloutRound, minutes: Minutes, target: CalloutTarget, people: Sequence[CalloutPerson]
) -> Silence:
    """Return how a target stands, as the rules see it; what only tells of a change has no ladder."""
    groups = ladder(
        [reachable(one) for one in people],
        target.tier,  # type: ignore[arg-type]
        target.begun_at,
        minutes,
    )
    answered = target.answered_at is not None or row.kind != "alert"
    return Silence(groups, target.tried, target.failed_at, answered)


def reachable(one: CalloutPerson) -> Reachable:
    """By what a person of a frozen list can be reached."""
    return Reachable(
        app=one.app,
        mobile=bool(one.mobile),
        phone=bool(one.phones),
        radio=bool(one.call_sign),
        satellite=bool(one.satellite_number),
        beidou=bool(one.beidou_number),
    )


async def climb(
    tx: Tx,
    row: CalloutRound,
    targets: Sequence[CalloutTarget],
    people: Mapping[int, Sequence[CalloutPerson]],
    due: Mapping[int, str],
    now: datetime,
) -> list[int]:
    """Open what is due at these targets (locked); return those at which anything was opened.

    `due` are the words of each target's deadline.
    """
    minutes = rounds.minutes_of(row)
    silences = [silence_of(row, minutes, one, people[one.id or 0]) for one in targets]
    moved = []
    for target, silence, opened in zip(targets, silences, decide(silences, now), strict=True):
        for group in opened:
            await _open(tx, row, target, group, people[target.id or 0], due[target.id or 0], now)
        if opened:
            target.tried += len(opened)
            target.failed_at = None
            moved.append(target.id or 0)
        after = Silence(silence.groups, target.tried, target.failed_at, silence.answered)
        target.next_at = next_at(after)
    await tx.flush()
    return moved


async def _open(
    tx: Tx,
    row: CalloutRound,
    target: CalloutTarget,
    group: Group,
    people: Sequence[CalloutPerson],
    due: str,
    now: datetime,
) -> None:
    for way in group.ways:
        one = None if way.person is None else people[way.person]
        if row.drill and way.means == "sms":
            tx.add(task(target, one, replace(way, means="phone"), now))  # a drill sends no SMS
        elif way.means in AUTOMATIC and one is not None:
            body = words.alert(
                row.title, row.drill, (row.hazard, row.expected, row.area, row.harm), due, one.code
            )
            await send(tx, row, target, one, way.means, body, now)
        else:
            tx.add(task(target, one, way, now))


async def send(
    tx: Tx,
    row: CalloutRound,
    target: CalloutTarget,
    one: CalloutPerson,
    means: Means,
    body: str,
    now: datetime,
    purpose: str = "call",
) -> None:
    """Queue a text over the app or as SMS, and keep it as a call: sent, which is no answer.

    Raises ValueError for an SMS of a drill, whoever asks for it.
    """
    if row.drill and means == "sms":
        raise ValueError("a drill sends no SMS")
    address = f"person:{one.person_id}" if means == "app" else one.mobile
    message = Message(
        stream=row.stream,
        channel="app" if means == "app" else SMS,
        address=address,
        body=body,
        concern=Concern((target.region_code,)),
        expires_at=max(target.due_at, now) + TEXT_LIVES,
        drill=row.drill,
    )
    delivery = await messages.queue(tx, message, now)
    tx.add(
        CalloutCall(
            target_id=target.id or 0,
            person_row_id=one.id,
            name=one.name,
            number="" if means == "app" else one.mobile,
            means=means,
            purpose=purpose,
            result="sent",
            words=body,
            at=now,
            entered_at=now,
            delivery_id=delivery,
        )
    )


def task(target: CalloutTarget, one: CalloutPerson | None, way: Way, now: datetime) -> CalloutCall:
    """Return a call that a person has to make: by whom, until when."""
    afoot = way.means == "messenger"
    return CalloutCall(
        target_id=target.id or 0,
        person_row_id=one.id if one else None,
        name=one.name if one else "",
        number=number_of(one, way.means),
        means=way.means,
        result="due",
        at=now,
        entered_at=now,
        due_at=now + (SENT_BY_FOOT if afoot else TASK_WITHIN),
        owner=target.caller,
    )


def number_of(one: CalloutPerson | None, means: Means) -> str:
    """Return under which number a person is called over a means, "" where there is none."""
    if one is None:
        return ""
    return {
        "phone": one.phones[0] if one.phones else "",
        "sms": one.mobile,
        "radio_370": one.call_sign,
        "satellite_phone": one.satellite_number,
        "beidou": one.beidou_number,
    }.get(means, "")
