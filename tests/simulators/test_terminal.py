from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime

import pytest

from app.clock import SetClock
from app.demo.movement import Motion
from app.devices.adapters.jt808 import encode
from app.devices.jt808.parameters import named, read, written
from app.signals import Fix, Receipt, Text
from app.simulators.terminal import Pace, Terminal, TypePlate
from tests.simulators.platform import Platform

PLATE = TypePlate("19900010001", "樟Z00001")
BRISK = Pace(period_s=0.02, sos_s=0.02, heartbeat_s=5.0, patience_s=5.0, retry_s=0.01, retry_most_s=0.05)
CALM = replace(BRISK, period_s=5.0)
HERE = Motion(115.441, 28.1123, 12.5, 271.0)


@pytest.fixture
async def platform() -> AsyncIterator[Platform]:
    async with Platform().running() as platform:
        yield platform


@asynccontextmanager
async def driving(
    platform: Platform,
    clock: SetClock,
    *,
    plate: TypePlate = PLATE,
    pace: Pace = BRISK,
    on_text: Callable[[str], None] | None = None,
) -> AsyncIterator[Terminal]:
    """Run a terminal against the platform; nothing of it is left afterwards."""
    before = asyncio.all_tasks()
    terminal = Terminal(
        plate, "127.0.0.1", platform.port, lambda: HERE, pace=pace, now=clock.now, on_text=on_text
    )
    life = asyncio.create_task(terminal.run())
    try:
        yield terminal
    finally:
        await terminal.close()
        await life
        await platform.hang_up()
        assert asyncio.all_tasks() <= before


@pytest.mark.parametrize("plate", [PLATE, replace(PLATE, layout_2019=True)], ids=["2013", "2019"])
async def test_a_terminal_registers_proves_itself_and_reports(
    platform: Platform, clock: SetClock, plate: TypePlate
) -> None:
    async with driving(platform, clock, plate=plate) as terminal:
        report = await platform.until_heard("0x0200", 3)
        assert terminal.online.is_set()
    assert platform.kinds()[:3] == ["0x0100", "0x0102", "0x0200"]
    assert {reading.sender for reading in platform.heard} == {terminal.phone}
    assert {reading.fields["layout"] for reading in platform.heard} == {
        "2019" if plate.layout_2019 else "2013"
    }
    registration = platform.heard[0].fields["body"]
    assert (registration["province"], registration["city"], registration["plate"]) == (99, 181, "樟Z00001")
    assert (registration["maker"], registration["terminal_id"]) == ("ZSSIM", "0010001")
    fix = report.signals[0]
    assert isinstance(fix, Fix)
    assert (fix.lon, fix.lat, fix.speed_mps, fix.course_deg) == (115.441, 28.1123, 12.5, 271.0)
    assert fix.fixed_at == clock.now()
    assert [reading.fields["serial"] for reading in platform.heard] == list(range(len(platform.heard)))


async def test_a_call_for_help_is_repeated_until_it_is_acknowledged(
    platform: Platform, clock: SetClock
) -> None:
    platform.confirms_sos = False
    async with driving(platform, clock, pace=replace(CALM, sos_s=0.02)) as terminal:
        await platform.until_heard("0x0200")
        terminal.press_sos()
        await platform.until(lambda: len(platform.distress()) >= 3)
        assert terminal.sos
        platform.confirms_sos = True
        repeated = len(platform.distress())
        await platform.until(lambda: len(platform.distress()) > repeated)
        platform.send(encode.QUERY_LOCATION, encode.NOTHING)
        await platform.until_heard("0x0201")  # so it has read the acknowledgement before
        assert not terminal.sos
        calls = len(platform.distress())
        terminal.press_sos()
        await platform.until(lambda: len(platform.distress()) > calls)
    serials = [reading.fields["serial"] for reading in platform.distress()]
    assert len(set(serials)) == len(serials)


async def test_a_call_made_without_a_line_is_sent_on_the_next_one(
    platform: Platform, clock: SetClock
) -> None:
    async with driving(platform, clock, pace=CALM) as terminal:
        terminal.press_sos()
        await platform.until(lambda: len(platform.distress()) == 1)
    assert platform.kinds()[:3] == ["0x0100", "0x0102", "0x0200"]


