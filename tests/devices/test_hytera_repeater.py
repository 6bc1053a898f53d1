"""The driver of a repeater against a simulated one: real UDP sockets, a real database."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from prometheus_client import REGISTRY
from sqlalchemy import insert
from structlog.testing import capture_logs

from app.delivery.tables import Delivery
from app.devices import hytera as family
from app.devices.hytera import asking, own_row, repeater, session
from app.devices.hytera.links import Habits, RepeaterLink
from app.devices.hytera.repeater import Repeater
from app.devices.hytera.texts import texts_of
from app.devices.sender import Sender
from app.org import store as org
from app.org.tables import Device
from app.simulators.hytera import REPEATER_ID, Radio, RepeaterMachine
from app.simulators.hytera_air import LP, RCP, RRS, TMP, address, hstrp
from tests.devices.cable import until
from tests.devices.hytera_frames import cycle, frame
from tests.devices.platform import Platform
from tests.world import EAST, HILL, STREAM, World

pytestmark = pytest.mark.database
HANDHELD, STRANGER = 370_101, 370_999
PORTS = {(service, slot): 0 for service in (RRS, LP, TMP, RCP) for slot in (1, 2)}


@dataclass
class Air:
    """The driver, the repeater on the other side, a handheld that is in the register and one that is not."""

    world: World
    driver: Repeater
    machine: RepeaterMachine
    radio: Radio
    stranger: Radio
    sender: Sender

    async def heard(self, count: int) -> list[dict[str, Any]]:
        """Wait for so many events."""
        async with asyncio.timeout(30):
            while len(events := await self.world.events()) < count:  # noqa: ASYNC110 - rows tell nobody
                await asyncio.sleep(0.01)
        return events

    async def rows(self, query: str, count: int = 1) -> list[dict[str, Any]]:
        """Wait until a query finds so many rows."""
        async with asyncio.timeout(30):
            while len(rows := await self.world.rows(query)) < count:  # noqa: ASYNC110 - as above
                await asyncio.sleep(0.01)
        return rows

    async def register(self) -> None:
        """Let the handheld come up and wait until the register knows by which driver."""
        self.machine.register(self.radio)
        await self.rows(f"SELECT 1 FROM device WHERE heard_via = '{self.driver.name}'")
        await until(lambda: self.radio.renew_s)

    async def queue(self, words: str, *, address: str = str(HANDHELD), device: int | None = 9) -> None:
        """Let a text wait for sending."""
        now = self.world.clock.now()
        row = Delivery(
            stream=STREAM,
            team_id=HILL,
            device_id=device,
            channel="radio",
            address=address,
            body=words,
            queued_at=now,
            expires_at=now + timedelta(minutes=30),
        )

        async def add(tx: Any) -> None:
            tx.add(row)

        await self.world.do(add)

    async def state_is(self, state: str, reason: str = "") -> dict[str, Any]:
        """Wait until the first message is in this state."""
        async with asyncio.timeout(30):
            while True:
                (row,) = await self.world.rows("SELECT * FROM delivery ORDER BY id LIMIT 1")
                if row["state"] == state:
                    assert reason in ("", row["reason"])
                    return row
                await asyncio.sleep(0.01)


@asynccontextmanager
async def on_air(platform: Platform, habits: Habits, number: int = REPEATER_ID) -> AsyncIterator[Air]:
    world = platform.world
    await world.do(
        lambda tx: tx.execute(
            insert(Device),
            {
                "id": 9,
                "stream": STREAM,
                "family": "hdap",
                "number": str(HANDHELD),
                "label": "山一手台",
                "region_code": EAST,
                "team_id": HILL,
                "holder_id": 2,
                "active": True,
                "facts": {},
            },
        )
    )
    driver = Repeater(
        RepeaterLink("127.0.0.1", "127.0.0.1", PORTS, habits), platform.rig, texts_of(platform.rig)
    )
    async with driver.running():
        await until(lambda: all(port.transport for port in driver.ports.values()))
        numbers = {key: port.number for key, port in driver.ports.items()}
        async with RepeaterMachine(numbers, number=number, heartbeat_s=0.05, resend_s=0.3) as machine:
            radio = machine.add(Radio(HANDHELD, group=9001))
            stranger = machine.add(Radio(STRANGER, group=9001))
            await until(lambda: machine.met and all(p.session.connected for p in driver.ports.values()))
            sender = Sender(world.database, world.clock, [driver])
            yield Air(world, driver, machine, radio, stranger, sender)


@pytest.fixture
async def air(platform: Platform, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Air]:
    monkeypatch.setattr(repeater, "TICK_S", 0.02)
    monkeypatch.setattr(session, "RESEND_AFTER_S", 0.1)
    async with on_air(platform, Habits(renew=600)) as air:
        yield air


def counted(name: str, **labels: str) -> float:
    return REGISTRY.get_sample_value(name, labels) or 0


# Who is there


async def test_a_radio_that_registers_is_answered_and_the_register_knows_how_to_reach_it(air: Air) -> None:
    await air.register()
    (row,) = await air.world.rows("SELECT heard_via, facts ->> 'network' AS network FROM device WHERE id = 9")
    assert row == {"heard_via": "hytera:127.0.0.1", "network": "registered"}
    assert air.radio.renew_s == 600
    assert air.driver.health() == {
        "ok": True, "sessions": 8, "ports_closed": [], "repeater": 99_999, "radios": 1, "trouble": "",
    }  # fmt: skip


async def test_a_radio_that_leaves_or_does_not_renew_is_gone(air: Air) -> None:
    await air.register()
    air.world.later(seconds=1199)
    await air.sender.look()
    assert air.driver.health()["radios"] == 1
    air.world.later(seconds=1)
    await air.sender.look()
    assert air.driver.health()["radios"] == 0
    await air.rows("SELECT 1 FROM device WHERE id = 9 AND facts ->> 'network' = 'lost'")
    air.machine.register(air.radio)
    await until(lambda: air.driver.health()["radios"] == 1)
    air.machine.leave(air.radio)
    await until(lambda: air.driver.health()["radios"] == 0)
    await air.rows("SELECT 1 FROM device WHERE id = 9 AND facts ->> 'network' = 'left'")


async def test_an_unknown_radio_may_use_the_network_and_is_kept_in_quarantine(air: Air) -> None:
    air.machine.register(air.stranger)
    await until(lambda: air.stranger.renew_s)
    air.machine.text(air.stranger, "测试")
    await air.rows("SELECT 1 FROM unknown_device WHERE count = 2")
    assert await air.world.events() == []


async def test_a_place_is_stored_before_it_is_acknowledged(air: Air) -> None:
    air.machine.report(air.radio)
    (row,) = await air.rows("SELECT lon, lat, fixed_at FROM position")
    assert (round(row["lon"], 4), round(row["lat"], 4), row["fixed_at"]) == (115.441, 28.1123, None)
    await until(lambda: not air.machine.waiting)
    assert air.machine.unacknowledged == 0


# Calls for help


async def test_the_sos_key_is_an_alarm_with_its_place(air: Air) -> None:
    air.machine.press_sos(air.radio)
    (event,) = await air.heard(1)
    assert event["type"] == "alarm.raised"
    assert (event["alarm"]["holder_name"], event["alarm"]["lon"]) == ("山队长", 115.441)


async def test_sos_without_a_satellite_in_sight_is_an_alarm_too(air: Air) -> None:
    air.radio.nul_gps = True
    air.machine.press_sos(air.radio)
    (event,) = await air.heard(1)
    assert (event["type"], event["alarm"]["lon"]) == ("alarm.raised", None)


@pytest.mark.parametrize("how", ["key", "call", "text"])
async def test_an_unknown_radio_that_calls_for_help_is_heard(air: Air, how: str) -> None:
    match how:
        case "key":
            air.machine.press_sos(air.stranger)
        case "call":
            air.machine.talk(air.stranger, call_type=3)
        case _:
            air.machine.text(air.stranger, "SOS 被困 118.2312,28.5321", group=9001)
    (event,) = await air.heard(1)
    assert (event["type"], event["alarm"]["device_label"]) == ("alarm.raised", f"未登记电台 {STRANGER}")


async def test_a_radio_that_was_switched_off_in_the_register_disturbs_nobody(air: Air) -> None:
    await air.world.run("UPDATE device SET active = false WHERE id = 9")
    with capture_logs() as logged:
        air.machine.press_sos(air.radio)
        await air.rows("SELECT 1 FROM unknown_device")
        await until(lambda: any(line["event"] == "radio_switched_off" for line in logged))
    assert await air.world.events() == []


async def test_the_end_of_an_emergency_call_ends_no_alarm(air: Air) -> None:
    air.machine.talk(air.radio, call_type=3)
    air.machine.talk(air.radio, talking=False, call_type=3)
    await air.rows("SELECT 1 FROM radio_talk WHERE emergency AND ended_at IS NOT NULL")
    assert [event["type"] for event in await air.world.events()] == ["alarm.raised"]


# Texts from radios


async def test_a_text_to_the_centre_is_shown_and_acknowledged(air: Air) -> None:
    air.machine.text(air.radio, "桥断了'; DROP TABLE alarm; --<script>alert(1)</script>")
    (event,) = await air.heard(1)
    assert event["type"] == "text.received"
    assert event["text"]["text"] == "桥断了'; DROP TABLE alarm; --<script>alert(1)</script>"
    await until(lambda: any(one.opcode & 0xFF == 0xA2 for one in air.machine.asked))


async def test_an_answer_by_digit_moves_the_order(air: Air) -> None:
    await air.world.send(HILL)
    air.machine.text(air.radio, "1")
    event = (await air.heard(3))[-1]
    assert (event["type"], event["assignment"]["answer_channel"]) == ("assignment.acknowledged", "radio")


async def test_a_text_between_two_radios_is_not_shown_and_not_answered(air: Air) -> None:
    before = counted("zhishou_device_refused_total", family="hdap", reason="text_for_others")
    air.machine.text(air.radio, "晚上吃什么", dest=STRANGER)
    await until(
        lambda: counted("zhishou_device_refused_total", family="hdap", reason="text_for_others") > before
    )
    air.machine.text(air.radio, "桥断了", group=9001, request=2)
    (event,) = await air.heard(1)
    assert event["text"]["text"] == "桥断了"
    assert not any(one.opcode & 0xFF == 0xA2 for one in air.machine.asked)


async def test_a_call_for_help_between_two_radios_is_heard_and_not_answered(air: Air) -> None:
    air.machine.text(air.radio, "救命 落水", dest=STRANGER)
    (event,) = await air.heard(1)
    assert event["type"] == "alarm.raised"
    assert not any(one.opcode & 0xFF == 0xA2 for one in air.machine.asked)


async def test_a_text_repeated_by_its_radio_is_shown_once(air: Air) -> None:
    for _ in range(3):
        air.machine.text(air.radio, "桥断了")
    air.machine.text(air.radio, "路通了", request=2)
    events = await air.heard(2)
    assert [event["text"]["text"] for event in events] == ["桥断了", "路通了"]


# Texts to radios


async def test_a_text_is_accepted_by_the_repeater_and_delivered_by_the_radio(air: Air) -> None:
    await air.register()
    await air.queue("桥断绕行")
    await air.sender.look()
    row = await air.state_is("delivered")
    assert list(air.radio.read) == ["桥断绕行"]
    assert row["accepted_at"] is not None


async def test_accepted_is_not_delivered_and_a_radio_that_says_nothing_is_tried_three_times(air: Air) -> None:
    await air.register()
    air.radio.mute = True
    await air.queue("桥断绕行")
    for attempt in range(1, 4):
        await air.sender.look()
        await air.state_is("accepted")
        assert len(air.machine.spoken) == attempt
        air.world.later(seconds=10)
        await air.sender.look()
        await air.state_is("failed" if attempt == 3 else "queued", "no_ack")
        air.world.later(seconds=20)


async def test_a_radio_out_of_reach_is_tried_again_at_once_when_it_comes_back(air: Air) -> None:
    await air.register()
    air.radio.result = 8
    await air.queue("桥断绕行")
    await air.sender.look()
    await air.state_is("queued", "no_answer")
    await air.sender.look()
    assert len(air.machine.spoken) == 1
    air.radio.result = 0
    await air.register()
    await until(lambda: air.machine.asked[-1].service == RRS)
    await air.sender.look()
    await air.state_is("delivered")


async def test_a_refusal_that_will_not_pass_is_the_end(air: Air) -> None:
    await air.register()
    air.radio.result = 11
    await air.queue("桥断绕行")
    await air.sender.look()
    await air.state_is("failed", "not_allowed")


async def test_a_long_text_goes_in_parts_one_after_another(air: Air) -> None:
    await air.register()
    words = "东岸村落水三人速去" * 25
    await air.queue(words)
    for part in (1, 2, 3):
        await air.sender.look()
        await air.state_is("delivered" if part == 3 else "queued")
    assert [text[:5] for text in air.radio.read] == ["(1/3)", "(2/3)", "(3/3)"]
    assert "".join(text[5:] for text in air.radio.read) == words


async def test_a_text_to_a_group_reaches_everybody_in_it(air: Air) -> None:
    await air.queue("各组报告位置", address="g9001", device=None)
    await air.sender.look()
    await air.state_is("delivered")
    assert (list(air.radio.read), list(air.stranger.read)) == (["各组报告位置"], ["各组报告位置"])


async def test_a_text_leaves_by_the_slot_on_which_its_radio_or_group_was_heard(air: Air) -> None:
    air.radio.slot = 2
    await air.register()
    air.machine.talk(air.radio)
    await air.rows("SELECT 1 FROM radio_talk WHERE ref = 'slot2'")
    await air.queue("桥断绕行")
    await air.queue("各组报告位置", address="g9001", device=None)
    before = air.driver.ports[TMP, 1].session.waiting
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(air.driver.ports[TMP, 1].session, "connected", False)
        for _ in range(2):
            await air.sender.look()
            await until(lambda: air.driver.ports[TMP, 2].session.waiting == before)
    await until(lambda: list(air.radio.read) == ["桥断绕行", "各组报告位置"])


async def test_a_lost_acknowledgement_costs_a_repetition_and_no_second_message_row(air: Air) -> None:
    await air.register()
    air.machine.faults.drop_acks = 2
    await air.queue("桥断绕行")
    await air.sender.look()
    await air.state_is("delivered")


async def test_a_repeater_that_takes_nothing_is_tried_again_later(air: Air) -> None:
    await air.register()
    air.machine.faults.drop_acks = 100
    air.radio.mute = True
    await air.queue("桥断绕行")
    await air.sender.look()
    await air.state_is("queued", "not_taken")


async def test_where_no_acknowledgement_is_expected_accepted_is_the_end(platform: Platform) -> None:
    async with on_air(platform, Habits(ack=False, chars=20)) as air:
        await air.register()
        air.radio.mute = True
        await air.queue("东岸村落水三人速去" * 3)
        for part in (1, 2, 3):
            await air.sender.look()
            await air.state_is("accepted" if part == 3 else "queued")
        air.world.later(seconds=11)
        await air.sender.look()
        await air.state_is("accepted")


async def test_a_text_too_long_for_fifteen_messages_is_not_begun(air: Air) -> None:
    await air.register()
    await air.queue("长" * 2000)
    await air.sender.look()
    await air.state_is("failed", "not_sendable")


async def test_a_text_that_can_never_be_sent_is_refused_and_blocks_nobody(air: Air) -> None:
    await air.register()
    await air.queue("桥断绕行", address="g99999999")
    await air.queue("桥断绕行")
    with capture_logs() as logged:
        await air.sender.look()
    await air.state_is("failed", "not_sendable")
    await air.sender.look()
    await until(lambda: len(air.radio.read) == 1)
    assert [line["event"] for line in logged] == ["radio_text_unfit"]


async def test_nothing_leaves_while_the_repeater_is_away_and_all_of_it_when_it_is_back(air: Air) -> None:
    await air.register()
    air.machine.faults.silent = True
    await asyncio.sleep(0.05)  # what is on its way arrives
    for port in air.driver.ports.values():
        port.session.heard(_closed(), 0)
    await air.queue("桥断绕行")
    await air.sender.look()
    assert (await air.state_is("queued"))["attempt"] == 0
    air.machine.faults.silent = False
    air.machine.reboot()
    await until(lambda: air.machine.met)
    await air.sender.look()
    await air.state_is("delivered")


def _closed() -> Any:
    from app.devices.adapters import hstrp as codec

    return codec.parse(codec.build(codec.CLOSE, 0))


# Who talks


async def test_who_talks_is_in_the_radio_log(air: Air) -> None:
    air.machine.talk(air.radio)
    (row,) = await air.rows("SELECT * FROM radio_talk")
    assert (row["talker"], row["target"], row["device_id"], row["ended_at"]) == ("370101", "9001", 9, None)
    assert row["via"] == "hytera:127.0.0.1"
    air.machine.talk(air.radio, talking=False)
    await air.rows("SELECT 1 FROM radio_talk WHERE ended_at IS NOT NULL")


async def test_an_unknown_radio_that_talks_is_logged_and_noted(air: Air) -> None:
    air.machine.talk(air.stranger)
    (row,) = await air.rows("SELECT * FROM radio_talk")
    assert (row["talker"], row["device_id"]) == (str(STRANGER), None)
    await air.rows("SELECT 1 FROM unknown_device")


@pytest.mark.parametrize("number", [0, 1])
async def test_a_captured_talk_is_one_over_of_the_dispatcher_whose_repeater_it_was(
    platform: Platform, number: int
) -> None:
    """The frames of a real RD985: a talk of six to eight seconds in group 1."""
    async with on_air(platform, Habits(), number=200) as air:
        for event in cycle(number):
            if not event.to_repeater and event.port == 30009:
                air.machine.raw(RCP, 1, event.raw)
        (row,) = await air.rows("SELECT * FROM radio_talk WHERE ended_at IS NOT NULL")
        assert (row["talker"], row["target"], row["ref"], row["cut"]) == ("200", "1", "slot1", False)
        assert await air.world.rows("SELECT 1 FROM unknown_device") == []


# Asking


async def test_a_radio_that_says_where_it_is_works(air: Air) -> None:
    await air.register()
    device = await air.world.do(lambda tx: _device(tx))
    probed = await air.driver.probe(device)
    assert probed is not None
    assert (probed.passed, probed.method, probed.detail) == (True, "location_query", "")
    await air.rows("SELECT 1 FROM position")
    air.radio.nul_gps = True
    probed = await air.driver.probe(device)
    assert probed is not None
    assert (probed.passed, probed.detail) == (True, "no_position")


async def test_a_radio_that_does_not_answer_has_failed(air: Air, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asking, "ANSWER_WITHIN_S", 0.1)
    air.radio.mute = True
    device = await air.world.do(lambda tx: _device(tx))
    probed = await air.driver.probe(device)
    assert probed is not None
    assert (probed.passed, probed.detail) == (False, "没有应答 / no answer")


async def test_a_device_that_is_no_radio_of_this_network_is_not_asked(air: Air) -> None:
    assert await air.driver.probe(await air.world.device("500201")) is None


async def test_a_radio_check_is_sent_only_where_that_is_allowed(platform: Platform) -> None:
    async with on_air(platform, Habits(unproven=True)) as air:
        device = await air.world.do(lambda tx: _device(tx))
        probed = await air.driver.probe(device)
        assert probed is not None
        assert (probed.passed, probed.method) == (True, "radio_check")
        air.radio.mute = True
        probed = await air.driver.probe(device)
        assert probed is not None
        assert (probed.passed, probed.detail) == (False, "no_answer")


async def _device(tx: Any) -> Any:
    from app.org import store as org

    found = await org.device_by_number(tx, ("hdap",), str(HANDHELD))
    assert found is not None
    return found


# Trouble on the wire


async def test_a_repeater_that_reboots_is_heard_from_its_first_number_on(air: Air) -> None:
    await air.register()
    subscribed = sum(one.opcode == 0x10C9 for one in air.machine.asked)
    air.machine.reboot()
    await until(lambda: air.machine.met)
    air.machine.press_sos(air.radio)
    await air.heard(1)
    air.machine.register(air.radio)
    await until(lambda: not air.machine.waiting)
    assert sum(one.opcode == 0x10C9 for one in air.machine.asked) == subscribed + 2


async def test_a_frame_sent_twice_under_one_number_is_one(air: Air) -> None:
    air.machine.faults.twice = 1
    air.machine.press_sos(air.radio)
    (event,) = await air.heard(1)
    await until(lambda: not air.machine.waiting)
    await asyncio.sleep(0.05)
    assert [one["type"] for one in await air.world.events()] == ["alarm.raised"]
    assert event["alarm"]["count"] == 1


async def test_padding_and_wrong_checksums_do_not_keep_a_call_from_being_heard(air: Air) -> None:
    before = counted("zhishou_device_wrong_checksums_total", family="hdap")
    air.machine.faults.pad, air.machine.faults.spoil = 14, 1
    air.machine.press_sos(air.radio)
    await air.heard(1)
    assert counted("zhishou_device_wrong_checksums_total", family="hdap") == before + 1


async def test_a_wrong_checksum_is_refused_where_that_is_wished(platform: Platform) -> None:
    async with on_air(platform, Habits(strict=True)) as air:
        air.machine.faults.spoil = 1
        air.machine.register(air.radio)
        air.machine.register(air.radio)
        await until(lambda: air.radio.renew_s)  # the second one, once the first was given up
        assert air.machine.unacknowledged == 1


async def test_garbage_and_halves_of_datagrams_are_counted_and_do_no_harm(air: Air) -> None:
    before = counted("zhishou_device_garbage_total", family="hdap", reason="noise")
    half = frame("ok-hstrp-rrs-register")[:-3]
    for junk in (b"\x00\xff", b"", b"2B\x00\x20\x00\x05", half, b"2B" * 700, b"\x90" * 200):
        air.machine.raw(TMP, 1, junk)
    air.machine.raw(RCP, 1, hstrp(0, 77, b"\x09\x00\xb1\xff\xff" + b"\0" * 30, repeater=99_999))
    air.machine.press_sos(air.radio)
    await air.heard(1)
    assert counted("zhishou_device_garbage_total", family="hdap", reason="noise") > before


async def test_whoever_is_not_the_repeater_is_not_heard(air: Air) -> None:
    before = counted("zhishou_device_refused_total", family="hdap", reason="stranger")
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as plug:
        plug.bind(("127.0.0.2", 0))
        plug.sendto(frame("ok-hstrp-rrs-register"), ("127.0.0.1", air.driver.ports[RRS, 1].number))
        await until(
            lambda: counted("zhishou_device_refused_total", family="hdap", reason="stranger") > before
        )
    assert await air.world.rows("SELECT 1 FROM unknown_device") == []


async def test_an_answer_to_a_question_of_somebody_else_changes_nothing(air: Air) -> None:
    air.machine.say(LP, 1, 0xA002, b"\x20\0\0\x63" + address(HANDHELD) + b"\0\6" + bytes(40))
    air.machine.say(TMP, 1, 0x00A2, b"\0\0\0\x63" + address(HANDHELD) + address(1) + b"\0")
    air.machine.register(air.radio)
    await until(lambda: air.radio.renew_s)
    assert await air.world.events() == []


async def test_our_own_greeting_is_not_taken_for_a_repeater(platform: Platform) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as plug:
        plug.bind(("127.0.0.1", 0))
        free = plug.getsockname()[1]
    driver = Repeater(
        RepeaterLink("127.0.0.1", "127.0.0.1", {(RRS, 1): free}), platform.rig, texts_of(platform.rig)
    )
    before = counted("zhishou_device_refused_total", family="hdap", reason="stranger")
    async with driver.running():
        await until(
            lambda: counted("zhishou_device_refused_total", family="hdap", reason="stranger") > before
        )
        assert driver.health()["ok"] is False


async def test_a_port_that_somebody_else_has_is_opened_when_it_is_free(
    platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(repeater, "TICK_S", 0.02)
    monkeypatch.setattr(repeater, "OPEN_AGAIN_S", 0.05)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as plug:
        plug.bind(("127.0.0.1", 0))
        taken = plug.getsockname()[1]
        driver = Repeater(
            RepeaterLink("127.0.0.1", "127.0.0.1", {(RRS, 1): taken}), platform.rig, texts_of(platform.rig)
        )
        with capture_logs() as logged:
            async with driver.running():
                await until(lambda: len(logged) > 1)
                assert driver.health()["ports_closed"] == [taken]
                plug.close()
                await until(lambda: driver.health()["ports_closed"] == [])
    assert {line["event"] for line in logged} == {"hytera_port_not_open"}


async def test_a_message_is_not_acknowledged_while_the_database_is_away(
    air: Air, platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    hear = platform.pump.hear
    away = True

    async def stumble(*args: Any) -> Any:
        if away:
            raise OSError("the database is away")
        return await hear(*args)

    monkeypatch.setattr(platform.pump, "hear", stumble)
    air.machine.press_sos(air.radio)
    await asyncio.sleep(0.1)
    assert air.machine.waiting == 1
    away = False
    await air.heard(1)
    await until(lambda: not air.machine.waiting)


def test_each_link_of_the_setting_has_its_driver(platform: Platform) -> None:
    from dataclasses import replace

    settings = platform.rig.settings.model_copy(
        update={"hytera_links": "hstrp://10.1.2.3,hrnp:///dev/ttyUSB7"}
    )
    found = family.drivers(replace(platform.rig, settings=settings))
    assert [driver.name for driver in found] == ["hytera:10.1.2.3", "hytera:/dev/ttyUSB7"]
    assert [driver.health()["ok"] for driver in found] == [False, False]


# The repeater's own row


async def test_the_repeater_itself_is_heard_while_its_sessions_stand_and_told_gone_after(
    air: Air, monkeypatch: pytest.MonkeyPatch
) -> None:
    await air.world.run(
        "INSERT INTO device (id, stream, family, number, label, kind, region_code, active, facts,"
        " talk_groups) "
        "VALUES (50, :stream, 'repeater', :number, '东山中转台', 'repeater', :region, true, '{}', '{}')",
        stream=STREAM,
        number=str(REPEATER_ID),
        region=EAST,
    )
    await until(lambda: air.driver.own_id)
    await air.driver.send_waiting()
    row = (
        "SELECT heard_via, facts ->> 'connection' AS connection, facts ->> 'renew_s' AS renew_s FROM device "
        "WHERE id = 50 AND last_heard_at IS NOT NULL"
    )
    [told] = await air.rows(row)
    assert told == {"heard_via": "hytera:127.0.0.1", "connection": "", "renew_s": "60.0"}
    found = await air.world.do(lambda tx: org.device_by_id(tx, STREAM, 50))
    assert found is not None and await air.driver.probe(found) is None  # whether it repeats is heard
    monkeypatch.setattr(own_row, "GONE_AFTER_S", 0.0)
    for port in air.driver.ports.values():
        port.session.connected = False
    await air.driver.send_waiting()
    await air.rows(row + " AND facts ->> 'connection' = 'offline'")
