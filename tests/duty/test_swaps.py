"""Swaps: asked, taken, approved by a leader, filed; bound to the shift they are about."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from app.duty.leave import actions as leave
from app.duty.leave.commands import DecisionIn, LeaveIn
from app.duty.swaps.actions import decision, offers
from app.duty.swaps.commands import FilingIn, SwapDecisionIn, SwapIn, TakeIn
from app.duty.swaps.facts import SwapFact
from app.duty.swaps.refusals import (
    CannotTake,
    ShiftOnOffer,
    SwapMoved,
    SwapOver,
    SwapPassedOn,
    SwapTooLate,
    SwapWithOneself,
)
from app.org.rules.access import Viewer
from app.refusals import NotFound, NotPermitted
from tests.duty.county import DISPATCH, INTAKE, LEADER, TOWN_OFFICER, TOWNSHIP, Desk, cell, full_day, moment
from tests.world import STREAM, ZONE

pytestmark = pytest.mark.database


class Swapping:
    """Short ways to swap in the tiny county; persons act through accounts of their own."""

    def __init__(self, desk: Desk) -> None:
        self.desk, self.world = desk, desk.world

    def person(self, person_id: int) -> Viewer:
        return replace(
            self.world.people["officer"], person_id=person_id, account_id=person_id, name=f"值班{person_id}"
        )

    async def shift_of(self, person_id: int, start: str) -> int:
        rows = await self.world.rows(
            "SELECT id FROM shift WHERE person_id = :p AND starts_at = :s AND state = 'planned'",
            p=person_id,
            s=moment(start),
        )
        return int(rows[0]["id"])

    async def ask(self, person: int, start: str, by: Viewer | None = None, **told: Any) -> SwapFact:
        command = SwapIn(shift_id=await self.shift_of(person, start), **{"reason": "家中有事", **told})
        who = by or self.person(person)
        return await self.world.do(lambda tx: offers.ask(tx, who, command, self.world.clock.now(), ZONE))

    async def take(self, swap: SwapFact, person: int) -> SwapFact:
        return await self.world.do(
            lambda tx: offers.take(tx, self.person(person), swap.id, TakeIn(), self.world.clock.now(), ZONE)
        )

    async def decide(self, swap: SwapFact, *, approved: bool = True, by: str = "leader") -> SwapFact:
        told = SwapDecisionIn(approved=approved)
        return await self.world.do(
            lambda tx: decision.decide(tx, self.world.people[by], swap.id, told, self.world.clock.now(), ZONE)
        )

    async def revoke(self, swap: SwapFact) -> SwapFact:
        return await self.world.do(
            lambda tx: decision.revoke(tx, self.world.people["leader"], swap.id, self.world.clock.now(), ZONE)
        )

    async def agreed(self, person: int, start: str, taker: int, **told: Any) -> SwapFact:
        swap = await self.ask(person, start, taker_id=taker, **told)
        return await self.decide(await self.take(swap, taker))

    async def review(self) -> int:
        return await self.world.do(lambda tx: decision.review(tx, STREAM, self.world.clock.now()))


@pytest.fixture
async def swapping(desk: Desk) -> Swapping:
    """Five days of July at the centre: 100–106, 110–116, 120–126, then the first two again."""
    days = [full_day(1, 100), full_day(2, 110), full_day(3, 120), full_day(4, 100), full_day(5, 110)]
    await desk.publish([one for day in days for one in day])
    return Swapping(desk)


async def test_a_swap_goes_from_asked_to_filed_and_only_a_leaders_word_changes_the_roster(
    swapping: Swapping,
) -> None:
    before = await swapping.desk.shifts(LEADER)
    swap = await swapping.take(await swapping.ask(100, "07-01 08:00", taker_id=120), 120)
    assert (swap.state, await swapping.desk.shifts(LEADER)) == ("taken", before)
    approved = await swapping.decide(swap)
    assert approved.state == "approved"
    assert (await swapping.desk.shifts(LEADER))[0] == (120, "07-01 08:00", "07-02 08:00")
    filed = await swapping.world.do(
        lambda tx: offers.file(
            tx,
            swapping.world.people["lead"],
            swap.id,
            FilingIn(filed_as="报备〔2025〕7号"),
            moment("06-19 09:00"),
        )
    )
    assert (filed.state, filed.filed_as) == ("filed", "报备〔2025〕7号")
    assert (await swapping.world.types())[1:] == ["swap.asked", "swap.taken", "swap.approved", "swap.filed"]


async def test_two_shifts_are_exchanged_in_one_breath(swapping: Swapping) -> None:
    back = await swapping.shift_of(112, "07-02 08:00")
    await swapping.agreed(102, "07-01 08:00", 112, return_shift_id=back)
    held = await swapping.desk.shifts(INTAKE)
    assert (112, "07-01 08:00", "07-02 08:00") in held
    assert (102, "07-02 08:00", "07-03 08:00") in held


async def test_two_colleagues_change_chairs_within_the_same_hours(swapping: Swapping) -> None:
    back = await swapping.shift_of(104, "07-01 08:00")
    await swapping.agreed(102, "07-01 08:00", 104, return_shift_id=back)
    assert (104, "07-01 08:00", "07-02 08:00") in await swapping.desk.shifts(INTAKE)
    assert (102, "07-01 08:00", "07-02 08:00") in await swapping.desk.shifts(DISPATCH)


async def test_a_part_of_a_shift_changes_hands(swapping: Swapping) -> None:
    part = {"starts_at": moment("07-01 18:00"), "ends_at": moment("07-01 22:00")}
    await swapping.agreed(100, "07-01 08:00", 123, **part)
    assert (await swapping.desk.shifts(LEADER))[:3] == [
        (100, "07-01 08:00", "07-01 18:00"),
        (123, "07-01 18:00", "07-01 22:00"),
        (100, "07-01 22:00", "07-02 08:00"),
    ]


async def test_an_offer_to_everybody_is_taken_by_one_colleague(swapping: Swapping) -> None:
    swap = await swapping.ask(100, "07-01 08:00")
    taken = await swapping.take(swap, 123)
    assert taken.taker_id == 123
    with pytest.raises(SwapOver):
        await swapping.take(swap, 124)


async def test_what_was_taken_can_be_passed_on_and_is_revoked_from_its_end(swapping: Swapping) -> None:
    first = await swapping.agreed(100, "07-01 08:00", 123)
    second = await swapping.agreed(123, "07-01 08:00", 124)
    assert (await swapping.desk.shifts(LEADER))[0][0] == 124
    with pytest.raises(SwapPassedOn):
        await swapping.revoke(first)
    await swapping.revoke(second)
    assert (await swapping.desk.shifts(LEADER))[0][0] == 123
    await swapping.revoke(first)
    assert (await swapping.desk.shifts(LEADER))[0][0] == 100


async def test_nobody_swaps_with_himself(swapping: Swapping) -> None:
    with pytest.raises(SwapWithOneself):
        await swapping.ask(100, "07-01 08:00", taker_id=100)
    with pytest.raises(SwapWithOneself):
        await swapping.take(await swapping.ask(100, "07-01 08:00"), 100)


async def test_one_asks_for_ones_own_shift_or_plans_the_duty_there(swapping: Swapping) -> None:
    with pytest.raises(NotPermitted):
        await swapping.ask(100, "07-01 08:00", by=swapping.person(101), taker_id=120)
    swap = await swapping.ask(100, "07-01 08:00", by=swapping.world.people["lead"], taker_id=120)
    assert (swap.asker_id, swap.asked_by) == (100, "值班长")


async def test_a_shift_is_on_offer_once(swapping: Swapping) -> None:
    await swapping.ask(100, "07-01 08:00", taker_id=120)
    with pytest.raises(ShiftOnOffer):
        await swapping.ask(100, "07-01 08:00", taker_id=121)


async def test_a_swap_is_asked_a_day_ahead_unless_it_is_urgent(swapping: Swapping) -> None:
    swapping.desk.at("06-30 12:00")
    with pytest.raises(SwapTooLate):
        await swapping.ask(100, "07-01 08:00", taker_id=120)
    await swapping.ask(100, "07-01 08:00", taker_id=120, urgent=True)
    swapping.desk.at("07-01 08:00")
    with pytest.raises(SwapTooLate):
        await swapping.ask(101, "07-01 08:00", taker_id=121, urgent=True)


async def test_who_is_on_duty_or_away_or_would_sit_too_long_cannot_take_it(swapping: Swapping) -> None:
    with pytest.raises(CannotTake, match="已在值班"):
        await swapping.ask(100, "07-01 08:00", taker_id=101)
    with pytest.raises(CannotTake, match="连续值班48小时"):
        await swapping.ask(100, "07-01 08:00", taker_id=110)
    leader, lead, now = swapping.world.people["leader"], swapping.world.people["lead"], moment("06-19 09:00")
    told = LeaveIn(
        person_id=123, kind="annual", starts_at=moment("07-01 00:00"), ends_at=moment("07-03 00:00")
    )
    asked = await swapping.world.do(lambda tx: leave.ask(tx, lead, told, now))
    await swapping.world.do(
        lambda tx: leave.decide(tx, leader, asked.id, DecisionIn(approved=True), now, ZONE)
    )
    with pytest.raises(CannotTake, match="请假"):
        await swapping.ask(100, "07-01 08:00", taker_id=123)


async def test_no_outsider_stands_in(swapping: Swapping) -> None:
    with pytest.raises(CannotTake, match="不是本单位人员"):
        await swapping.ask(100, "07-01 08:00", taker_id=200)


async def test_neither_party_decides_and_only_a_leader_does(swapping: Swapping) -> None:
    swap = await swapping.take(await swapping.ask(100, "07-01 08:00", taker_id=120), 120)
    with pytest.raises(NotPermitted):
        await swapping.decide(swap, by="lead")
    swapping.world.people["leader"] = replace(swapping.world.people["leader"], person_id=120)
    with pytest.raises(NotPermitted):
        await swapping.decide(swap)


async def test_a_swap_whose_shift_moved_is_not_approved_as_it_stands(swapping: Swapping) -> None:
    swap = await swapping.take(await swapping.ask(100, "07-01 08:00", taker_id=120), 120)
    moved = [one for one in full_day(1, 100) if one.person_id != 100]
    await swapping.desk.publish([*moved, cell(LEADER, 100, "07-01 09:00", 23), *full_day(2, 110)])
    with pytest.raises(SwapMoved):
        await swapping.decide(swap)
    assert await swapping.review() == 1
    (row,) = await swapping.world.rows("SELECT state FROM swap")
    assert row["state"] == "lapsed"


async def test_a_swap_that_no_leader_decides_on_is_flagged_and_the_roster_stands(swapping: Swapping) -> None:
    await swapping.take(await swapping.ask(100, "07-01 08:00", taker_id=120), 120)
    assert await swapping.review() == 0
    swapping.world.later(hours=3)
    assert await swapping.review() == 1
    assert await swapping.review() == 0
    assert (await swapping.world.types())[-1] == "swap.unapproved"
    assert (await swapping.desk.shifts(LEADER))[0][0] == 100


async def test_an_offer_nobody_took_lapses_when_the_shift_begins(swapping: Swapping) -> None:
    await swapping.ask(100, "07-01 08:00")
    swapping.desk.at("07-01 08:00")
    assert await swapping.review() == 1
    assert (await swapping.world.types())[-1] == "swap.lapsed"


async def test_a_refused_swap_changes_nothing_and_an_approved_one_is_revoked_from_now_on(
    swapping: Swapping,
) -> None:
    before = await swapping.desk.shifts(LEADER)
    refused = await swapping.take(await swapping.ask(100, "07-01 08:00", taker_id=120), 120)
    await swapping.decide(refused, approved=False)
    assert await swapping.desk.shifts(LEADER) == before
    approved = await swapping.agreed(100, "07-01 08:00", 123)
    swapping.desk.at("07-01 20:00")
    await swapping.revoke(approved)
    assert (await swapping.desk.shifts(LEADER))[:2] == [
        (123, "07-01 08:00", "07-01 20:00"),
        (100, "07-01 20:00", "07-02 08:00"),
    ]


async def test_who_is_of_another_unit_and_place_does_not_even_see_it(swapping: Swapping) -> None:
    await swapping.desk.publish([cell(TOWN_OFFICER, 200, "07-01 08:00")], post=TOWNSHIP)
    swap = await swapping.ask(100, "07-01 08:00", taker_id=120)
    stranger = replace(swapping.world.people["west"], person_id=200)
    with pytest.raises(NotFound):
        await swapping.world.do(lambda tx: offers.withdraw(tx, stranger, swap.id, swapping.world.clock.now()))
