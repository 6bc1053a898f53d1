"""The far side of the gateway contract, written by hand, and the centre's driver on a real broker."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from app.config import Settings
from app.devices.driver import Rig
from app.devices.mqtt.broker import parse_broker
from app.devices.mqtt.driver import Gateways
from app.devices.mqtt.link import Heard, MqttLink
from app.devices.sender import Sender
from tests.devices.mosquitto import Mosquitto
from tests.devices.platform import Platform
from tests.world import EAST_BANK, HILL, STREAM, World

GATEWAY, OTHER = "pdt-cd-01", "pdt-cd-02"
RADIO, WALKER = "2301", "2302"
PATIENCE_S = 30  # for what takes milliseconds where nobody else computes


@dataclass
class FarGateway:
    """A gateway as an integrator writes one: JSON by hand, its own counters."""

    link: MqttLink
    now: Callable[[], datetime]
    name: str = GATEWAY
    epoch: str = field(default_factory=lambda: str(uuid4()))
    seq: int = 0
    commands: list[tuple[str, dict[str, Any]]] = field(default_factory=list)

    async def state(self, said: str = "ONLINE") -> None:
        """Retain a state."""
        told = {"state": said, "epoch": self.epoch, "sw": "far 1.0", "proto": "hytera-hdap"}
        await self.link.publish(
            f"ecd/v1/gateway/{self.name}/state/conn", json.dumps(told).encode(), retain=True
        )

    def event(self, kind: str, data: dict[str, Any] | None = None, **more: Any) -> dict[str, Any]:
        """Return the next event."""
        self.seq += 1
        return {
            "v": 1,
            "id": str(uuid4()),
            "ts": self.now().isoformat(),
            "seq": self.seq,
            "epoch": self.epoch,
            "type": kind,
            "data": data or {},
            **more,
        }

    def place(self, lat: float = 28.52, at: datetime | None = None, **more: Any) -> dict[str, Any]:
        """Return a position's data."""
        return {"lat": lat, "lon": 118.21, "tst": int((at or self.now()).timestamp()), **more}

    async def send(self, event: dict[str, Any], device: str = RADIO) -> dict[str, Any]:
        """Publish an event; return it when the broker has it."""
        await self.raw(device, event["type"], json.dumps(event).encode())
        return event

    async def raw(self, device: str, kind: str, payload: bytes) -> None:
        """Publish any bytes."""
        await self.link.publish(f"ecd/v1/gateway/{self.name}/device/{device}/event/{kind}", payload)

    async def answer(
        self, command: dict[str, Any], kind: str = "txack", result: str = "ok", **more: Any
    ) -> None:
        """Answer a command."""
        await self.send(self.event(kind, {"result": result, **more}, corr=command["id"]))

    async def command(self, count: int = 1) -> dict[str, Any]:
        """Wait for the n-th command; return it."""
        async with asyncio.timeout(PATIENCE_S):
            while len(self.commands) < count:  # noqa: ASYNC110 - a broker has no event to wait on
                await asyncio.sleep(0.005)
        return self.commands[count - 1][1]


@asynccontextmanager
async def far_gateway(
    broker: Mosquitto, now: Callable[[], datetime], name: str = GATEWAY
) -> AsyncIterator[FarGateway]:
    """Run a gateway while the block lasts."""

    def hear(heard: Heard) -> None:
        far.commands.append((heard.topic, json.loads(heard.payload)))
        link.ack(heard)

    url = broker.url_of(name if broker.accounts else "centre")
    link = MqttLink(parse_broker(url), name, hear, [f"ecd/v1/gateway/{name}/device/+/command/+"])
    far = FarGateway(link, now, name)
    async with link.running():
        await connected(link)
        yield far


async def connected(link: MqttLink) -> None:
    """Wait for the broker."""
    async with asyncio.timeout(PATIENCE_S):
        while not link.connected:  # noqa: ASYNC110 - it is a flag
            await asyncio.sleep(0.005)
    await asyncio.sleep(0.02)  # the subscription is on its way


@dataclass
class Centre:
    """The centre's driver on a real database and a real broker."""

    world: World
    platform: Platform
    broker: Mosquitto
    driver: Gateways
    sender: Sender

    async def until(self, query: str, count: int = 1, **values: Any) -> list[dict[str, Any]]:
        """Wait until a query finds so many rows."""
        async with asyncio.timeout(PATIENCE_S):
            while len(rows := await self.world.rows(query, **values)) < count:  # noqa: ASYNC110 - rows tell nobody
                await asyncio.sleep(0.01)
        return rows

    async def events(self, count: int) -> list[dict[str, Any]]:
        """Wait for so many events of the journal."""
        async with asyncio.timeout(PATIENCE_S):
            while len(events := await self.world.events()) < count:  # noqa: ASYNC110 - rows tell nobody
                await asyncio.sleep(0.01)
        return events

    async def settled(self, far: FarGateway | None = None) -> None:
        """Wait until all that was sent is taken in: a last event of the gateway's is behind all of it."""
        if far is not None:
            marker = far.event("log")
            far.seq -= 1
            del marker["seq"]
            await far.send(marker)
            await self.until("SELECT 1 FROM gateway_event WHERE id = :id", id=UUID(marker["id"]))
            return
        await asyncio.sleep(0.3)
        async with asyncio.timeout(PATIENCE_S):
            while self.driver.health()["waiting"]:  # noqa: ASYNC110 - it is a number
                await asyncio.sleep(0.01)
        await asyncio.sleep(0.3)


def settings(broker: Mosquitto, **more: Any) -> Settings:
    """Return a node's settings for a broker."""
    return Settings(stream=STREAM, mqtt_url=broker.url, **more)


async def enlist(world: World) -> None:
    """Put the gateways and radios into the register."""
    for family, number, team in (
        ("gateway", GATEWAY, None),
        ("gateway", OTHER, None),
        ("hdap", RADIO, HILL),
        ("hdap", WALKER, HILL),
    ):
        await world.run(
            "INSERT INTO device (stream, family, number, label, region_code, team_id, active, facts) "
            "VALUES (:stream, :family, :number, :label, :region, :team, true, '{}')",
            stream=STREAM,
            family=family,
            number=number,
            label=f"{family} {number}",
            region=EAST_BANK,
            team=team,
        )


@asynccontextmanager
async def centre_on(platform: Platform, broker: Mosquitto, **more: Any) -> AsyncIterator[Centre]:
    """Run the centre's driver while the block lasts."""
    rig = platform.rig
    driver = Gateways(Rig(settings(broker, **more), rig.database, rig.clock, rig.register, rig.pump))
    async with driver.running():
        await connected(driver.link)
        sender = Sender(rig.database, rig.clock, [driver])
        yield Centre(platform.world, platform, broker, driver, sender)


MINUTE = timedelta(minutes=1)
