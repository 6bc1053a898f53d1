"""A published roster changed for a while: somebody more, somebody less, one for another, another plan."""

from __future__ import annotations

import asyncio

import pytest

from app.duty.roster.actions import changes
from app.duty.roster.actions.changes import AlreadyPast, ChangeOverlaps
from app.duty.roster.actions.rest import OverContinuous
from app.duty.roster.actions.settle import DoubleBooked
from app.duty.roster.commands import OverrideIn, TemporaryIn, TemporaryShiftIn
from app.duty.roster.facts import OverrideFact, TemporaryFact
from app.duty.roster.fitness import obstacles
from app.duty.roster.rules.interval import Interval
from app.refusals import InvalidInput, NotFound, NotPermitted
from tests.duty.county import (
    CENTRE,
    INTAKE,
    LEADER,
    SHIFT_LEAD,
    TOWN_OFFICER,
    TOWNSHIP,
    Desk,
    cell,
    full_day,
    moment,
)
from tests.world import ZONE

pytestmark = pytest.mark.database


async def override(
    desk: Desk,
    start: str,
    end: str,
    *,
    add: int | None = None,
    remove: int | None = None,
    seat: int = LEADER,
    post: int = CENTRE,
    by: str = "lead",
    despite: str = "",
) -> OverrideFact:
    told = OverrideIn(
        seat_id=seat,
        add_person_id=add,
        remove_person_id=remove,
        starts_at=moment(start),
        ends_at=moment(end),
        reason="临时公务",
        despite=despite,
    )
    world = desk.world
    return await world.do(
        lambda tx: changes.override(tx, world.people[by], post, told, world.clock.now(), ZONE)
    )


async def revoke(desk: Desk, fact: OverrideFact) -> None:
    world = desk.world
    await world.do(
        lambda tx: changes.revoke_override(
            tx, world.people["lead"], fact.post_id, fact.id, world.clock.now(), ZONE
        )
    )


async def test_one_in_the_place_of_another_for_part_of_a_shift(desk: Desk) -> None:
    await desk.publish(full_day(1, 100))
    await override(desk, "07-01 18:00", "07-01 22:00", add=120, remove=100)
    assert await desk.shifts(LEADER) == [
        (100, "07-01 08:00", "07-01 18:00"),
        (120, "07-01 18:00", "07-01 22:00"),
        (100, "07-01 22:00", "07-02 08:00"),
    ]
    event = (await desk.world.events())[-1]
    assert event["type"] == "roster.overridden"
    assert event["override"]["reason"] == "临时公务"
    assert [(s["person_id"]) for s in event["dropped"]] == [100]


async def test_a_change_that_is_taken_back_leaves_the_roster_as_it_was(desk: Desk) -> None:
    await desk.publish(full_day(1, 100))
    before = await desk.shifts(LEADER)
    made = await override(desk, "07-01 18:00", "07-01 22:00", add=120, remove=100)
    await revoke(desk, made)
    assert await desk.shifts(LEADER) == before


async def test_a_change_taken_back_in_its_middle_holds_for_what_is_past(desk: Desk) -> None:
    await desk.publish(full_day(1, 100))
    made = await override(desk, "07-01 18:00", "07-01 22:00", add=120, remove=100)
    desk.at("07-01 20:00")
    await revoke(desk, made)
    assert await desk.shifts(LEADER) == [
        (100, "07-01 08:00", "07-01 18:00"),
        (120, "07-01 18:00", "07-01 20:00"),
        (100, "07-01 20:00", "07-02 08:00"),
    ]


async def test_a_change_made_in_a_running_shift_begins_now(desk: Desk) -> None:
    await desk.publish(full_day(1, 100))
    desk.at("07-01 20:40")
    await override(desk, "07-01 08:00", "07-02 08:00", add=120, remove=100)
    assert await desk.shifts(LEADER) == [
        (100, "07-01 08:00", "07-01 20:40"),
        (120, "07-01 20:40", "07-02 08:00"),
    ]


