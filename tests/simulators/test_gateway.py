"""The simulated gateway against the centre: what it says is believed, what it does wrong is seen."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from app.demo.movement import Motion
from app.devices.mqtt.broker import parse_broker
from app.simulators.gateway import Radio, SimulatedGateway
from tests.county import county, county_url
from tests.devices.far_gateway import GATEWAY, RADIO, WALKER, Centre, centre_on, connected, enlist
from tests.devices.mosquitto import mosquitto
from tests.devices.platform import Platform, platform
from tests.devices.test_mqtt_commands import queue, state_is
from tests.devices.test_mqtt_ingest import lost
from tests.world import world

__all__ = ["county", "county_url", "platform", "world"]
pytestmark = pytest.mark.database


@pytest.fixture
async def centre(platform: Platform, tmp_path: Path) -> AsyncIterator[Centre]:
    """The centre and a broker."""
    await enlist(platform.world)
    async with mosquitto(tmp_path) as broker, centre_on(platform, broker) as centre:
        yield centre


@pytest.fixture
async def gateway(centre: Centre) -> AsyncIterator[SimulatedGateway]:
    """Two radios that walk."""
    radios = [Radio(number, lambda: Motion(118.2, 28.5, 1.3, 90)) for number in (RADIO, WALKER)]
    simulated = SimulatedGateway(
        parse_broker(centre.broker.url), GATEWAY, radios, period_s=0.1, now=centre.world.clock.now
    )
    async with simulated.running():
        await connected(simulated.link)
        await centre.until("SELECT 1 FROM gateway WHERE state = 'online'")
        await centre.until("SELECT 1 FROM device WHERE heard_via = 'gateway:pdt-cd-01'", 2)
        yield simulated


async def test_radios_walk_call_and_talk(centre: Centre, gateway: SimulatedGateway) -> None:
    await centre.until("SELECT 1 FROM position", 2)
    gateway.press_sos(RADIO)
    (event,) = await centre.events(1)
    assert event["type"] == "alarm.raised"
    gateway.talk(RADIO, "101", over=False)
    gateway.talk(RADIO, "101", over=True)
    await centre.until("SELECT 1 FROM radio_talk WHERE ended_at IS NOT NULL AND NOT cut")


async def test_an_order_is_read_and_acknowledged_by_the_radio(
    centre: Centre, gateway: SimulatedGateway
) -> None:
    await queue(centre)
    await centre.sender.look()
    await state_is(centre, "delivered")
    assert gateway.radios[RADIO].read == ["请报告位置"]


async def test_a_radio_without_battery_is_sent_to_and_does_not_answer(
    centre: Centre, gateway: SimulatedGateway
) -> None:
    gateway.radios[RADIO].silent = True
    await queue(centre)
    await centre.sender.look()
    await state_is(centre, "accepted")
    assert gateway.radios[RADIO].read == []


async def test_a_lost_answer_is_asked_for_again_and_the_order_read_once(
    centre: Centre, gateway: SimulatedGateway
) -> None:
    gateway.trouble.lose = True
    await queue(centre)
    await centre.sender.look()
    await _until(lambda: gateway.radios[RADIO].read)
    gateway.trouble.lose = False
    centre.world.later(seconds=16)
    await centre.sender.look()
    await centre.sender.look()
    await state_is(centre, "accepted")
    assert gateway.radios[RADIO].read == ["请报告位置"]
    assert len(gateway.commands) == 2


async def test_a_late_answer_still_counts(centre: Centre, gateway: SimulatedGateway) -> None:
    gateway.trouble.delay_s = 0.3
    await queue(centre)
    await centre.sender.look()
    await state_is(centre, "submitted")
    await state_is(centre, "delivered")


async def test_lost_events_a_restart_and_a_replay_are_told_apart(
    centre: Centre, gateway: SimulatedGateway
) -> None:
    gateway.say(RADIO, "桥断了")
    gateway.lose(3)
    gateway.say(RADIO, "绕行")
    await centre.events(2)
    async with asyncio.timeout(30):
        while await lost(centre) != 3:  # noqa: ASYNC110 - rows tell nobody
            await asyncio.sleep(0.05)
    gateway.restart()
    gateway.say(RADIO, "第三")
    await centre.events(3)
    gateway.replay()
    await centre.settled()
    assert await centre.world.types() == ["text.received"] * 3
    assert await lost(centre) == 3


async def _until(met: Any) -> None:
    async with asyncio.timeout(30):
        while not met():  # noqa: ASYNC110 - the far side has no event to wait on
            await asyncio.sleep(0.01)
