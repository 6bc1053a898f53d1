"""A cause is lowered or cancelled: exactly those whom the alert reached are told, nobody else."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime, timedelta

from app.codecs.colours import BY_COLOUR, Colour
from app.db import Tx
from app.org.rules.access import Viewer
from app.response.call_and_respond.actions.access import round_for_centre
from app.response.call_and_respond.actions.climbing import number_of, send
from app.response.call_and_respond.actions.starting import withdraw, write_people
from app.response.call_and_respond.actions.telling import tell_round
from app.response.call_and_respond.commands import CalloutSameIn
from app.response.call_and_respond.facts import CalloutRoundFact
from app.response.call_and_respond.refusals import CalloutReachedNobody
from app.response.call_and_respond.rules import words
from app.response.call_and_respond.rules.limits import read
from app.response.call_and_respond.store import targets
from app.response.call_and_respond.tables import CalloutCall, CalloutPerson, CalloutRound, CalloutTarget

GOT = frozenset({"sent", "answered"})


async def tell_the_same(
    tx: Tx, by: Viewer, round_id: int, told: CalloutSameIn, now: datetime
) -> CalloutRoundFact:
    """Tell those who got a round's alert that its cause was lowered or cancelled, by the means they got it.

    The alert ends. Raises NotPermitted, NotFound, CalloutReachedNobody.
    """
    old = await round_for_centre(tx, by, round_id)
    before = await targets.of_round(tx, round_id)
    calls = defaultdict(list)
    for call in await targets.calls(tx, [one.id or 0 for one in before]):
        if call.result in GOT and call.purpose == "call":
            calls[call.target_id].append(call)
    if not calls:
        raise CalloutReachedNobody
    new = _after(old, by, told, now)
    tx.add(new)
    await tx.flush()
    for target in before:
        if got := calls[target.id or 0]:
            await _again(tx, new, target, got, told.words, now)
    if old.state == "running":
        old.state, old.ended_at, old.ended_by, old.ended_words = "ended", now, by.name, told.words
        await withdraw(tx, [one.id or 0 for one in before], now)
        for target in before:
            target.next_at = None
    return await tell_round(tx, by, new, "callout.started", now)


def _after(old: CalloutRound, by: Viewer, told: CalloutSameIn, now: datetime) -> CalloutRound:
    change = f"降为{BY_COLOUR[Colour(told.colour)].zh}" if told.colour else "解除"
    kept = old.model_dump(
        include={"stream", "cause_kind", "cause_id", "area", "drill", "region_codes", "limits"}
    )
    return CalloutRound(
        **kept,
        kind=told.kind,
        title=f"{old.title}{change}"[:80],
        colour=told.colour or old.colour,
        hazard=told.words,
        limits_version=old.limits_version,
        same_as_id=old.id,
        started_at=now,
        started_by=by.name,
    )


async def _again(
    tx: Tx,
    new: CalloutRound,
    old: CalloutTarget,
    got: list[CalloutCall],
    said: str,
    now: datetime,
) -> None:
    """Call the same persons of a target over the same means; what was told by voice is a task again."""
    minutes = read(new.limits).colours[new.colour]  # type: ignore[index]
    target = CalloutTarget(
        round_id=new.id or 0,
        **old.model_dump(include={"tier", "region_code", "ordinal", "name", "caller", "gaps"}),
        begun_at=now,
        due_at=now + timedelta(minutes=minutes.of(old.tier)),  # type: ignore[arg-type]
    )
    tx.add(target)
    await tx.flush()
    copies: dict[int, CalloutPerson] = {}
    reached = {call.person_row_id for call in got}
    for one in await targets.people(tx, [old.id or 0]):
        if one.id in reached:
            copies[one.id or 0] = CalloutPerson(
                **one.model_dump(exclude={"id", "target_id", "code"}), target_id=target.id or 0
            )
    await write_people(tx, list(copies.values()))
    done: set[tuple[int | None, str]] = set()
    for call in got:
        key = (call.person_row_id, call.means)
        if key in done:
            continue
        done.add(key)
        copy = copies.get(call.person_row_id or 0)
        if copy is not None and call.means in ("app", "sms") and call.result == "sent":
            body = words.changed(new.title, new.drill, said, copy.code)
            await send(tx, new, target, copy, call.means, body, now)  # type: ignore[arg-type]
        elif call.means not in ("app", "sms"):
            tx.add(_by_voice(target, copy, call, now))


def _by_voice(
    target: CalloutTarget, copy: CalloutPerson | None, call: CalloutCall, now: datetime
) -> CalloutCall:
    return CalloutCall(
        target_id=target.id or 0,
        person_row_id=copy.id if copy else None,
        name=call.name,
        number=call.number or number_of(copy, call.means),  # type: ignore[arg-type]
        means=call.means,
        result="due",
        at=now,
        entered_at=now,
        due_at=target.due_at,
        owner=target.caller,
    )
