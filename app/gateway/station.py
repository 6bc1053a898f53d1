"""`zhishou gateway`: cables on one side, the broker on the other, the disk in between."""

from __future__ import annotations

import asyncio
import json
import signal
import sqlite3
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from functools import partial
from typing import Any

import structlog

from app import logs
from app.background import alongside
from app.clock import Clock
from app.config import Settings
from app.devices.adapters.hdap import FAMILY as RADIO
from app.devices.adapters.mqtt_gateway.topics import all_commands, is_gateway_id, state_topic
from app.devices.mqtt.broker import parse_broker
from app.devices.mqtt.client import Will
from app.devices.mqtt.link import Heard, MqttLink, Refused
from app.gateway.core import Core
from app.gateway.drivers import CAN, Edge, all_drivers
from app.gateway.satphone import ways_of
from app.gateway.store import Store

log = structlog.get_logger()
SOFTWARE = "zhishou-gateway"
WINDOW = 20  # events on their way at once: what a broker takes by default
LOOK_EVERY_S = 0.2
REFUSED_PAUSE_S = 30.0
FORGET_EVERY_S = 3600.0
DISK_PAUSE_S = 1.0


class Station:
    """A gateway at work. Raises ValueError for settings that name no gateway, broker or machine."""

    def __init__(self, settings: Settings, clock: Clock) -> None:
        name = settings.gateway_id
        if not is_gateway_id(name):
            raise ValueError(
                "ZHISHOU_GATEWAY_ID 应为 1 至 64 个字母、数字、点或短横线 / "
                "ZHISHOU_GATEWAY_ID should be 1 to 64 letters, digits, dots or dashes"
            )
        broker = parse_broker(
            settings.mqtt_url, ca=settings.mqtt_ca, cert=settings.mqtt_cert, key=settings.mqtt_key
        )
        self._clock = clock
        self._file = settings.data / "gateway.sqlite"
        self.troubles = 0  # how often the disk did not take something
        self._unjudged: deque[Heard] = deque()
        self.store = Store(self._file)
        self.core = Core(name, self.store, clock.now, CAN)
        try:
            self.drivers = all_drivers(Edge(settings, self.core, self.store, clock))
        except ValueError:
            self.store.close()
            raise
        self.core.channels = tuple(dict.fromkeys(driver.channel for driver in self.drivers))
        self.core.groups_by = next((one.channel for one in self.drivers if one.family == RADIO), "")
        self.core.ways = partial(ways_of, settings.satphone_country)
        self._families = ",".join(dict.fromkeys(driver.family for driver in self.drivers))
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
        try:
            async with AsyncExitStack() as stack:
                await stack.enter_async_context(self.link.running())
                stack.push_async_callback(self._say_offline)
                await stack.enter_async_context(alongside(*self._works()))
                for driver in self.drivers:
                    await stack.enter_async_context(driver.running())
                yield self
        finally:
            self.store.close()

    def _works(self) -> list[Coroutine[Any, Any, None]]:
        return [
            self._again(self._send, LOOK_EVERY_S),
            self._again(self._judge, LOOK_EVERY_S),
            self._again(self._forget, FORGET_EVERY_S),
        ]

    def _heard(self, heard: Heard) -> None:
        """Judge a command, after those that came before it."""
        self._unjudged.append(heard)
        if len(self._unjudged) == 1:
            with suppress(sqlite3.Error):  # tried again, and told, by `_judge`
                self._take_first()

    def _take_first(self) -> None:
        """Judge the first command. It stands on disk before the broker may forget it."""
        heard = self._unjudged[0]
        result = self.core.take(heard.topic, heard.payload)
        self._unjudged.popleft()
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

    async def _again(self, work: Callable[[], Awaitable[None]], every_s: float) -> None:
        """Work for ever; a disk that is full or held by somebody is waited for."""
        while True:
            try:
                await work()
            except sqlite3.Error as error:
                self.troubles += 1
                log.error("gateway_disk_failed", file=str(self._file), error=str(error))
                await asyncio.sleep(DISK_PAUSE_S)
            else:
                await asyncio.sleep(every_s)

    async def _judge(self) -> None:
        while self._unjudged:
            self._take_first()
        self.core.tasks()  # those whose time is over are answered, whether their device is there or not

    async def _send(self) -> None:
        """Send what waits, in its order; each is forgotten when the broker has it."""
        while self.link.connected and (events := self.store.waiting(0, WINDOW)):
            # A broker that was restarted may have forgotten whom events are for, until the centre is back.
            sent = [
                (event, self.link.publish(event.topic, event.payload, to_somebody=True)) for event in events
            ]
            taken: list[int] = []
            try:
                for event, done in sent:
                    await done
                    taken.append(event.key)
            except Refused as error:  # nobody is there, or an access list has gone wrong: the event has not
                log.error("gateway_event_refused", topic=event.topic, reason=error.reason)
                self.store.sent(*taken)
                await asyncio.sleep(REFUSED_PAUSE_S)
            else:
                self.store.sent(*taken)

    async def _forget(self) -> None:
        self.store.forget(self._clock.now())


async def run(settings: Settings, clock: Clock) -> None:
    """Run a gateway until it is told to stop. Raises ValueError for settings that name none."""
    logs.configure(as_json=settings.log_json)
    stop = asyncio.Event()
    _stop_signals(stop)
    async with Station(settings, clock).running() as station:
        drives = [driver.name for driver in station.drivers]
        log.info("gateway", id=station.core.gateway, broker=station.link.broker.place, drives=drives)
        await stop.wait()


def _stop_signals(stop: asyncio.Event) -> None:
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
