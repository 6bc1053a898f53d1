"""The big screen in a real browser: who is on, what is open, what is due by when, and how old it is."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, expect

from app.stage.seed import write_map
from tests.browser import log_in, page_of
from tests.node import Service

pytestmark = [pytest.mark.browser, pytest.mark.database]
House = tuple[Service, Browser]


@pytest_asyncio.fixture(loop_scope="session")
async def house(city_url: str, tmp_path: Path, browser: Browser) -> AsyncIterator[House]:
    write_map(tmp_path / "map")
    async with AsyncExitStack() as stack:
        service = await stack.enter_async_context(Service(city_url, tmp_path))
        yield service, browser


async def test_the_wall_counts_down_what_is_due_and_says_when_it_is_stale(house: House) -> None:
    service, browser = house
    async with page_of(browser, service.address, width=3840, height=2160) as page:
        await log_in(page, service.address, "shift", "/wall?every=0")
        await expect(page.get_by_test_id("wall-clocks")).to_contain_text("没有待报送事项")
        await expect(page.get_by_test_id("wall-duty")).to_contain_text("带班领导")
        told = {
            "event_code": "11A01",
            "title": "东岸村三人被困屋顶",
            "region_code": "990181100204",
            "received_at": (datetime.now(UTC) - timedelta(minutes=8)).isoformat(),
        }
        origin = {"Origin": service.address}
        answer = await page.request.post(f"{service.address}/api/incidents", data=told, headers=origin)
        assert answer.status == 201, await answer.text()

        first = page.get_by_test_id("wall-clocks").locator("li").first
        await expect(first.get_by_test_id("due-mark")).to_have_attribute("data-state", "late")
        await expect(first).to_contain_text("东岸村三人被困屋顶")
        incident = (await answer.json())["id"]
        await expect(page.get_by_test_id(f"wall-incident-{incident}")).to_contain_text("未派出")
        size = await page.evaluate("parseFloat(getComputedStyle(document.documentElement).fontSize)")
        assert size > 45  # points of a wall of 3840, read from five metres
        overflowing = "document.documentElement.scrollHeight > innerHeight"
        assert not await page.evaluate(overflowing)

        await service.kill()
        await expect(page.get_by_test_id("wall-stale")).to_contain_text("画面停在")
        await service.start()
        await expect(page.get_by_test_id("wall-stale")).to_have_count(0, timeout=30_000)


async def test_a_wall_is_let_in_by_its_address_shows_scenes_and_goes_dark_when_it_is_revoked(
    house: House,
) -> None:
    service, browser = house
    async with (
        page_of(browser, service.address) as leader,
        page_of(browser, service.address, width=1920, height=1080) as wall,
    ):
        await log_in(leader, service.address, "leader", "/wall?every=0")
        await leader.get_by_test_id("wall-admin").click()
        await leader.get_by_test_id("wall-name").fill("指挥大厅")
        await leader.get_by_test_id("wall-make").click()
        address = await leader.get_by_test_id("wall-address").input_value()
        await wall.goto(address.replace("every=30", "every=5"))
        await expect(wall.get_by_test_id("wall")).to_be_visible()
        assert "token" not in wall.url
        assert wall.url.endswith("/wall?every=5")
        for scene in ("forces", "warnings", "situation"):
            await expect(wall.get_by_test_id("wall")).to_have_attribute("data-scene", scene)
        await expect(wall.get_by_test_id("wall-admin")).to_have_count(0)

        row = leader.locator("[data-testid^=wall-row-]").first
        await row.get_by_role("button").click()
        await row.get_by_role("button").click()
        await expect(row).to_contain_text("停用")
        await expect(wall.get_by_test_id("login-username")).to_be_visible()
        await wall.goto(address)
        await expect(wall.get_by_test_id("problem")).to_contain_text("大屏地址无效或已停用")
