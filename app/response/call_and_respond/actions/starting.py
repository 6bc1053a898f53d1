"""A round is started: its lists are frozen and the first texts leave; it is ended; its change is told."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from app.db import Tx
from app.delivery import messages
from app.org.rules.access import Viewer
from app.response.call_and_respond.actions.access import require_at_centre, round_for_centre
from app.response.call_and_respond.actions.climbing import climb
from app.response.call_and_respond.actions.drawing import Drawn, draw
from app.response.call_and_respond.actions.telling import tell_round
from app.response.call_and_respond.commands import CalloutEndIn, CalloutRoundIn
from app.response.call_and_respond.facts import CalloutRoundFact
from app.response.call_and_respond.refusals import CalloutOver, CalloutRuns
from app.response.call_and_respond.rules.limits import stored
from app.response.call_and_respond.rules.loop import township_of
from app.response.call_and_respond.store import lists, rounds, targets
from app.response.call_and_respond.tables import CalloutPerson, CalloutRound, CalloutTarget

CENTRE = "应急指挥中心"


async def start(tx: Tx, by: Viewer, told: CalloutRoundIn, now: datetime, zone: ZoneInfo) -> CalloutRoundFact:
    """Freeze the lists of these places and begin to call. Raises NotPermitted, NotFound, CalloutRuns,
    CalloutNobody.
    """
    require_at_centre(by)
    if told.cause_id is not None:
        running = await rounds.running_of(tx, by.stream, told.cause_kind, told.cause_id, told.colour)
        if running is not None:
            raise CalloutRuns(running)
    drawn = await draw(tx, by, told.region_codes, now)
    version, limits = await rounds.limits(tx, by.stream)
    row = CalloutRound(
        stream=by.stream,
        **told.model_dump(),
        limits=stored(limits),
        limits_version=version,
        started_at=now,
        started_by=by.name,
    )
    tx.add(row)
    await tx.flush()
    held, people = await freeze(tx, row, drawn, now)
    await climb(tx, row, held, people, due_words(held, zone), now)
    return await tell_round(tx, by, row, "callout.started", now)


async def end(tx: Tx, by: Viewer, round_id: int, told: CalloutEndIn, now: datetime) -> CalloutRoundFact:
    """End a round: nobody is called any more, what waits does not leave.

    Raises NotPermitted, NotFound, CalloutOver.
    """
    row = await round_for_centre(tx, by, round_id)
    if row.state != "running":
        raise CalloutOver
    return await ended(tx, by, row, told.words, now)


async def ended(tx: Tx, by: Viewer, row: CalloutRound, words: str, now: datetime) -> CalloutRoundFact:
    """End a running round, whoever may."""
    row.state, row.ended_at, row.ended_by, row.ended_words = "ended", now, by.name, words
    held = await targets.of_round(tx, row.id or 0)
    await withdraw(tx, [one.id or 0 for one in held], now)
    for one in held:
        one.next_at = None
    return await tell_round(tx, by, row, "callout.ended", now)


async def withdraw(tx: Tx, target_ids: Sequence[int], now: datetime) -> None:
    """Take back the calls nobody made yet, and the texts that wait to leave."""
    waiting = []
    for call in await targets.calls(tx, target_ids):
        if call.result == "due" and call.purpose == "call":
            call.result, call.entered_at = "withdrawn", now
        elif call.delivery_id is not None and call.purpose == "call":
            waiting.append(call.delivery_id)
    await messages.withdraw(tx, waiting, now)


def due_words(held: Sequence[CalloutTarget], zone: ZoneInfo) -> dict[int, str]:
    """Return the deadline of each target as people read it in a text: 18日03:10."""
    found = {}
    for one in held:
        at = one.due_at.astimezone(zone)
        found[one.id or 0] = f"{at.day}日{at:%H:%M}"
    return found


async def freeze(
    tx: Tx, row: CalloutRound, drawn: Sequence[Drawn], now: datetime, first: int = 1
) -> tuple[list[CalloutTarget], Mapping[int, Sequence[CalloutPerson]]]:
    """Write the lists as they are now, from `first` on; what changes later changes nothing."""
    minutes = rounds.minutes_of(row)
    names: dict[str, str] = {}
    held = []
    for n, one in enumerate(drawn, start=first):
        town = township_of(one.region_code)
        if one.tier == "village" and town not in names:
            names[town] = await lists.region_name(tx, town) or town
        held.append(
            CalloutTarget(
                round_id=row.id or 0,
                tier=one.tier,
                region_code=one.region_code,
                ordinal=n,
                name=one.name,
                caller=f"{names[town]}值班室" if one.tier == "village" else CENTRE,
                gaps=list(one.gaps),
                begun_at=now,
                due_at=now + timedelta(minutes=minutes.of(one.tier)),
            )
        )
    tx.add_all(held)
    await tx.flush()
    people: dict[int, list[CalloutPerson]] = defaultdict(list)
    for target, one in zip(held, drawn, strict=True):
        for k, who in enumerate(one.people):
            people[target.id or 0].append(
                CalloutPerson(
                    target_id=target.id or 0,
                    ordinal=k,
                    role=who.role,
                    person_id=who.person_id,
                    name=who.name,
                    title=who.title,
                    phones=list(who.phones),
                    mobile=who.mobile,
                    call_sign=who.call_sign,
                    satellite_number=who.satellite_number,
                    beidou_number=who.beidou_number,
                    app=who.app,
                )
            )
    await write_people(tx, [one for listed in people.values() for one in listed])
    return held, people


async def write_people(tx: Tx, people: Sequence[CalloutPerson]) -> None:
    """Write people, each with a code of four digits: no two of the next nine thousand share one."""
    tx.add_all(people)
    await tx.flush()
    for one in people:
        one.code = str(1000 + (one.id or 0) % 9000)
    await tx.flush()
