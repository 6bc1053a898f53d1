"""Drones on a real database: over real UDP and a real Mosquitto; what they tell, and what is told of them."""

from __future__ import annotations

import asyncio
import json
import os
import pty
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from app.config import Settings
from app.devices.adapters.mavlink import messages
from app.devices.adapters.mavlink.frames import build
from app.devices.driver import Rig
from app.devices.drones import dji, live
from app.devices.drones.dji import DjiCloud
from app.devices.drones.live import Answer
from app.devices.drones.mavlink import MavlinkCable, MavlinkPort
from app.devices.metrics import GARBAGE
from app.devices.mqtt.broker import parse_broker
from app.devices.start import all_drivers
from app.devices.watch.watcher import Watcher
from app.simulators.drones import DjiDock, MavlinkDrone
from app.simulators.flight import flown
from tests.devices.far_gateway import PATIENCE_S, connected
from tests.devices.mosquitto import mosquitto
from tests.devices.platform import Platform
from tests.world import EAST, STREAM, World

pytestmark = pytest.mark.database
DOCK, DRONE, SYSTEM = "8UUXN1L00A000X", "1581F5BKD225D00BP891", "7"
LON, LAT = 118.2, 28.5


async def enlist(world: World) -> None:
    """Put two drones and a dock into the register."""
    for family, number, kind in (("mavlink", SYSTEM, "uav"), ("dji", DRONE, "uav"), ("dji", DOCK, "gateway")):
        await world.run(
            "INSERT INTO device (stream, family, kind, number, label, region_code, active, facts) "
            "VALUES (:stream, :family, :kind, :number, :number, :region, true, '{}')",
            stream=STREAM,
            family=family,
            kind=kind,
            number=number,
            region=EAST,
        )


async def until(world: World, query: str, **values: Any) -> dict[str, Any]:
    async with asyncio.timeout(PATIENCE_S):
        while not (rows := await world.rows(query, **values)):  # noqa: ASYNC110 - rows tell nobody
            await asyncio.sleep(0.01)
    return rows[0]


async def told_of(world: World, number: str, name: str, value: object) -> dict[str, Any]:
    """Wait until a drone's facts say so."""
    return await until(
        world,
        "SELECT * FROM device WHERE number = :n AND facts -> CAST(:name AS text) = CAST(:value AS jsonb)",
        n=number,
        name=name,
        value=json.dumps(value),
    )


def rig_of(platform: Platform, **told: Any) -> Rig:
    rig = platform.rig
    return Rig(Settings(stream=STREAM, **told), rig.database, rig.clock, rig.register, rig.pump)


def garbage(family: str, reason: str) -> float:
    return float(GARBAGE.labels(family, reason)._value.get())


@asynccontextmanager
async def listening(platform: Platform) -> AsyncIterator[tuple[MavlinkPort, socket.socket]]:
    """Run the UDP driver on a free port, and a socket that sends to it."""
    await enlist(platform.world)
    async with MavlinkPort(rig_of(platform), "127.0.0.1", 0).running() as port:
        async with asyncio.timeout(PATIENCE_S):
            while not port.health()["ok"]:  # noqa: ASYNC110 - it is a flag
                await asyncio.sleep(0.005)
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
            sender.connect(("127.0.0.1", port.port))
            yield port, sender


def place(boot_ms: int, lat: float = LAT, lon: float = LON) -> bytes:
    layout = messages.LAYOUTS[messages.GLOBAL_POSITION_INT][0]
    told = layout.pack(boot_ms, round(lat * 1e7), round(lon * 1e7), 150_000, 90_000, 0, 0, 0, 0)
    return build(messages.GLOBAL_POSITION_INT, told, system=int(SYSTEM))


def state(number: int, *values: Any) -> bytes:
    return build(number, messages.LAYOUTS[number][0].pack(*values), system=int(SYSTEM))


async def alarms(world: World) -> list[tuple[str, str]]:
    return [
        (row["kind"], row["state"]) for row in await world.rows("SELECT kind, state FROM alarm ORDER BY id")
    ]