async def test_the_same_change_made_twice_at_once_holds_once(desk: Desk) -> None:
    """field.md 4.3 V7 (G test/smoke/overrideconflict_test.go)."""
    await desk.publish(full_day(1, 100))
    done = await asyncio.gather(
        override(desk, "07-01 18:00", "07-01 22:00", add=120, remove=100),
        override(desk, "07-01 18:00", "07-01 22:00", add=120, remove=100),
        return_exceptions=True,
    )
    assert sorted(type(one).__name__ for one in done) == ["ChangeOverlaps", "OverrideFact"]
    with pytest.raises(ChangeOverlaps):
        await override(desk, "07-01 21:00", "07-01 23:00", add=121, remove=100)


async def test_a_substitute_who_is_on_duty_elsewhere_is_refused_by_name(desk: Desk) -> None:
    await desk.publish(full_day(1, 100))
    await desk.publish([cell(TOWN_OFFICER, 200, "07-01 08:00")], post=TOWNSHIP)
    with pytest.raises(DoubleBooked, match="值班200在 07-01 08:00 至 07-02 08:00 已在其他岗位值班"):
        await override(desk, "07-01 18:00", "07-01 22:00", add=200, remove=100)
    assert await desk.shifts(LEADER) == [(100, "07-01 08:00", "07-02 08:00")]


async def test_two_persons_of_one_post_may_change_seats_only_through_both_seats(desk: Desk) -> None:
    await desk.publish(full_day(1, 100))
    with pytest.raises(DoubleBooked):
        await override(desk, "07-01 18:00", "07-01 22:00", add=101, remove=100)


async def test_the_past_is_not_planned_anew(desk: Desk) -> None:
    await desk.publish(full_day(1, 100))
    desk.at("07-03 08:00")
    with pytest.raises(AlreadyPast):
        await override(desk, "07-01 18:00", "07-01 22:00", add=120, remove=100)


async def test_a_seat_of_another_post_or_a_person_of_nowhere_is_refused(desk: Desk) -> None:
    with pytest.raises(InvalidInput):
        await override(desk, "07-01 18:00", "07-01 22:00", add=120, seat=TOWN_OFFICER)
    with pytest.raises(InvalidInput):
        await override(desk, "07-01 18:00", "07-01 22:00", add=99)
    with pytest.raises(NotFound):
        await override(desk, "07-01 18:00", "07-01 22:00", add=120, by="east")


async def test_who_stands_in_for_two_shifts_holds_two_shifts_and_his_hours_count_as_one_stretch(
    desk: Desk,
) -> None:
    await desk.publish([cell(LEADER, 100, "07-01 08:00"), cell(LEADER, 100, "07-02 08:00")])
    both = ("07-01 08:00", "07-03 08:00")
    await override(desk, *both, add=120, remove=100, by="leader", despite="带班领导指定")
    assert await desk.shifts(LEADER) == [
        (120, "07-01 08:00", "07-02 08:00"),
        (120, "07-02 08:00", "07-03 08:00"),
    ]
    span = Interval(moment("07-03 08:00"), moment("07-03 20:00"))
    against = await desk.world.do(lambda tx: obstacles(tx, [120], span, ZONE))
    assert "07月01日08:00至07月03日20:00连续值班60小时" in against[120][0].zh


async def test_who_fills_a_chair_of_two_days_holds_two_shifts(desk: Desk) -> None:
    """A person on leave left it empty: what was planned there still says where a shift ends."""
    await desk.publish([cell(LEADER, 100, "07-01 08:00"), cell(LEADER, 101, "07-02 08:00")])
    await override(desk, "07-01 08:00", "07-03 08:00", remove=100)
    await override(desk, "07-01 08:00", "07-03 08:00", remove=101)
    await override(desk, "07-01 12:00", "07-03 08:00", add=120, by="leader", despite="带班领导指定")
    assert await desk.shifts(LEADER) == [
        (120, "07-01 12:00", "07-02 08:00"),
        (120, "07-02 08:00", "07-03 08:00"),
    ]


