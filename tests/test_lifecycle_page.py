"""The life of incidents in a real browser: alike, merged, taken back, planned, commanded, reopened."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, expect

from app.db import Database
from app.stage.lifecycle import live_on
from app.stage.notices import tell_story
from app.stage.seed import write_map
from tests.browser import log_in, page_of, turn_to
from tests.node import Service

pytestmark = [pytest.mark.browser, pytest.mark.database]


@pytest_asyncio.fixture(loop_scope="session")
async def page(city_url: str, tmp_path: Path, browser: Browser) -> AsyncIterator[Page]:
    """The fictional city with its merged pair, planned event and headquarters; the shift lead looks at it."""
    database, now = Database(city_url), datetime.now(UTC)
    await tell_story(database, now, ZoneInfo("Asia/Shanghai"))
    await live_on(database, now, ZoneInfo("Asia/Shanghai"))
    write_map(tmp_path / "map")
    async with AsyncExitStack() as stack:
        stack.push_async_callback(database.close)
        service = await stack.enter_async_context(Service(city_url, tmp_path, {}))
        found = await stack.enter_async_context(page_of(browser, service.address))
        await log_in(found, service.address, "shift", "/incidents")
        yield found


async def test_an_incident_is_merged_apart_again_commanded_and_reopened(page: Page) -> None:
    await page.get_by_test_id("state-scheduled").click()
    await expect(page.locator("tbody tr")).to_have_count(1)
    await page.get_by_test_id("state-closed").click()
    await page.locator("tbody tr", has_text="道路积水").click()
    drawer = page.get_by_test_id("incident-drawer")
    await expect(drawer.get_by_test_id("link-merged")).to_contain_text("两人报的是同一处积水")

    await drawer.get_by_test_id("undo-merged").click()
    await page.get_by_test_id("life-reason").fill("其实是两处")
    await page.get_by_test_id("life-save").click()
    await expect(drawer.get_by_test_id("link-merged")).to_have_attribute("data-undone", "true")
    await expect(drawer.get_by_test_id("life-merge")).to_be_visible()
    first = drawer.get_by_test_id("likely-same").locator("button[data-testid^=merge-]").first
    await first.click()
    await page.get_by_test_id("life-reason").fill("核实后确为一处")
    await page.get_by_test_id("life-save").click()
    await expect(drawer.get_by_test_id("link-merged").first).to_contain_text("并入本案")

    await drawer.locator("button[data-testid^=activate-]").first.click()
    await page.get_by_test_id("command-reason").fill("积水扩大")
    await page.get_by_test_id("command-save").click()
    await expect(drawer.get_by_test_id("card-command")).to_contain_text("沈立")
    await drawer.get_by_test_id("command-hand-over").click()
    await page.get_by_test_id("command-who").fill("周敏")
    await page.get_by_test_id("command-reason").fill("到场接替")
    await page.get_by_test_id("command-save").click()
    await expect(drawer.get_by_test_id("card-command")).to_contain_text("周敏")
    await drawer.get_by_test_id("command-stand-down").click()
    await page.get_by_test_id("command-reason").fill("水退")
    await page.get_by_test_id("command-save").click()
    await expect(drawer.get_by_test_id("card-command")).to_have_count(0)

    await drawer.get_by_test_id("incident-close").click()
    await page.get_by_test_id("incident-close-reason").fill("已排除")
    await page.get_by_test_id("incident-close-submit").click()
    await expect(drawer).to_have_count(0)
    await turn_to(page, "incidents")
    await page.get_by_test_id("state-closed").click()
    await page.locator("tbody tr", has_text="已排除").click()
    await drawer.get_by_test_id("life-reopen").click()
    await page.get_by_test_id("life-reason").fill("又漫水")
    await page.get_by_test_id("life-save").click()
    await expect(drawer.get_by_test_id("life-merge")).to_be_visible()


async def test_the_posts_of_a_headquarters_are_amended_in_the_console(page: Page) -> None:
    await turn_to(page, "incidents")
    await page.keyboard.press("2")
    edit = page.locator("[data-testid^=body-edit-]").first
    await edit.click()
    holders = page.locator("[data-testid^=body-holder-]")
    await holders.first.wait_for()
    before = await holders.count()
    await page.get_by_test_id("body-post-add").click()
    await expect(page.get_by_test_id(f"body-holder-{before}")).to_be_focused()
    await page.get_by_test_id(f"body-post-{before}").select_option("office")
    await page.get_by_test_id(f"body-holder-{before}").fill("刘海")
    option = page.locator("#body-people option").first
    await expect(option).to_have_attribute("value", re.compile("^刘海"))
    await page.get_by_test_id(f"body-holder-{before}").fill(str(await option.get_attribute("value")))
    await expect(page.get_by_test_id("body-form")).to_contain_text("在册人员")
    await expect(page.get_by_test_id(f"body-holder-{before}")).to_have_value("刘海")
    await page.get_by_test_id("body-save").click()
    await expect(page.get_by_test_id("body-form")).to_have_count(0)
    await expect(page.get_by_test_id("command-bodies")).to_contain_text("办公室 刘海")
