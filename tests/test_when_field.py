"""The field of days and times in a browser that speaks English: typed, chosen from the calendar, refused."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, expect

from app.stage.seed import write_map
from tests.browser import log_in
from tests.node import Service
from tests.test_accessible_pages import AXE, faults

pytestmark = [pytest.mark.browser, pytest.mark.database]


@pytest_asyncio.fixture(loop_scope="session")
async def page(city_url: str, tmp_path: Path, browser: Browser) -> AsyncIterator[Page]:
    write_map(tmp_path / "map")
    async with AsyncExitStack() as stack:
        service = await stack.enter_async_context(Service(city_url, tmp_path))
        context = await browser.new_context(locale="en-US", timezone_id="America/New_York")
        stack.push_async_callback(context.close)
        page = await context.new_page()
        await log_in(page, service.address, "leader", "/duty")
        yield page


async def test_a_time_reads_the_same_in_every_browser_and_is_typed_or_chosen(page: Page) -> None:
    field = page.get_by_test_id("on-duty-at")
    today = datetime.now(UTC).astimezone(ZoneInfo("Asia/Shanghai")).date()
    tomorrow = today + timedelta(days=1)

    await field.fill("明天 0830")
    await expect(page.get_by_test_id("when-echo")).to_contain_text(f"{tomorrow} 08:30 星期")
    await field.press("Tab")
    await expect(field).to_have_value(f"{tomorrow} 08:30")

    await field.press("ArrowDown")
    await expect(page.get_by_test_id(f"calendar-{tomorrow}")).to_be_focused()
    assert (await page.get_by_test_id("calendar").locator("th").all_inner_texts())[0] == "一"
    await page.evaluate(AXE.read_text(encoding="utf-8"))
    assert await faults(page, "the calendar") == []
    await page.keyboard.press("ArrowLeft")
    await page.keyboard.press("Enter")
    await expect(field).to_have_value(f"{today} 08:30")
    await expect(page.get_by_test_id("calendar")).to_have_count(0)
    await page.keyboard.type("1405")  # the time stood ready to be typed over
    await page.keyboard.press("Tab")
    await expect(field).to_have_value(f"{today} 14:05")

    await field.fill("25点")
    await field.press("Tab")
    await expect(page.get_by_test_id("when-echo")).to_contain_text("看不懂这个时间")
    assert await field.evaluate("one => !one.checkValidity()")
    await field.press("ArrowDown")
    await page.keyboard.press("Escape")
    await expect(field).to_be_focused()
