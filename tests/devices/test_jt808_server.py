"""The TCP server: bounded in connections, bytes, time and garbage; what it sends reaches the right line."""

from __future__ import annotations

import asyncio
import random
import time

import pytest

from app.devices.adapters.jt808 import Terminal, encode
from app.devices.links import terminal_link
from app.devices.sender import Sender
from app.dispatch.escalator import Escalator
from tests.devices.platform import Platform
from tests.devices.terminal import Peer, connected, on_duty
from tests.world import LIMITS, RIVER, TRUCK, World

pytestmark = pytest.mark.database
TERMINAL = Terminal.v2013(TRUCK)


def frame(serial: int = 77, *, to: Terminal = TERMINAL) -> bytes:
    return encode.encode(encode.HEARTBEAT, b"", to=to, serial=serial)


async def lives(peer: Peer) -> bool:
    """Whether the line still answers."""
    return await peer.ack_of(peer.say(encode.HEARTBEAT)) == 0


async def ordered(world: World) -> None:
    """An order nobody answered for three minutes: its text waits for the team's terminal."""
    await world.send(RIVER)
    world.later(minutes=3)
    assert await Escalator(world.database, world.clock, LIMITS).look() == 1


async def state(world: World) -> str:
    (row,) = await world.rows("SELECT state FROM delivery WHERE channel = 'jt808'")
    return str(row["state"])


async def test_a_new_connection_of_a_terminal_takes_the_place_of_the_old(platform: Platform) -> None:
    async with on_duty(platform.port, TERMINAL) as old, on_duty(platform.port, TERMINAL) as new:
        assert await old.cut()
        assert await lives(new)
        assert platform.server.health()["terminals"] == 1
        await ordered(platform.world)
        await platform.sender.look()
        assert (await new.hear("0x8300"))["serial"] >= 0