async def test_a_flight_over_udp_is_on_the_map_and_watched(platform: Platform) -> None:
    """From the ground up: position, battery, take-off; then a low battery, a lost link, a wrong clock."""
    world = platform.world
    watcher = Watcher(world.database, world.clock, STREAM)
    async with listening(platform) as (port, sender):
        sender.send(state(messages.EXTENDED_SYS_STATE, 0, 1))
        await told_of(world, SYSTEM, "landed", "on_ground")
        drone = MavlinkDrone(int(SYSTEM), LON, LAT, now=world.clock.now)
        world.later(seconds=5)
        for datagram in drone.datagrams():
            sender.send(datagram)
        await told_of(world, SYSTEM, "landed", "taking_off")
        row = await until(world, "SELECT * FROM device WHERE facts ->> 'took_off_at' IS NOT NULL")
        assert (row["battery_pct"], row["facts"]["took_off_pct"]) == (97, 97)
        assert row["facts"]["took_off_at"] == world.clock.now().isoformat()
        at = await until(world, "SELECT * FROM position")
        assert (at["lon"], at["lat"], at["fixed_at"], at["true_at"]) == (LON, LAT, None, world.clock.now())
        assert await watcher.look() == 0

        sender.send(state(messages.SYS_STATUS, *[0] * 12, 24))
        await until(world, "SELECT 1 FROM device WHERE battery_pct = 24")
        sender.send(state(messages.SYS_STATUS, *[0] * 12, -1))  # 255: it no longer knows
        await told_of(world, SYSTEM, "battery", "unknown")
        assert await watcher.look() == 0
        for pct in (24, 31):
            sender.send(state(messages.SYS_STATUS, *[0] * 12, pct))
            await until(
                world, "SELECT 1 FROM device WHERE battery_pct = :p AND facts->>'battery' = 'known'", p=pct
            )
            await watcher.look()
        assert await alarms(world) == [("low_battery", "open")]  # 31 wavers: told once

        sender.send(state(messages.SYSTEM_TIME, 315_532_800_000_000, 9_000))
        await until(world, "SELECT 1 FROM device WHERE (facts->>'clock_off_s')::bigint < -1400000000")
        assert await watcher.look() == 1
        (told,) = await world.rows("SELECT text FROM alarm WHERE kind = 'fault'")
        assert (
            told["text"]
            == "无人机时钟慢 45 年,已按服务器时间记录 / its clock is 45 years slow: server time is used"
        )

        world.later(seconds=31)
        assert await watcher.look() == 1
        assert await alarms(world) == [("low_battery", "open"), ("fault", "open"), ("silent", "open")]
        sender.send(place(20_000))
        await until(
            world,
            "SELECT 1 FROM device WHERE number = :n AND last_heard_at = :at",
            n=SYSTEM,
            at=world.clock.now(),
        )
        assert await watcher.look() == 1
        assert (await alarms(world))[2] == ("silent", "dismissed")
        assert port.health()["ok"]


async def test_late_frames_noise_and_strangers_change_nothing(platform: Platform) -> None:
    world = platform.world
    async with listening(platform) as (port, sender):
        before = garbage("mavlink", "out of order"), garbage("mavlink", "frame")
        sender.send(place(50_000))
        await until(world, "SELECT 1 FROM position WHERE lat = :lat", lat=LAT)
        world.later(seconds=2)
        sender.send(place(49_000, lat=LAT + 1))  # late
        sender.send(b"\xfd\x09 no frame at all")
        sender.send(place(50_000)[:-1])  # cut off
        sender.send(place(51_000, 0, 0))  # no satellites
        stranger = build(
            messages.HEARTBEAT, messages.LAYOUTS[messages.HEARTBEAT][0].pack(0, 2, 3, 0, 3, 3), system=9
        )
        sender.send(stranger)
        sender.send(state(messages.EXTENDED_SYS_STATE, 0, 2))
        await told_of(world, SYSTEM, "landed", "in_air")
        (row,) = await world.rows(
            "SELECT lat FROM track WHERE device_id IN (SELECT id FROM device WHERE number = :n)",
            n=SYSTEM,
        )
        assert row["lat"] == LAT
        assert garbage("mavlink", "out of order") == before[0] + 1
        assert garbage("mavlink", "frame") == before[1] + 2
        (unknown,) = await world.rows("SELECT family, number FROM unknown_device")
        assert (unknown["family"], unknown["number"]) == ("mavlink", "9")
        assert port.garbage == 2


async def test_a_telemetry_radio_on_a_cable_is_heard_in_pieces(platform: Platform) -> None:
    ours, theirs = pty.openpty()
    await enlist(platform.world)
    path = os.ttyname(theirs)
    (cable,) = (
        one
        for one in all_drivers(rig_of(platform, serial_links=f"mavlink={path}@57600"))
        if isinstance(one, MavlinkCable)
    )
    try:
        async with cable.running():
            async with asyncio.timeout(PATIENCE_S):
                while not cable.health()["connected"]:  # noqa: ASYNC110 - it is a flag
                    await asyncio.sleep(0.005)
            for octet in place(1_000):
                os.write(ours, bytes((octet,)))
            await until(platform.world, "SELECT 1 FROM position WHERE lat = :lat", lat=LAT)
    finally:
        os.close(ours)
        os.close(theirs)


