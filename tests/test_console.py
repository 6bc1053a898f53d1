"""The console and the field page in a real browser: intake by keyboard, loss of the line, languages."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
import pytest_asyncio
from playwright.async_api import Browser, expect

from app.stage.seed import write_map
from tests.browser import log_in, page_of
from tests.node import Service

pytestmark = [pytest.mark.browser, pytest.mark.database]
LINXI_TEAM = "临溪镇综合应急救援队"


@dataclass
class House:
    """A service with the fictional city, a browser and a logged-in officer."""

    service: Service
    browser: Browser
    desk: httpx.AsyncClient


@pytest_asyncio.fixture(loop_scope="session")
async def house(city_url: str, tmp_path: Path, browser: Browser) -> AsyncIterator[House]:
    """The fictional city, without devices."""
    write_map(tmp_path / "map")
    async with AsyncExitStack() as stack:
        service = await stack.enter_async_context(Service(city_url, tmp_path))
        desk = await stack.enter_async_context(service.client("wangjun"))
        yield House(service, browser, desk)


async def test_a_telephone_call_becomes_an_incident_by_keyboard_alone(house: House) -> None:
    address = house.service.address
    async with page_of(house.browser, address) as page:
        await log_in(page, address, "chenjie")
        await expect(page.get_by_test_id("conn-state")).to_have_attribute("data-state", "live")
        began = time.monotonic()
        await page.keyboard.press("n")
        await expect(page.get_by_test_id("intake")).to_be_visible()
        await page.get_by_test_id("intake-place").fill("东岸")
        await expect(page.get_by_test_id("intake-place-option-0")).to_be_visible()
        await page.keyboard.press("Enter")
        await page.get_by_test_id("intake-type").fill("11A01")
        await expect(page.get_by_test_id("intake-type-option-0")).to_be_visible()
        await page.keyboard.press("Enter")
        await page.get_by_test_id("intake-life").check()
        await page.get_by_test_id("intake-caller-phone").fill("19900001234")
        await page.get_by_test_id("intake-description").fill("<b>3人</b>被困屋顶")
        await page.get_by_test_id("intake-submit").press("Enter")
        await expect(page.get_by_test_id("incident-drawer")).to_be_visible()
        assert time.monotonic() - began < 60, "a call is an incident in under a minute"
        await expect(page.get_by_text("<b>3人</b>被困屋顶").first).to_be_visible()  # escaped, not bold
        incident = (await house.desk.get("/api/snapshot")).json()["incidents"][0]
        assert (incident["region_code"], incident["event_code"]) == ("990181100204", "11A01")
        assert (incident["life_threat"], incident["callers"][0]["phone"]) == (True, "19900001234")


async def test_the_console_resumes_after_the_service_was_away(house: House) -> None:
    address = house.service.address
    async with page_of(house.browser, address) as page:
        await log_in(page, address, "chenjie")
        state = page.get_by_test_id("conn-state")
        await expect(state).to_have_attribute("data-state", "live")
        await house.service.kill()
        await expect(state).to_have_attribute("data-state", "lost")
        await house.service.start()
        await expect(state).to_have_attribute("data-state", "live")
        opened = await house.desk.post(
            "/api/incidents", json={"event_code": "11A01", "region_code": "990181100204"}
        )
        incident = page.get_by_test_id(f"incident-{opened.json()['id']}")
        await expect(incident).to_have_count(1)


async def test_a_responder_without_network_acts_and_everything_arrives_once_in_order(house: House) -> None:
    address = house.service.address
    teams = (await house.desk.get("/api/snapshot")).json()["teams"]
    team = next(t["id"] for t in teams if t["name_zh"] == LINXI_TEAM)
    opened = await house.desk.post(
        "/api/incidents", json={"event_code": "11A01", "region_code": "990181100204"}
    )
    async with page_of(house.browser, address, width=360, height=640, mobile=True) as phone:
        await log_in(phone, address, "responder1", "/m/")
        await phone.get_by_test_id("field-start").click()
        await house.desk.post(f"/api/incidents/{opened.json()['id']}/assignments", json={"team_id": team})
        await phone.get_by_test_id("field-accept").click()
        await expect(phone.get_by_test_id("field-next")).to_have_attribute("data-step", "depart")
        await expect(phone.get_by_test_id("field-outbox")).to_have_attribute("data-count", "0")
        await phone.context.set_offline(True)
        await phone.get_by_test_id("field-next").click()
        await expect(phone.get_by_test_id("field-next")).to_have_attribute("data-step", "arrive")
        await phone.get_by_test_id("field-next").click()
        await expect(phone.get_by_test_id("field-outbox")).to_have_attribute("data-count", "2")
        await phone.context.set_offline(False)
        await expect(phone.get_by_test_id("field-outbox")).to_have_attribute("data-count", "0")
        assert await _states(house) == ["on_scene"]
        events = (await house.desk.get("/api/events?after=0&limit=1000")).json()["events"]
        steps = [e["type"] for e in events if e["type"].startswith("assignment.")]
        assert steps == [
            "assignment.dispatched",
            "assignment.acknowledged",
            "assignment.en_route",
            "assignment.on_scene",
        ]


async def test_english_is_one_click_away_and_stays(house: House) -> None:
    address = house.service.address
    async with page_of(house.browser, address) as page:
        await log_in(page, address, "chenjie")
        await expect(page.locator("html")).to_have_attribute("lang", "zh-CN")
        await page.get_by_test_id("lang").click()
        await expect(page.locator("html")).to_have_attribute("lang", "en")
        await page.reload()
        await expect(page.locator("html")).to_have_attribute("lang", "en")
        await expect(page.get_by_text("Map follow").first).to_be_visible()


async def test_the_api_page_works_without_the_internet(house: House) -> None:
    async with page_of(house.browser, house.service.address) as page:
        await page.goto(house.service.address + "/docs")
        # The contract is built for the first who asks: seconds of a core, which a busy machine shares out.
        await expect(page.get_by_text("/api/snapshot").first).to_be_visible(timeout=90_000)


async def _states(house: House) -> list[str]:
    assignments = (await house.desk.get("/api/snapshot")).json()["assignments"]
    return [assignment["state"] for assignment in assignments]