@pytest.mark.parametrize(
    "damage",
    [
        lambda good: good[: len(good) // 2] + b"\x7e",  # cut off, then the next frame's flag
        lambda good: good[:5] + bytes((good[5] ^ 0x10,)) + good[6:],  # a flipped bit
        lambda good: b"\x7e\x7d\x05\x7e",  # an escape that does not exist
        lambda good: b"\x7e\x7e\x7e",
        lambda good: b"GET / HTTP/1.1\r\n\r\n",
    ],
)
async def test_damaged_bytes_are_passed_over_and_the_line_lives(platform: Platform, damage: object) -> None:
    assert callable(damage)
    async with on_duty(platform.port, TERMINAL) as peer:
        peer.raw(damage(frame()))
        assert await lives(peer)


async def test_a_half_frame_is_given_up_after_a_pause(
    platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(terminal_link, "PARTIAL_FOR_S", 0.05)
    async with on_duty(platform.port, TERMINAL) as peer:
        peer.raw(frame()[:-3])
        await asyncio.sleep(0.2)
        assert await lives(peer)


async def test_a_wrong_length_under_a_right_check_byte_is_answered_as_bad(platform: Platform) -> None:
    """0x8001 result 2: the terminal learns that its message did not arrive whole."""
    good = frame(serial=99)
    data = bytearray(good[1:-2])
    data[3] += 5  # the body length of the properties word
    check = 0
    for byte in data:
        check ^= byte
    async with on_duty(platform.port, TERMINAL) as peer:
        peer.raw(b"\x7e" + bytes(data) + bytes((check,)) + b"\x7e")
        assert await peer.ack_of(99) == 2
        assert await lives(peer)


@pytest.mark.parametrize("layout_2019", [True, False])
async def test_a_header_whose_version_bit_lies_is_understood(platform: Platform, layout_2019: bool) -> None:
    width = 20 if layout_2019 else 12
    liar = Terminal(TRUCK.zfill(width), version_flag=not layout_2019, layout_2019=layout_2019)
    async with on_duty(platform.port, liar) as peer:
        assert await lives(peer)


async def test_a_frame_without_end_is_cut_before_it_fills_the_memory(platform: Platform) -> None:
    async with on_duty(platform.port, TERMINAL) as peer:
        peer.raw(b"\x7e" + b"\x01" * (64 * 1024 + 10) + b"\x7e")
        assert await lives(peer)
        peer.raw(b"\x7e" + b"\x01" * (200 * 1024))
        assert await peer.cut()


async def test_a_stranger_who_says_nothing_is_not_waited_for(
    platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(terminal_link, "AUTHENTICATE_WITHIN_S", 0.1)
    async with connected(platform.port, TERMINAL) as silent:
        assert await silent.cut()
    async with connected(platform.port, TERMINAL) as talker:

        async def talk() -> None:
            while True:
                talker.say(0x0004)  # anybody may ask for the time, but not for ever
                await asyncio.sleep(0.02)

        talking = asyncio.create_task(talk())
        assert await talker.cut()
        talking.cancel()


async def test_a_terminal_that_fell_silent_is_let_go(
    platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with on_duty(platform.port, TERMINAL) as peer:
        monkeypatch.setattr(terminal_link, "SILENT_FOR_S", 0.05)
        assert await lives(peer)
        assert await peer.cut()


async def test_there_are_no_more_lines_than_allowed(platform: Platform) -> None:
    platform.server.max_links = 2
    async with on_duty(platform.port, TERMINAL) as good, connected(platform.port, TERMINAL):
        async with connected(platform.port, TERMINAL) as third:
            assert await third.cut()
        assert await lives(good)


async def test_a_flood_of_garbage_does_not_keep_a_good_terminal_waiting(platform: Platform) -> None:
    noise = random.Random(1).randbytes(200 * 1024)

    async def flood() -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", platform.port)
        try:
            writer.write(noise)
            await reader.read()  # until we are thrown out
        except ConnectionError:
            pass
        finally:
            writer.close()

    async with on_duty(platform.port, TERMINAL) as peer:
        began = time.monotonic()
        waits = []
        floods = asyncio.gather(*(flood() for _ in range(300)))
        while not floods.done():
            asked = time.monotonic()
            assert await lives(peer)
            waits.append(time.monotonic() - asked)
            await asyncio.sleep(0.01)
        await floods
        assert time.monotonic() - began < 30
        assert max(waits) < 5
        assert platform.server.health()["terminals"] == 1


async def test_an_order_goes_down_the_line_and_its_answer_marks_it_delivered(platform: Platform) -> None:
    world = platform.world
    await ordered(world)
    assert await state(world) == "queued"
    async with on_duty(platform.port, TERMINAL) as peer:
        head = await world.head()
        await platform.sender.look()
        order = await peer.hear("0x8300")
        assert await state(world) == "submitted"
        assert "SJ-20250618-001" in str(order["body"])
        await platform.sender.look()
        assert await peer.silent(0.1)  # one at a time, once
        peer.say(encode.TERMINAL_ACK, encode.terminal_ack(order["serial"], 0x8300))
        assert await lives(peer)
        assert await state(world) == "delivered"
        peer.say(encode.TERMINAL_ACK, encode.terminal_ack(order["serial"], 0x8300))  # a repeated answer
        assert await lives(peer)
    assert await world.types(head) == ["delivery.submitted", "delivery.delivered"]


async def test_a_terminal_that_refuses_an_order_marks_it_failed(platform: Platform) -> None:
    await ordered(platform.world)
    async with on_duty(platform.port, TERMINAL) as peer:
        await platform.sender.look()
        order = await peer.hear("0x8300")
        peer.say(encode.TERMINAL_ACK, encode.terminal_ack(order["serial"], 0x8300, 3))
        assert await lives(peer)
    (row,) = await platform.world.rows("SELECT state, reason FROM delivery WHERE channel = 'jt808'")
    assert row == {"state": "failed", "reason": "unsupported"}


async def test_silence_is_tried_ever_more_slowly_as_long_as_the_order_holds(platform: Platform) -> None:
    world = platform.world
    await ordered(world)
    async with on_duty(platform.port, TERMINAL) as peer:
        serials = []
        for pause in (15, 30, 60, 120, 120):
            await platform.sender.look()
            serials.append((await peer.hear("0x8300"))["serial"])
            world.later(seconds=15)  # no answer: it waits
            await platform.sender.look()
            world.later(seconds=pause - 1)
            await platform.sender.look()
            assert await peer.silent(0.05)
            world.later(seconds=1)
        world.later(minutes=30)
        await platform.sender.look()
        assert await peer.silent(0.05)
    assert len(set(serials)) == 5
    (row,) = await world.rows("SELECT state, reason, attempt FROM delivery WHERE channel = 'jt808'")
    assert row == {"state": "expired", "reason": "too_late", "attempt": 5}


async def test_an_order_waits_for_its_terminal_but_not_for_ever(platform: Platform) -> None:
    world = platform.world
    await ordered(world)
    await platform.sender.look()
    assert await state(world) == "queued"
    world.later(minutes=28)
    async with on_duty(platform.port, TERMINAL) as peer:
        await platform.sender.look()
        assert await peer.silent(0.1)
    assert await state(world) == "expired"


async def test_two_senders_on_two_nodes_send_one_order_once(platform: Platform) -> None:
    world = platform.world
    await ordered(world)
    async with on_duty(platform.port, TERMINAL) as peer:
        twin = Sender(world.database, world.clock, [platform.terminals])
        await asyncio.gather(platform.sender.look(), twin.look())
        await peer.hear("0x8300")
        assert await peer.silent(0.1)
