"""The satellite phone on its cable: a simulated phone on a real pty, a real database behind it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from structlog.testing import capture_logs

from app.delivery.tables import Delivery
from app.devices import modem as modem_module
from app.devices.adapters.sms_pdu_alphabet import septets_of
from app.devices.adapters.sms_pdu_message import Concat, Content
from app.devices.adapters.sms_pdu_write import deliver
from app.devices.links import keep
from app.devices.links.serial import SerialLink
from app.devices.satphone import driver as satphone_module
from app.devices.satphone.driver import SatellitePhone as Driver
from app.devices.satphone.driver import phone_on
from app.devices.satphone.voice import Busy
from app.devices.sender import Sender
from app.simulators.satphone import NUMBER, SatellitePhone
from tests.devices.cable import until
from tests.devices.platform import Platform
from tests.world import COUNTY, EAST, HILL, STREAM, World

pytestmark = pytest.mark.database
HILL_PHONE = "17400000005"


@dataclass
class Desk:
    """The driver, the phone on the other end of its cable, and the county."""

    world: World
    driver: Driver
    phone: SatellitePhone
    sender: Sender
    path: Path

    def plug_in(self) -> None:
        """Connect the cable."""
        self.phone.plug_in()
        self.path.unlink(missing_ok=True)
        self.path.symlink_to(self.phone.path)

    def pull_out(self) -> None:
        """Disconnect it."""
        self.path.unlink(missing_ok=True)
        self.phone.pull_out()

    async def queue(self, words: str, address: str = HILL_PHONE) -> None:
        """Let a text wait for sending."""
        now = self.world.clock.now()
        row = Delivery(
            stream=STREAM,
            team_id=HILL,
            device_id=10,
            channel="satellite_phone",
            address=address,
            body=words,
            queued_at=now,
            expires_at=now + timedelta(minutes=30),
        )

        async def add(tx: Any) -> None:
            tx.add(row)

        await self.world.do(add)
        await self.sender.look()

    async def message(self) -> dict[str, Any]:
        """Return the first message's row."""
        return (await self.world.rows("SELECT * FROM delivery ORDER BY id"))[0]

    async def state_is(self, *states: str) -> dict[str, Any]:
        """Wait until the first message is in one of these states."""
        async with asyncio.timeout(10):
            while (row := await self.message())["state"] not in states:
                await self.sender.look()
                await asyncio.sleep(0.02)
        return row

    async def rows_are(self, query: str, **values: object) -> dict[str, Any]:
        """Wait until the first row found has these values."""
        async with asyncio.timeout(10):
            while True:
                row = (await self.world.rows(query))[0]
                if values.items() <= row.items():
                    return row
                await asyncio.sleep(0.02)

    async def events(self, kind: str, count: int = 1) -> list[dict[str, Any]]:
        """Wait for so many events of a kind."""
        async with asyncio.timeout(10):
            while True:
                found = [event for event in await self.world.events() if event["type"] == kind]
                if len(found) >= count:
                    return found
                await asyncio.sleep(0.02)


@pytest.fixture
async def desk(platform: Platform, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Desk]:
    """A phone that has just been set up; the county's clock stands still."""
    monkeypatch.setattr(modem_module, "TICK_S", 0.02)
    monkeypatch.setattr(satphone_module, "LOOK_EVERY_S", 0.02)
    monkeypatch.setattr(keep, "BACKOFF_S", (0.02,))
    world = platform.world
    for key, number, label, team in (
        (10, HILL_PHONE, "山一卫星电话", HILL),
        (11, NUMBER[3:], "中心卫星电话", None),
    ):
        await world.run(
            "INSERT INTO device (id, stream, family, number, label, region_code, team_id, active, facts) "
            "VALUES (:id, :stream, 'satphone', :number, :label, :region, :team, true, '{}')",
            id=key, stream=STREAM, number=number, label=label, region=EAST if team else COUNTY, team=team,
        )  # fmt: skip
    phone = SatellitePhone(now=world.clock.now)
    driver = phone_on(SerialLink("satphone", str(tmp_path / "ttySAT")), platform.rig)
    desk = Desk(world, driver, phone, Sender(world.database, world.clock, [driver]), tmp_path / "ttySAT")
    desk.plug_in()
    async with driver.running():
        try:
            await until(lambda: driver.signal_pct)
            yield desk
        finally:
            phone.close()