async def test_a_text_is_acknowledged_shown_and_answered_by_its_number(
    platform: Platform, clock: SetClock
) -> None:
    texts: asyncio.Queue[str] = asyncio.Queue()
    async with driving(platform, clock, pace=CALM, on_text=texts.put_nowait) as terminal:
        await platform.until_heard("0x0200")
        serial = platform.send_text("【派单】回复1收到")
        ack = await platform.until_heard("0x0001")
        assert texts.get_nowait() == "【派单】回复1收到"
        terminal.answer("1")
        answer = await platform.until_heard("0x0302")
    assert ack.signals == (Receipt(str(serial), "delivered"),)
    text, receipt = answer.signals
    assert isinstance(text, Text)
    assert (text.text, receipt) == ("1", Receipt(str(serial), "delivered"))


async def test_a_text_in_parts_is_acknowledged_once_by_the_serial_of_its_first_part(
    platform: Platform, clock: SetClock
) -> None:
    texts: asyncio.Queue[str] = asyncio.Queue()
    async with driving(platform, clock, pace=CALM, on_text=texts.put_nowait):
        await platform.until_heard("0x0200")
        serial = platform.send_text("撤" * 600)
        await platform.until_heard("0x0001")
        platform.send(encode.QUERY_LOCATION, encode.NOTHING)
        await platform.until_heard("0x0201")
    assert texts.get_nowait() == "撤" * 600
    acks = [reading for reading in platform.heard if reading.kind == "0x0001"]
    assert [ack.signals for ack in acks] == [(Receipt(str(serial), "delivered"),)]


async def test_a_question_where_it_is_is_answered(platform: Platform, clock: SetClock) -> None:
    async with driving(platform, clock, pace=CALM):
        await platform.until_heard("0x0200")
        serial = platform.send(encode.QUERY_LOCATION, encode.NOTHING)
        answer = await platform.until_heard("0x0201")
    assert Receipt(str(serial), "delivered") in answer.signals
    assert isinstance(answer.signals[0], Fix)


async def test_what_it_cannot_do_it_says(platform: Platform, clock: SetClock) -> None:
    async with driving(platform, clock, pace=CALM):
        await platform.until_heard("0x0200")
        platform.send(encode.RESEND, b"\0\0\0")
        platform.send(0x8105, b"\4")  # to reset itself
        platform.send(encode.TEXT, b"")
        await platform.until_heard("0x0001", 2)
    acks = [reading.fields["body"] for reading in platform.heard if reading.kind == "0x0001"]
    assert [(ack["ack_id"], ack["result"]) for ack in acks] == [("0x8105", 3), ("0x8300", 2)]


async def test_parameters_are_set_told_and_obeyed(platform: Platform, clock: SetClock) -> None:
    async with driving(platform, clock, pace=CALM) as terminal:
        await platform.until_heard("0x0200")
        platform.send(encode.SET_PARAMETERS, encode.set_parameters(written({"report_s": 1})))
        ack = await platform.until_heard("0x0001")
        serial = platform.send(encode.QUERY_PARAMETERS, encode.NOTHING)
        told = await platform.until_heard("0x0104")
        await platform.until_heard("0x0200", 2)  # at once, and from now on every second
        assert terminal.pace.period_s == 1.0
    assert (ack.fields["body"]["ack_id"], ack.fields["body"]["result"]) == ("0x8103", 0)
    assert told.fields["body"]["ack_serial"] == serial
    values = named(read(told.fields["body"]["parameters"]))
    assert (values["report_s"], values["max_speed_kmh"], len(values)) == (1, 100, 6)


@pytest.mark.parametrize(
    ("body", "result"),
    [
        (b"\0", 2),  # nothing to set
        (b"\2\0\0\0\x29\4\0\0\0\5", 2),  # says two, holds one
        (b"\1\0\0\0\x29\2\0\5", 2),  # no DWORD
        (encode.set_parameters({0x0013: b"10.1.2.3"}), 3),  # where it calls is no business of ours
    ],
)
async def test_parameters_that_cannot_be_taken_are_refused_whole(
    platform: Platform, clock: SetClock, body: bytes, result: int
) -> None:
    async with driving(platform, clock, pace=CALM) as terminal:
        await platform.until_heard("0x0200")
        platform.send(encode.SET_PARAMETERS, body)
        ack = await platform.until_heard("0x0001")
        before = terminal.firmware.parameters.named
    assert ack.fields["body"]["result"] == result
    assert before["report_s"] == 5


async def test_an_alarm_confirmed_by_hand_is_over(platform: Platform, clock: SetClock) -> None:
    platform.confirms_sos = False
    async with driving(platform, clock) as terminal:
        terminal.press_sos()
        await platform.until(lambda: platform.distress())
        platform.send(encode.CONFIRM_ALARM, encode.confirm_alarm())
        await platform.until_heard("0x0001")
        assert not terminal.sos


