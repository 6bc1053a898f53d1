"""Tests of devices are carried out: asked through the right link, a few at a time, none lost, none twice."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from app.devices.driver import Probed
from app.devices.testing import actions
from app.devices.testing.examiner import AT_ONCE, Examiner
from app.devices.testing.prober import Prober
from app.devices.testing.rules import DEADLINE, WAIT_LIMIT, night_of
from app.org import store as org
from tests.devices.asked import Answering
from tests.world import CARD, LONE_CARD, STREAM, ZONE, World

pytestmark = pytest.mark.database
GOOD = Probed(passed=True, method="radio_check", detail="320 ms")
BAD = Probed(passed=False, method="radio_check", detail="no answer")


def examiner(world: World, *drivers: Answering) -> Examiner:
    prober = Prober(drivers, world.clock)
    return Examiner(world.database, world.clock, STREAM, prober, night_of("01:00-05:00", ZONE))


async def ask(world: World, device_id: int = 2) -> int:
    by, now = world.people["admin"], world.clock.now()
    test = await world.do(lambda tx: actions.ask(tx, by, device_id, lambda *_: True, now))
    return test.id


async def look(one: Examiner) -> None:
    await one.look()
    await one.settled()


async def states(world: World) -> list[tuple[int, str, str]]:
    rows = await world.rows("SELECT device_id, state, detail FROM device_test ORDER BY id")
    return [(row["device_id"], row["state"], row["detail"]) for row in rows]


async def register_says(world: World, device_id: int = 2) -> bool | None:
    (row,) = await world.rows("SELECT test_passed FROM device WHERE id = :id", id=device_id)
    passed: bool | None = row["test_passed"]
    return passed


@pytest.mark.parametrize("outcome", [GOOD, BAD])
async def test_a_device_is_asked_and_its_outcome_stands_at_once(world: World, outcome: Probed) -> None:
    await ask(world)
    await look(examiner(world, Answering("beidou:x", outcome)))
    word = "passed" if outcome.passed else "failed"
    assert await states(world) == [(2, word, outcome.detail)]
    assert await register_says(world) is outcome.passed
    *repair, event = await world.events()
    assert (event["type"], event["actor"], event["test"]["state"]) == ("device.tested", None, word)
    assert [one["type"] for one in repair] == ([] if outcome.passed else ["task.found"])


async def test_the_driver_that_heard_the_device_is_asked_first(world: World) -> None:
    await world.run("UPDATE device SET heard_via = 'b' WHERE id = 2")
    await ask(world)
    first, second = Answering("a", BAD), Answering("b", GOOD)
    await look(examiner(world, first, second))
    assert (first.asked, second.asked) == ([], [CARD])
    assert await register_says(world) is True


async def test_the_first_driver_that_can_ask_does(world: World) -> None:
    await ask(world)
    unable, able = Answering("a"), Answering("b", GOOD)
    await look(examiner(world, unable, able))
    assert unable.asked == able.asked == [CARD]


async def test_a_device_that_nobody_can_ask_is_not_called_broken(world: World) -> None:
    await ask(world)
    unable = Answering("a")
    one = examiner(world, unable)
    await look(one)
    assert await states(world) == [(2, "not_asked", "no_driver")]
    assert await register_says(world) is None
    assert not one._prober.might_ask(
        2, None, by_person=True
    )  # remembered, so that the next person is told at once
    world.later(minutes=10)
    assert one._prober.might_ask(2, None, by_person=True)


async def test_the_trouble_of_a_link_is_not_the_devices(world: World) -> None:
    await ask(world)
    await look(examiner(world, Answering("a", OSError("cable pulled"))))
    assert await states(world) == [(2, "not_asked", "link_failed")]
    assert await register_says(world) is None


async def test_no_more_than_a_few_are_asked_at_once(world: World) -> None:
    slow = Answering("a", GOOD, full_at=AT_ONCE)
    slow.gate.clear()
    one = examiner(world, slow)
    numbers = [f"3701{n:02}" for n in range(9)]
    for n, number in enumerate(numbers, start=10):
        await world.run(
            "INSERT INTO device (id, stream, family, number, label, region_code, active, facts) "
            "VALUES (:id, '990181', 'hdap', CAST(:number AS text), CAST(:number AS text), '990181100000', "
            "true, '{}')",
            id=n,
            number=number,
        )
        await ask(world, n)
    await one.look()
    await slow.full.wait()
    await one.look()
    slow.gate.set()
    for _ in range(3):
        await look(one)
    assert slow.most == AT_ONCE
    assert sorted(slow.asked) == numbers


async def test_two_nodes_share_the_work_and_ask_nobody_twice(world: World) -> None:
    for device_id in (1, 2, 3, 4):
        await ask(world, device_id)
    one, other = Answering("a", GOOD), Answering("a", GOOD)
    nodes = examiner(world, one), examiner(world, other)
    await asyncio.gather(*(node.look() for node in nodes))
    await asyncio.gather(*(node.settled() for node in nodes))
    for node in nodes:
        await look(node)
    assert len(one.asked) + len(other.asked) == 4
    assert {state for _, state, _ in await states(world)} == {"passed"}


async def test_a_device_behind_another_nodes_link_is_left_to_that_node_for_a_while(world: World) -> None:
    await world.run("UPDATE device SET heard_via = 'elsewhere' WHERE id = 2")
    await ask(world)
    driver = Answering("a", GOOD)
    one = examiner(world, driver)
    await look(one)
    assert driver.asked == []
    world.later(seconds=31)
    await look(one)
    assert driver.asked == [CARD]


async def test_a_test_whose_process_died_is_told_and_tried_again_once(world: World) -> None:
    await ask(world)
    now = world.clock.now()
    await world.do(lambda tx: actions.take(tx, STREAM, ["a"], 4, now))  # and then the lights went out
    driver = Answering("a", GOOD)
    one = examiner(world, driver)
    await look(one)
    assert driver.asked == []  # it may still be running somewhere
    world.later(seconds=DEADLINE.total_seconds() + 1)
    await look(one)
    assert await states(world) == [(2, "failed", "interrupted"), (2, "passed", "320 ms")]
    assert await register_says(world) is True


async def test_a_test_that_takes_the_process_down_every_time_is_not_tried_for_ever(world: World) -> None:
    await ask(world)
    for _ in range(3):
        await world.do(lambda tx: actions.take(tx, STREAM, ["a"], 4, world.clock.now()))
        world.later(seconds=DEADLINE.total_seconds() + 1)
        await world.do(lambda tx: actions.give_up_left_behind(tx, STREAM, world.clock.now()))
    assert await states(world) == [(2, "failed", "interrupted")] * 2
    assert await register_says(world) is None


async def test_what_nobody_takes_up_does_not_wait_for_ever(world: World) -> None:
    await ask(world)
    world.later(seconds=WAIT_LIMIT.total_seconds() + 1)
    await look(examiner(world, Answering("a", GOOD)))
    assert await states(world) == [(2, "not_asked", "nobody_asked")]


async def test_a_device_switched_off_meanwhile_is_not_asked(world: World) -> None:
    await ask(world)
    await world.run("UPDATE device SET active = false WHERE id = 2")
    driver = Answering("a", GOOD)
    await look(examiner(world, driver))
    assert driver.asked == []
    assert await states(world) == [(2, "not_asked", "switched_off")]


async def test_what_falls_due_is_tested_by_itself_at_night_and_only_where_a_link_leads(world: World) -> None:
    await world.run("UPDATE device SET kind = 'beidou_terminal' WHERE family = 'rdss21'")
    await world.run("UPDATE device SET heard_via = 'a' WHERE id = 3")
    driver = Answering("a", GOOD)
    one = examiner(world, driver)
    world.clock.advance(timedelta(hours=10))  # in the afternoon
    await look(one)
    assert driver.asked == []
    world.clock.advance(
        timedelta(hours=16, minutes=40)
    )  # at the end of the night: everybody's minute has come
    await look(one)
    assert driver.asked == [LONE_CARD]  # the other card was never heard through any link of ours
    world.later(minutes=1)
    await look(one)
    assert driver.asked == [LONE_CARD]
    (row,) = await world.rows("SELECT automatic, requested_by FROM device_test")
    assert row == {"automatic": True, "requested_by": ""}


async def test_a_radio_that_comes_on_by_day_is_tested_when_it_is_due_and_not_before(world: World) -> None:
    await world.run("UPDATE device SET kind = 'radio_370' WHERE id = 2")
    world.clock.advance(timedelta(hours=10))
    driver = Answering("a", GOOD)
    one = examiner(world, driver)
    await look(one)
    assert driver.asked == []
    for _ in range(2):
        await world.do(lambda tx: org.touch_devices(tx, {2: "a"}, world.clock.now()))
        world.later(minutes=1)
        await look(one)
    assert driver.asked == [CARD]


async def test_a_night_without_a_way_to_ask_leaves_no_trace(world: World) -> None:
    await world.run("UPDATE device SET kind = 'beidou_terminal', heard_via = 'a' WHERE id = 3")
    world.clock.advance(timedelta(hours=2, minutes=40))
    await look(examiner(world, Answering("a")))
    assert await states(world) == []
    assert await world.types() == []
