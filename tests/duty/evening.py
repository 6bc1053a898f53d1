"""An evening on which everything happens that can happen to rosters and the people in them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

from app.db import Tx
from app.desk.handover.actions import matters, moves, sheet
from app.desk.handover.actions.sign import sign
from app.desk.handover.commands import MatterCloseIn, MatterIn, MoveIn, OpenIn, SignIn, TickIn
from app.desk.handover.store import sheets
from app.desk.log import actions as duty_log
from app.desk.log.commands import EntryIn
from app.duty.leave import actions as leave
from app.duty.leave.commands import DecisionIn, LeaveIn
from app.duty.roster.actions import changes, publish
from app.duty.roster.commands import DraftIn, OverrideIn, PublishIn, TemporaryIn
from tests.duty.county import CENTRE, INTAKE, JULY, LEADER, full_day, moment, settle_in
from tests.world import ZONE, World

Do = Callable[[Callable[[Tx], Awaitable[Any]]], Awaitable[Any]]


async def duty_evening(world: World, do: Do) -> None:
    """Bring about every kind of event of duty; `do` runs an action and checks what it checks."""
    await world.do(settle_in)
    await _rosters(world, do)
    await _leave(world, do)
    await hand_over(world, do)


async def _rosters(world: World, do: Do) -> None:
    lead, now = world.people["lead"], world.clock.now
    draft = DraftIn(version=0, cells=[*full_day(1, 100), *full_day(2, 107)])
    await do(lambda tx: publish.save_draft(tx, lead, CENTRE, JULY, draft, now(), ZONE))
    told = PublishIn(version=1, accepting=["COVERAGE_GAP"])
    await do(lambda tx: publish.publish(tx, lead, CENTRE, JULY, told, now(), ZONE))
    start, end = moment("07-01 10:00"), moment("07-01 12:00")
    other = OverrideIn(seat_id=LEADER, add_person_id=120, starts_at=start, ends_at=end, reason="加班")
    made = await do(lambda tx: changes.override(tx, lead, CENTRE, other, now(), ZONE))
    await do(lambda tx: changes.revoke_override(tx, lead, CENTRE, made.id, now(), ZONE))
    only = TemporaryIn(seat_id=INTAKE, starts_at=start, ends_at=end, shifts=[], reason="停电")
    held = await do(lambda tx: changes.set_temporary(tx, lead, CENTRE, only, now(), ZONE))
    await do(lambda tx: changes.revoke_temporary(tx, lead, CENTRE, held.id, now(), ZONE))


async def _leave(world: World, do: Do) -> None:
    lead, leader, now = world.people["lead"], world.people["leader"], world.clock.now
    for days, approved in ((1, True), (3, False)):
        start = now() + timedelta(days=days)
        told = LeaveIn(person_id=130, kind="annual", starts_at=start, ends_at=start + timedelta(days=1))
        asked = await do(lambda tx, told=told: leave.ask(tx, lead, told, now()))  # type: ignore[misc]
        word = DecisionIn(approved=approved)
        await do(lambda tx, id_=asked.id, word=word: leave.decide(tx, leader, id_, word, now()))  # type: ignore[misc]
        if approved:
            await do(lambda tx, id_=asked.id: leave.withdraw(tx, lead, id_, now()))  # type: ignore[misc]


async def hand_over(world: World, do: Do) -> None:
    """Hand the centre's desk over on the morning of 2 July, the clerk late, all typed by one officer."""
    officer, now = world.people["officer"], world.clock.now
    world.clock.advance(moment("07-02 07:50") - now())
    note = await do(
        lambda tx: matters.write_down(tx, officer, CENTRE, MatterIn(kind="note", text="夜班平稳"), now())
    )
    due = MatterIn(kind="clock", text="续报", due_at=now())
    await do(lambda tx: matters.write_down(tx, officer, CENTRE, due, now()))
    await do(lambda tx: matters.ring_due(tx, officer.stream, now()))
    told = EntryIn(text="市气象台电话:午后有雷阵雨", source="telephone", lines=["disaster"])
    await do(lambda tx: duty_log.enter(tx, officer, CENTRE, told, now()))
    opened = await do(lambda tx: sheet.open_sheet(tx, officer, OpenIn(post_id=CENTRE), now(), ZONE))
    await do(lambda tx: matters.close(tx, officer, note.id, MatterCloseIn(), now()))
    await do(lambda tx: sheet.follow(tx, officer.stream, opened.id, now(), ZONE))
    for person in range(107, 113):
        await do(lambda tx, who=person: moves.arrive(tx, officer, opened.id, MoveIn(person_id=who), now()))  # type: ignore[misc]
    for row in await world.do(lambda tx: sheets.items(tx, opened.id)):
        if row.gone_at is None:
            await do(lambda tx, of=row.id: sheet.open_item(tx, officer, opened.id, of, now()))  # type: ignore[misc]
            took = TickIn(person_id=108)
            await do(lambda tx, of=row.id, took=took: sheet.tick(tx, officer, opened.id, of, took, now()))  # type: ignore[misc]
    for part, person in (("outgoing", 101), ("incoming", 108), ("leader", 107)):
        typed = SignIn(part=part, person_id=person, reason="无账号")
        await do(lambda tx, typed=typed: sign(tx, officer, opened.id, typed, now(), ZONE))  # type: ignore[misc]
    world.later(minutes=15)
    await do(lambda tx: moves.arrive(tx, officer, opened.id, MoveIn(person_id=113), now()))
    await do(lambda tx: moves.leave(tx, officer, opened.id, MoveIn(person_id=106), now()))
