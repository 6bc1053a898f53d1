"""Forces in a real browser: needs of a run card, several incidents at once, stations, partners."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, expect

from app.stage.seed import write_map
from tests.browser import log_in, page_of
from tests.node import Service

pytestmark = [pytest.mark.browser, pytest.mark.database]
FLOOD = {"event_code": "11A01", "region_code": "990181100204", "title": "东岸村洪水围困", "life_threat": True}
FIRE = {"event_code": "11G01", "region_code": "990181107203", "title": "观山村山火"}


@dataclass
class House:
    """A service with the fictional city, a browser, and the shift lead at the other end of the line."""

    service: Service
    browser: Browser
    lead: httpx.AsyncClient


@pytest_asyncio.fixture(loop_scope="session")
async def house(city_url: str, tmp_path: Path, browser: Browser) -> AsyncIterator[House]:
    """The fictional city, without devices that speak."""
    write_map(tmp_path / "map")
    async with AsyncExitStack() as stack:
        service = await stack.enter_async_context(Service(city_url, tmp_path))
        lead = await stack.enter_async_context(service.client("shift"))
        yield House(service, browser, lead)


async def _open(page: Page, house: House, path: str) -> None:
    await log_in(page, house.service.address, "shift", path)
    await expect(page.get_by_test_id("conn-state")).to_have_attribute("data-state", "live")


async def test_who_goes_is_seen_changed_and_solved_for_two_incidents_at_once(house: House) -> None:
    opened = [(await house.lead.post("/api/incidents", json=told)).json() for told in (FLOOD, FIRE)]
    flood, fire = opened[0]["id"], opened[1]["id"]
    async with page_of(house.browser, house.service.address) as page:
        await _open(page, house, f"/i/{flood}")
        await page.get_by_test_id("dispatch-open").first.click()
        needs = page.get_by_test_id("dispatch-needs")
        await expect(needs).to_contain_text("洪涝被困救援")
        await expect(page.get_by_test_id("need-boat")).to_have_attribute("data-short", "false")
        await expect(page.get_by_test_id("dispatch-text")).to_have_value(re.compile("必须穿救生衣"))
        ticked = page.locator("[data-testid^=dispatch-offer-][data-ticked=true]")
        first = await ticked.count()
        assert first >= 2  # two rescue teams at least, by the card
        await page.get_by_test_id("dispatch-alarm-2").click()
        await expect(page.get_by_test_id("need-boat")).to_contain_text("/3 支")
        assert await ticked.count() > first
        await page.get_by_test_id("dispatch-add-need").select_option("gas")
        await expect(needs).to_contain_text("人工指定")
        await expect(page.get_by_test_id("need-gas")).to_contain_text("1/1 支")
        for _ in range(2):
            await page.get_by_test_id("need-more-gas").click()
        await expect(page.get_by_test_id("short-gas")).to_contain_text("燃气抢修还缺 2 支")
        await page.get_by_test_id("dispatch-by-card").click()
        await expect(needs).to_contain_text("洪涝被困救援")
        await page.keyboard.press("Escape")
        await page.keyboard.press("Escape")
        await page.keyboard.press("j")
        await expect(page.get_by_test_id(f"joint-{fire}")).to_contain_text("观山村山火")
        await page.keyboard.press("Enter")
        dialog = page.get_by_test_id("joint-dialog")
        await expect(page.get_by_test_id(f"joint-send-{fire}")).to_be_visible()
        names = await dialog.locator("[data-testid^=joint-pick-]").evaluate_all(
            "x => x.map(e => e.dataset.testid)"
        )
        assert len(names) == len(set(names)) >= 4  # nobody goes to both
        await page.get_by_test_id(f"joint-send-{fire}").click()
        await expect(page.get_by_test_id("dispatch-dialog")).to_contain_text("观山村山火")


async def test_a_team_is_stationed_elsewhere_and_partners_are_kept(house: House) -> None:
    async with page_of(house.browser, house.service.address) as page:
        await _open(page, house, "/people/teams")
        await page.get_by_test_id("team-find").fill("阁峰中队")
        await page.get_by_test_id("station-new").click()
        await page.get_by_test_id("station-where").fill("观山镇")
        await page.get_by_test_id("station-where-option-0").click()
        await page.get_by_test_id("station-reason").fill("森林火险红色预警")
        await page.get_by_test_id("station-submit").click()
        await expect(page.get_by_test_id("station-place")).to_have_text("观山镇")
        await page.get_by_test_id("station-back").click()
        await expect(page.get_by_test_id("station-place")).to_have_text("原驻地")
        await page.keyboard.press("5")
        await expect(page.locator("[data-testid^=partner-][data-testid$='1']").first).to_contain_text(
            "邻水县"
        )
        await page.get_by_test_id("partner-new").click()
        await page.get_by_test_id("partner-name").fill("南塘县应急指挥中心")
        await page.get_by_test_id("partner-phone").fill("电话")
        await page.get_by_test_id("partner-save").click()
        await expect(page.get_by_test_id("partner-form")).to_contain_text("格式不正确")
        await page.get_by_test_id("partner-phone").fill("0799-5580119")
        await page.get_by_test_id("partner-able-gas").check()
        await page.get_by_test_id("partner-save").click()
        await expect(page.get_by_test_id("partners")).to_contain_text("南塘县应急指挥中心")
        await expect(page.get_by_test_id("partners")).to_contain_text("燃气抢修")
