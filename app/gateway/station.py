"""`zhishou gateway`: cables on one side, the broker on the other, the disk in between."""

from __future__ import annotations

import asyncio
import json
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import structlog

from app import logs
from app.background import alongside
from app.clock import Clock
from app.config import Settings
from app.devices.adapters.mqtt_gateway.topics import all_commands, is_gateway_id, state_topic
from app.devices.beidou_dialects import DIALECTS
from app.devices.links.serial import parse_links
from app.devices.mqtt.broker import parse_broker
from app.devices.mqtt.client import Will
from app.devices.mqtt.link import Heard, MqttLink, Refused
from app.gateway.beidou import CAN, EdgeBeidou
from app.gateway.core import Core
from app.gateway.store import Store

log = structlog.get_logger()
SOFTWARE = "zhishou-gateway"
WINDOW = 20  # events on their way at once: what a broker takes by default
LOOK_EVERY_S = 0.2
REFUSED_PAUSE_S = 30.0
FORGET_EVERY_S = 3600.0


class Station:
    """A gateway at work. Raises ValueError for settings that name no gateway, broker or machine."""

    def __init__(self, settings: Settings, clock: Clock) -> None:
        name = settings.gateway_id
        if not is_gateway_id(name):
            raise ValueError(
                "ZHISHOU_GATEWAY_ID 应为 1 至 64 个字母、数字、点或短横线 / "
                "ZHISHOU_GATEWAY_ID should be 1 to 64 letters, digits, dots or dashes"
            )
        links = parse_links(settings.serial_links)
        if strange := [link.family for link in links if link.family not in DIALECTS]:
            raise ValueError(
                f"网关不支持的串口设备类型 {strange[0]},可用:{'、'.join(DIALECTS)} / "
                f"a gateway cannot drive {strange[0]!r}: use one of {', '.join(DIALECTS)}"
            )
        broker = parse_broker(
            settings.mqtt_url, ca=settings.mqtt_ca, cert=settings.mqtt_cert, key=settings.mqtt_key
        )
        self._clock = clock
        self.store = Store(settings.data / "gateway.sqlite")
        self.core = Core(name, self.store, clock.now, CAN if links else frozenset())
        self.machines = [EdgeBeidou(link, self.core, clock) for link in links]
        self._families = ",".join(link.family for link in links)
        self.link = MqttLink(
            broker,
            name,
            self._heard,
            [all_commands(name)],
            will=Will(state_topic(name), b'{"state":"OFFLINE"}'),
            came_up=self._say_online,
        )

    @asynccontextmanager
    async def running(self) -> AsyncIterator[Station]:
        """Work while the block lasts, and say good-bye at its end."""
        works = [machine.run() for machine in self.machines]
        try:
            async with self.link.running(), alongside(self._send(), self._forget(), *works):
                try:
                    yield self
                finally:
                    await self._say_offline()
        finally:
            self.store.close()

    def _heard(self, heard: Heard) -> None:
        """Judge a command. It stands on disk when this returns, so the broker may forget it."""
        result = self.core.take(heard.topic, heard.payload)
        log.info("gateway_command", topic=heard.topic, result=result or "no command")
        self.link.ack(heard)

    def _say_online(self) -> None:
        told = {
            "state": "ONLINE",
            "ts": self._clock.now().isoformat(),
            "epoch": self.core.epoch,
            "sw": SOFTWARE,
            "proto": self._families,
        }
        self.link.publish(state_topic(self.core.gateway), json.dumps(told).encode(), retain=True)

    async def _say_offline(self) -> None:
        if self.link.connected:
            told = json.dumps({"state": "OFFLINE", "ts": self._clock.now().isoformat()}).encode()
            await asyncio.wait(
                [self.link.publish(state_topic(self.core.gateway), told, retain=True)], timeout=1
            )

    async def _send(self) -> None:
        """Send what waits, in its order; each is forgotten when the broker has it."""
        while True:
            events = self.store.waiting(0, WINDOW) if self.link.connected else []
            sent = [(event, self.link.publish(event.topic, event.payload)) for event in events]
            for event, done in sent:
                try:
                    await done
                except Refused as error:  # an account or access list gone wrong: the event is not
                    log.error("gateway_event_refused", topic=event.topic, reason=error.reason)
                    await asyncio.sleep(REFUSED_PAUSE_S)
                    break
                self.store.sent(event.key)
            if not events:
                await asyncio.sleep(LOOK_EVERY_S)

    async def _forget(self) -> None:
        while True:
            self.store.forget(self._clock.now())
            await asyncio.sleep(FORGET_EVERY_S)


async def run(settings: Settings, clock: Clock) -> None:
    """Run a gateway until it is told to stop. Raises ValueError for settings that name none."""
    logs.configure(as_json=settings.log_json)
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    async with Station(settings, clock).running() as station:
        log.info("gateway", id=station.core.gateway, broker=station.link.broker.place)
        await stop.wait()
