"""A terminal that is nobody's, somebody else's, no longer ours, out of reach, or too many."""

from __future__ import annotations

import asyncio
from datetime import datetime

import pytest
from prometheus_client import REGISTRY

from app.config import Settings
from app.db import Database
from app.devices.adapter import Reading
from app.devices.adapters.jt808 import Terminal, encode
from app.devices.adapters.jt808.codec import Jt808Codec
from app.devices.adapters.jt808.frame import Header, build_frame
from app.devices.jt808.memory import TerminalMemory
from app.devices.jt808.session import Jt808Session
from app.dispatch.escalator import Escalator
from app.node_database import unpin_device
from app.org import store as org
from app.org.store import devices as register_store
from app.preflight import CannotStart
from app.signals import Distress, Text
from tests.devices.platform import Platform
from tests.devices.terminal import SOS, Peer, connected, on_duty
from tests.world import LIMITS, RIVER, STREAM, TRUCK, WEST_TRUCK, World

TERMINAL = Terminal.v2013(TRUCK)
SOMETIME = datetime.fromisoformat("2025-06-17T18:13:20+00:00")


async def pinned(world: World) -> tuple[str | None, bool]:
    """Which terminal the number belongs to, and whether a code was issued."""
    (row,) = await world.rows("SELECT terminal_id, auth_code_hash FROM device WHERE id = 1")
    return row["terminal_id"], row["auth_code_hash"] is not None


async def text_waits(world: World) -> None:
    """Let a text to the truck wait for sending."""
    await world.send(RIVER)
    world.later(minutes=3)
    assert await Escalator(world.database, world.clock, LIMITS).look() == 1


async def order_is(world: World) -> str:
    (row,) = await world.rows("SELECT state FROM delivery WHERE channel = 'jt808'")
    return str(row["state"])


async def answer_to_register(peer: Peer, raw: bytes) -> int:
    peer.raw(raw)
    return int((await peer.hear("0x8100"))["body"]["result"])


@pytest.mark.database
@pytest.mark.parametrize("blank", ["", "       ", "\0\0\0"])
async def test_a_terminal_without_an_id_is_refused_and_does_not_lock_the_real_one_out(
    platform: Platform, blank: str
) -> None:
    async with connected(platform.port, TERMINAL) as peer:
        assert await peer.register(blank) == 4
        assert peer.code == ""
        assert await pinned(platform.world) == (None, False)
        assert await peer.register("T000001") == 0


@pytest.mark.database
async def test_an_encrypted_or_cut_registration_is_refused_and_pins_nothing(platform: Platform) -> None:
    body = encode.register(to=TERMINAL, plate="赣A12345", terminal_id="T000001")
    async with connected(platform.port, TERMINAL) as peer:
        encrypted = build_frame(Header(encode.REGISTER, len(body), 1, TERMINAL, 5), body)
        assert await answer_to_register(peer, encrypted) == 4
        for index in (1, 2):
            half = body[:20] if index == 1 else body[20:]
            cut = Header(encode.REGISTER, len(half), 0, TERMINAL, 5 + index, True, 2, index)
            assert await answer_to_register(peer, build_frame(cut, half)) == 4
    assert await pinned(platform.world) == (None, False)


@pytest.mark.database
async def test_a_number_that_was_unpinned_belongs_to_the_next_terminal(platform: Platform) -> None:
    world = platform.world
    async with connected(platform.port, TERMINAL) as peer:
        assert await peer.register("T000001") == 0
        old = peer.code
        assert await peer.register("T000002") == 3
        await unpin_device(Settings(database_url=world.database.url, stream=STREAM), "jt808", TRUCK)
        assert await pinned(world) == (None, False)
        assert await peer.authenticate(old) == 1
        assert await peer.register("T000002") == 0
    assert (await pinned(world))[0] == "T000002"


@pytest.mark.database
async def test_a_terminal_on_line_is_cut_off_when_its_number_is_unpinned(platform: Platform) -> None:
    async with on_duty(platform.port, TERMINAL) as peer:
        assert await platform.register.unpin("jt808", TRUCK)
        platform.world.later(seconds=11)  # the register is remembered for ten seconds
        assert await peer.ack_of(peer.say(encode.HEARTBEAT)) == 1
        assert await peer.cut()


