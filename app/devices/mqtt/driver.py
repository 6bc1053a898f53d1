"""The driver of all MQTT gateways: one session with the broker; heard, committed, then acknowledged."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import datetime, timedelta

import structlog

from app.background import alongside
from app.devices.adapters.mqtt_gateway.topics import ALL_EVENTS, ALL_STATES, ROOT
from app.devices.driver import Driver, Probed, Rig
from app.devices.mqtt import store
from app.devices.mqtt.broker import parse_broker
from app.devices.mqtt.commands import Commands
from app.devices.mqtt.intake import GATEWAY, Intake
from app.devices.mqtt.link import Heard, MqttLink
from app.devices.mqtt.stand_in import StandIns
from app.org.store import DeviceFact

log = structlog.get_logger()
RECEIVE_MAXIMUM = 4000  # messages in hand before they are acknowledged: 72 KiB each at the most
BATCH = 2000  # one half is read while the other is committed
GATHER_S = 0.02  # a commit serves whatever came meanwhile
FORGET_EVERY = timedelta(hours=1)
KEPT_FOR = timedelta(days=7)  # a gateway's store holds no longer


class Gateways:
    """Holds the session with the broker. What it hears is heard via `gateway:<id>`, not via the broker."""

    name = GATEWAY

    def __init__(self, rig: Rig) -> None:
        settings = rig.settings
        broker = parse_broker(
            settings.mqtt_url, ca=settings.mqtt_ca, cert=settings.mqtt_cert, key=settings.mqtt_key
        )
        self._rig = rig
        self._broker = broker
        self._shared = settings.mqtt_shared and broker.version == "5"
        self._waiting: deque[tuple[MqttLink, Heard]] = deque()
        self._arrived = asyncio.Event()
        self._forgot_at: datetime | None = None
        name = settings.mqtt_client_id or f"zhishou-{settings.stream}"
        self.link = self._link(name)
        self._stand_ins = StandIns(rig.database, settings.stream, name, self._link)
        self._commands = Commands(rig, self.link)
        self._intake = Intake(rig, self._commands.answered)

    @asynccontextmanager
    async def running(self) -> AsyncIterator[Gateways]:
        """Hear and be heard while the block lasts; what is not committed at its end comes again."""
        async with AsyncExitStack() as stack:
            await stack.enter_async_context(self.link.running())
            await stack.enter_async_context(alongside(self._run()))
            if self._shared:
                await stack.enter_async_context(self._stand_ins.running())
            yield self

    def health(self) -> dict[str, object]:
        """Return the state of the session and of each gateway of the register."""
        return {
            **self.link.health(),
            "waiting": len(self._waiting),
            "stands_in_for": self._stand_ins.heard_for,
            "gateways": {
                gateway.number: {
                    "state": gateway.state,
                    "since": gateway.since and gateway.since.isoformat(),
                    "lost_events": gateway.lost,
                }
                for gateway in self._intake.roster.values()
            },
        }

    async def send_waiting(self) -> None:
        """Send what waits for devices behind gateways that are online."""
        await self._commands.send_waiting()
        now = self._rig.clock.now()
        if self._forgot_at is None or now - self._forgot_at >= FORGET_EVERY:
            self._forgot_at = now
            async with self._rig.database.transaction() as tx:
                await store.forget(tx, now - KEPT_FOR)

    async def probe(self, device: DeviceFact) -> Probed | None:
        """Ask a device through the gateway that heard it last."""
        return await self._commands.probe(device)

    def _link(self, client_id: str) -> MqttLink:
        """Return a link with a session of its own, or with that of the node it stands in for."""

        def hear(heard: Heard) -> None:
            self._waiting.append((link, heard))
            self._arrived.set()

        link = MqttLink(
            self._broker,
            client_id,
            hear,
            subscriptions(shared=self._shared),
            receive_maximum=RECEIVE_MAXIMUM,
        )
        return link

    async def _run(self) -> None:
        while True:
            if not self._waiting:
                self._arrived.clear()
                await self._arrived.wait()
                await asyncio.sleep(GATHER_S)
            batch = [self._waiting.popleft() for _ in range(min(BATCH, len(self._waiting)))]
            await self._intake.take([heard for _, heard in batch])
            for link, heard in batch:
                link.ack(heard)


def subscriptions(*, shared: bool) -> list[str]:
    """Return what a node hears. Shared, an event goes to one node of several.

    States are retained, which shared subscriptions do not get; and the answer to a question must reach the
    node that asked. Both are harmless when taken in twice.
    """
    if not shared:
        return [ALL_STATES, ALL_EVENTS]
    answers = [f"{ROOT}/+/device/+/event/{kind}" for kind in ("txack", "ack")]
    return [ALL_STATES, f"$share/zhishou/{ALL_EVENTS}", *answers]


def drivers(rig: Rig) -> list[Driver]:
    """Return the driver of all gateways, if a broker is set. Raises ValueError for a URL that names none."""
    return [Gateways(rig)] if rig.settings.mqtt_url else []
