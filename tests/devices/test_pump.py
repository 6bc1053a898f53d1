"""Positions are written in batches: late ones keep their time, a failed batch is answered to nobody."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from typing import Any

import pytest

from app.db import Database
from app.devices import recorder as recording
from app.devices.adapter import Reading
from app.devices.pump import Pump
from app.devices.recorder import Recorder
from app.signals import Fix, Presence, Signal
from tests.world import TRUCK, World

pytestmark = pytest.mark.database


def said(*signals: Signal) -> Reading:
    return Reading("jt808", "0x0200", TRUCK, {}, b"raw", signals)


class Ear:
    """A pump whose recorder writes when it is told to."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.recorder = Recorder(world.database, world.clock)
        self.pump = Pump(world.database, self.recorder, world.clock)

    async def hears(self, *signals: Signal) -> asyncio.Future[None] | None:
        return await self.pump.hear(await self.world.device(TRUCK), said(*signals))

    async def position(self) -> dict[str, Any]:
        (row,) = await self.world.rows("SELECT lon, fixed_at, true_at, heard_at FROM position")
        return row


@pytest.fixture
def ear(world: World) -> Ear:
    return Ear(world)


def fix(lon: float, at: datetime | None) -> Fix:
    return Fix(lon, 28.5, fixed_at=at)


async def test_a_late_position_goes_into_the_history_and_does_not_move_the_unit_back(ear: Ear) -> None:
    now = ear.world.clock.now()
    await ear.hears(fix(118.2, now))
    await ear.hears(fix(118.1, now - timedelta(minutes=20)))
    await ear.recorder.flush()
    assert (await ear.position())["lon"] == 118.2
    await ear.hears(fix(118.0, now - timedelta(minutes=10)))
    await ear.recorder.flush()
    assert (await ear.position())["lon"] == 118.2
    assert (await ear.world.rows("SELECT count(*) AS n FROM track"))[0]["n"] == 3


async def test_a_repeated_position_is_one_point_of_the_track(ear: Ear) -> None:
    for _ in range(3):
        await ear.hears(fix(118.2, ear.world.clock.now()))
    await ear.recorder.flush()
    assert (await ear.world.rows("SELECT count(*) AS n FROM track"))[0]["n"] == 1


@pytest.mark.parametrize("ahead", [timedelta(hours=3), timedelta(days=-60)])
async def test_a_wrong_clock_does_not_hide_a_live_unit(ear: Ear, ahead: timedelta) -> None:
    now = ear.world.clock.now()
    await ear.hears(fix(118.2, now + ahead))
    await ear.recorder.flush()
    row = await ear.position()
    assert (row["fixed_at"], row["true_at"]) == (now + ahead, now)


async def test_a_word_without_a_position_still_says_that_the_device_lives(ear: Ear) -> None:
    assert await ear.hears() is None
    await ear.recorder.flush()
    (device,) = await ear.world.rows("SELECT last_heard_at FROM device WHERE number = :n", n=TRUCK)
    assert device["last_heard_at"] == ear.world.clock.now()


async def test_a_batch_that_failed_is_answered_to_nobody_and_the_next_one_stands_alone(
    ear: Ear, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone = Database("postgresql://nobody@127.0.0.1:1/nothing")
    stored = await ear.hears(fix(118.2, ear.world.clock.now()))
    monkeypatch.setattr(ear.recorder, "_database", gone)
    await ear.recorder.flush()
    await gone.close()
    assert stored is not None
    with pytest.raises(OSError, match="Connect call failed"):
        await stored
    monkeypatch.setattr(ear.recorder, "_database", ear.world.database)
    again = await ear.hears(fix(118.2, ear.world.clock.now()))
    await ear.recorder.flush()
    assert again is not None
    await again
    assert ear.recorder.health() == {"ok": True, "waiting": 0, "failures": 1}


async def test_what_was_collected_is_written_when_the_house_stops(world: World) -> None:
    async with Recorder(world.database, world.clock).running() as recorder:
        pump = Pump(world.database, recorder, world.clock)
        stored = await pump.hear(await world.device(TRUCK), said(fix(118.2, world.clock.now())))
    assert stored is not None and stored.done()
    assert await world.rows("SELECT device_id FROM position") == [{"device_id": 1}]


async def test_links_wait_while_too_much_is_waiting(ear: Ear, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recording, "MAX_WAITING", 2)
    now = ear.world.clock.now()
    await ear.hears(fix(118.1, now), fix(118.2, now + timedelta(seconds=1)))
    assert ear.recorder.health()["ok"] is False
    third = asyncio.create_task(ear.hears(fix(118.3, now + timedelta(seconds=2))))
    await asyncio.sleep(0.05)
    assert not third.done()
    await ear.recorder.flush()
    await asyncio.wait_for(third, 2)
    await ear.recorder.flush()
    assert (await ear.position())["lon"] == 118.3


async def test_who_registers_at_a_network_or_takes_leave_is_remembered(ear: Ear) -> None:
    for there in (Presence(online=True, renew_s=3600), Presence(online=False)):
        await ear.hears(there)
        await ear.recorder.flush()
        (device,) = await ear.world.rows("SELECT facts FROM device WHERE number = :n", n=TRUCK)
        assert (device["facts"]["online"], device["facts"]["renew_s"]) == (there.online, there.renew_s)
