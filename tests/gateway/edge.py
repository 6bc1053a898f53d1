"""A gateway at work for the tests: its station on a real broker, the centre, a device's order."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

from app.clock import Clock, SystemClock
from app.config import Settings
from app.delivery.tables import Delivery
from app.devices.mqtt.broker import parse_broker
from app.devices.mqtt.link import Heard, MqttLink
from app.gateway.station import Station
from tests.devices.far_gateway import Centre, connected
from tests.devices.mosquitto import Mosquitto
from tests.world import COUNTY, HILL, STREAM, World

EDGE = "edge-01"


@asynccontextmanager
async def station_on(
    broker: Mosquitto, folder: Path, *, clock: Clock | None = None, away: bool = False, **more: Any
) -> AsyncIterator[Station]:
    """Run a gateway while the block lasts; with `away` its broker is not there."""
    settings = Settings(gateway_id=EDGE, mqtt_url=broker.url, data=folder, **more)
    async with Station(settings, clock or SystemClock()).running() as station:
        if not away:
            await connected(station.link)
        yield station


@asynccontextmanager
async def listening(broker: Mosquitto) -> AsyncIterator[list[dict[str, Any]]]:
    """Keep what the gateway publishes, in the order in which the broker gives it out."""
    heard: list[dict[str, Any]] = []

    def hear(one: Heard) -> None:
        heard.append(json.loads(one.payload))
        link.ack(one)

    topics = [f"ecd/v1/gateway/{EDGE}/device/+/event/+"]
    link = MqttLink(parse_broker(broker.url), "listener", hear, topics)
    async with link.running():
        await connected(link)
        yield heard


async def enlist(world: World) -> None:
    """Put the gateway into the register, and the county's clock to the present: the gateway has its own."""
    world.clock.advance(SystemClock().now() - world.clock.now())
    await world.run(
        "INSERT INTO device (stream, family, number, label, region_code, active, facts) VALUES "
        "(:stream, 'gateway', :number, '镇网关', :region, true, '{}')",
        stream=STREAM,
        number=EDGE,
        region=COUNTY,
    )


async def order(
    centre: Centre, channel: str, device_id: int, address: str, words: str = "速去东岸", team_id: int = HILL
) -> None:
    """Let a text wait for a device."""
    now = centre.world.clock.now()
    row = Delivery(
        stream=STREAM,
        team_id=team_id,
        device_id=device_id,
        channel=channel,
        address=address,
        body=words,
        queued_at=now,
        expires_at=now + timedelta(minutes=30),
    )

    async def add(tx: Any) -> None:
        tx.add(row)

    await centre.world.do(add)
    await centre.sender.look()
