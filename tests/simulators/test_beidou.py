from __future__ import annotations

import asyncio
import contextlib
import os
from datetime import timedelta

import pytest
import serial

from app.clock import SetClock
from app.devices.adapters import rdss21, rdss40
from app.devices.adapters.rdss21 import ccica, ccrmo, cctxa
from app.devices.adapters.rdss40.encode import icjc, txsq, xtzj
from app.devices.adapters.sentence import sentence
from app.signals import Health, Receipt, Text
from app.simulators.beidou import CommandMachine, CommandMachine40, Sent
from app.simulators.line import SerialLine
from tests.simulators.host import plugged_in

ORDER = "【派单】阁峰镇 2人被困。回复1收到"


def receipt(reading: object) -> Receipt:
    (signal,) = reading.signals  # type: ignore[attr-defined]  # a Reading; the message of a failure says the rest
    assert isinstance(signal, Receipt), reading
    return signal


async def test_the_machine_tells_its_card() -> None:
    with CommandMachine() as machine:
        async with plugged_in(machine.path, rdss21.ADAPTER.codec()) as host:
            reading = await host.ask(ccica())
    assert (reading.kind, reading.sender) == ("BDICI", "500101")
    assert reading.signals == (Health((("card_number", "500101"), ("freq_s", 60.0), ("level", 3))),)


async def test_a_message_goes_up_to_the_handset_it_is_for(clock: SetClock) -> None:
    handsets: list[Sent] = []
    with CommandMachine(now=clock.now, on_sent=handsets.append) as machine:
        async with plugged_in(machine.path, rdss21.ADAPTER.codec()) as host:
            feedback = await host.ask(cctxa(500123, ORDER))
    assert receipt(feedback) == Receipt("TXA", "accepted")
    assert list(machine.sent) == handsets
    assert handsets == [Sent("500123", ORDER, b"\xa4" + ORDER.encode("gbk"), clock.now())]


async def test_a_message_that_comes_too_soon_is_refused_with_the_wait(clock: SetClock) -> None:
    with CommandMachine(frequency_s=60, now=clock.now) as machine:
        async with plugged_in(machine.path, rdss21.ADAPTER.codec()) as host:
            await host.ask(cctxa(500123, "一"))
            clock.advance(timedelta(seconds=1.5))
            assert receipt(await host.ask(cctxa(500114, "二"))) == Receipt("TXA", "failed", "too_soon", 59)
            clock.advance(timedelta(seconds=58))
            assert receipt(await host.ask(cctxa(500114, "二"))) == Receipt("TXA", "failed", "too_soon", 1)
            clock.advance(timedelta(seconds=0.5))
            assert receipt(await host.ask(cctxa(500114, "二"))) == Receipt("TXA", "accepted")
    assert [(sent.dest, sent.text) for sent in machine.sent] == [("500123", "一"), ("500114", "二")]
    assert machine.refused == 2


async def test_a_fast_card_sends_every_second(clock: SetClock) -> None:
    with CommandMachine(frequency_s=1, now=clock.now) as machine:
        async with plugged_in(machine.path, rdss21.ADAPTER.codec()) as host:
            for _ in range(3):
                assert receipt(await host.ask(cctxa(500123, "一"))).stage == "accepted"
                clock.advance(timedelta(seconds=1))
    assert len(machine.sent) == 3


@pytest.mark.parametrize(
    "command",
    [
        cctxa(500123, "长" * 39),
        cctxa(500123, "长" * 12, urgent=True),
        cctxa(0, "给谁"),
        sentence("CCTXA", "0500123", 1, 2, ""),
        sentence("CCTXA", "0500123"),
        sentence("CCTXA", "someone", 1, 0, "收到"),
    ],
    ids=["too long for level 3", "too long to be urgent", "to nobody", "empty", "cut short", "no number"],
)
async def test_what_the_card_cannot_send_is_refused(command: bytes) -> None:
    with CommandMachine() as machine:
        async with plugged_in(machine.path, rdss21.ADAPTER.codec()) as host:
            assert receipt(await host.ask(command)) == Receipt("TXA", "failed", "failed")
    assert not machine.sent