@asynccontextmanager
async def docked(platform: Platform, folder: Path) -> AsyncIterator[tuple[DjiCloud, DjiDock]]:
    """Run the centre's driver and a dock on a broker of their own."""
    await enlist(platform.world)
    async with mosquitto(folder) as broker:
        (cloud,) = (
            one for one in all_drivers(rig_of(platform, dji_mqtt_url=broker.url)) if isinstance(one, DjiCloud)
        )
        dock = DjiDock(parse_broker(broker.url), DOCK, DRONE, LON, LAT, now=platform.world.clock.now)
        async with cloud.running(), dock.running():
            await connected(cloud.link)
            await connected(dock.link)
            yield cloud, dock


async def test_a_dock_brings_its_aircraft_and_is_answered_when_that_is_stored(
    platform: Platform, tmp_path: Path
) -> None:
    world = platform.world
    async with docked(platform, tmp_path) as (_, dock):
        before = {reason: garbage("dji", reason) for reason in ("out of order", "oversized", "invalid")}
        await dock.come_online()
        await told_of(world, DRONE, "gateway", DOCK)
        async with asyncio.timeout(PATIENCE_S):
            while not dock.replies:  # noqa: ASYNC110 - a broker has no event to wait on
                await asyncio.sleep(0.005)
        (reply,) = dock.replies
        assert (reply["method"], reply["data"]) == ("update_topo", {"result": 0})

        world.later(seconds=60)
        await dock.tell(dock.osd(flown(LON, LAT, 50)))
        row = await told_of(world, DRONE, "landed", "in_air")
        assert (row["facts"]["height_m"], row["facts"]["wind_mps"], row["facts"]["satellites"]) == (
            110,
            3.4,
            22,
        )
        at = await until(world, "SELECT * FROM position")
        assert at["fixed_at"] == world.clock.now()

        now_ms = int(world.clock.now().timestamp() * 1000)
        await dock.tell({"battery": {"capacity_percent": 1}}, timestamp=now_ms - 2_000)  # late
        await dock.tell({"x": "a" * 66_000})  # huge
        await dock.tell({"latitude": "28"})  # no number
        world.later(seconds=2)
        await dock.tell(
            {"battery": {"capacity_percent": 255}, "longitude": LON, "latitude": LAT},
            timestamp=315_532_800_000,
        )
        row = await told_of(world, DRONE, "battery", "unknown")
        assert row["battery_pct"] == 92
        assert row["facts"]["clock_off_s"] < -1_400_000_000
        last = await until(world, "SELECT * FROM position WHERE heard_at = :at", at=world.clock.now())
        assert (last["fixed_at"], last["true_at"]) == (None, world.clock.now())  # server time, not 1980
        after = {reason: garbage("dji", reason) for reason in before}
        assert after == {reason: count + 1 for reason, count in before.items()}
        await dock.come_online(with_aircraft=False)
        await told_of(world, DOCK, "aircraft", [])


async def test_a_dock_is_asked_for_its_picture_and_only_its_own_answer_counts(
    platform: Platform, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with docked(platform, tmp_path) as (cloud, dock):
        data = live.request_of("live_start_push", f"{DRONE}/81-0-0/normal-0", "rtmp://127.0.0.1/live/1")
        assert await cloud.ask(DOCK, "live_start_push", data) == Answer("done")
        (asked,) = dock.asked
        assert (asked["method"], asked["data"]) == (
            "live_start_push",
            {
                "url_type": 1,
                "url": "rtmp://127.0.0.1/live/1",
                "video_id": f"{DRONE}/81-0-0/normal-0",
                "video_quality": 0,
            },
        )
        dock.result = 513003
        refused = await cloud.ask(DOCK, "live_stop_push", {"video_id": f"{DRONE}/81-0-0/normal-0"})
        assert refused == Answer("refused", 513003)
        assert live.words_of(refused) == ("机场拒绝(错误码 513003)", "the dock refused (code 513003)")

        monkeypatch.setattr(dji, "ANSWER_WITHIN_S", 0.6)
        dock.answers = False
        before = garbage("dji", "answer to nothing")
        asking = asyncio.create_task(cloud.ask(DOCK, "live_start_push", data))
        async with asyncio.timeout(PATIENCE_S):
            while len(dock.asked) < 3:  # noqa: ASYNC110 - a broker has no event to wait on
                await asyncio.sleep(0.005)
        await dock.answer(dock.asked[2], 0, tid="another")
        await dock.answer(dock.asked[2], 0, bid="another")
        assert await asking == Answer("no_answer")
        assert garbage("dji", "answer to nothing") == before + 2
        assert await cloud.ask("NOBODY", "live_start_push", data) == Answer("not_sent")
        assert cloud.health()["ok"]
