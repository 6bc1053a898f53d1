"""The conversation with one terminal: who it is, what it is answered, and when."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from app.db import Database
from app.devices.adapters.jt808 import Terminal, encode
from app.devices.pump import Pump
from app.org import store as org
from tests.devices.platform import Platform
from tests.devices.terminal import SOS, connected, on_duty
from tests.world import RIVER, TRUCK, WEST_TRUCK

pytestmark = pytest.mark.database
TERMINAL = Terminal.v2013(TRUCK)
OTHER = Terminal.v2013(WEST_TRUCK)
POWER_LOST = 1 << 8
STRANGER = Terminal.v2013("13999999999")


@pytest.mark.parametrize("to", [TERMINAL, Terminal.v2019(TRUCK)], ids=["2013", "2019"])
async def test_a_terminal_registers_proves_itself_and_tells_where_it_is(
    platform: Platform, to: Terminal
) -> None:
    world = platform.world
    async with on_duty(platform.port, to) as peer:
        assert await peer.ack_of(peer.position(world.clock.now())) == 0
        (row,) = await world.rows("SELECT device_id, team_id, lon, heard_at FROM position")
        assert (row["device_id"], row["team_id"], row["lon"]) == (1, RIVER, 118.2)
        (device,) = await world.rows("SELECT last_heard_at FROM device WHERE id = 1")
        assert device["last_heard_at"] == world.clock.now()
        assert await peer.ack_of(peer.say(encode.HEARTBEAT)) == 0
    assert await world.events() == []  # telemetry is never in the journal


async def test_a_position_is_answered_only_after_its_commit(
    platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    held = asyncio.Event()
    flush = platform.recorder.flush

    async def wait() -> None:
        await held.wait()
        await flush()

    async with on_duty(platform.port, TERMINAL) as peer:
        monkeypatch.setattr(platform.recorder, "flush", wait)
        await asyncio.sleep(0.05)  # the flush that was under way is over
        serial = peer.position(platform.world.clock.now())
        assert await peer.silent(0.15)
        held.set()
        assert await peer.ack_of(serial) == 0
    assert await platform.world.rows("SELECT device_id FROM track")


async def test_a_call_for_help_is_answered_only_after_its_commit(platform: Platform) -> None:
    world = platform.world
    async with on_duty(platform.port, TERMINAL) as peer:
        async with world.database.transaction() as tx:
            await org.lock_device(tx, 1)  # somebody holds the device's row: nothing can be committed
            serial = peer.position(world.clock.now(), alarm=SOS)
            assert await peer.silent(0.15)
            assert await world.types() == []
        assert await peer.ack_of(serial) == 0
    (event,) = await world.events()
    assert event["type"] == "alarm.raised"
    assert (event["alarm"]["device_number"], event["alarm"]["lon"]) == (TRUCK, 118.2)


async def test_what_could_not_be_stored_is_not_answered_and_is_heard_again_later(
    platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = platform.world
    gone = Database("postgresql://nobody@127.0.0.1:1/nothing")
    async with on_duty(platform.port, TERMINAL) as peer:
        monkeypatch.setattr(platform.recorder, "_database", gone)
        peer.position(world.clock.now())
        assert await peer.silent(0.2)
        assert platform.recorder.failures >= 1
        monkeypatch.setattr(platform.recorder, "_database", world.database)
        assert await peer.ack_of(peer.position(world.clock.now())) == 0
        monkeypatch.setattr(platform.pump, "database", gone)
        peer.position(world.clock.now(), alarm=SOS)
        assert await peer.cut()  # the terminal will connect again and repeat its call
    monkeypatch.setattr(platform.pump, "database", world.database)
    async with on_duty(platform.port, TERMINAL) as peer:
        assert await peer.ack_of(peer.position(world.clock.now(), alarm=SOS)) == 0
    assert await world.types() == ["alarm.raised"]
    await gone.close()


async def test_nobody_is_believed_before_proving_who_they_are(platform: Platform) -> None:
    world = platform.world
    async with connected(platform.port, TERMINAL) as peer:
        for _ in range(5):
            assert await peer.ack_of(peer.position(world.clock.now(), alarm=SOS)) == 1
        assert await peer.cut()
    assert await world.events() == []
    assert await world.rows("SELECT device_id FROM track") == []
    (row,) = await world.rows("SELECT number, count FROM unknown_device")
    assert row == {"number": TRUCK, "count": 1}


async def test_a_wrong_code_is_refused_and_the_line_is_cut_after_five(platform: Platform) -> None:
    async with connected(platform.port, TERMINAL) as peer:
        for _ in range(5):
            assert await peer.authenticate("guess") == 1
        assert await peer.cut()
    assert platform.server.device_ids() == []


async def test_a_number_of_no_register_is_refused_and_quarantined(platform: Platform) -> None:
    async with connected(platform.port, STRANGER) as peer:
        assert await peer.register() == 4
        assert await peer.register() == 4
    (row,) = await platform.world.rows("SELECT family, number, count, last_frame FROM unknown_device")
    assert (row["family"], row["number"], row["count"]) == ("jt808", "13999999999", 2)
    assert row["last_frame"][:3] == b"\x7e\x01\x00"


async def test_another_terminal_under_a_registered_number_is_refused(platform: Platform) -> None:
    async with connected(platform.port, TERMINAL) as peer:
        assert await peer.register("T000001") == 0
        assert await peer.register("T000002") == 3
        assert await peer.register("T000001") == 0  # the right one may always ask for a new code


async def test_an_old_code_is_worth_nothing_once_a_new_one_was_issued(platform: Platform) -> None:
    async with connected(platform.port, TERMINAL) as peer:
        await peer.register()
        old = peer.code
        await peer.register()
        assert await peer.authenticate(old) == 1
        assert await peer.authenticate() == 0


async def test_on_one_line_speaks_one_terminal(platform: Platform) -> None:
    """Neither a foreign frame nor a failed or foreign login may change who a line belongs to."""
    world = platform.world
    async with connected(platform.port, OTHER) as other:
        assert await other.register() == 0
        code = other.code
    async with on_duty(platform.port, TERMINAL) as peer:
        peer.to = OTHER
        assert await peer.ack_of(peer.position(world.clock.now(), alarm=SOS)) == 1
        assert await peer.authenticate(code) == 1
        peer.to = TERMINAL
        assert await peer.authenticate("guess") == 1
        assert platform.server.device_ids() == [1]
        session = platform.server.session(1)
        assert session is not None and session.terminal == TERMINAL
        assert await peer.ack_of(peer.position(world.clock.now())) == 0
    await gone(platform)
    assert await world.types() == []


async def test_a_terminal_that_asks_for_the_time_gets_it_before_it_proves_itself(platform: Platform) -> None:
    async with connected(platform.port, Terminal.v2019(TRUCK)) as peer:
        peer.say(0x0004)
        assert (await peer.hear("0x8004"))["body"] == {"body_hex": "250617181320"}  # UTC by the standard


async def test_a_message_nobody_knows_is_answered_as_unsupported(platform: Platform) -> None:
    async with on_duty(platform.port, TERMINAL) as peer:
        assert await peer.ack_of(peer.say(0x0F00, b"\x01\x02")) == 3


async def test_a_batch_from_out_of_reach_keeps_its_times_and_an_old_call_is_still_a_call(
    platform: Platform,
) -> None:
    world = platform.world
    at = world.clock.now()
    items = []
    for minute in range(3):
        body = encode.location(118.2 + minute, 28.5, at, alarm=SOS if minute == 1 else 0)
        items.append(len(body).to_bytes(2, "big") + body)
    batch = (3).to_bytes(2, "big") + b"\x01" + b"".join(items)
    world.later(minutes=30)
    async with on_duty(platform.port, TERMINAL) as peer:
        assert await peer.ack_of(peer.say(0x0704, batch)) == 0
    assert await world.types() == ["alarm.raised"]
    (row,) = await world.rows("SELECT fixed_at, true_at, heard_at FROM position")
    assert row["fixed_at"] == row["true_at"] == at
    assert row["heard_at"] == world.clock.now()


async def gone(platform: Platform) -> None:
    """Wait until the server has noticed that every line ended."""
    async with asyncio.timeout(30):
        while platform.server.health()["links"]:  # noqa: ASYNC110 - no event to wait on
            await asyncio.sleep(0.01)
    facts: dict[str, Any] = platform.server.health()
    assert facts["terminals"] == 0


async def test_a_trouble_that_could_not_be_stored_is_told_with_the_next_report(
    platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = platform.world
    hear = Pump.hear

    async def away(*_: object, **__: object) -> None:
        raise ConnectionRefusedError

    async with on_duty(platform.port, TERMINAL) as peer:
        assert await peer.ack_of(peer.position(world.clock.now())) == 0
        monkeypatch.setattr(Pump, "hear", away)
        peer.position(world.clock.now(), alarm=POWER_LOST)
        assert await peer.cut()
    monkeypatch.setattr(Pump, "hear", hear)
    async with on_duty(platform.port, TERMINAL) as peer:
        assert await peer.ack_of(peer.position(world.clock.now(), alarm=POWER_LOST)) == 0
    assert await world.types() == ["alarm.raised"]


async def test_each_line_begins_to_number_elsewhere_so_a_late_answer_fits_no_message_of_the_next(
    platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    starts = iter([7, 40_000])
    monkeypatch.setattr("app.devices.jt808.session.secrets.randbelow", lambda _: next(starts))
    numbers = []
    for _ in range(2):
        async with on_duty(platform.port, TERMINAL):
            session = platform.server.session(1)
            assert session is not None
            numbers.append(int(session.reserve(0x8300, b"")[0]))
        await gone(platform)
    assert abs(numbers[0] - numbers[1]) > 30_000
