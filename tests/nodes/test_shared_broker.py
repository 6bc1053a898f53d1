"""Several nodes at one broker: what a dead node had been given is heard by the others, once."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import AsyncIterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import pytest

from app.devices.mqtt import stand_in
from tests.devices.far_gateway import GATEWAY, RADIO, FarGateway, far_gateway
from tests.devices.mosquitto import Mosquitto, mosquitto
from tests.nodes.cluster import Wanderer, head, nodes, rows, session, until, watching

pytestmark = pytest.mark.database
EVENTS = 20
_DEVICE = """
INSERT INTO device (stream, family, number, label, region_code, active, facts)
VALUES ('990181', $1, $2, $2, '990181100000', true, '{}') ON CONFLICT DO NOTHING RETURNING id
"""


def now() -> datetime:
    return datetime.now(UTC)


@pytest.fixture
async def broker(tmp_path: Path) -> AsyncIterator[Mosquitto]:
    folder = tmp_path / "broker"
    folder.mkdir()
    async with mosquitto(folder) as broker:
        yield broker


async def _say(far: FarGateway, first: int, count: int) -> None:
    for number in range(first, first + count):
        await far.send(far.event("text", {"text": f"第{number}条"}))
    await far.send(far.event("location", far.place()))


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGSTOP])
async def test_what_a_failed_node_was_given_is_heard_by_another_and_counts_once(
    city_url: str, tmp_path: Path, broker: Mosquitto, how: signal.Signals
) -> None:
    await rows(city_url, _DEVICE, "gateway", GATEWAY)
    await rows(city_url, _DEVICE, "hdap", RADIO)
    shared = {"ZHISHOU_MQTT_URL": broker.url, "ZHISHOU_MQTT_SHARED": "1"}

    async def heard(count: int) -> bool:
        (row,) = await rows(city_url, "SELECT count(*) FROM gateway_event")
        return bool(row[0] >= count)

    async with nodes(city_url, tmp_path, 2, shared) as (first, second), far_gateway(broker, now) as far:
        await far.state()
        screen = Wanderer([second], await session(second), await head(city_url))
        async with watching([screen]):
            await _say(far, 0, EVENTS)
            await until(lambda: heard(EVENTS))

            async def shown() -> bool:
                return screen.positions > 0

            await until(shown)  # whichever node heard the position
            os.kill(first.pid, how)
            await _say(far, EVENTS, EVENTS)
            began = asyncio.get_running_loop().time()
            await until(lambda: heard(2 * EVENTS))
            assert asyncio.get_running_loop().time() - began < stand_in.SILENT_S + 20
            with suppress(ProcessLookupError):
                os.kill(first.pid, signal.SIGCONT)
            if how is signal.SIGSTOP:
                await _say(far, 2 * EVENTS, EVENTS)  # both sides may hear, each event counts once
                await until(lambda: heard(3 * EVENTS))

        async def whole() -> bool:
            (epoch,) = await rows(city_url, "SELECT seen::text AS seen FROM gateway_epoch")
            return bool(epoch["seen"].count("[") == 1)

        await until(whole)  # numbers are noted after what they came with; no hole: nothing was lost
        (texts,) = await rows(
            city_url,
            "SELECT count(*), count(DISTINCT body->>'text') FROM journal WHERE type = 'message.received'",
        )
        assert texts[0] == texts[1]