async def test_a_broken_line_is_taken_up_again_with_the_code_it_has(
    platform: Platform, clock: SetClock
) -> None:
    async with driving(platform, clock) as terminal:
        await platform.until_heard("0x0200")
        await platform.hang_up()
        known = len(platform.heard)
        await platform.until(lambda: "0x0200" in platform.kinds()[known:])
        assert terminal.online.is_set()
    assert platform.kinds().count("0x0100") == 1
    assert platform.kinds()[known] == "0x0102"


async def test_a_code_that_is_refused_is_replaced_by_registering_again(
    platform: Platform, clock: SetClock
) -> None:
    async with driving(platform, clock) as terminal:
        await platform.until_heard("0x0200")
        platform.codes.clear()
        await platform.hang_up()
        known = len(platform.heard)
        await platform.until(lambda: "0x0200" in platform.kinds()[known:])
        assert terminal.firmware.auth_code == platform.codes["19900010001"]
    assert platform.kinds()[known : known + 4] == ["0x0102", "0x0100", "0x0102", "0x0200"]


@pytest.mark.parametrize("how", ["registration", "code"])
async def test_a_terminal_that_is_refused_tries_again_later(
    platform: Platform, clock: SetClock, how: str
) -> None:
    platform.register_result = 4 if how == "registration" else 0
    platform.refuses_every_code = how == "code"
    async with driving(platform, clock) as terminal:
        await platform.until(lambda: platform.connections >= 3)
        assert not terminal.online.is_set()
        platform.register_result, platform.refuses_every_code = 0, False
        await platform.until_heard("0x0200")


async def test_a_terminal_waits_for_a_platform_that_is_not_there_yet(
    clock: SetClock, unused_tcp_port: int
) -> None:
    platform = Platform()
    platform.port = unused_tcp_port
    async with driving(platform, clock):
        await asyncio.sleep(0.05)
        async with platform.running():
            await platform.until_heard("0x0200")


async def test_a_platform_that_says_nothing_is_given_up(platform: Platform, clock: SetClock) -> None:
    platform.answers = False
    async with driving(platform, clock, pace=replace(CALM, patience_s=0.05)):
        await platform.until(lambda: platform.connections >= 2)
        platform.answers = True
        await platform.until_heard("0x0200")


async def test_an_idle_terminal_sends_heartbeats(platform: Platform, clock: SetClock) -> None:
    async with driving(platform, clock, pace=replace(CALM, heartbeat_s=0.02)):
        await platform.until_heard("0x0002", 3)
    assert platform.kinds().count("0x0200") == 1


async def test_an_answer_without_a_line_waits_for_the_next_one(platform: Platform, clock: SetClock) -> None:
    async with driving(platform, clock, pace=CALM) as terminal:
        terminal.answer("2")
        answer = await platform.until_heard("0x0302")
        assert answer.fields["body"] == {"ack_serial": 0, "answer_id": 2}
        for wrong in ("收到", "256"):
            with pytest.raises(ValueError, match=wrong):
                terminal.answer(wrong)


async def test_a_terminal_can_be_cancelled_like_any_task(platform: Platform, clock: SetClock) -> None:
    terminal = Terminal(PLATE, "127.0.0.1", platform.port, lambda: HERE, pace=BRISK, now=clock.now)
    life = asyncio.create_task(terminal.run())
    await platform.until_heard("0x0200")
    life.cancel()
    with pytest.raises(asyncio.CancelledError):
        await life
    assert not terminal.online.is_set()
    await terminal.close()


async def test_a_platform_that_does_not_read_is_cut_off(
    clock: SetClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.simulators.terminal.GOODBYE_S", 0.01)
    done = asyncio.Event()

    async def deaf(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readexactly(1)
        terminal._writer.write(bytes(20_000_000))  # type: ignore[union-attr]  # it has just spoken
        terminal_wrote.set()
        await done.wait()
        writer.transport.abort()

    terminal_wrote = asyncio.Event()
    async with await asyncio.start_server(deaf, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        terminal = Terminal(PLATE, "127.0.0.1", port, lambda: HERE, pace=CALM, now=clock.now)
        life = asyncio.create_task(terminal.run())
        await terminal_wrote.wait()
        async with asyncio.timeout(1):
            await terminal.close()
        await life
        terminal.answer("1")  # kept for a line that does not come
        done.set()


async def test_a_fault_in_the_callback_is_not_hidden(platform: Platform) -> None:
    def broken() -> datetime:
        raise RuntimeError("no time")

    terminal = Terminal(PLATE, "127.0.0.1", platform.port, lambda: HERE, pace=BRISK, now=broken)
    with pytest.raises(ExceptionGroup) as caught:
        await terminal.run()
    assert caught.group_contains(RuntimeError, match="no time")
