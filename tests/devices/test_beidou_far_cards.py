"""A card out there is called by a message in a slot that no order wants; its next word is the receipt."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial

import pytest

from app.devices.adapters import rdss21
from app.devices.beidou import cable as beidou_cable
from app.devices.beidou import probes
from app.devices.beidou.machine import BeidouMachine
from app.devices.beidou.probes import TEST_TEXT
from app.devices.driver import NotAsked, Probed
from app.devices.links.serial import SerialLink
from app.devices.sender import Sender
from app.devices.testing import actions as testing
from app.devices.testing.examiner import Examiner
from app.devices.testing.prober import Prober
from app.devices.testing.rules import night_of
from app.simulators.beidou import CommandMachine, Sent
from app.simulators.crew import Crew
from tests.devices.cable import until
from tests.devices.platform import Platform
from tests.devices.test_beidou_machine import Cable, cable
from tests.world import CARD, LONE_CARD, STREAM, ZONE, World

__all__ = ["cable"]
pytestmark = pytest.mark.database


@asynccontextmanager
async def calling(cable: Cable, number: str = CARD) -> AsyncIterator[asyncio.Task[Probed | None]]:
    """Call a card; whatever is not answered by the end is given up."""
    task = asyncio.create_task(cable.machine.call_holder(await cable.world.device(number)))
    await asyncio.sleep(0)
    try:
        yield task
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def test_the_next_word_of_a_card_that_was_called_is_its_receipt(cable: Cable) -> None:
    async with calling(cable) as call:
        await cable.sent(1)
        assert cable.far.texts() == [(CARD, TEST_TEXT)]
        cable.far.say(rdss21.bdfki("TXA", ok=True))
        cable.far.say(rdss21.bdtxr(int(LONE_CARD), "9"))  # somebody else's word
        await asyncio.sleep(0.05)
        assert not call.done()  # and that it was taken is no receipt
        cable.world.later(seconds=25)
        cable.far.say(rdss21.bdtxr(int(CARD), "9"))
        outcome = await call
    assert outcome == Probed(passed=True, method="test_message", detail="25 秒后应答 / answered after 25 s")


async def test_a_call_waits_for_the_slot_and_takes_one(cable: Cable) -> None:
    await cable.queue("第一条")
    await cable.sent(1)
    cable.far.say(rdss21.bdfki("TXA", ok=True))
    await cable.state_is("accepted")
    async with calling(cable):
        cable.world.later(seconds=61)
        await cable.sends_nothing()
        cable.world.later(seconds=1)
        await cable.sent(2)
        assert cable.far.texts()[1] == (CARD, TEST_TEXT)
        cable.far.say(rdss21.bdfki("TXA", ok=True))
        await cable.queue("第二条")
        cable.world.later(seconds=61)
        await cable.sends_nothing()  # the card's minute belongs to whatever was sent in it
        cable.world.later(seconds=1)
        await cable.sent(3)
    assert cable.far.texts()[2] == (CARD, "第二条")


async def test_an_order_that_waits_comes_before_a_call(cable: Cable) -> None:
    await cable.queue("桥断绕行")
    async with calling(cable):
        await cable.sent(1)
        assert cable.far.texts() == [(CARD, "桥断绕行")]
        cable.far.say(rdss21.bdfki("TXA", ok=False, too_soon=True, wait_s=90))
        await cable.state_is("queued")
        cable.world.later(seconds=70)  # the slot is free, and the order is to be tried again at 92
        await cable.sends_nothing()
        cable.world.later(seconds=22)
        await cable.sent(2)
    assert cable.far.texts()[1] == (CARD, "桥断绕行")


async def test_what_the_machine_refuses_or_nobody_answers_says_nothing_about_the_card(
    cable: Cable, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with calling(cable) as call:
        await cable.sent(1)
        cable.far.say(rdss21.bdfki("TXA", ok=False))
        with pytest.raises(NotAsked):
            await call
    monkeypatch.setattr(probes, "ANSWER_WITHIN_S", 0.1)
    with pytest.raises(NotAsked, match="no_slot"):
        await cable.machine.call_holder(await cable.world.device(CARD))
    cable.world.later(seconds=62)
    monkeypatch.setattr(probes, "ANSWER_WITHIN_S", 0.5)
    async with calling(cable) as call:
        await cable.sent(2)
        with pytest.raises(NotAsked, match="no_reply"):
            await call


async def test_who_is_no_card_out_there_is_not_called(cable: Cable) -> None:
    await cable.world.run("UPDATE device SET number = '300001' WHERE number = :n", n=LONE_CARD)
    assert await cable.machine.call_holder(await cable.world.device("300001")) is None  # our own
    assert await cable.machine.call_holder(await cable.world.device("13900000001")) is None
    cable.far.pull_out()
    await until(lambda: not cable.machine.connected)
    assert await cable.machine.call_holder(await cable.world.device(CARD)) is None
    cable.far.plug_in()


@pytest.fixture
async def simulated(platform: Platform, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[BeidouMachine]:
    """The driver on a simulated command machine, whose handsets answer at once."""
    monkeypatch.setattr(beidou_cable, "IDLE_S", 0.05)
    crew = Crew(1, share=1.0, haste=1000.0)

    def read(sent: Sent) -> None:
        crew.read(sent.text, partial(simulator.receive_from, sent.dest))

    with CommandMachine(now=platform.world.clock.now, on_sent=read) as simulator:
        driver = BeidouMachine(SerialLink("rdss21", simulator.path), platform.rig)
        async with driver.running():
            await until(lambda: driver.card.number)
            yield driver
        crew.go_home()


async def asked(world: World, driver: BeidouMachine, *, automatic: bool) -> dict[str, object]:
    """Have the hill team's card tested, by a person or by the night, and return how it ended."""
    prober = Prober([driver], world.clock)
    examiner = Examiner(world.database, world.clock, STREAM, prober, night_of("01:00-05:00", ZONE))
    sender = Sender(world.database, world.clock, [driver])
    await world.do(lambda tx: testing.ask(tx, world.people["officer"], 2, lambda *_: True, world.clock.now()))
    await world.run("UPDATE device_test SET automatic = :automatic", automatic=automatic)
    await examiner.look()
    async with asyncio.timeout(30):
        while (row := await last_test(world))["state"] == "running":
            await sender.look()
            await asyncio.sleep(0.02)
    await examiner.settled()
    return row


async def last_test(world: World) -> dict[str, object]:
    rows = await world.rows(
        "SELECT state, method, detail FROM device_test WHERE device_id = 2 ORDER BY id DESC"
    )
    return rows[0] if rows else {"state": "dropped"}


async def test_a_person_has_a_far_card_tested_against_the_simulator(
    simulated: BeidouMachine, platform: Platform
) -> None:
    row = await asked(platform.world, simulated, automatic=False)
    assert (row["state"], row["method"]) == ("passed", "test_message")
    assert "应答" in str(row["detail"])


async def test_at_night_nobody_is_called_for_a_test(simulated: BeidouMachine, platform: Platform) -> None:
    row = await asked(platform.world, simulated, automatic=True)
    assert row["state"] == "dropped"  # nothing was learnt, and nobody had asked
    assert await platform.world.rows("SELECT 1 FROM device WHERE tested_at IS NOT NULL") == []
