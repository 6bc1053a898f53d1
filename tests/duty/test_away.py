"""Approved leave is a hard constraint: no change of the roster puts somebody who is away on duty."""

from __future__ import annotations

import asyncio

import pytest

from app.duty.leave import actions as leave
from app.duty.leave.commands import DecisionIn, LeaveIn
from app.duty.leave.facts import LeaveFact
from app.duty.presence.actions import gaps
from app.duty.presence.commands import StandInIn
from app.duty.roster.actions import changes, publish
from app.duty.roster.actions.away import OnLeave
from app.duty.roster.actions.changes import MadeByLeave
from app.duty.roster.commands import OverrideIn, PublishIn, TemporaryIn, TemporaryShiftIn
from app.duty.roster.facts import OverrideFact, TemporaryFact
from tests.duty.county import CENTRE, JULY, LEADER, Desk, cell, moment
from tests.world import STREAM, ZONE

pytestmark = pytest.mark.database
DAY = ("07-02 08:00", "07-03 08:00")


async def approved(desk: Desk, person: int, start: str = DAY[0], end: str = DAY[1]) -> LeaveFact:
    world = desk.world
    told = LeaveIn(person_id=person, kind="annual", starts_at=moment(start), ends_at=moment(end))
    lead, leader, now = world.people["lead"], world.people["leader"], world.clock.now()
    asked = await world.do(lambda tx: leave.ask(tx, lead, told, now))
    return await world.do(lambda tx: leave.decide(tx, leader, asked.id, DecisionIn(approved=True), now, ZONE))


async def override(desk: Desk, add: int | None, remove: int | None, *span: str) -> OverrideFact:
    start, end = span or DAY
    told = OverrideIn(
        seat_id=LEADER,
        add_person_id=add,
        remove_person_id=remove,
        starts_at=moment(start),
        ends_at=moment(end),
        reason="公务",
    )
    lead, now = desk.world.people["lead"], desk.world.clock.now()
    return await desk.world.do(lambda tx: changes.override(tx, lead, CENTRE, told, now, ZONE))


async def temporary(desk: Desk, person: int) -> TemporaryFact:
    start, end = (moment(one) for one in DAY)
    shift = TemporaryShiftIn(person_id=person, starts_at=start, ends_at=end)
    told = TemporaryIn(seat_id=LEADER, starts_at=start, ends_at=end, shifts=[shift], reason="汛期")
    lead, now = desk.world.people["lead"], desk.world.clock.now()
    return await desk.world.do(lambda tx: changes.set_temporary(tx, lead, CENTRE, told, now, ZONE))


async def revoke(desk: Desk, override_id: int) -> OverrideFact:
    lead, now = desk.world.people["lead"], desk.world.clock.now()
    return await desk.world.do(lambda tx: changes.revoke_override(tx, lead, CENTRE, override_id, now, ZONE))


async def test_nobody_on_leave_is_put_into_a_shift_by_hand(desk: Desk) -> None:
    await desk.publish([cell(LEADER, 110, DAY[0])])
    await approved(desk, 120, "07-02 20:00", "07-04 08:00")
    says = "值班120在 07-02 20:00 至 07-04 08:00 已批准请假"
    with pytest.raises(OnLeave, match=says):
        await override(desk, 120, 110)
    with pytest.raises(OnLeave, match=says):
        await temporary(desk, 120)
    assert await override(desk, 120, 110, DAY[0], "07-02 20:00")


async def test_nobody_on_leave_stands_in_for_a_gap(desk: Desk) -> None:
    world = desk.world
    await desk.publish([cell(LEADER, 110, "07-01 08:00")])
    await approved(desk, 120)
    desk.at("07-02 09:00")
    await world.do(lambda tx: gaps.look(tx, STREAM, world.clock.now(), ZONE))
    (gap,) = await world.rows("SELECT id FROM coverage_gap WHERE seat_id = :seat", seat=LEADER)
    told = StandInIn(person_id=120, gap_id=gap["id"])
    with pytest.raises(OnLeave):
        await world.do(
            lambda tx: gaps.stand_in(tx, world.people["lead"], CENTRE, told, world.clock.now(), ZONE)
        )


