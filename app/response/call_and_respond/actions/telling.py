"""The journal's lines of call-and-respond: to desks by place, to who is called himself by name (0032)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Literal

from app.db import Tx
from app.journal import store as journal
from app.journal.concern import Concern
from app.org.rules.access import Viewer, actor
from app.response.call_and_respond.events import (
    CalloutCalled,
    CalloutChanged,
    CalloutClimbed,
    CalloutOverdue,
    CalloutWidened,
    CalloutYours,
)
from app.response.call_and_respond.facts import CalloutRoundFact, CalloutTargetFact
from app.response.call_and_respond.rules.loop import township_of
from app.response.call_and_respond.store import rounds, targets
from app.response.call_and_respond.tables import CalloutCall, CalloutRound, CalloutTarget
from app.wire import Fact

RoundType = Literal["callout.started", "callout.drawn", "callout.ended"]
CallType = Literal["callout.answered", "callout.called", "callout.handed_off"]


async def tell(
    tx: Tx, by: Viewer | None, stream: str, event: Fact, codes: Sequence[str], now: datetime
) -> None:
    """Write one line that concerns places. The last call of a transaction."""
    entry = journal.Entry(event, Concern(tuple(dict.fromkeys(codes))))
    await journal.append(tx, stream, now, [entry], actor(by) if by else None)


async def tell_round(
    tx: Tx, by: Viewer | None, row: CalloutRound, type_: RoundType, now: datetime
) -> CalloutRoundFact:
    """Tell everybody whose places a round calls, and the centre."""
    assert row.id is not None
    await tx.flush()
    found = await targets.facts(tx, row.stream, now, round_ids=[row.id])
    fact = rounds.fact_of(row, found)
    codes = [row.stream.ljust(12, "0"), *(township_of(one.region_code) for one in found)]
    await tell(tx, by, row.stream, CalloutChanged(type=type_, callout=fact), codes, now)
    if type_ != "callout.drawn":
        # What tells of a change ends the alert: whom that had not reached is called no more.
        ids = [row.id] if row.same_as_id is None else [row.id, row.same_as_id]
        await tell_persons(tx, row.stream, row.id, await targets.persons_of_rounds(tx, ids), now)
    return fact


async def tell_widened(
    tx: Tx, by: Viewer, row: CalloutRound, held: Sequence[CalloutTarget], now: datetime
) -> CalloutRoundFact:
    """Tell the centre and the townships of the new places; then who is called there himself."""
    await tx.flush()
    ids = [one.id or 0 for one in held]
    found = await targets.facts(tx, row.stream, now, round_ids=[row.id or 0])
    fact, added = rounds.fact_of(row, found), [one for one in found if one.id in ids]
    codes = [row.stream.ljust(12, "0"), *(township_of(one.region_code) for one in added)]
    event = CalloutWidened(type="callout.widened", callout=fact, added=added)
    await tell(tx, by, row.stream, event, codes, now)
    persons = {one.person_id for one in await targets.people(tx, ids) if one.person_id is not None}
    await tell_persons(tx, row.stream, row.id or 0, sorted(persons), now)
    return fact


async def tell_persons(tx: Tx, stream: str, round_id: int, person_ids: Sequence[int], now: datetime) -> None:
    """Tell persons that what calls them has changed: them alone, at the end of a transaction."""
    if person_ids:
        concern = Concern((), readers=tuple(f"person:{one}" for one in person_ids))
        entry = journal.Entry(CalloutYours(type="callout.yours", round_id=round_id), concern)
        await journal.append(tx, stream, now, [entry])


async def target_fact(tx: Tx, target: CalloutTarget, now: datetime) -> CalloutTargetFact:
    """Return a target as it stands after what was just done."""
    await tx.flush()
    (fact,) = await targets.facts(tx, "", now, ids=[target.id or 0])
    return fact


async def tell_call(
    tx: Tx,
    by: Viewer | None,
    row: CalloutRound,
    target: CalloutTarget,
    call: CalloutCall,
    type_: CallType,
    now: datetime,
) -> CalloutTargetFact:
    """Tell of one call: the place's own desk and the centre."""
    fact = await target_fact(tx, target, now)
    event = CalloutCalled(
        type=type_,
        title=row.title,
        colour=row.colour,
        drill=row.drill,
        target=fact,
        call=targets.call_fact(call),
    )
    await tell(tx, by, row.stream, event, [target.region_code], now)
    await tell_called(tx, row, target, now)
    return fact


async def tell_called(tx: Tx, row: CalloutRound, target: CalloutTarget, now: datetime) -> None:
    """Tell those who are called at a target that it has changed."""
    people = await targets.people(tx, [target.id or 0])
    ids = sorted({one.person_id for one in people if one.person_id is not None})
    await tell_persons(tx, row.stream, row.id or 0, ids, now)


async def tell_climbed(
    tx: Tx,
    row: CalloutRound,
    ids: Sequence[int],
    type_: Literal["callout.climbed", "callout.feedback_asked"],
    now: datetime,
) -> None:
    """Tell each township what the clock did for its own places, in one line; the county in another."""
    await tx.flush()
    found = await targets.facts(tx, row.stream, now, ids=ids)
    entries = [
        journal.Entry(
            CalloutClimbed(
                type=type_, title=row.title, round_id=row.id or 0, drill=row.drill, targets=together
            ),
            Concern((code,)),
        )
        for code, together in by_township(found).items()
    ]
    if entries:
        await journal.append(tx, row.stream, now, entries)


async def tell_overdue(
    tx: Tx, row: CalloutRound, told: Sequence[tuple[str, Sequence[int]]], now: datetime
) -> None:
    """Tell of those who stayed silent: each line with who above them was told, and the places."""
    await tx.flush()
    entries = []
    for name, ids in told:
        found = await targets.facts(tx, row.stream, now, ids=ids)
        event = CalloutOverdue(
            type="callout.overdue",
            title=row.title,
            round_id=row.id or 0,
            drill=row.drill,
            tier=found[0].tier,
            told=name,
            targets=found,
        )
        entries.append(journal.Entry(event, Concern((township_of(found[0].region_code),))))
    if entries:
        await journal.append(tx, row.stream, now, entries)


def by_township(found: Sequence[CalloutTargetFact]) -> dict[str, list[CalloutTargetFact]]:
    """Return targets by the township they lie in."""
    together: dict[str, list[CalloutTargetFact]] = {}
    for one in found:
        together.setdefault(one.township_code, []).append(one)
    return together