async def test_chinese_content_is_counted_by_fourteen_bits(clock: SetClock) -> None:
    with CommandMachine(now=clock.now) as machine:
        async with plugged_in(machine.path, rdss21.ADAPTER.codec()) as host:
            feedback = await host.ask(sentence("CCTXA", "0500123", 0, 0, "撤,离"))
    assert receipt(feedback).stage == "accepted"
    assert list(machine.sent) == [Sent("500123", "撤,离", "撤,离".encode("gbk"), clock.now(), urgent=True)]


async def test_a_machine_without_a_card_sends_nothing() -> None:
    with CommandMachine(card=0) as machine:
        async with plugged_in(machine.path, rdss21.ADAPTER.codec()) as host:
            card = await host.ask(ccica())
            assert receipt(await host.ask(cctxa(500123, "一"))).reason == "failed"
    assert ("card_number", "") in card.signals[0].facts  # type: ignore[union-attr]


async def test_trouble_can_be_staged() -> None:
    with CommandMachine() as machine:
        async with plugged_in(machine.path, rdss21.ADAPTER.codec()) as host:
            machine.suppressed = True
            assert receipt(await host.ask(cctxa(500123, "一"))).reason == "suppressed"
            machine.suppressed, machine.mute = False, True
            host.port.write(cctxa(500123, "二"))
            assert (await host.ask(ccica())).kind == "BDICI"
    assert [sent.text for sent in machine.sent] == ["二"]


async def test_a_handset_is_heard() -> None:
    with CommandMachine() as machine:
        async with plugged_in(machine.path, rdss21.ADAPTER.codec()) as host:
            machine.receive_from("500123", "SOS 阁峰镇 2人被困")
            reading = await host.next()
    assert (reading.kind, reading.sender, reading.fields["mode"]) == ("BDTXR", "500123", 2)
    (signal,) = reading.signals
    assert isinstance(signal, Text)
    assert signal.text == "SOS 阁峰镇 2人被困"


@pytest.mark.parametrize("bite", [1, 7, 4096])
async def test_noise_between_sentences_costs_no_sentence(bite: int) -> None:
    with CommandMachine() as machine:
        async with plugged_in(machine.path, rdss21.ADAPTER.codec(), bite) as host:
            machine.noise(b"\xff\x00$BDTXR,1,05001")
            machine.receive_from(500123, "一")
            machine.noise(b"\r\n*7E\r\n")
            machine.receive_from(500114, "二")
            texts = [(await host.next()).fields["text"] for _ in range(2)]
    assert texts == ["一", "二"]
    assert host.garbage


async def test_commands_are_understood_however_they_are_cut(clock: SetClock) -> None:
    with CommandMachine(frequency_s=0, now=clock.now) as machine:
        async with plugged_in(machine.path, rdss21.ADAPTER.codec()) as host:
            for byte in b"\x00\xff" + cctxa(500123, "一") + b"$CCTXA*00\r\n":
                host.port.write(bytes((byte,)))
                await asyncio.sleep(0)
            assert receipt(await host.next()).stage == "accepted"
            assert (await host.ask(ccica() + ccica(1, 1))).kind == "BDICI"
    assert machine.garbage == 2


async def test_the_beams_are_reported_until_switched_off() -> None:
    with CommandMachine() as machine:
        async with plugged_in(machine.path, rdss21.ADAPTER.codec()) as host:
            machine.beams = (1, 2)
            first = await host.ask(ccrmo("BSI", 2, 0.01))
            assert (first.kind, first.signals) == ("BDBSI", (Health((("signal_level", 2),)),))
            assert (await host.next()).kind == "BDBSI"
            host.port.write(ccrmo("BSI", 1))
            while (await host.ask(ccica())).kind != "BDICI":
                pass
            while not host.readings.empty():
                host.readings.get_nowait()
            assert (await host.ask(ccrmo("", 4))).kind == "BDBSI"
            host.port.write(ccrmo("PWI", 2, 1))
            host.port.write(ccrmo("", 3))
            assert (await host.ask(ccica())).kind == "BDICI"