async def test_the_phone_is_set_up_and_says_how_it_is(desk: Desk) -> None:
    health = desk.driver.health()
    assert (health["ok"], health["model"], health["number"]) == (True, "HTDM1310E", NUMBER)
    assert (health["registered"], health["signal_pct"]) == (True, 80.6)
    asked = desk.phone.heard
    assert asked[:4] == ["AT", "ATE0", "AT+CMEE=1", "AT+CPIN?"]
    assert {"AT+CMGF=0", "AT+CNMI=2,1,0,1,0", "AT+CLIP=1", "AT^DSCI=1"} < set(asked)
    await desk.rows_are("SELECT signal_pct, firmware FROM device WHERE id = 11", signal_pct=80.6)
    rows = await desk.world.rows("SELECT signal_pct, firmware FROM device WHERE id = 11")
    assert rows == [{"signal_pct": 80.6, "firmware": "HWA BP HS 6.0.5"}]


async def test_a_text_is_stored_before_it_is_deleted_from_the_card(desk: Desk) -> None:
    desk.phone.receive(f"+86{HILL_PHONE}", "桥断了,请绕行")
    (event,) = await desk.events("text.received")
    assert (event["text"]["device_id"], event["text"]["text"]) == (10, "桥断了,请绕行")
    await until(lambda: not desk.phone.card.slots)


async def test_a_call_for_help_in_parts_is_one_alarm_with_all_its_words(desk: Desk) -> None:
    words = "SOS 被困 118.2312,28.5321 " + "水位还在上涨,有老人和孩子,请派直升机。" * 6
    desk.phone.receive(f"+86{HILL_PHONE}", words)
    (event,) = await desk.events("alarm.raised")
    assert (event["alarm"]["text"], event["alarm"]["lon"]) == (words, 118.2312)
    await until(lambda: not desk.phone.card.slots)


async def test_a_call_for_help_of_which_a_part_is_missing_is_heard_all_the_same(desk: Desk) -> None:
    desk.phone.receive(f"+86{HILL_PHONE}", "SOS " + "被困在东山村," * 20, without=2)
    await until(lambda: len(desk.phone.card.slots) >= 1)
    await asyncio.sleep(0.1)
    assert await desk.world.types() == []
    desk.world.later(minutes=2, seconds=1)
    (event,) = await desk.events("alarm.raised")
    assert event["alarm"]["text"].startswith("SOS 被困在东山村,")
    assert event["alarm"]["text"].count("…") == 1
    desk.world.later(hours=25)
    await until(lambda: not desk.phone.card.slots)


async def test_an_order_is_answered_by_text(desk: Desk) -> None:
    await desk.world.send(HILL)
    desk.phone.receive(f"+86{HILL_PHONE}", "1")
    (event,) = await desk.events("assignment.acknowledged")
    assert event["assignment"]["answer_channel"] == "satellite_phone"


async def test_a_stranger_is_admitted_and_heard_and_a_known_person_is_named(desk: Desk) -> None:
    desk.phone.receive("+8613900008888", "求救")
    desk.phone.receive("13800000005", "山上冒烟")
    (alarm,), (text,) = await desk.events("alarm.raised"), await desk.events("text.received")
    assert alarm["alarm"]["device_label"] == "未登记号码 13900008888"
    assert text["text"]["device_label"].startswith("护林员老周")


@pytest.mark.parametrize("sender", ["10001", "CHINATELECOM"[:11]])
async def test_an_operators_notice_is_kept_on_the_list_of_unknown_numbers(desk: Desk, sender: str) -> None:
    desk.phone.receive(sender, "您的余额不足")
    await until(lambda: any("CMGD" in asked for asked in desk.phone.heard))
    (row,) = await desk.world.rows("SELECT family, number FROM unknown_device")
    assert row == {"family": "satphone", "number": sender}
    assert await desk.world.types() == []


async def test_a_message_that_was_announced_at_the_wrong_place_is_found(desk: Desk) -> None:
    desk.phone.wrong_place = True
    desk.phone.receive(f"+86{HILL_PHONE}", "桥断了")
    await desk.events("text.received")


async def test_a_message_that_was_not_announced_at_all_is_found_by_looking(desk: Desk) -> None:
    body = Content("gsm7", septets_of("hello") or b"")
    desk.phone.card.slots[3] = deliver(f"+86{HILL_PHONE}", body, desk.world.clock.now()).hex()
    desk.world.later(seconds=31)
    (event,) = await desk.events("text.received")
    assert event["text"]["text"] == "hello"


