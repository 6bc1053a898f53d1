"""The Beidou command machine on its cable: hears everybody, sends one message at a time in its pace."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from structlog.testing import capture_logs

from app.delivery.tables import Delivery
from app.devices.adapters import rdss21
from app.devices.beidou import cable as beidou_cable
from app.devices.beidou.machine import BeidouMachine
from app.devices.links.serial import SerialLink
from app.devices.sender import Sender
from app.devices.start import all_drivers
from tests.devices.cable import FarEnd, until
from tests.devices.platform import Platform
from tests.world import CARD, HILL, LONE_CARD, STREAM, World

pytestmark = pytest.mark.database


@dataclass
class Cable:
    """The machine's driver and the far end of its cable."""

    world: World
    machine: BeidouMachine
    far: FarEnd
    sender: Sender

    async def queue(self, words: str) -> int:
        """Let a text to the hill team's card wait for sending."""
        now = self.world.clock.now()
        row = Delivery(
            stream=STREAM,
            team_id=HILL,
            device_id=2,
            channel="beidou",
            address=CARD,
            body=words,
            queued_at=now,
            expires_at=now + timedelta(minutes=30),
        )

        async def add(tx: Any) -> None:
            tx.add(row)

        await self.world.do(add)
        return row.id or 0

    async def message(self) -> dict[str, Any]:
        """Return the first message's row."""
        rows = await self.world.rows("SELECT * FROM delivery ORDER BY id")
        return rows[0]

    async def state_is(self, state: str) -> None:
        """Wait until the first message is in this state."""
        async with asyncio.timeout(30):
            while (await self.message())["state"] != state:  # noqa: ASYNC110 - rows tell nobody
                await asyncio.sleep(0.01)

    async def sent(self, count: int) -> None:
        """Look once and wait until so many messages have left in all."""
        await self.sender.look()
        await until(lambda: len(self.far.texts()) == count)

    async def sends_nothing(self) -> None:
        """Look once; nothing may leave."""
        before = len(self.far.texts())
        await self.sender.look()
        await asyncio.sleep(0.03)
        assert len(self.far.texts()) == before


@pytest.fixture
async def cable(platform: Platform, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Cable]:
    """A machine with a card of one message a minute; the first thing it did was to learn it."""
    monkeypatch.setattr(beidou_cable, "IDLE_S", 0.05)
    monkeypatch.setattr(beidou_cable, "BACKOFF_S", (0.01,))
    world = platform.world
    far = FarEnd(tmp_path / "ttyBD0")
    link = SerialLink("rdss21", str(far.path))
    machine = BeidouMachine(link, platform.rig)
    far.plug_in()
    task = asyncio.create_task(machine.run())
    try:
        await until(lambda: machine.card.number)
        yield Cable(world, machine, far, Sender(world.database, world.clock, [machine]))
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
        far.pull_out()


async def heard(cable: Cable, count: int) -> list[dict[str, Any]]:
    """Wait for so many events."""
    async with asyncio.timeout(30):
        while len(events := await cable.world.events()) < count:  # noqa: ASYNC110 - rows tell nobody
            await asyncio.sleep(0.01)
    return events


async def test_the_machine_learns_its_card_and_says_so(cable: Cable) -> None:
    assert cable.machine.health() == {
        "ok": True,
        "connected": True,
        "card": "300001",
        "freq_s": 60.0,
        "signal_pct": None,
        "trouble": "",
    }
    assert cable.far.heard[0][:2] == ["CCRMO", "BSI"]


async def test_a_call_for_help_from_a_card_is_an_alarm(cable: Cable) -> None:
    cable.far.say(rdss21.bdtxr(int(LONE_CARD), "SOS 被困 118.2312,28.5321"))
    (event,) = await heard(cable, 1)
    assert event["type"] == "alarm.raised"
    assert (event["alarm"]["holder_name"], event["alarm"]["lon"]) == ("护林员老周", 118.2312)


async def test_a_card_of_no_register_is_admitted_and_heard(cable: Cable) -> None:
    for _ in range(2):
        cable.far.say(rdss21.bdtxr(777_001, "求救"))
    events = await heard(cable, 2)
    assert [event["type"] for event in events] == ["alarm.raised", "alarm.repeated"]
    assert events[0]["alarm"]["device_label"] == "未登记北斗卡 777001"
    assert events[0]["alarm"]["region_path"] == "樟川市"
    (row,) = await cable.world.rows("SELECT number, count FROM unknown_device")
    assert row == {"number": "777001", "count": 1}


async def test_a_card_that_was_switched_off_is_kept_in_quarantine_and_disturbs_nobody(cable: Cable) -> None:
    await cable.world.run("UPDATE device SET active = false WHERE number = :n", n=LONE_CARD)
    with capture_logs() as logged:
        cable.far.say(rdss21.bdtxr(int(LONE_CARD), "SOS"))
        cable.far.say(rdss21.bdtxr(int(CARD), "桥断了"))
        event, filed = await heard(cable, 2)
    assert [line["event"] for line in logged] == ["beidou_card_switched_off"]
    assert (event["type"], filed["type"]) == ("text.received", "intake.received")
    (row,) = await cable.world.rows("SELECT number, count FROM unknown_device")
    assert row == {"number": LONE_CARD, "count": 1}


async def test_an_answer_by_digit_moves_the_order(cable: Cable) -> None:
    await cable.world.send(HILL)
    cable.far.say(rdss21.bdtxr(int(CARD), "1"))
    event = (await heard(cable, 3))[-1]
    assert (event["type"], event["assignment"]["answer_channel"]) == ("assignment.acknowledged", "beidou")