@pytest.mark.database
async def test_unpinning_a_number_of_no_register_is_told(world: World) -> None:
    with pytest.raises(CannotStart, match="13999999999"):
        await unpin_device(Settings(database_url=world.database.url, stream=STREAM), "jt808", "13999999999")


@pytest.mark.database
async def test_a_terminal_taken_out_of_the_register_is_refused_and_cut(platform: Platform) -> None:
    world = platform.world
    async with on_duty(platform.port, TERMINAL) as peer:
        assert await peer.ack_of(peer.say(encode.HEARTBEAT)) == 0
        await world.run("UPDATE device SET active = false WHERE id = 1")
        world.later(seconds=11)
        assert await peer.ack_of(peer.position(world.clock.now(), alarm=SOS)) == 1
        assert await peer.cut()
    assert await world.types() == []
    assert (await world.rows("SELECT number FROM unknown_device")) == [{"number": TRUCK}]


@pytest.mark.database
async def test_a_connected_terminal_that_changes_teams_speaks_for_the_new_one(platform: Platform) -> None:
    world = platform.world
    async with on_duty(platform.port, TERMINAL) as peer:
        assert await peer.ack_of(peer.say(encode.HEARTBEAT)) == 0
        await world.run("UPDATE device SET team_id = 3 WHERE id = 1")
        world.later(seconds=11)
        assert await peer.ack_of(peer.position(world.clock.now())) == 0
    assert await world.rows("SELECT team_id FROM position") == [{"team_id": 3}]


