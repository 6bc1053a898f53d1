"""Rarer troubles of the satellite phone and the SBD modem, on the same cables."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from structlog.testing import capture_logs

from app.devices.adapters.sms_pdu_message import Concat, Content
from app.devices.adapters.sms_pdu_write import deliver, status_report
from app.devices.satphone import probe as satphone_probe
from app.devices.sbd import driver as sbd
from app.simulators.sbd import IMEI
from tests.devices.cable import until
from tests.devices.platform import Platform
from tests.devices.test_satphone import HILL_PHONE, Desk, call_of, desk, phone_in_register
from tests.devices.test_sbd_modem import Desk as SbdDesk
from tests.devices.test_sbd_modem import desk as sbd_desk
from tests.world import HILL

pytestmark = pytest.mark.database
__all__ = ["desk", "sbd_desk"]
FAR = f"+86{HILL_PHONE}"


def words(text: str) -> Content:
    return Content("ucs2", text.encode("utf-16-be"))


async def test_a_report_that_is_kept_on_the_card_counts_too(desk: Desk) -> None:
    desk.phone.receipts = False
    await desk.queue("速去东岸")
    row = await desk.state_is("accepted")
    now = desk.world.clock.now()
    pdu = status_report(int(row["wire_ref"].rpartition("#")[2]), FAR, now, now)
    desk.phone.card.slots[9] = pdu.hex()
    desk.phone.say('+CDSI: "SR",9')
    await desk.state_is("delivered")
    await until(lambda: not desk.phone.card.slots)


async def test_drafts_and_orders_on_the_card_are_left_alone(desk: Desk) -> None:
    from app.devices.adapters.sms_pdu_write import submit

    desk.phone.card.slots[4] = submit(FAR, words("草稿")).hex()
    desk.world.later(seconds=31)
    asked = desk.phone.heard.count("AT+CMGL=4")
    desk.world.later(seconds=31)
    await until(lambda: desk.phone.heard.count("AT+CMGL=4") > asked)
    assert list(desk.phone.card.slots) == [4]
    assert await desk.world.types() == []


async def test_data_is_shown_as_hex(desk: Desk) -> None:
    desk.phone.receive_pdu(deliver(FAR, Content("8bit", b"\xe8\x32"), desk.world.clock.now()))
    (event,) = await desk.events("text.received")
    assert event["text"]["text"] == "[数据] e832"


async def test_a_text_handed_over_of_which_a_part_is_missing_is_heard_in_part(desk: Desk) -> None:
    now = desk.world.clock.now()
    pdu = deliver(FAR, words("求救"), now, concat=Concat(3, 2, 1, 8))
    desk.phone.say(f"+CMT: ,{len(pdu) - 1}", pdu.hex())
    desk.phone.say("+CDS: 9", "000104")
    desk.phone.say("+CMT: ,9", "000104")
    await asyncio.sleep(0.1)
    desk.world.later(minutes=2, seconds=1)
    (alarm,) = await desk.events("alarm.raised")
    assert alarm["alarm"]["text"] == "求救…"
    desk.world.later(hours=24, seconds=1)
    asked = desk.phone.heard.count("AT+CMGL=4")
    await until(lambda: desk.phone.heard.count("AT+CMGL=4") > asked)


async def test_a_phone_that_was_switched_off_is_kept_on_the_list_and_disturbs_nobody(desk: Desk) -> None:
    await desk.world.run("UPDATE device SET active = false WHERE id = 10")
    with capture_logs() as logged:
        desk.phone.receive(FAR, "SOS")
        await until(lambda: any(line["event"] == "satphone_switched_off" for line in logged))
    assert await desk.world.types() == []
    assert len(await desk.world.rows("SELECT 1 FROM unknown_device")) == 1


async def test_a_text_that_can_never_be_stored_is_kept_in_the_log_and_stops_nobody(
    desk: Desk, platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    hear = platform.pump.hear

    async def stumble(device: Any, reading: Any, via: str = "") -> Any:
        if reading.signals and getattr(reading.signals[0], "text", "") == "poison":
            raise RuntimeError("a fault of ours")
        return await hear(device, reading, via)

    monkeypatch.setattr(platform.pump, "hear", stumble)
    with capture_logs() as logged:
        desk.phone.receive(FAR, "poison")
        desk.phone.receive(FAR, "桥断了")
        await desk.events("text.received")
        await until(lambda: not desk.phone.card.slots)
    assert any(line["event"] == "reading_lost" for line in logged)


async def test_a_card_that_asks_for_its_pin_and_a_phone_without_pdu_mode_are_said_so(desk: Desk) -> None:
    answers = desk.phone.obey

    def obey(command: str) -> None:
        if command == "+CPIN?":
            desk.phone.say("+CPIN: SIM PIN", "OK")
        else:
            answers(command)

    desk.phone.obey = obey  # type: ignore[method-assign]
    desk.phone.restart()
    await until(lambda: desk.driver.health()["trouble"] == "sim_pin")
    desk.phone.obey = answers  # type: ignore[method-assign]
    desk.phone.unknown = {"+CMGF", "+CNUM", "+CGSN"}
    desk.world.later(seconds=31)
    await until(lambda: desk.driver.health()["trouble"] == "no_pdu_mode")
    desk.phone.unknown = {"+CNUM", "+CGSN"}
    desk.world.later(seconds=31)
    await until(lambda: desk.driver.connected)
    (row,) = await desk.world.rows("SELECT number FROM device WHERE label LIKE '中心卫星电话 %'")
    assert row["number"] == str(desk.path)


async def test_a_cable_cut_while_a_text_is_on_its_way_lets_it_go_again(desk: Desk) -> None:
    desk.phone.mute = True
    await desk.queue("速去东岸")
    await until(lambda: any("CMGS" in asked for asked in desk.phone.heard))
    desk.pull_out()
    row = await desk.rows_are("SELECT * FROM delivery", reason="link_lost")
    assert row["state"] == "queued"
    desk.phone.mute = False
    desk.phone.forget()
    desk.plug_in()
    await until(lambda: desk.driver.connected)
    desk.world.later(seconds=21)
    await desk.state_is("delivered")


async def test_a_far_phone_that_gives_no_receipt_has_failed(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(satphone_probe, "RECEIPT_WITHIN_S", 0.3)
    monkeypatch.setattr(satphone_probe, "SIGNAL_WITHIN_S", 0.3)
    far = await phone_in_register(desk, HILL_PHONE)
    desk.phone.receipts = False
    probed = await desk.driver.probe(far)
    assert probed is not None
    assert (probed.passed, probed.detail) == (False, "no_receipt")
    desk.phone.mute = True
    for device, detail in ((far, "not_sent"), (await phone_in_register(desk, "17400000001"), "no_answer")):
        probed = await desk.driver.probe(device)
        assert probed is not None
        assert (probed.passed, probed.detail) == (False, detail)


async def test_a_far_phone_that_is_still_tried_has_not_answered_yet(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(satphone_probe, "RECEIPT_WITHIN_S", 0.3)
    far = await phone_in_register(desk, HILL_PHONE)
    desk.phone.receipt_status = 0x30
    probed = await desk.driver.probe(far)
    assert probed is not None
    assert (probed.passed, probed.detail) == (False, "no_receipt")
    await desk.world.run("UPDATE device SET number = 'none' WHERE id = 10")
    from dataclasses import replace

    probed = await desk.driver.probe(replace(far, number="none"))
    assert probed is not None
    assert (probed.passed, probed.detail) == (False, "no_number")
    truck = await desk.world.device("13900000001")
    assert await desk.driver.probe(truck) is None


async def test_a_call_on_a_phone_that_does_not_tell_of_calls_is_looked_at_until_it_ends(desk: Desk) -> None:
    desk.phone.unknown = {"^DSCI", "+CHUP"}
    desk.phone.restart()
    await until(lambda: desk.driver.plate and not desk.driver.plate.tells_calls)
    desk.driver.voice.dial("13800000005")
    await until(lambda: call_of(desk)["stage"] == "alerting")
    assert desk.phone.talk is not None
    desk.phone.talk.stage = 0
    desk.world.later(seconds=2)
    await until(lambda: call_of(desk)["stage"] == "active")
    desk.phone.talk = None
    desk.world.later(seconds=2)
    await until(lambda: call_of(desk)["stage"] == "released")
    desk.driver.voice.dial("13800000005")
    await until(lambda: call_of(desk)["stage"] == "alerting")
    desk.driver.voice.hang_up()
    await until(lambda: "ATH" in desk.phone.heard)
    await until(lambda: call_of(desk)["stage"] == "released")


# SBD


async def test_a_cable_cut_in_a_session_lets_the_message_go_again(sbd_desk: SbdDesk) -> None:
    sbd_desk.modem.mute = True
    await sbd_desk.queue("速去东岸")
    await sbd_desk.sender.look()
    await until(lambda: any("SBDWB" in asked for asked in sbd_desk.modem.heard))
    sbd_desk.modem.pull_out()
    await sbd_desk.row_is(state="queued", reason="link_lost")
    sbd_desk.modem.mute = False
    sbd_desk.modem.forget()
    sbd_desk.plug_in()
    await until(lambda: sbd_desk.driver.imei)
    sbd_desk.world.later(seconds=11)
    await sbd_desk.row_is(state="accepted")


async def test_a_cable_cut_before_the_network_answers_lets_the_message_go_again(sbd_desk: SbdDesk) -> None:
    answers = sbd_desk.modem.obey

    def obey(command: str) -> None:
        if command != "+SBDIX":
            answers(command)
        else:
            sbd_desk.modem.sessions.append("cut")

    sbd_desk.modem.obey = obey  # type: ignore[method-assign]
    await sbd_desk.queue("速去东岸")
    await sbd_desk.sender.look()
    await until(lambda: "cut" in sbd_desk.modem.sessions)
    sbd_desk.modem.pull_out()
    await sbd_desk.row_is(state="queued", reason="link_lost")
    sbd_desk.modem.obey = answers  # type: ignore[method-assign]


async def test_a_modem_that_does_not_take_a_message_is_tried_again(sbd_desk: SbdDesk) -> None:
    sbd_desk.modem.unknown = {"+SBDWB"}
    await sbd_desk.queue("速去东岸")
    row = await sbd_desk.row_is(state="queued", reason="no_feedback")
    assert row["team_id"] == HILL
    sbd_desk.modem.unknown = set()
    sbd_desk.world.later(seconds=11)
    await sbd_desk.row_is(state="accepted")


async def test_a_modem_that_says_nothing_of_its_signal_is_used_all_the_same(
    sbd_desk: SbdDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sbd, "PROBE_WITHIN_S", 0.3)
    sbd_desk.modem.unknown = {"+CSQF"}
    sbd_desk.world.later(seconds=31)
    await until(lambda: sbd_desk.driver.bars is None)
    await sbd_desk.queue("速去东岸")
    await sbd_desk.row_is(state="accepted")
    own = await sbd_desk.world.do(lambda tx: _device(tx, IMEI))
    probed = await sbd_desk.driver.probe(own)
    assert probed is not None and not probed.passed
    sbd_desk.modem.mute = True
    probed = await sbd_desk.driver.probe(own)
    assert probed is not None
    assert (probed.passed, probed.detail) == (False, "no_answer")


async def test_a_modem_that_falls_silent_in_a_session_is_opened_again(sbd_desk: SbdDesk) -> None:
    sbd_desk.modem.mute = True
    sbd_desk.world.later(seconds=31)
    for _ in range(400):
        sbd_desk.world.clock.advance(timedelta(seconds=3))
        await asyncio.sleep(0.005)
        if not sbd_desk.driver.health()["connected"]:
            break
    sbd_desk.modem.mute = False

    def connected() -> bool:
        sbd_desk.world.clock.advance(timedelta(seconds=0.05))  # the pause before the next try passes
        return bool(sbd_desk.driver.health()["connected"])

    await until(connected)


async def _device(tx: Any, number: str) -> Any:
    from app.org import store as org

    return await org.device_by_number(tx, ("sbd",), number)