async def test_noise_on_the_line_does_no_harm(cable: Cable) -> None:
    cable.far.say(b"\x00\xff$BDTXR,1,0500301,2,,A4*00\r\n$$$,*\r\n$BDTX")
    await asyncio.sleep(0.1)
    cable.far.say(rdss21.bdtxr(int(LONE_CARD), "SOS"))
    assert [event["type"] for event in await heard(cable, 1)] == ["alarm.raised"]


async def test_messages_leave_one_at_a_time_in_the_cards_pace(cable: Cable) -> None:
    await cable.queue("第一条")
    await cable.queue("第二条")
    await cable.sent(1)
    assert cable.far.texts() == [(CARD, "第一条")]
    await cable.sends_nothing()  # the first is still in flight
    cable.far.say(rdss21.bdfki("TXA", ok=True))
    await cable.state_is("accepted")
    cable.world.later(seconds=61)
    await cable.sends_nothing()  # the card is not ready yet
    cable.world.later(seconds=1)
    await cable.sent(2)
    assert cable.far.texts()[1] == (CARD, "第二条")


async def test_the_pace_survives_a_restart(cable: Cable, platform: Platform) -> None:
    await cable.queue("第一条")
    await cable.sent(1)
    cable.far.say(rdss21.bdfki("TXA", ok=True))
    await cable.state_is("accepted")
    await cable.queue("第二条")
    cable.world.later(seconds=30)
    cable.far.pull_out()
    await until(lambda: not cable.machine.connected)
    cable.far.plug_in()
    await until(lambda: cable.machine.connected)
    await cable.sends_nothing()
    cable.world.later(seconds=32)
    await cable.sent(2)


async def test_a_long_text_goes_in_parts_each_in_its_turn(cable: Cable) -> None:
    cable.far.level = cable.machine.card.level = 1  # 110 bits a message
    words = "东岸村落水三人速去"
    await cable.queue(words)
    for part in (1, 2, 3):
        await cable.sent(part)
        cable.far.say(rdss21.bdfki("TXA", ok=True))
        await cable.state_is("accepted" if part == 3 else "queued")
        await cable.sends_nothing()
        cable.world.later(seconds=62)
    await cable.sends_nothing()
    said = [text for _, text in cable.far.texts()]
    assert [text[:5] for text in said] == ["(1/3)", "(2/3)", "(3/3)"]
    assert "".join(text[5:] for text in said) == words
    assert (await cable.message())["parts_sent"] == 3


async def test_a_refusal_that_names_a_wait_is_tried_again_after_it(cable: Cable) -> None:
    await cable.queue("桥断绕行")
    await cable.sent(1)
    cable.far.say(rdss21.bdfki("TXA", ok=False, too_soon=True, wait_s=90))
    await cable.state_is("queued")
    assert (await cable.message())["reason"] == "too_soon"
    cable.world.later(seconds=90)
    await cable.sends_nothing()
    cable.world.later(seconds=2)
    await cable.sent(2)
    cable.far.say(rdss21.bdfki("TXA", ok=True))
    await cable.state_is("accepted")


async def test_without_feedback_a_message_is_tried_three_times_and_then_given_up(cable: Cable) -> None:
    await cable.queue("桥断绕行")
    for attempt in range(1, 4):
        await cable.sent(attempt)
        cable.world.later(seconds=15)
        await cable.sender.look()
        await cable.state_is("failed" if attempt == 3 else "queued")
        cable.world.later(seconds=47)
    await cable.sends_nothing()
    assert (await cable.message())["reason"] == "no_feedback"


async def test_feedback_for_another_command_is_not_taken_for_the_messages(cable: Cable) -> None:
    await cable.queue("桥断绕行")
    await cable.sent(1)
    cable.far.say(rdss21.bdfki("RMO", ok=False))
    await asyncio.sleep(0.05)
    assert (await cable.message())["state"] == "submitted"


async def test_a_lost_line_is_opened_again_and_what_waited_leaves(cable: Cable) -> None:
    await cable.queue("桥断绕行")
    cable.far.pull_out()
    await until(lambda: not cable.machine.connected)
    assert cable.machine.health()["ok"] is False
    await cable.sends_nothing()
    cable.far.heard.clear()
    cable.far.plug_in()
    await until(lambda: cable.far.asked("CCICA"))  # somebody may have changed the card meanwhile
    await until(lambda: cable.machine.connected)
    await cable.sent(1)


async def test_without_a_card_nothing_is_sent_and_it_is_asked_for_again(cable: Cable) -> None:
    cable.far.card = 0
    cable.far.say(rdss21.bdici(0))
    await until(lambda: not cable.machine.card.number)
    await cable.queue("桥断绕行")
    await cable.sends_nothing()
    asked = cable.far.asked("CCICA")
    cable.far.card = 300_002
    cable.world.later(seconds=60)
    await until(lambda: cable.far.asked("CCICA") > asked)
    await until(lambda: cable.machine.card.number == "300002")
    await cable.sent(1)


async def test_a_message_too_old_never_leaves(cable: Cable) -> None:
    await cable.queue("桥断绕行")
    cable.world.later(minutes=31)
    await cable.machine.send_next()
    await cable.sends_nothing()
    assert cable.far.texts() == []
    assert (await cable.message())["state"] == "expired"


def test_a_family_that_is_no_command_machine_is_refused_at_the_start(platform: Platform) -> None:
    settings = platform.rig.settings.model_copy(update={"serial_links": "jt808=/dev/null"})
    with pytest.raises(ValueError, match="rdss21、rdss40"):
        all_drivers(replace(platform.rig, settings=settings))
