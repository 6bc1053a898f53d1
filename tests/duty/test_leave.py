"""Leave and the roster: over when approved, at a desk elsewhere, withdrawn while a planner is at work."""

from __future__ import annotations

import asyncio

import pytest

from app.duty import store as duty
from app.duty.leave import actions as leave
from app.duty.leave.commands import DecisionIn, LeaveIn
from app.duty.leave.facts import LeaveFact
from app.duty.roster.actions import changes
from app.journal import store as journal
from app.org.rules.access import may_see
from tests.duty.county import CENTRE, LEADER, TOWN_OFFICER, TOWNSHIP, Desk, cell, moment
from tests.world import STREAM, ZONE

pytestmark = pytest.mark.database


async def ask(desk: Desk, person: int, start: str, end: str) -> LeaveFact:
    world = desk.world
    told = LeaveIn(person_id=person, kind="sick", starts_at=moment(start), ends_at=moment(end))
    return await world.do(lambda tx: leave.ask(tx, world.people["lead"], told, world.clock.now()))


async def approve(desk: Desk, asked: LeaveFact) -> LeaveFact:
    world, word = desk.world, DecisionIn(approved=True)
    leader, now = world.people["leader"], world.clock.now()
    return await world.do(lambda tx: leave.decide(tx, leader, asked.id, word, now, ZONE))


async def test_a_sick_note_handed_in_afterwards_is_approved_and_changes_no_roster(desk: Desk) -> None:
    await desk.publish([cell(LEADER, 110, "07-02 08:00")])
    asked = await ask(desk, 110, "06-10 08:00", "06-12 08:00")
    assert (await approve(desk, asked)).state == "approved"
    assert [person for person, *_ in await desk.shifts(LEADER)] == [110]


async def seen_by(desk: Desk, who: str, kind: str) -> list[str]:
    world = desk.world
    rows = await world.do(lambda tx: journal.read_after(tx, STREAM, 0, 10_000))
    return [row.wire for row in rows if may_see(world.people[who], row.concern) and f'"{kind}"' in row.wire]


async def test_a_desk_elsewhere_hears_that_leave_has_emptied_its_chair_but_not_of_the_illness(
    desk: Desk,
) -> None:
    await desk.publish([cell(TOWN_OFFICER, 131, "07-01 08:00")], post=TOWNSHIP)
    await approve(desk, await ask(desk, 131, "07-01 08:00", "07-02 08:00"))
    assert len(await seen_by(desk, "east", "roster.overridden")) == 1
    assert await seen_by(desk, "west", "roster.overridden") == []
    assert await seen_by(desk, "east", "leave.approved") == []


async def test_leave_withdrawn_while_a_planner_takes_its_change_back_waits_instead_of_locking_in_a_ring(
    desk: Desk,
) -> None:
    world = desk.world
    await desk.publish([cell(LEADER, 110, "07-02 08:00")])
    asked = await approve(desk, await ask(desk, 110, "07-02 08:00", "07-03 08:00"))
    (row,) = await world.rows("SELECT id FROM roster_override WHERE leave_id = :id", id=asked.id)
    lead, now = world.people["lead"], world.clock.now()
    at_the_post = asyncio.Event()

    async def withdrawn() -> None:
        await at_the_post.wait()
        await world.do(lambda tx: leave.withdraw(tx, lead, asked.id, now, ZONE))

    async def revoked() -> None:
        async with world.database.transaction() as tx:
            assert await duty.locked(tx, STREAM, CENTRE) is not None
            at_the_post.set()
            await asyncio.sleep(0.3)  # the other waits for the post by now
            await changes.revoke_override(tx, lead, CENTRE, row["id"], now, ZONE)

    done = await asyncio.gather(withdrawn(), revoked(), return_exceptions=True)
    assert done[0] is None
    assert isinstance(done[1], changes.MadeByLeave)
    assert [person for person, *_ in await desk.shifts(LEADER)] == [110]
