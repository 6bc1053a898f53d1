"""A roll call ticks itself where it can: by radio check, and by whoever talks on the air."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from app.devices.driver import Probed
from app.devices.radio_log import actions as radio_log
from app.devices.roll_call import actions, store
from app.devices.roll_call.asker import AT_ONCE, Asker
from app.devices.roll_call.commands import AnswerIn, HereIn, RollCallIn
from app.devices.roll_call.rules import reach
from app.devices.testing.prober import Prober
from app.refusals import NotFound
from app.signals import Talk
from tests.devices.asked import Answering
from tests.world import EAST, STREAM, WEST, World

GOOD = Probed(passed=True, method="radio_check", detail="320 ms")
BAD = Probed(passed=False, method="radio_check", detail="no answer")


@pytest.mark.parametrize(
    ("code", "prefix"),
    [
        ("990181000000", "990181"),
        ("990180000000", "990180"),
        ("990181100000", "990181100"),
        ("990181001000", "990181001"),
        ("990181100200", "990181100200"),
        ("990181100201", "990181100201"),
    ],
)
def test_a_place_reaches_over_all_places_within_it(code: str, prefix: str) -> None:
    assert reach(code) == prefix


async def radios(world: World, count: int = 3, region: str = EAST) -> None:
    """Enter radios 370101, 370102 …, with ids from 11."""
    for n in range(1, count + 1):
        await world.run(
            "INSERT INTO device (id, stream, family, kind, number, label, region_code, active, facts, "
            "talk_groups) VALUES (:id, '990181', 'hdap', 'radio_370', :number, :label, :region, true, '{}', "
            "'{101}')",
            id=10 + n,
            number=str(370100 + n),
            label=f"东镇{n:02}",
            region=region,
        )


async def opened(world: World) -> int:
    told = RollCallIn(title="晨间点名", talk_group="101")
    by, now = world.people["officer"], world.clock.now()
    return (await world.do(lambda tx: actions.open_roll_call(tx, by, told, now))).id


def asker(world: World, *drivers: Answering) -> Asker:
    return Asker(world.database, world.clock, STREAM, Prober(drivers, world.clock))


async def look(one: Asker) -> None:
    await one.look()
    await one.settled()


async def answers(world: World) -> list[dict[str, Any]]:
    return await world.rows("SELECT device_id, state, how, note FROM roll_call_answer ORDER BY device_id")


async def say(world: World, number: str, ref: str = "1") -> None:
    talk = Talk(ref, "start", number, "101")
    await world.do(lambda tx: radio_log.hear_talk(tx, STREAM, "hytera:x", talk, world.clock.now()))


@pytest.mark.database
async def test_whoever_answers_the_radio_check_is_ticked_and_the_others_wait_for_an_ear(world: World) -> None:
    await radios(world)
    await opened(world)
    driver = Answering("hytera:x", GOOD)
    driver.by_number = {"370102": BAD, "370103": OSError("cable")}
    one = asker(world, driver)
    await look(one)
    await look(one)
    assert sorted(driver.asked) == ["370101", "370102", "370103"]  # each once
    first, second, third = await answers(world)
    assert (first["state"], first["how"]) == ("answered", "radio_check")
    assert (second["state"], second["note"]) == ("waiting", "radio_check: no answer")
    assert (third["state"], third["note"]) == ("waiting", "")
    types = await world.types()
    assert types == ["roll_call.opened", "device.tested", "roll_call.answered"]
    (row,) = await world.rows("SELECT test_passed FROM device WHERE id = 11")
    assert row["test_passed"] is True  # the daily test of a radio
    assert (await world.rows("SELECT test_passed FROM device WHERE id = 12"))[0]["test_passed"] is None


@pytest.mark.database
async def test_whoever_talks_on_the_air_is_ticked_if_it_was_after_the_opening(world: World) -> None:
    await radios(world)
    await say(world, "370102", "before")
    world.later(seconds=5)
    await opened(world)
    one = asker(world)
    await look(one)
    assert {a["state"] for a in await answers(world)} == {"waiting"}
    world.later(seconds=5)
    await say(world, "370101", "after")
    await look(one)
    await look(one)
    assert [(a["device_id"], a["how"]) for a in await answers(world) if a["state"] == "answered"] == [
        (11, "on_air")
    ]
    assert (await world.types()).count("roll_call.answered") == 1


@pytest.mark.database
async def test_a_closed_roll_call_asks_and_ticks_nobody(world: World) -> None:
    await radios(world)
    id_ = await opened(world)
    by = world.people["officer"]
    closed = await world.do(lambda tx: actions.close(tx, by, id_, world.clock.now()))
    assert (closed.answered, closed.missing, closed.waiting) == (0, 3, 0)
    world.later(seconds=5)
    await say(world, "370101")
    driver = Answering("hytera:x", GOOD)
    await look(asker(world, driver))
    assert driver.asked == []
    assert {a["state"] for a in await answers(world)} == {"missing"}
    assert not await world.do(
        lambda tx: actions.tick(tx, STREAM, id_, 11, "on_air", world.clock.now(), world.clock.now())
    )


@pytest.mark.database
async def test_a_radio_ticked_by_ear_while_it_was_asked_stays_as_it_was_ticked(world: World) -> None:
    await radios(world, 1)
    id_ = await opened(world)
    driver = Answering("hytera:x", GOOD)
    driver.gate.clear()
    one = asker(world, driver)
    await one.look()
    await driver.full.wait()
    by, told = world.people["officer"], AnswerIn(device_id=11, answered=False, note="只有噪声")
    await world.do(lambda tx: actions.answer(tx, by, id_, told, world.clock.now()))
    driver.gate.set()
    await one.settled()
    (held,) = await answers(world)
    assert (held["state"], held["how"], held["note"]) == ("missing", "by_hand", "只有噪声")


@pytest.mark.database
async def test_two_nodes_ask_each_radio_once_and_a_few_at_a_time(world: World) -> None:
    await radios(world, 12, WEST)
    await opened(world)
    one, other = Answering("a", GOOD), Answering("a", GOOD)
    nodes = asker(world, one), asker(world, other)
    for _ in range(3):
        await asyncio.gather(*(node.look() for node in nodes))
        await asyncio.gather(*(node.settled() for node in nodes))
    assert len(one.asked) + len(other.asked) == 12
    assert max(one.most, other.most) <= AT_ONCE
    assert {a["state"] for a in await answers(world)} == {"answered"}


async def test_who_holds_a_radio_answers_himself_once_and_that_is_no_test_of_the_radio(world: World) -> None:
    await radios(world)
    await world.run("UPDATE device SET team_id = 1 WHERE id IN (11, 12)")
    call = await opened(world)
    crew, boatman, now = world.people["crew"], world.people["boatman"], world.clock.now()
    (asked,) = await world.do(lambda tx: store.mine(tx, crew))
    assert (asked.roll_call_id, asked.call_signs, asked.answered) == (call, ["东镇01", "东镇02"], False)
    assert await world.do(lambda tx: store.mine(tx, boatman)) == []
    with pytest.raises(NotFound):
        await world.do(lambda tx: actions.here(tx, boatman, call, HereIn(), now))
    world.later(minutes=20)
    late = HereIn(happened_at=now + timedelta(minutes=1))  # it waited for a network
    for _ in range(2):
        told = await world.do(lambda tx: actions.here(tx, crew, call, late, world.clock.now()))
    assert (told.answered, told.answered_at) == (True, now + timedelta(minutes=1))
    answers = [event["answer"] for event in await world.events() if event["type"] == "roll_call.answered"]
    assert [(one["device_id"], one["how"], one["noted_by"]) for one in answers] == [
        (11, "app", "江队队员"),
        (12, "app", "江队队员"),
    ]
    assert "device.tested" not in await world.types()
    await world.do(lambda tx: actions.close(tx, world.people["officer"], call, world.clock.now()))
    assert await world.do(lambda tx: store.mine(tx, crew)) == []
    with pytest.raises(actions.RollCallOver):
        await world.do(lambda tx: actions.here(tx, crew, call, HereIn(), world.clock.now()))