async def temporary(desk: Desk, start: str, end: str, shifts: list[tuple[int, str, str]]) -> TemporaryFact:
    told = TemporaryIn(
        seat_id=SHIFT_LEAD,
        starts_at=moment(start),
        ends_at=moment(end),
        shifts=[
            TemporaryShiftIn(person_id=person, starts_at=moment(s), ends_at=moment(e))
            for person, s, e in shifts
        ],
        reason="三级值班",
    )
    world = desk.world
    return await world.do(
        lambda tx: changes.set_temporary(tx, world.people["lead"], CENTRE, told, world.clock.now(), ZONE)
    )


async def test_a_temporary_schedule_alone_holds_with_its_gaps_and_goes_again(desk: Desk) -> None:
    await desk.publish(full_day(1, 100))
    before = await desk.shifts(SHIFT_LEAD)
    made = await temporary(desk, "07-01 12:00", "07-01 20:00", [(120, "07-01 14:00", "07-01 16:00")])
    assert await desk.shifts(SHIFT_LEAD) == [
        (101, "07-01 08:00", "07-01 12:00"),
        (120, "07-01 14:00", "07-01 16:00"),
        (101, "07-01 20:00", "07-02 08:00"),
    ]
    with pytest.raises(ChangeOverlaps):
        await temporary(desk, "07-01 19:00", "07-01 21:00", [])
    world = desk.world
    await world.do(
        lambda tx: changes.revoke_temporary(
            tx, world.people["lead"], CENTRE, made.id, world.clock.now(), ZONE
        )
    )
    assert await desk.shifts(SHIFT_LEAD) == before


async def test_a_temporary_schedule_stands_above_an_override(desk: Desk) -> None:
    await desk.publish(full_day(1, 100))
    await override(desk, "07-01 08:00", "07-02 08:00", add=121, remove=101, seat=SHIFT_LEAD)
    await temporary(desk, "07-01 12:00", "07-01 20:00", [(120, "07-01 12:00", "07-01 20:00")])
    assert await desk.shifts(SHIFT_LEAD) == [
        (121, "07-01 08:00", "07-01 12:00"),
        (120, "07-01 12:00", "07-01 20:00"),
        (121, "07-01 20:00", "07-02 08:00"),
    ]


async def test_a_roster_published_again_still_carries_the_changes_made_to_it(desk: Desk) -> None:
    await desk.publish(full_day(1, 100))
    await override(desk, "07-01 18:00", "07-01 22:00", add=120, remove=102, seat=INTAKE)
    await desk.publish(full_day(1, 100) + full_day(2, 110))
    assert (120, "07-01 18:00", "07-01 22:00") in await desk.shifts(INTAKE)


async def test_nobody_is_put_on_for_more_than_a_day_at_a_stretch_unless_a_leader_says_why(desk: Desk) -> None:
    """domain/rules B7, R20: swaps and substitutes refuse it too."""
    await desk.publish(full_day(1, 100))
    await override(desk, "07-02 08:00", "07-02 12:00", add=120)  # who did not sit before may
    with pytest.raises(OverContinuous, match="带班领导注明理由"):
        await override(desk, "07-02 08:00", "07-02 12:00", add=100)
    made = await override(
        desk, "07-02 08:00", "07-02 12:00", add=100, by="leader", despite="抢险未结束,无人可换"
    )
    assert "抢险未结束,无人可换" in made.reason
    (told,) = [e for e in await desk.world.events() if e["type"] == "roster.overridden"][-1:]
    assert "24" in told["override"]["reason"]
    assert desk.world.people["leader"].name in told["override"]["reason"]


async def test_only_a_leader_lets_somebody_sit_longer_than_a_day(desk: Desk) -> None:
    await desk.publish(full_day(1, 100))
    with pytest.raises(NotPermitted):
        await override(desk, "07-02 08:00", "07-02 12:00", add=100, by="lead", despite="没人")
    with pytest.raises(OverContinuous):
        await override(desk, "07-02 08:00", "07-02 12:00", add=100, by="leader")
