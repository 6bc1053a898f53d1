"""Silence is a fact: app, then a text to the team's device, then the leader's board."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from app.delivery import actions as delivery
from app.dispatch.actions import answer
from app.dispatch.commands import StepIn
from app.dispatch.escalator import Escalator
from tests.world import CARD, FOREST, HILL, LAKE, LIMITS, TRUCK, World

pytestmark = pytest.mark.database


def escalator(world: World) -> Escalator:
    return Escalator(world.database, world.clock, LIMITS)


async def messages(world: World) -> list[tuple[str, str]]:
    return [(row.channel, row.address) for row in await world.deliveries()]


async def test_no_answer_brings_a_text_at_three_minutes_and_the_leader_at_five(world: World) -> None:
    sent = await world.send()
    watch = escalator(world)
    world.later(minutes=2, seconds=59)
    assert await watch.look() == 0
    assert await messages(world) == [("app", "team:1")]
    world.later(seconds=1)
    assert await watch.look() == 1
    assert await messages(world) == [("app", "team:1"), ("jt808", TRUCK)]
    (event,) = await world.events(await world.head() - 1)
    assert event["type"] == "assignment.escalated"
    assert event["assignment"]["leader_alerted_at"] is None
    world.later(minutes=1, seconds=59)
    assert await watch.look() == 0
    world.later(seconds=1)
    assert await watch.look() == 1
    last = (await world.events())[-1]["assignment"]
    assert (last["id"], last["escalation_step"]) == (sent.id, 2)
    assert last["leader_alerted_at"] is not None
    world.later(hours=9)
    assert await watch.look() == 0


async def test_a_team_with_a_beidou_card_only_is_written_to_at_once(world: World) -> None:
    await world.send(HILL)
    assert await messages(world) == [("beidou", CARD)]
    world.later(minutes=3)
    assert await escalator(world).look() == 1
    assert (await world.events())[-1]["assignment"]["leader_alerted_at"] is not None


async def test_a_team_with_an_app_only_comes_before_the_leader_after_three_minutes(world: World) -> None:
    await world.send(LAKE)
    world.later(minutes=3)
    assert await escalator(world).look() == 1
    assert await messages(world) == [("app", "team:3")]
    assert (await world.events())[-1]["assignment"]["leader_alerted_at"] is not None


async def test_a_team_that_cannot_be_reached_at_all_stands_on_the_leaders_board_at_once(
    world: World,
) -> None:
    sent = await world.send(FOREST)
    assert sent.leader_alerted_at == sent.assigned_at
    world.later(hours=1)
    assert await escalator(world).look() == 0


@pytest.mark.parametrize("name", ["acknowledge", "arrive", "decline", "cancel"])
async def test_an_answer_stops_the_clock(world: World, name: str) -> None:
    sent = await world.send()
    told = StepIn(step=name, channel="radio", reason="原因")
    by = world.people["officer"]
    await world.do(lambda tx: answer.step(tx, by, sent.id, told, world.clock.now()))
    head = await world.head()
    world.later(hours=1)
    assert await escalator(world).look() == 0
    assert await world.events(head) == []


async def test_the_clock_survives_a_restart_and_each_rung_is_taken_once(world: World) -> None:
    await world.send()
    world.later(hours=1)  # the service was away; this is a new process
    first, second = escalator(world), escalator(world)
    taken = await asyncio.gather(first.look(), second.look())
    assert sum(taken) == 2
    assert [event["assignment"]["escalation_step"] for event in (await world.events())[-2:]] == [1, 2]
    assert await messages(world) == [("app", "team:1"), ("jt808", TRUCK)]


async def test_an_order_of_an_hour_ago_is_not_fired_after_a_restart(world: World) -> None:
    """Architecture rule 6: what is too old does not leave; the leader's board decides instead."""
    await world.send()
    world.later(hours=1)
    await escalator(world).look()
    await world.do(lambda tx: delivery.give_up_waiting(tx, world.clock.now()))
    assert [row.state for row in await world.deliveries()] == ["expired", "expired"]


async def test_two_clocks_at_once_take_twenty_rungs_once_each(world: World) -> None:
    sent = await world.send()
    for _ in range(20):
        await world.run(
            "UPDATE assignment SET escalation_step = 0, next_step_at = assigned_at, state = 'dispatched'"
        )
        head = await world.head()
        taken = await asyncio.gather(*(escalator(world).look() for _ in range(2)))
        assert sum(taken) == 1
        assert await world.types(head) == ["assignment.escalated"]
    assert len(await world.deliveries()) == 21
    assert sent.id == 1


async def test_a_team_whose_device_was_taken_away_meanwhile_comes_before_the_leader(world: World) -> None:
    await world.send()
    await world.run("UPDATE device SET active = false WHERE number = :n", n=TRUCK)
    world.later(minutes=3)
    assert await escalator(world).look() == 1
    assert (await world.events())[-1]["assignment"]["leader_alerted_at"] is not None


async def test_the_loop_looks_by_itself_and_outlives_a_database_that_is_away(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.dispatch.escalator.LOOK_EVERY_S", 0.01)
    looked = asyncio.Event()
    failing = asyncio.Event()
    watch = escalator(world)
    take = watch.look

    async def look() -> int:
        if not failing.is_set():
            failing.set()
            raise OSError("no database")
        taken = await take()
        looked.set()
        return taken

    monkeypatch.setattr(watch, "look", look)
    await world.send()
    world.later(minutes=3)
    async with watch.running():
        await asyncio.wait_for(failing.wait(), 2)
        await asyncio.wait_for(looked.wait(), 2)
        await asyncio.sleep(0)
    assert watch.health() == {"ok": True, "failures": 0}
    assert (await world.types())[-1] == "assignment.escalated"
    assert LIMITS.answer == timedelta(minutes=3)
