"""A team that has only a satellite handset answers its order with one digit."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from app.dispatch.actions import answer, escalate, intake
from app.dispatch.commands import StepIn
from app.dispatch.escalator import Escalator
from app.org import store as org
from app.signals import Text
from tests.world import CARD, HILL, LIMITS, LONE_CARD, TRUCK, World

pytestmark = pytest.mark.database


async def hear(world: World, words: str, ref: str, number: str = CARD) -> None:
    device = await world.device(number)
    told = Text(ref, words, words.encode())
    await world.do(lambda tx: intake.hear_text(tx, device, told, b"raw", world.clock.now()))


async def cancel(world: World, assignment_id: int) -> None:
    told = StepIn(step="cancel", channel="radio", reason="误派")
    by = world.people["officer"]
    await world.do(lambda tx: answer.step(tx, by, assignment_id, told, world.clock.now()))


@pytest.mark.parametrize("words", ["1", "收到", " 1 。", "ok"])
async def test_a_digit_or_a_word_accepts_the_order_over_beidou(world: World, words: str) -> None:
    await world.send(HILL)
    head = await world.head()
    await hear(world, words, "500201-0214-aa")
    (event,) = await world.events(head)
    assert event["type"] == "assignment.acknowledged"
    assert event["actor"] is None
    answered = (event["assignment"]["answered_by"], event["assignment"]["answer_channel"])
    assert answered == ("山队长", "beidou")


async def test_each_digit_takes_its_step_and_the_terminals_channel_is_kept(world: World) -> None:
    await world.send()
    head = await world.head()
    for digit in "1345":
        world.later(minutes=1)
        await hear(world, digit, f"13900000001-{digit}", TRUCK)
    assert await world.types(head) == [
        "assignment.acknowledged",
        "assignment.en_route",
        "assignment.on_scene",
        "assignment.task_done",
    ]
    last = (await world.events())[-1]["assignment"]
    assert last["answer_channel"] == "jt808"


async def test_a_repeated_digit_changes_nothing_whoever_heard_it(world: World) -> None:
    await world.send(HILL)
    await hear(world, "1", "500201-0214-aa")
    head = await world.head()
    for _ in range(3):  # the same message through other links, and repeats of the network
        await hear(world, "1", "500201-0214-aa")
    assert await world.events(head) == []


async def test_a_digit_of_a_team_that_is_not_out_is_read_by_the_desk_once(world: World) -> None:
    for _ in range(2):
        await hear(world, "1", "500201-0214-aa")
    (event,) = await world.events()
    assert (event["type"], event["text"]["text"]) == ("text.received", "1")


async def test_a_digit_from_a_device_of_no_team_is_plain_words(world: World) -> None:
    await hear(world, "1", "500301-0214-aa", LONE_CARD)
    assert await world.types() == ["text.received"]


async def test_plain_words_are_told_once_however_many_copies_come(world: World) -> None:
    await asyncio.gather(*(hear(world, "桥已断", "500201-0214-bb") for _ in range(4)))
    assert await world.types() == ["text.received", "intake.received"]
    assert (await world.rows("SELECT count(*) AS n FROM heard_signal"))[0]["n"] == 4
    world.later(minutes=11)
    await hear(world, "桥已断", "500201-0214-bb")
    assert await world.types() == ["text.received", "intake.received"] * 2


async def test_an_answer_during_the_next_order_counts_again(world: World) -> None:
    """A handset without a clock sends the same words under the same reference."""
    first = await world.send(HILL)
    await hear(world, "1", "500201--aa")
    await cancel(world, first.id)
    await world.send(HILL, first.incident_id)
    head = await world.head()
    await hear(world, "1", "500201--aa")
    assert await world.types(head) == ["assignment.acknowledged"]


async def test_an_answer_that_meets_its_own_escalation_is_not_lost(world: World) -> None:
    """The text comes in while the next rung is being taken: both hold a row the other refers to."""
    await world.send()
    world.later(minutes=3)
    device = await world.device(TRUCK)
    now = world.clock.now()
    told = Text("13900000001-9", "1", b"1")
    async with world.database.transaction() as tx:
        await org.lock_device(tx, device.id)
        # The escalation's new message refers to the device that is being heard: it must not wait for it.
        await asyncio.wait_for(world.do(lambda tx: escalate.escalate_one(tx, now, LIMITS)), 2)
    async with world.database.transaction() as hearing:
        await intake.hear_text(hearing, device, told, b"raw", now + timedelta(seconds=1))
    assert (await world.types())[-2:] == ["assignment.escalated", "assignment.acknowledged"]


async def test_texts_and_escalations_at_once_do_not_stop_each_other(world: World) -> None:
    clock = Escalator(world.database, world.clock, LIMITS)
    for _ in range(5):
        sent = await world.send()
        world.later(minutes=3)
        await asyncio.gather(hear(world, "1", f"13900000001-{sent.id}", TRUCK), clock.look())
        rows = await world.rows("SELECT state FROM assignment WHERE id = :id", id=sent.id)
        assert rows == [{"state": "acknowledged"}]
        await cancel(world, sent.id)


async def test_an_answer_that_lay_on_a_gateway_for_an_hour_does_not_answer_a_later_order(
    world: World,
) -> None:
    sent_at = world.clock.now()
    world.later(minutes=60)
    await world.send(HILL)
    device = await world.device(CARD)
    late = Text("late-1", "2", b"2", sent_at)
    await world.do(lambda tx: intake.hear_text(tx, device, late, b"raw", world.clock.now()))
    assert [row["state"] for row in await world.rows("SELECT state FROM assignment")] == ["dispatched"]
    assert (await world.types())[-1] == "text.received"  # the desk reads it instead
