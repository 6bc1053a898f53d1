"""Questions to terminals and their answers, packages asked for again, lines that the register ends."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from app.devices.adapters.jt808 import Terminal, encode
from app.devices.adapters.jt808.frame import Header, build_frame
from app.devices.driver import Probed
from app.devices.jt808 import questions, terminals
from app.devices.jt808.parameters import named, read, written
from app.devices.links import terminal_link
from tests.devices.platform import Platform
from tests.devices.terminal import Peer, connected, on_duty
from tests.world import LONE_CARD, TRUCK

pytestmark = pytest.mark.database
OLD, NEW = Terminal.v2013(TRUCK), Terminal.v2019(TRUCK)
UNFIXED = 0


async def probed(platform: Platform) -> Probed | None:
    return await platform.terminals.probe(await platform.world.device(TRUCK))


def here(platform: Platform, status: int = 2) -> bytes:
    return encode.location(118.2, 28.5, platform.world.clock.now(), status=status)


@pytest.mark.parametrize("to", [OLD, NEW], ids=["2013", "2019"])
@pytest.mark.parametrize(("status", "says"), [(2, "已定位"), (UNFIXED, "未定位")])
async def test_a_terminal_that_says_where_it_is_has_passed(
    platform: Platform, to: Terminal, status: int, says: str
) -> None:
    async with on_duty(platform.port, to) as peer:
        asking = asyncio.create_task(probed(platform))
        serial = (await peer.hear("0x8201"))["serial"]
        peer.say(encode.TERMINAL_ACK, encode.terminal_ack(serial, encode.QUERY_LOCATION))
        peer.say(encode.LOCATION_ANSWER, encode.location_answer(serial + 7, here(platform)))
        assert not asking.done()
        peer.say(encode.LOCATION_ANSWER, encode.location_answer(serial, here(platform, status)))
        outcome = await asking
    assert outcome is not None
    assert (outcome.passed, outcome.method) == (True, "location_query")
    assert says in outcome.detail


async def test_a_terminal_that_knows_no_query_works_all_the_same(platform: Platform) -> None:
    async with on_duty(platform.port, OLD) as peer:
        asking = asyncio.create_task(probed(platform))
        serial = (await peer.hear("0x8201"))["serial"]
        peer.say(encode.TERMINAL_ACK, encode.terminal_ack(serial, encode.QUERY_LOCATION, 3))
        outcome = await asking
    assert outcome is not None and outcome.passed and "不支持" in outcome.detail


async def test_a_terminal_that_does_not_answer_or_hangs_up_has_failed(
    platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with on_duty(platform.port, OLD) as peer:
        monkeypatch.setattr(terminals, "ANSWER_WITHIN_S", 0.05)
        outcome = await probed(platform)
        assert outcome is not None and not outcome.passed
        monkeypatch.setattr(terminals, "ANSWER_WITHIN_S", 5)
        asking = asyncio.create_task(probed(platform))
        await peer.hear("0x8201")
        await peer.hear("0x8201")
    outcome = await asking
    assert outcome is not None and not outcome.passed


async def test_a_terminal_that_is_not_here_failed_unless_another_node_just_heard_it(
    platform: Platform,
) -> None:
    outcome = await probed(platform)
    assert outcome is not None and not outcome.passed and "不在线" in outcome.detail
    await platform.world.run("UPDATE device SET last_heard_at = :now", now=platform.world.clock.now())
    assert await probed(platform) is None
    platform.world.later(minutes=3)
    assert await probed(platform) is not None


async def test_another_kind_of_device_is_not_asked(platform: Platform) -> None:
    assert await platform.terminals.probe(await platform.world.device(LONE_CARD)) is None


async def answers(peer: Peer, told: dict[int, bytes], result: int = 0) -> list[Any]:
    """Be a terminal that takes parameters and tells them; return what it was told to set."""
    order = await peer.hear("0x8103")
    peer.say(encode.TERMINAL_ACK, encode.terminal_ack(order["serial"], encode.SET_PARAMETERS, result))
    if not result:
        query = await peer.hear("0x8104")
        peer.say(encode.PARAMETERS_ANSWER, encode.parameters_answer(query["serial"], told))
    return list(order["body"]["parameters"])


@pytest.mark.parametrize("to", [OLD, NEW], ids=["2013", "2019"])
async def test_parameters_are_set_and_read_back(platform: Platform, to: Terminal) -> None:
    device = await platform.world.device(TRUCK)
    told = {0x29: (30).to_bytes(4, "big"), 0x13: b"a.b", 0x55: (90).to_bytes(4, "big")}
    async with on_duty(platform.port, to) as peer:
        asking = asyncio.create_task(platform.terminals.parameters(device, {"report_s": 30}))
        assert await answers(peer, told) == [{"id": "0x00000029", "hex": "0000001e"}]
        outcome = await asking
    assert outcome is not None
    assert (outcome.state, outcome.named) == ("set", {"report_s": 30, "max_speed_kmh": 90})
    assert outcome.told == told


async def test_parameters_that_come_in_packages_are_read_as_one(platform: Platform) -> None:
    device = await platform.world.device(TRUCK)
    told = {number: bytes(200) for number in range(0xF000, 0xF008)} | {0x29: (9).to_bytes(4, "big")}
    async with on_duty(platform.port, OLD) as peer:
        asking = asyncio.create_task(platform.terminals.parameters(device, {}))
        query = await peer.hear("0x8104")
        peer.say(encode.PARAMETERS_ANSWER, encode.parameters_answer(query["serial"], told))
        outcome = await asking
    assert outcome is not None
    assert (outcome.state, outcome.named, len(outcome.told)) == ("read", {"report_s": 9}, 9)


async def test_a_refusal_and_silence_are_told_apart(
    platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    device = await platform.world.device(TRUCK)
    async with on_duty(platform.port, OLD) as peer:
        asking = asyncio.create_task(platform.terminals.parameters(device, {"report_s": 30}))
        await answers(peer, {}, result=1)
        outcome = await asking
        assert outcome is not None and outcome.state == "refused"
        monkeypatch.setattr(terminals, "ANSWER_WITHIN_S", 0.05)
        for wanted in ({}, {"report_s": 30}):
            outcome = await platform.terminals.parameters(device, wanted)
            assert outcome is not None and outcome.state == "no_answer"
        monkeypatch.setattr(questions, "MOST", 0)
        busy = await platform.terminals.probe(device)
        assert busy is not None and not busy.passed
    async with asyncio.timeout(30):
        while platform.server.device_ids():  # noqa: ASYNC110 - no event to wait on
            await asyncio.sleep(0.01)
    assert await platform.terminals.parameters(device, {}) is None


def test_parameters_go_by_name() -> None:
    assert written({"heartbeat_s": 60}) == {1: b"\0\0\0\x3c"}
    assert named({1: b"\0\0\0\x3c", 0x29: b"\x01", 0x13: b"abcd"}) == {"heartbeat_s": 60}
    assert read([{"id": "0x00000013", "hex": "6162"}]) == {0x13: b"ab"}
    with pytest.raises(KeyError):
        written({"server": 1})


def parts(to: Terminal, count: int = 4) -> list[bytes]:
    body = bytes(1000)
    return [
        build_frame(Header(0x0801, len(body), 0, to, 100 + index, True, count, index + 1), body)
        for index in range(count)
    ]


@pytest.mark.parametrize("to", [OLD, NEW], ids=["2013", "2019"])
async def test_packages_that_do_not_come_are_asked_for_and_given_up_after_three_times(
    platform: Platform, to: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    given_up: list[str] = []
    monkeypatch.setattr(terminal_link, "note_garbage", lambda _, garbage: given_up.append(garbage.reason))
    async with on_duty(platform.port, to) as peer:
        first, _, third, fourth = parts(to)
        monkeypatch.setattr(terminal_link, "ASK_AGAIN_EVERY_S", 0.05)
        peer.raw(first + third)
        asked = (await peer.hear("0x8003"))["body"]
        assert (asked["orig_serial"], asked["indexes"]) == (100, [2, 4])
        peer.raw(fourth)
        for _ in range(2):
            body = (await peer.hear("0x8003"))["body"]
        assert body["indexes"] == [2]
        async with asyncio.timeout(30):
            while not given_up:  # noqa: ASYNC110 - no event to wait on
                await asyncio.sleep(0.01)
        assert given_up == ["packages_missing"]
        assert await peer.ack_of(peer.say(encode.HEARTBEAT)) == 0


async def test_packages_asked_for_complete_the_message(
    platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    items = tuple((0xE0, bytes(250)) for _ in range(5))
    body = encode.location(118.2, 28.5, platform.world.clock.now(), alarm=1, items=items)
    async with on_duty(platform.port, OLD) as peer:
        monkeypatch.setattr(terminal_link, "ASK_AGAIN_EVERY_S", 0.05)
        frames = encode.frames(encode.LOCATION, body, to=OLD, serial=40)
        peer.raw(frames[0])
        assert (await peer.hear("0x8003"))["body"]["indexes"] == [2]
        assert await platform.world.types() == []
        peer.raw(frames[1])
        assert await peer.ack_of(41) == 0
    assert await platform.world.types() == ["alarm.raised"]


async def test_a_stranger_is_asked_for_nothing(platform: Platform, monkeypatch: pytest.MonkeyPatch) -> None:
    async with connected(platform.port, OLD) as peer:
        monkeypatch.setattr(terminal_link, "ASK_AGAIN_EVERY_S", 0.02)
        peer.raw(parts(OLD)[0])
        assert await peer.ack_of(100) == 1
        assert await peer.silent(0.15)


async def test_a_terminal_that_missed_packages_of_ours_gets_them_again(platform: Platform) -> None:
    async with on_duty(platform.port, NEW) as peer:
        session = platform.server.session(1)
        assert session is not None
        _, frames = session.reserve(encode.TEXT, encode.text("速" * 1500, to=NEW))
        session.write(frames)
        sent = [(await peer.hear("0x8300"))["serial"] for _ in range(3)]
        for ids in ([2, 3, 2, 9], [1]):
            body = sent[0].to_bytes(2, "big") + len(ids).to_bytes(2, "big")
            peer.say(0x0005, body + b"".join(index.to_bytes(2, "big") for index in ids))
        again = [(await peer.hear("0x8300"))["serial"] for _ in range(3)]
        assert again == [sent[1], sent[2], sent[0]]
        peer.say(0x0005, b"\xff\xff\x00\x01\x00\x01")  # a message we do not know
        peer.say(0x0005, b"")
        assert await peer.silent(0.05)


@pytest.mark.parametrize("change", ["active = false", "auth_code_hash = NULL, terminal_id = NULL"])
async def test_the_line_of_a_terminal_that_was_switched_off_or_unpinned_is_cut(
    platform: Platform, change: str
) -> None:
    async with on_duty(platform.port, OLD) as peer:
        await platform.sender.look()
        await platform.world.run(f"UPDATE device SET {change} WHERE id = 1")
        await platform.sender.look()
        assert platform.server.device_ids() == [1]
        platform.world.later(seconds=5)
        await platform.sender.look()
        assert platform.server.device_ids() == []
        assert await peer.cut()


async def test_a_standing_alarm_bit_is_one_alarm_with_a_counter(platform: Platform) -> None:
    world = platform.world
    async with on_duty(platform.port, OLD) as peer:
        for _ in range(70):
            assert await peer.ack_of(peer.position(world.clock.now(), alarm=1 << 8)) == 0
            world.later(seconds=10)
    (row,) = await world.rows("SELECT kind, count FROM alarm")
    assert row == {"kind": "power_lost", "count": 2}
    assert await world.types() == ["alarm.raised", "alarm.repeated"]


async def test_a_clock_eight_hours_behind_shows_in_the_register_and_not_on_the_map(
    platform: Platform,
) -> None:
    world = platform.world
    async with on_duty(platform.port, OLD) as peer:
        for _ in range(4):
            at = world.clock.now()
            peer.say(encode.LOCATION, _in_utc(at))
            assert await peer.ack_of(peer.serial - 1) == 0
            world.later(seconds=15)
    await platform.recorder.flush()
    (row,) = await world.rows("SELECT facts FROM device WHERE id = 1")
    assert row["facts"]["clock_offset_s"] == 28800
    (row,) = await world.rows("SELECT fixed_at, true_at, heard_at FROM position")
    assert row["fixed_at"] == row["true_at"] == row["heard_at"]


def _in_utc(at: Any) -> bytes:
    body = bytearray(encode.location(118.2, 28.5, at))
    body[22:28] = bytes.fromhex(at.strftime("%y%m%d%H%M%S"))
    return bytes(body)
