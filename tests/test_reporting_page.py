"""Reporting in a real browser: what is due stands on the desk, and a telling discharges it."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, expect

from app.stage.seed import write_map
from tests.browser import log_in, page_of
from tests.node import Service

pytestmark = [pytest.mark.browser, pytest.mark.database]
LEADER, LETTER = "due-C-L-phone-initial", "due-C-P-written-initial"


@dataclass
class House:
    """A service with the fictional city and a browser."""

    service: Service
    browser: Browser


@pytest_asyncio.fixture(loop_scope="session")
async def house(city_url: str, tmp_path: Path, browser: Browser) -> AsyncIterator[House]:
    """The fictional city on a quiet night."""
    write_map(tmp_path / "map")
    async with AsyncExitStack() as stack:
        service = await stack.enter_async_context(Service(city_url, tmp_path, {}))
        yield House(service, browser)


async def test_what_is_overdue_stands_on_top_and_a_telling_discharges_it(house: House) -> None:
    async with page_of(house.browser, house.service.address) as page:
        await log_in(page, house.service.address, "shift", "/")
        await expect(page.get_by_test_id("conn-state")).to_have_attribute("data-state", "live")
        await expect(page.get_by_test_id("reports-none")).to_be_visible()
        # A call of eight minutes ago: the leader should have known for three.
        told = {
            "event_code": "11A01",
            "title": "东岸村三人被困屋顶",
            "region_code": "990181100204",
            "received_at": (datetime.now(UTC) - timedelta(minutes=8)).isoformat(),
        }
        answer = await page.request.post(
            f"{house.service.address}/api/incidents", data=told, headers={"Origin": house.service.address}
        )
        assert answer.status == 201, await answer.text()
        panel = page.get_by_test_id("reports")
        leader = panel.get_by_test_id(LEADER)
        await expect(leader.get_by_test_id("due-mark")).to_have_attribute("data-state", "late")
        await expect(leader.get_by_test_id("due-mark")).to_contain_text("超时")
        await expect(panel.locator("li").first).to_have_attribute("data-testid", LEADER)
        await expect(panel.get_by_test_id(LETTER).get_by_test_id("due-mark")).to_have_attribute(
            "data-state", "running"
        )
        await _shot(page, "desk")

        await leader.get_by_test_id("due-tell").click()
        await leader.get_by_test_id("tell-whom").fill("带班领导周敏")
        await leader.get_by_test_id("tell-number").fill("13900000001")
        await _shot(page, "tell")
        await leader.get_by_test_id("tell-save").click()
        await expect(leader).to_have_count(0)

        await panel.get_by_test_id(LETTER).get_by_test_id("due-open").click()
        pane = page.get_by_test_id("reporting-pane")
        done = pane.get_by_test_id("pane-due-C-L-phone-initial-1")
        await expect(done.get_by_test_id("due-mark")).to_have_attribute("data-state", "done_late")
        await done.locator("summary").click()
        await expect(done.get_by_test_id("due-why")).to_contain_text("自接报时间")
        await done.get_by_test_id("late-reason").fill("领导正在途中")
        await done.get_by_test_id("late-reason-save").click()
        await expect(done).to_contain_text("原因:领导正在途中".replace(":", "："))
        await done.scroll_into_view_if_needed()
        await _shot(page, "drawer")
        await page.evaluate("document.documentElement.dataset.theme = 'light'")
        await _shot(page, "light")


async def _shot(page: Page, name: str) -> None:
    """Keep a picture where the environment asks for it."""
    if folder := os.environ.get("ZHISHOU_SHOTS"):
        await page.screenshot(path=f"{folder}/reporting-{name}.png")
