"""The law of events: for every action and every viewer, old picture + its events == new snapshot."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import pytest

from app.delivery import actions as delivery
from app.delivery import store as deliveries
from app.delivery.actions import Outcome
from app.dispatch.actions import alarms, answer, incidents, intake
from app.dispatch.commands import AlarmConfirmIn, IncidentPatch, StepIn
from app.signals import Distress
from tests.desk.night import Night
from tests.desk.watch import Watch
from tests.world import (
    EAST_HILL,
    HILL,
    LAKE,
    LONE_CARD,
    OPEN_KIND,
    RIVER,
    SECRET_KIND,
    WEST_LAKE,
    ZONE,
    World,
)

pytestmark = pytest.mark.database


@pytest.fixture
async def watch(world: World) -> Watch:
    watch = Watch(world)
    await watch.begin()
    return watch


async def amend(world: World, incident_id: int, **changes: Any) -> None:
    (row,) = await world.rows("SELECT version FROM incident WHERE id = :id", id=incident_id)
    patch = IncidentPatch(version=row["version"], reason="核实后改", **changes)
    by = world.people["officer"]
    await world.do(lambda tx: incidents.amend(tx, by, incident_id, patch, world.clock.now()))


async def step(world: World, assignment_id: int, name: str) -> None:
    told = StepIn(step=name, channel="radio", reason="原因")
    by = world.people["officer"]
    await world.do(lambda tx: answer.step(tx, by, assignment_id, told, world.clock.now()))


async def message(world: World, work: Callable[..., Awaitable[None]], *args: Any) -> None:
    async def move(tx: Any) -> None:
        row = await deliveries.locked(tx, 1)
        assert row is not None
        await work(tx, row, *args, world.clock.now())

    await world.do(move)


async def test_an_alarm_that_becomes_a_need_to_know_incident_leaves_the_townships_screen(
    world: World, watch: Watch
) -> None:
    device = await world.device(LONE_CARD)
    call = Distress("sos-1")
    by = world.people["officer"]
    id_ = await world.do(lambda tx: intake.hear_distress(tx, device, call, b"", world.clock.now()))
    await watch.check("the call")
    assert watch.pictures[world.people["east"].account_id].alarms
    known = AlarmConfirmIn(event_code=SECRET_KIND)
    await world.do(lambda tx: alarms.confirm(tx, by, id_, known, world.clock.now(), ZONE))
    await watch.check("the confirmation")
    assert not watch.pictures[world.people["east"].account_id].alarms


async def test_an_incident_that_turns_out_to_be_need_to_know_leaves_the_townships_screen_and_may_return(
    world: World, watch: Watch
) -> None:
    sent = await world.send(RIVER)
    await watch.check("the order")
    await amend(world, sent.incident_id, event_code=SECRET_KIND)
    await watch.check("the change to a need-to-know kind")
    assert not watch.pictures[world.people["east"].account_id].incidents
    assert watch.pictures[world.people["crew"].account_id].incidents  # its own order stays
    await message(world, delivery.submit, "wire:1", 1)
    await watch.check("a message on its way")
    await amend(world, sent.incident_id, event_code=OPEN_KIND)
    await watch.check("the change back")
    await message(world, delivery.report, Outcome("deliver"))
    await watch.check("the receipt")
    assert watch.pictures[world.people["east"].account_id].deliveries[0].state == "delivered"


async def test_who_hears_of_an_incident_late_gets_all_of_it(world: World, watch: Watch) -> None:
    sent = await world.send(RIVER)
    await world.send(HILL, sent.incident_id)
    await watch.check("two orders")
    await amend(world, sent.incident_id, region_code=WEST_LAKE)
    await watch.check("the move to the west")
    assert len(watch.pictures[world.people["west"].account_id].assignments) == 2
    await world.send(LAKE, sent.incident_id)
    await watch.check("a third order")
    assert len(watch.pictures[world.people["boatman"].account_id].assignments) == 3
    await amend(world, sent.incident_id, region_code=EAST_HILL)
    await watch.check("the move back")


async def test_a_receipt_that_comes_after_the_incident_was_closed_brings_nothing_back(
    world: World, watch: Watch
) -> None:
    sent = await world.send(HILL)
    await message(world, delivery.submit, "wire:1", 1)
    await step(world, sent.id, "arrive")
    await step(world, sent.id, "finish")
    await watch.check("the work")
    by = world.people["officer"]
    await world.do(lambda tx: incidents.close(tx, by, sent.incident_id, "已处置", world.clock.now()))
    await watch.check("the closing")
    await message(world, delivery.accept_part, timedelta(seconds=60))
    await watch.check("the late feedback")
    assert not watch.pictures[by.account_id].deliveries


@pytest.mark.parametrize(("seed", "actions"), [(1, 120), (2, 120), (3, 120), (4, 300)])
async def test_after_any_action_every_picture_kept_by_events_equals_a_new_snapshot(
    world: World, watch: Watch, seed: int, actions: int
) -> None:
    night = Night(world, seed)
    for number in range(actions):
        what = await night.act()
        if "refused" not in what:
            await watch.check(f"action {number} of night {seed} ({what})")
    await watch.check("all of it")
    await watch.check_from_the_start()


async def test_an_empty_desk_is_an_empty_picture(world: World) -> None:
    watch = Watch(world)
    await watch.begin()
    everything = watch.pictures[world.people["officer"].account_id]
    assert [team.id for team in everything.teams] == [1, 2, 3, 4]
    assert not everything.alarms and not everything.incidents
    admin = watch.pictures[world.people["admin"].account_id]
    assert not admin.teams