async def test_taking_a_change_back_puts_nobody_on_duty_who_got_leave_meanwhile(desk: Desk) -> None:
    await desk.publish([cell(LEADER, 110, DAY[0])])
    made = await override(desk, 120, 110)
    await approved(desk, 110)
    with pytest.raises(OnLeave, match="值班110"):
        await revoke(desk, made.id)
    assert [person for person, *_ in await desk.shifts(LEADER)] == [120]


async def test_what_leave_did_to_the_roster_is_undone_only_with_the_leave(desk: Desk) -> None:
    await desk.publish([cell(LEADER, 110, DAY[0])])
    held = await approved(desk, 110)
    (row,) = await desk.world.rows("SELECT id FROM roster_override WHERE leave_id = :id", id=held.id)
    with pytest.raises(MadeByLeave, match="请先销假"):
        await revoke(desk, row["id"])
    assert await desk.shifts(LEADER) == []


async def test_leave_takes_a_person_off_a_temporary_schedule_too(desk: Desk) -> None:
    await temporary(desk, 120)
    held = await approved(desk, 120, "07-02 20:00", "07-04 08:00")
    assert await desk.shifts(LEADER) == [(120, "07-02 08:00", "07-02 20:00")]
    lead, now = desk.world.people["lead"], desk.world.clock.now()
    await desk.world.do(lambda tx: leave.withdraw(tx, lead, held.id, now, ZONE))
    assert await desk.shifts(LEADER) == [(120, *DAY)]


async def test_a_change_revoked_twice_is_told_once(desk: Desk) -> None:
    world = desk.world
    await desk.publish([cell(LEADER, 110, DAY[0])])
    made = await override(desk, 120, 110)
    first = await revoke(desk, made.id)
    head = await world.head()
    assert await revoke(desk, made.id) == first
    held = await temporary(desk, 121)
    lead, now = world.people["lead"], world.clock.now()
    for _ in range(2):
        await world.do(lambda tx: changes.revoke_temporary(tx, lead, CENTRE, held.id, now, ZONE))
    assert await world.types(head) == ["roster.temporary_set", "roster.temporary_revoked"]


async def test_leave_approved_while_a_roster_is_published_takes_the_person_off_it(desk: Desk) -> None:
    world = desk.world
    lead, leader, now = world.people["lead"], world.people["leader"], world.clock.now()
    saved = await desk.draft([cell(LEADER, 110, DAY[0])])
    told = LeaveIn(person_id=110, kind="sick", starts_at=moment(DAY[0]), ends_at=moment(DAY[1]))
    asked = await world.do(lambda tx: leave.ask(tx, lead, told, now))
    word = DecisionIn(approved=True)
    command = PublishIn(version=saved.roster.draft_version, accepting=["COVERAGE_GAP"])

    async def decided() -> LeaveFact:
        return await world.do(lambda tx: leave.decide(tx, leader, asked.id, word, now, ZONE))

    async with world.database.transaction() as tx:
        await publish.publish(tx, lead, CENTRE, JULY, command, now, ZONE)
        deciding = asyncio.create_task(decided())
        await _waits(desk, deciding)
    assert (await deciding).state == "approved"
    assert await desk.shifts(LEADER) == []


async def test_a_roster_published_while_leave_is_approved_is_refused(desk: Desk) -> None:
    world = desk.world
    lead, leader, now = world.people["lead"], world.people["leader"], world.clock.now()
    saved = await desk.draft([cell(LEADER, 110, DAY[0])])
    told = LeaveIn(person_id=110, kind="sick", starts_at=moment(DAY[0]), ends_at=moment(DAY[1]))
    asked = await world.do(lambda tx: leave.ask(tx, lead, told, now))
    command = PublishIn(version=saved.roster.draft_version, accepting=["COVERAGE_GAP"])

    async def published() -> object:
        return await world.do(lambda tx: publish.publish(tx, lead, CENTRE, JULY, command, now, ZONE))

    async with world.database.transaction() as tx:
        await leave.decide(tx, leader, asked.id, DecisionIn(approved=True), now, ZONE)
        publishing = asyncio.create_task(published())
        await _waits(desk, publishing)
    with pytest.raises(OnLeave):
        await publishing
    assert await desk.shifts(LEADER) == []


async def _waits(desk: Desk, task: asyncio.Task[object]) -> None:
    """Return once the task has done what it can: it is over, or it waits for a lock."""
    waiting = "SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
    while not task.done() and not await desk.world.rows(waiting):  # noqa: ASYNC110  the server knows
        await asyncio.sleep(0.01)
