"""M1: positions of an MQTT gateway, from the broker's queue to committed rows.

The limit in the same run: a bare paho-mqtt consumer that takes the same messages out of the same broker's
queue, counts and acknowledges them. Both sessions are filled by the same publisher before they connect, so
neither waits for it.
"""

from __future__ import annotations

import asyncio
import json
import logging
import os
import shutil
import socket
import subprocess
import tempfile
import threading
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from uuid import uuid4

import structlog
from paho.mqtt.client import Client
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties
from sqlalchemy import text

from app.clock import SystemClock
from app.config import Settings
from app.db import Database
from app.devices.driver import Rig
from app.devices.mqtt.broker import parse_broker
from app.devices.mqtt.driver import Gateways, subscriptions
from app.devices.mqtt.link import MqttLink
from app.devices.pump import Pump
from app.devices.recorder import Recorder
from app.devices.register import Register
from benchmarks.result import Result, middle

STREAM = "990181"
GATEWAY = "bench"
RADIOS = 500
TOTAL = 10_000
WITHIN_S = 60.0


def program() -> str | None:
    """Return where Mosquitto is, or None."""
    return shutil.which("mosquitto", path=f"{os.environ.get('PATH', '')}:/usr/sbin")


async def measure(url: str, repetitions: int = 3) -> Result:
    """Fill both sessions, empty one with each consumer, in turn; return messages per second."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    ours, bare, lost = [], [], 0
    with _broker() as port:
        database = Database(url, pool_size=8)
        await _enlist(database)
        for turn in range(repetitions):
            await _open_sessions(port)
            await _fill(port, turn)
            per_s, stored = await _ours(port, database)
            ours.append(per_s)
            lost += TOTAL - stored
            bare.append(await asyncio.to_thread(_bare, port))
        await database.close()
    return Result(
        "M1",
        f"MQTT: {TOTAL:,} positions of {RADIOS} radios to committed rows",
        "messages/s",
        middle(ours),
        {"bare paho consumer": middle(bare)},
        f"QoS 1, acknowledged after commit; lost: {lost} of {TOTAL * repetitions}",
    )


@contextmanager
def _broker() -> Iterator[int]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    path = program()
    assert path is not None
    with tempfile.TemporaryDirectory() as folder:
        settings = Path(folder) / "mosquitto.conf"
        settings.write_text(
            f"listener {port} 127.0.0.1\nallow_anonymous true\nmax_queued_messages 0\nlog_dest none\n"
        )
        process = subprocess.Popen([path, "-c", str(settings)], stderr=subprocess.DEVNULL)
        try:
            time.sleep(0.5)
            yield port
        finally:
            process.terminate()
            process.wait(10)


async def _enlist(database: Database) -> None:
    async with database.transaction() as tx:
        await tx.execute(
            text(
                "INSERT INTO region (code, kind, name_zh, name_en, lon, lat, population) "
                "VALUES ('990181000000', 'county', 'x', 'x', 118, 28, 0)"
            )
        )
        await tx.execute(
            text(
                "INSERT INTO device (stream, family, number, label, region_code, active, facts) "
                "SELECT :s, family, number, 'x', '990181000000', true, '{}' "
                "FROM (SELECT 'gateway' AS family, :g AS number UNION ALL "
                "SELECT 'hdap', n::text FROM generate_series(1, :n) n) devices"
            ),
            {"s": STREAM, "g": GATEWAY, "n": RADIOS},
        )


async def _open_sessions(port: int) -> None:
    """Let the broker keep messages for both consumers from now on."""
    where = parse_broker(f"mqtt://127.0.0.1:{port}")
    for name in ("ours", "bare"):
        link = MqttLink(where, name, lambda _: None, subscriptions(shared=False))
        async with link.running():
            while not link.connected:  # noqa: ASYNC110 - it is a flag
                await asyncio.sleep(0.01)
            await asyncio.sleep(0.2)


async def _fill(port: int, turn: int) -> None:
    link = MqttLink(parse_broker(f"mqtt://127.0.0.1:{port}"), "publisher", lambda _: None, [])
    epoch, base = str(uuid4()), int(time.time()) - 3600 * (turn + 1)
    async with link.running():
        while not link.connected:  # noqa: ASYNC110 - it is a flag
            await asyncio.sleep(0.01)
        sent = []
        for number in range(TOTAL):
            radio = number % RADIOS + 1
            event = {
                "v": 1,
                "id": str(uuid4()),
                "ts": "2026-07-12T08:30:16Z",
                "seq": number + 1,
                "epoch": epoch,
                "type": "location",
                "data": {"lat": 28.5, "lon": 118.2, "tst": base + number // RADIOS, "vel": 3.6},
            }
            topic = f"ecd/v1/gateway/{GATEWAY}/device/{radio}/event/location"
            sent.append(link.publish(topic, json.dumps(event).encode()))
        await asyncio.gather(*sent)


async def _ours(port: int, database: Database) -> tuple[float, int]:
    async with database.transaction() as tx:
        before = int(await tx.scalar(text("SELECT count(*) FROM track")) or 0)
    async with _driver(port, database) as driver:
        began = time.perf_counter()
        async with driver.running():
            stored = 0
            while stored < TOTAL and time.perf_counter() - began < WITHIN_S:
                await asyncio.sleep(0.2)
                async with database.transaction() as tx:
                    stored = int(await tx.scalar(text("SELECT count(*) FROM track")) or 0) - before
            took = time.perf_counter() - began
            await asyncio.sleep(0.5)  # the last acknowledgements
    return stored / took, stored


@asynccontextmanager
async def _driver(port: int, database: Database) -> AsyncIterator[Gateways]:
    clock = SystemClock()
    settings = Settings(stream=STREAM, mqtt_url=f"mqtt://127.0.0.1:{port}", mqtt_client_id="ours")
    async with Recorder(database, clock).running() as recorder:
        register = Register(database, clock, STREAM)
        yield Gateways(Rig(settings, database, clock, register, Pump(database, recorder, clock)))


def _bare(port: int) -> float:
    """Count what a consumer takes that does nothing with it."""
    done = threading.Event()
    heard = 0

    def count(*_: object) -> None:
        nonlocal heard
        heard += 1
        if heard == TOTAL:
            done.set()

    client = Client(CallbackAPIVersion.VERSION2, "bare", protocol=MQTTProtocolVersion.MQTTv5)
    client.on_message = count
    properties = Properties(PacketTypes.CONNECT)  # type: ignore[no-untyped-call]
    properties.SessionExpiryInterval = 3600
    began = time.perf_counter()
    client.connect("127.0.0.1", port, clean_start=False, properties=properties)
    client.loop_start()
    done.wait(WITHIN_S)
    took = time.perf_counter() - began
    time.sleep(0.3)
    client.disconnect()
    client.loop_stop()
    return heard / took
