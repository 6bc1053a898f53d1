"""The coverage watch waits for nobody and nothing: no planner's lock, no look that fails beside another."""

from __future__ import annotations

import asyncio

import pytest
from sqlalchemy.exc import IntegrityError

from app.duty import store as duty
from app.duty.presence.actions import attendance, gaps
from app.duty.presence.commands import ArrivalIn, LeavingIn
from app.duty.presence.facts import AttendanceFact
from app.duty.presence.refusals import AlreadyHere
from app.duty.presence.watch import CoverageWatch
from app.duty.swaps import store as swaps
from app.duty.swaps.actions import decision, offers
from app.duty.swaps.commands import SwapIn
from tests.duty.county import CENTRE, INTAKE, LEADER, SHIFT_LEAD, TOWN_OFFICER, TOWNSHIP, Desk, cell
from tests.world import STREAM, ZONE

pytestmark = pytest.mark.database


async def two_desks(desk: Desk) -> None:
    """One is at each desk since 1 July 08:00; two offer their shifts of the next day."""
    world = desk.world
    await desk.publish([cell(LEADER, 110, "07-02 08:00"), cell(INTAKE, 102, "07-01 08:00")])
    await desk.publish([cell(TOWN_OFFICER, 201, "07-01 08:00")], post=TOWNSHIP)
    desk.at("07-01 08:00")
    for person in (201, 102):
        await arrive(desk, person)
    await world.run("UPDATE attendance SET means = 'phone'")
    world.later(minutes=20)


async def arrive(desk: Desk, person: int) -> AttendanceFact:
    lead, now = desk.world.people["lead"], desk.world.clock.now()
    return await desk.world.do(lambda tx: attendance.arrive(tx, lead, ArrivalIn(person_id=person), now))


async def test_a_post_under_somebodys_hands_holds_up_no_look(desk: Desk) -> None:
    await two_desks(desk)
    world, now = desk.world, desk.world.clock.now()
    (shift,) = await world.rows("SELECT id FROM shift WHERE person_id = 110")
    told = SwapIn(shift_id=shift["id"], reason="家中有事", urgent=True)
    swap = await world.do(lambda tx: offers.ask(tx, world.people["lead"], told, now, ZONE))
    await world.run("UPDATE swap SET state = 'taken', taker_id = 111, taken_at = :at", at=now)
    world.later(hours=4)
    now = world.clock.now()
    async with world.database.transaction() as tx, asyncio.timeout(5):
        assert await duty.locked(tx, STREAM, CENTRE) is not None
        assert await world.do(lambda tx: attendance.prompt_silent(tx, STREAM, now)) == 2
        assert await world.do(lambda tx: gaps.look(tx, STREAM, now, ZONE)) > 2
        assert await swaps.locked(tx, STREAM, swap.id) is not None
        assert await world.do(lambda tx: decision.review(tx, STREAM, now)) == 0  # a leader is at it
    assert await world.do(lambda tx: decision.review(tx, STREAM, now)) == 1


async def test_who_comes_and_goes_in_the_same_instant_locks_the_post_first_both_times(desk: Desk) -> None:
    await two_desks(desk)
    world, now = desk.world, desk.world.clock.now()
    told = LeavingIn(person_id=102, note="换人")
    async with world.database.transaction() as tx, asyncio.timeout(5):
        assert await duty.locked(tx, STREAM, CENTRE) is not None
        lead = world.people["lead"]
        going = asyncio.create_task(world.do(lambda other: attendance.leave(other, lead, told, now)))
        await asyncio.sleep(0.3)
        with pytest.raises(AlreadyHere):
            await attendance.arrive(tx, lead, ArrivalIn(person_id=102), now)
    assert (await going).left_at == now


async def test_a_look_that_fails_leaves_the_others_looking(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    await two_desks(desk)

    async def broken(*_: object) -> int:
        raise RuntimeError("a swap that cannot be read")

    monkeypatch.setattr(decision, "review", broken)
    looking = CoverageWatch(desk.world.database, desk.world.clock, STREAM, ZONE)
    with pytest.raises(RuntimeError):
        await looking.look()
    types = await desk.world.types()
    assert "coverage.gap" in types
    assert "presence.silent" in types


async def test_a_gap_that_cannot_be_written_down_loses_no_other(desk: Desk) -> None:
    await two_desks(desk)
    await desk.world.run(
        "ALTER TABLE coverage_gap ADD CONSTRAINT not_this_seat CHECK (seat_id <> :seat)".replace(
            ":seat", str(SHIFT_LEAD)
        )
    )
    looking = CoverageWatch(desk.world.database, desk.world.clock, STREAM, ZONE)
    try:
        with pytest.raises(IntegrityError, match="not_this_seat"):
            await looking.look()
    finally:
        await desk.world.run("ALTER TABLE coverage_gap DROP CONSTRAINT not_this_seat")
    told = [e["gap"]["role"] for e in await desk.world.events() if e["type"] == "coverage.gap"]
    assert "shift_lead" not in told
    assert {"leader_in_charge", "clerk", "dispatch_comms"} <= set(told)
    await looking.look()
    told = [e["gap"]["role"] for e in await desk.world.events() if e["type"] == "coverage.gap"]
    assert told.count("shift_lead") == 1
