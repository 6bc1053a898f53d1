"""A desk handed over, and a book written in, brought about once."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from app.db import Tx
from app.desk.handover.actions import matters, moves, sheet
from app.desk.handover.actions.sign import sign
from app.desk.handover.commands import MatterCloseIn, MatterIn, MoveIn, OpenIn, SignIn, TickIn
from app.desk.handover.store import sheets
from app.desk.log import actions as duty_log
from app.desk.log.commands import EntryIn
from tests.duty.county import CENTRE, moment
from tests.world import ZONE, World

Do = Callable[[Callable[[Tx], Awaitable[Any]]], Awaitable[Any]]


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
