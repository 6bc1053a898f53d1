"""The page of drones in a real browser: a drone over real UDP, and its flight from plan to landing."""

from __future__ import annotations

import json
import os
import socket
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, expect

from app.clock import SystemClock
from app.db import Database
from app.devices.adapters.mavlink import messages
from app.devices.adapters.mavlink.frames import build
from app.dispatch.actions.incidents import open_by_hand
from app.dispatch.commands import IncidentIn
from app.simulators.drones import MavlinkDrone
from app.stage.drones import AIRCRAFT, SYSTEM, fly
from app.stage.hands import hand_of
from app.stage.seed import write_map
from tests.browser import log_in, page_of
from tests.node import Service

pytestmark = [pytest.mark.browser, pytest.mark.database]
HEARD_WITHIN_MS = 15_000
LINXI, ZONE = "990181100000", ZoneInfo("Asia/Shanghai")
LON, LAT = 115.441, 28.1123


@dataclass
class House:
    """A service that hears MAVLink, a browser, and a socket that speaks it."""

    service: Service
    browser: Browser
    sender: socket.socket


@pytest_asyncio.fixture(loop_scope="session")
async def house(city_url: str, tmp_path: Path, browser: Browser) -> AsyncIterator[House]:
    """The fictional city with an incident, and the drones of the demo with their flights for it."""
    write_map(tmp_path / "map")
    database, now = Database(city_url, pool_size=1), SystemClock().now()
    try:
        async with database.transaction() as tx:
            officer = await hand_of(tx, "chenjie")
            told = IncidentIn(event_code="12Y00", region_code=LINXI, lon=LON, lat=LAT, title="堤防险情")
            await open_by_hand(tx, officer, told, now, ZONE)
        await fly(database, tmp_path, now, ZONE)
    finally:
        await database.close()
    assert json.loads((tmp_path / "drones.json").read_text()) == {SYSTEM: [LON, LAT], AIRCRAFT: [LON, LAT]}
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    async with AsyncExitStack() as stack:
        settings = {"ZHISHOU_MAVLINK_UDP": f"127.0.0.1:{port}"}
        service = await stack.enter_async_context(Service(city_url, tmp_path, settings))
        sender = stack.enter_context(socket.socket(socket.AF_INET, socket.SOCK_DGRAM))
        sender.connect(("127.0.0.1", port))
        yield House(service, browser, sender)


async def _picture(page: Page, name: str) -> None:
    if folder := os.environ.get("ZHISHOU_SCREENSHOTS"):
        await page.screenshot(path=Path(folder) / f"{name}.png")


async def test_a_flight_from_the_plan_to_the_landing_as_the_drone_tells_it(house: House) -> None:
    at = [SystemClock().now()]
    drone = MavlinkDrone(int(SYSTEM), LON, LAT, now=lambda: at[0])

    def tell(after_s: float, landed: int = 0) -> None:
        """Let the drone tell of an instant of its flight, or only of ground and air."""
        if landed:
            told = messages.LAYOUTS[messages.EXTENDED_SYS_STATE][0].pack(0, landed)
            house.sender.send(build(messages.EXTENDED_SYS_STATE, told, system=int(SYSTEM)))
            return
        at[0] += timedelta(seconds=after_s)
        for datagram in drone.datagrams():
            house.sender.send(datagram)

    async with page_of(house.browser, house.service.address) as page:
        await log_in(page, house.service.address, "shift", "/drones")
        card = page.locator("article", has_text="侦察无人机")
        await expect(card.get_by_test_id("drone-link")).to_have_text("从未上线")
        await expect(page.locator("article", has_text="机场无人机")).to_contain_text("未设置机场消息服务器")

        tell(0, landed=1)
        await expect(card.get_by_test_id("drone-link")).to_have_text("在线", timeout=HEARD_WITHIN_MS)
        await card.get_by_role("button", name="新建任务").click()
        await page.get_by_test_id("mission-purpose").fill("查看堤防<b>")
        await page.get_by_test_id("mission-pilot").fill("李飞")
        await page.get_by_test_id("airspace-not_needed").check()
        await page.get_by_test_id("mission-airspace").fill("真高 50 米以下,非管制空域")
        await page.get_by_test_id("mission-save").click()
        flight = page.get_by_test_id("mission-3")
        await expect(flight).to_contain_text("查看堤防<b>")
        await expect(page.get_by_test_id("mission-1")).to_contain_text("俯瞰现场")

        tell(30)
        await expect(card.get_by_test_id("drone-battery")).to_contain_text("94%", timeout=HEARD_WITHIN_MS)
        await expect(card).to_contain_text("110 m")
        await expect(card).to_contain_text("空中")
        await _picture(page, "drones")
        await page.reload()
        await page.get_by_test_id("take-launch-3").click()
        await expect(flight).to_have_attribute("data-state", "flying")
        tell(0, landed=1)
        await expect(card).to_contain_text("地面", timeout=HEARD_WITHIN_MS)
        await page.reload()
        await page.get_by_test_id("take-landing-3").click()
        await expect(flight).to_have_attribute("data-state", "landed")