async def test_what_no_pdu_is_on_the_card_is_kept_in_the_log_and_stops_nobody(desk: Desk) -> None:
    with capture_logs() as logged:
        desk.phone.card.slots[1] = "0004039121F3FF"
        desk.phone.raw(b'\x00\xff~~\r\n+CMTI: "SM",\r\n+CMTI: "SM",99999999\r\n')
        desk.phone.receive(f"+86{HILL_PHONE}", "桥断了")
        await desk.events("text.received")
        await asyncio.sleep(0.05)
        desk.world.later(seconds=31)
        await until(lambda: not desk.phone.card.slots)
    assert ("sms_unreadable", "0004039121F3FF") in {(line["event"], line.get("pdu")) for line in logged}


async def test_what_a_stranger_writes_is_text_and_nothing_else(desk: Desk) -> None:
    desk.phone.receive(f"+86{HILL_PHONE}", "'; DROP TABLE alarm; -- <script>alert(1)</script>\x1b[31m")
    (event,) = await desk.events("text.received")
    assert event["text"]["text"] == "'; DROP TABLE alarm; -- <script>alert(1)</script>[31m"


async def test_while_the_database_is_away_texts_stay_on_the_card(
    desk: Desk, platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    hear = platform.pump.hear
    away = True

    async def stumble(*args: Any) -> Any:
        if away:
            raise ConnectionRefusedError("no database")
        return await hear(*args)

    monkeypatch.setattr(platform.pump, "hear", stumble)
    desk.phone.receive(f"+86{HILL_PHONE}", "桥断了" * 30)
    await asyncio.sleep(0.3)
    assert len(desk.phone.card.slots) == 2
    away = False
    await desk.events("text.received")
    await until(lambda: not desk.phone.card.slots)


# Sending


async def test_a_text_is_accepted_by_the_network_and_delivered_by_the_far_phones_receipt(desk: Desk) -> None:
    desk.phone.receipts = False
    await desk.queue("速去东岸")
    row = await desk.state_is("accepted")
    assert [(one.number, one.text) for one in desk.phone.sent] == [(HILL_PHONE, "速去东岸")]
    reference = int(row["wire_ref"].rpartition("#")[2])
    desk.phone.report(reference + 1, HILL_PHONE)
    desk.phone.report(reference, "17409999999")
    await asyncio.sleep(0.1)
    assert (await desk.message())["state"] == "accepted"
    desk.phone.report(reference, f"+86{HILL_PHONE}")
    await desk.state_is("delivered")


async def test_a_long_text_is_delivered_when_each_of_its_parts_is(desk: Desk) -> None:
    words = "【派单】东岸村溺水,速去。" * 12
    await desk.queue(words)
    row = await desk.state_is("delivered")
    assert [one.text for one in desk.phone.sent] == [words]
    assert (row["part_count"], row["wire_ref"].count("*")) == (3, 3)


async def test_a_receipt_that_says_no_ends_an_accepted_message(desk: Desk) -> None:
    desk.phone.receipt_status = 0x46
    await desk.queue("速去东岸")
    assert (await desk.state_is("failed"))["reason"] == "validity_expired"


async def test_still_trying_is_no_more_than_accepted(desk: Desk) -> None:
    desk.phone.receipt_status = 0x30
    await desk.queue("速去东岸")
    await desk.state_is("accepted")
    await asyncio.sleep(0.1)
    assert (await desk.message())["state"] == "accepted"


@pytest.mark.parametrize(("code", "reason"), [(1, "no_such_number"), (304, "not_sendable")])
async def test_what_no_second_try_will_mend_fails_at_once(desk: Desk, code: int, reason: str) -> None:
    desk.phone.refusal = code
    await desk.queue("速去东岸")
    assert (await desk.state_is("failed"))["reason"] == reason


async def test_a_network_that_is_gone_for_a_while_is_tried_again(desk: Desk) -> None:
    desk.phone.refusal = 331
    await desk.queue("速去东岸")
    row = await desk.rows_are("SELECT * FROM delivery", reason="no_network")
    assert (row["state"], row["attempt"]) == ("queued", 1)
    desk.phone.refusal = 0
    desk.world.later(seconds=21)
    await desk.state_is("delivered")


async def test_without_network_nothing_is_tried_and_news_of_it_lets_all_go(desk: Desk) -> None:
    desk.phone.registered = False
    desk.phone.say("+CREG: 0")
    await until(lambda: desk.driver.registered is False)
    await desk.queue("速去东岸")
    await asyncio.sleep(0.1)
    assert (await desk.message())["attempt"] == 0
    assert desk.driver.health()["ok"] is False
    desk.phone.registered = True
    desk.phone.say("+CREG: 1")
    await desk.state_is("delivered")


async def test_an_address_that_is_no_number_fails_and_holds_up_nobody(desk: Desk) -> None:
    await desk.queue("速去东岸", address="AT+CFUN=0")
    await desk.state_is("failed")
    assert not any("CFUN" in asked for asked in desk.phone.heard)


async def test_a_phone_that_restarts_in_mid_command_is_set_up_anew_and_the_text_goes_again(
    desk: Desk,
) -> None:
    desk.phone.restarts_when_sending = True
    setups = desk.phone.heard.count("AT+CMGF=0")
    await desk.queue("速去东岸")
    await until(lambda: desk.phone.heard.count("AT+CMGF=0") > setups)
    await desk.rows_are("SELECT * FROM delivery", reason="phone_restarted")
    desk.world.later(seconds=21)
    row = await desk.state_is("delivered")
    assert (row["attempt"], len(desk.phone.sent)) == (2, 1)


async def test_a_phone_without_its_card_waits_for_it(desk: Desk) -> None:
    desk.phone.sim = False
    desk.phone.restart()
    await until(lambda: desk.driver.health()["trouble"] == "no_sim")
    await until(lambda: desk.phone.heard[-1] == "AT+CPIN?")
    desk.phone.sim = True
    desk.phone.restart()
    await until(lambda: desk.driver.connected)


async def test_a_cable_pulled_out_and_put_back_loses_nothing(desk: Desk) -> None:
    desk.pull_out()
    await until(lambda: not desk.driver.connected)
    assert desk.driver.health()["ok"] is False
    assert await desk.driver.probe(await phone_in_register(desk, HILL_PHONE)) is None
    await desk.queue("速去东岸")
    desk.phone.receive(f"+86{HILL_PHONE}", "桥断了")
    desk.phone.forget()
    desk.plug_in()
    await desk.events("text.received")
    await desk.state_is("delivered")


async def test_a_phone_that_falls_silent_is_opened_again(desk: Desk) -> None:
    desk.phone.mute = True
    for _ in range(60):  # commands are given up by the clock
        desk.world.later(seconds=31)
        await asyncio.sleep(0.01)
        if not desk.driver.connected:
            break
    assert not desk.driver.connected
    desk.phone.mute = False
    await until(lambda: desk.driver.connected)


async def test_a_message_that_got_no_answer_is_sent_again(desk: Desk) -> None:
    desk.phone.mute = True
    await desk.queue("速去东岸")
    await until(lambda: any("CMGS" in asked for asked in desk.phone.heard))
    for _ in range(400):
        desk.world.later(seconds=3)
        await asyncio.sleep(0.005)
        if not desk.driver.connected:
            break
    desk.phone.mute = False
    await until(lambda: desk.driver.connected)
    desk.world.later(seconds=150)
    row = await desk.state_is("delivered")
    assert row["attempt"] == 2


# An older phone


async def test_a_phone_that_announces_nothing_is_asked_and_its_calls_are_looked_at(desk: Desk) -> None:
    desk.phone.unknown = {"+CNMI", "^DSCI", "+CLIP", "+CNUM", "+CPMS"}
    desk.phone.restart()
    await until(lambda: desk.driver.plate and not desk.driver.plate.announces)
    desk.phone.receive(f"+86{HILL_PHONE}", "桥断了")
    desk.world.later(seconds=31)
    await desk.events("text.received")
    assert desk.driver.plate and not desk.driver.plate.tells_calls
    desk.phone.call_from("+8613800000005")
    (event,) = await desk.events("alarm.raised")
    assert (event["alarm"]["kind"], event["alarm"]["subject"]) == ("call", "13800000005")


async def test_a_phone_that_hands_texts_over_at_once_is_heard(desk: Desk) -> None:
    desk.phone.say("+CMT: ,27", "07914306073011F0040B914316709807F2000880604290224080084E2D5174901A8BAF")
    desk.phone.say("+CMT: ,27", "garbage")
    (event,) = await desk.events("text.received")
    assert event["text"]["text"] == "中兴通讯"
    body = "求救".encode("utf-16-be")
    for seq, half in ((1, body[:2]), (2, body[2:])):
        pdu = deliver(
            "+8613700000001", Content("ucs2", half), desk.world.clock.now(), concat=Concat(1, 2, seq, 8)
        )
        desk.phone.say(f"+CMT: ,{len(pdu) - 1}", pdu.hex())
    (alarm,) = await desk.events("alarm.raised")
    assert alarm["alarm"]["text"] == "求救"


# Calls


async def test_a_call_that_comes_in_opens_one_card_however_often_it_rings(desk: Desk) -> None:
    desk.phone.call_from("+8613800000005", every_s=0.02)
    (event,) = await desk.events("alarm.raised")
    assert (event["alarm"]["kind"], event["alarm"]["device_id"]) == ("call", 11)
    assert (event["alarm"]["subject"], event["alarm"]["text"]) == ("13800000005", "护林员老周")
    await asyncio.sleep(0.1)
    desk.driver.voice.answer()
    await until(lambda: call_of(desk)["stage"] == "active")
    desk.phone.hang_up()
    await until(lambda: call_of(desk)["stage"] == "released")
    assert await desk.world.types() == ["alarm.raised"]


async def test_a_caller_without_a_number_is_announced_too(desk: Desk) -> None:
    desk.phone.call_from("", every_s=0.02)
    await until(lambda: desk.driver.voice.shown())
    desk.world.later(seconds=2)
    (event,) = await desk.events("alarm.raised")
    assert (event["alarm"]["kind"], event["alarm"]["subject"]) == ("call", "")


async def test_a_call_goes_out_and_ends_as_the_network_says(desk: Desk) -> None:
    desk.driver.voice.dial("13800000005")
    await until(lambda: call_of(desk)["stage"] == "alerting")
    assert "ATD13800000005;" in desk.phone.heard
    with pytest.raises(Busy):
        desk.driver.voice.dial("13800000001")
    desk.phone.far_side_answers()
    await until(lambda: call_of(desk)["stage"] == "active")
    desk.driver.voice.hang_up()
    await until(lambda: call_of(desk)["stage"] == "released")
    desk.driver.voice.dial("13800000001")
    await until(lambda: call_of(desk)["stage"] == "alerting")
    desk.phone.hang_up(17)
    await until(lambda: call_of(desk)["reason"] == "busy")
    assert await desk.world.types() == []


async def test_a_call_without_network_and_one_cut_by_the_cable_end(desk: Desk) -> None:
    desk.phone.registered = False
    desk.driver.voice.dial("13800000005")
    await until(lambda: (call_of(desk)["stage"], call_of(desk)["reason"]) == ("released", "no_carrier"))
    desk.phone.registered = True
    desk.driver.voice.dial("13800000005")
    await until(lambda: call_of(desk)["stage"] == "alerting")
    desk.pull_out()
    await until(lambda: call_of(desk)["reason"] == "phone_lost")


@pytest.mark.parametrize("number", ["", "1", "13800;ATH", "+", "138 0000"])
def test_what_is_no_number_is_not_dialled(platform: Platform, number: str) -> None:
    driver = phone_on(SerialLink("satphone", "/dev/null"), platform.rig)
    with pytest.raises(ValueError, match="no telephone number"):
        driver.voice.dial(number)


# Tests of devices


async def test_our_own_phone_is_asked_for_signal_and_network(desk: Desk) -> None:
    own = await phone_in_register(desk, NUMBER[3:])
    probed = await desk.driver.probe(own)
    assert probed is not None
    assert (probed.passed, probed.method) == (True, "signal_query")
    desk.phone.registered = False
    probed = await desk.driver.probe(own)
    assert probed is not None
    assert (probed.passed, probed.detail) == (False, "registered=False signal_pct=80.6")


async def test_a_far_phone_is_sent_a_text_with_receipt(desk: Desk) -> None:
    far = await phone_in_register(desk, HILL_PHONE)
    probed = await desk.driver.probe(far)
    assert probed is not None
    assert (probed.passed, probed.method, probed.detail) == (True, "test_message", "delivered")
    desk.phone.refusal = 331
    probed = await desk.driver.probe(far)
    assert probed is not None
    assert (probed.passed, probed.detail) == (False, "no_network")


async def phone_in_register(desk: Desk, number: str) -> Any:
    from app.org import store as org

    return await desk.world.do(lambda tx: org.device_by_number(tx, ("satphone",), number))


def call_of(desk: Desk) -> dict[str, object]:
    return desk.driver.voice.shown() or {"stage": "", "reason": ""}