async def test_nobody_reading_stops_nothing_and_memory_stays_bounded() -> None:
    with CommandMachine() as machine:
        for n in range(2000):
            machine.receive_from(500123, f"第{n}号")
        assert machine.lost
        async with plugged_in(machine.path, rdss21.ADAPTER.codec()) as host:
            await asyncio.sleep(0.01)
            assert (await host.ask(ccica())).kind == "BDICI"


async def test_a_frame_cut_by_a_full_line_is_finished_before_the_next_one() -> None:
    line = SerialLine(lambda _: None)
    frame = bytes(range(256)) * 20
    with contextlib.closing(line), serial.Serial(line.path, timeout=0) as port:
        for _ in range(10):
            line.write(frame)
        assert 0 < line.lost < 10 * len(frame)
        heard = b""
        async with asyncio.timeout(30):
            while len(heard) % len(frame) or not heard:
                heard += port.read(4096)
                await asyncio.sleep(0)
        line.write(b"next")
        await asyncio.sleep(0.01)
        assert port.read(4096) == b"next"
    assert heard == frame * (10 - line.lost // len(frame))


async def test_the_line_may_be_closed_and_opened_again() -> None:
    with CommandMachine() as machine:
        for _ in range(3):
            async with plugged_in(machine.path, rdss21.ADAPTER.codec()) as host:
                assert (await host.ask(ccica())).kind == "BDICI"
            machine.receive_from(500123, "没人听")


async def test_a_machine_that_is_switched_off_gives_everything_back() -> None:
    before = set(os.listdir("/proc/self/fd"))
    machine = CommandMachine()
    machine.receive_from(500123, "还没开机")
    with machine:
        async with plugged_in(machine.path, rdss21.ADAPTER.codec()) as host:
            await host.ask(ccrmo("BSI", 2, 0.01))
    machine.close()
    assert machine.lost == 0
    machine.receive_from(500123, "已经关机")
    assert set(os.listdir("/proc/self/fd")) == before
    await asyncio.sleep(0.03)  # a status that were still due would raise now


async def test_half_a_command_is_given_up_when_the_line_falls_silent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.simulators.beidou.IDLE_S", 0.01)
    with CommandMachine40() as machine:
        async with plugged_in(machine.path, rdss40.ADAPTER.codec()) as host:
            host.port.write(txsq(500123, ORDER)[:30])
            await asyncio.sleep(0.05)
            assert (await host.ask(icjc())).kind == "ICXX"
    assert machine.garbage == 1


async def test_the_other_machine_speaks_binary_frames(clock: SetClock) -> None:
    with CommandMachine40(now=clock.now) as machine:
        async with plugged_in(machine.path, rdss40.ADAPTER.codec(), bite=5) as host:
            card = await host.ask(icjc())
            assert (card.kind, card.sender, card.fields["freq_s"]) == ("ICXX", "500102", 60)
            assert receipt(await host.ask(txsq(500123, ORDER))) == Receipt("TXSQ", "accepted")
            assert receipt(await host.ask(txsq(500123, ORDER))) == Receipt("", "failed", "too_soon", 60)
            clock.advance(timedelta(seconds=60))
            assert receipt(await host.ask(txsq(500114, "撤离", mixed=False))).stage == "accepted"
            clock.advance(timedelta(seconds=60))
            assert receipt(await host.ask(txsq(500114, "长" * 60))) == Receipt("TXSQ", "failed", "failed")
            machine.suppressed = True
            assert receipt(await host.ask(txsq(500114, "一"))).reason == "suppressed"
            machine.noise(b"$TXXX\x00\x0c")
            machine.receive_from(500123, "SOS")
            heard = await host.next()
            assert (await host.ask(xtzj(0))).kind == "ZJXX"
            host.port.write(icjc(1))
            assert (await host.ask(icjc())).kind == "ICXX"
    assert (heard.kind, heard.sender, heard.fields["text"]) == ("TXXX", "500123", "SOS")
    assert [(sent.dest, sent.text) for sent in machine.sent] == [("500123", ORDER), ("500114", "撤离")]
    assert machine.sent[0].raw == b"\xa4" + ORDER.encode("gbk")