@pytest.mark.database
async def test_a_terminal_keeps_its_line_while_the_database_is_away(
    platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone = Database("postgresql://nobody@127.0.0.1:1/nothing")
    async with on_duty(platform.port, TERMINAL) as peer:
        monkeypatch.setattr(platform.register, "_database", gone)
        platform.world.later(minutes=1)
        assert await peer.ack_of(peer.say(encode.HEARTBEAT)) == 0
        with pytest.raises(OSError, match="Connect call failed"):
            await platform.register.find("jt808", "13999999999")  # of a stranger nothing is known
    await gone.close()


@pytest.mark.database
async def test_a_fault_while_a_number_is_looked_up_is_not_hidden(
    platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def stumble(*_: object) -> None:
        raise RuntimeError("a fault of ours")

    await platform.register.find("jt808", TRUCK)
    platform.world.later(minutes=1)
    monkeypatch.setattr(org, "device_by_number", stumble)
    with pytest.raises(RuntimeError):
        await platform.register.find("jt808", TRUCK)


def counted(kind: str) -> float:
    return REGISTRY.get_sample_value("zhishou_device_readings_total", {"family": "jt808", "kind": kind}) or 0


@pytest.mark.database
async def test_a_stranger_does_not_choose_the_names_of_our_counters(platform: Platform) -> None:
    others = counted("other")
    async with connected(platform.port, TERMINAL) as peer:
        assert await peer.ack_of(peer.say(0x0ABC)) == 1
        assert await peer.ack_of(peer.say(encode.LOCATION)) == 1
    async with on_duty(platform.port, TERMINAL) as peer:
        before = counted("0x0002")
        assert await peer.ack_of(peer.say(encode.HEARTBEAT)) == 0
        assert await peer.ack_of(peer.say(0x0ABD, b"\1")) == 3
        assert counted("0x0002") == before + 1
    assert counted("0x0ABC") == counted("0x0ABD") == 0
    assert counted("other") == others + 5  # two of the stranger, register, login, and the unknown kind


@pytest.mark.database
async def test_the_quarantine_list_is_bounded_and_what_is_on_it_is_still_counted(
    platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(register_store, "MAX_UNKNOWN", 2)
    unlisted = "zhishou_device_unlisted_total", {"family": "jt808"}
    before = REGISTRY.get_sample_value(*unlisted) or 0
    for number in ("1", "2", "3", "4", "1"):
        await platform.register.quarantine("jt808", number, b"frame")
    rows = await platform.world.rows("SELECT number, count FROM unknown_device ORDER BY number")
    assert rows == [{"number": "1", "count": 2}, {"number": "2", "count": 1}]
    assert REGISTRY.get_sample_value(*unlisted) == before + 2


@pytest.mark.database
async def test_an_order_to_a_terminal_in_a_tunnel_leaves_as_soon_as_it_is_back(platform: Platform) -> None:
    world = platform.world
    await text_waits(world)
    async with on_duty(platform.port, TERMINAL) as peer:
        for seconds in (15, 15, 15, 30, 15):
            await platform.sender.look()
            world.later(seconds=seconds)
        await platform.sender.look()
        assert await order_is(world) == "queued"  # three tries, and not to be tried for a minute
    async with asyncio.timeout(30):
        while platform.server.device_ids():  # noqa: ASYNC110 - no event to wait on
            await asyncio.sleep(0.01)
    async with on_duty(platform.port, TERMINAL) as peer:
        await platform.sender.look()
        order = await peer.hear("0x8300")
        peer.say(encode.TERMINAL_ACK, encode.terminal_ack(order["serial"], encode.TEXT))
        assert await peer.ack_of(peer.say(encode.HEARTBEAT)) == 0
    assert await order_is(world) == "delivered"


@pytest.mark.database
@pytest.mark.parametrize("which", [0, 1], ids=["the first", "the last"])
async def test_a_cut_order_is_delivered_whichever_of_its_packages_is_answered(
    platform: Platform, which: int
) -> None:
    world = platform.world
    await text_waits(world)
    await world.run("UPDATE delivery SET body = repeat('速', 700) WHERE channel = 'jt808'")
    async with on_duty(platform.port, TERMINAL) as peer:
        await platform.sender.look()
        parts = [await peer.hear("0x8300") for _ in range(2)]
        serial = parts[which]["serial"]
        peer.say(encode.TERMINAL_ACK, encode.terminal_ack(serial, encode.TEXT))
        assert await peer.ack_of(peer.say(encode.HEARTBEAT)) == 0
    assert await order_is(world) == "delivered"


def test_the_packages_of_the_message_before_are_forgotten() -> None:
    session = Jt808Session(None, None, None, print, print, lambda _: TerminalMemory())  # type: ignore[arg-type]
    session.terminal = TERMINAL
    session._serial = 0
    first, _ = session.reserve(encode.TEXT, b"x" * 2000)
    second, _ = session.reserve(encode.TEXT, b"x")
    assert (first, second) == ("0", "2")
    assert session._refs == {"2": "2"}


@pytest.mark.database
async def test_a_batch_of_calls_is_one_line_of_the_journal_and_its_words_follow(platform: Platform) -> None:
    world = platform.world
    device = await world.device(WEST_TRUCK)
    signals = (Distress("1"), Text("t", "桥断了", b""), Distress("2"), Distress("3"))
    await platform.pump.hear(device, Reading("jt808", "0x0704", WEST_TRUCK, {}, b"raw", signals))
    assert await world.types() == ["alarm.raised", "text.received"]
    assert (await world.events())[0]["alarm"]["count"] == 3


def refs(msg_id: int, body: bytes, serial: int) -> list[str]:
    (reading,) = Jt808Codec().feed(encode.encode(msg_id, body, to=TERMINAL, serial=serial))
    assert isinstance(reading, Reading)
    return [signal.ref for signal in reading.signals if isinstance(signal, Distress)]


def test_a_call_repeated_under_another_serial_or_in_a_batch_is_the_same_call() -> None:
    body = encode.location(118.2, 28.5, SOMETIME, alarm=SOS)
    batch = b"\x00\x01\x01" + len(body).to_bytes(2, "big") + body
    (live,) = refs(encode.LOCATION, body, 5)
    assert refs(encode.LOCATION, body, 6) == refs(0x0704, batch, 7) == [live]


def test_without_a_time_a_call_is_known_by_its_serial() -> None:
    body = bytearray(encode.location(118.2, 28.5, SOMETIME, alarm=SOS))
    for digits in ("000000000000", "000101000000"):  # none at all, and a clock that was never set
        body[22:28] = bytes.fromhex(digits)
        assert refs(encode.LOCATION, bytes(body), 5) != refs(encode.LOCATION, bytes(body), 6)
