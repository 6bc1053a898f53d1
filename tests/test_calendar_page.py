"""The calendar of holidays in a real browser: the year as it is, and the days the county settles itself."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, expect

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


async def _open(page: Page, house: House, username: str) -> None:
    await log_in(page, house[0].address, username, "/duty/calendar")
    await expect(page.get_by_test_id("conn-state")).to_have_attribute("data-state", "live")
    while await page.get_by_test_id("year").inner_text() != "2025年":
        await page.keyboard.press("[")
    await expect(page.get_by_test_id("day-2025-10-01")).to_have_attribute("data-kind", "statutory_holiday")


async def test_a_leader_settles_a_day_in_the_year_and_every_desk_sees_it(house: House) -> None:
    async with page_of(house[1], house[0].address) as desk, page_of(house[1], house[0].address) as page:
        await _open(desk, house, "chenjie")
        await _open(page, house, "leader")
        day = page.get_by_test_id("day-2025-06-19")
        await expect(page.get_by_test_id("day-2025-09-28")).to_have_attribute("data-kind", "makeup_workday")
        await expect(day).to_have_attribute("data-kind", "workday")
        await day.click()
        await page.get_by_test_id("day-name").fill("建县纪念日")
        await page.get_by_test_id("day-reason").fill("县政办〔2025〕12号")
        await page.get_by_test_id("day-save").click()
        await expect(day).to_have_attribute("data-kind", "statutory_holiday")
        await expect(page.get_by_test_id("county-day-2025-06-19")).to_contain_text("县政办〔2025〕12号")
        seen = desk.get_by_test_id("day-2025-06-19")
        await expect(seen).to_have_attribute("data-kind", "statutory_holiday")
        await seen.click()
        await expect(desk.get_by_test_id("day-form")).to_have_count(0)

        await day.click()
        await page.get_by_test_id("day-clear").click()
        await page.get_by_test_id("day-clear-confirm").click()
        await expect(day).to_have_attribute("data-kind", "workday")
        await expect(page.get_by_test_id("county-days")).to_contain_text("本年没有县级安排")


async def test_a_year_without_a_notice_of_the_state_says_so(house: House) -> None:
    async with page_of(house[1], house[0].address) as page:
        await _open(page, house, "chenjie")
        await expect(page.get_by_test_id("year-unknown")).to_have_count(0)
        while await page.get_by_test_id("year").inner_text() != "2040年":
            await page.keyboard.press("]")
        await expect(page.get_by_test_id("year-unknown")).to_contain_text("尚未公布")
