"""The header in a real browser: every page in one row, by mouse and by keys, in both languages."""

from __future__ import annotations

import pytest
from playwright.async_api import Page, expect

from tests.browser import page_of, turn_to
from tests.test_readiness_page import House, _open, house

__all__ = ["house"]
pytestmark = [pytest.mark.browser, pytest.mark.database]
ONE_ROW_PX = 48


async def _fits(page: Page) -> bool:
    return bool(
        await page.evaluate(
            f"""() => {{
              const bar = document.querySelector('header.bar')
              return bar.offsetHeight <= {ONE_ROW_PX} && bar.scrollWidth <= bar.clientWidth
            }}"""
        )
    )


async def test_one_row_holds_all_pages_and_keys_reach_them(house: House) -> None:
    async with page_of(house.browser, house.service.address) as page:
        await _open(page, house, "shift", "/orders")
        here = page.get_by_test_id("pages-incidents")
        await expect(here).to_contain_text("指令")
        assert await _fits(page)
        await page.get_by_test_id("lang").click()
        await expect(here).to_contain_text("Orders")
        assert await _fits(page)
        for width in (1600, 1366):
            await page.set_viewport_size({"width": width, "height": 768})
            assert await _fits(page)
        name = page.locator("header.bar h1")
        assert await name.evaluate("one => one.scrollHeight <= one.clientHeight + 1"), "the name is cut"

        await page.get_by_test_id("page-desk").focus()
        await page.keyboard.press("ArrowRight")
        await page.keyboard.press("ArrowDown")
        await expect(page.get_by_test_id("page-duty")).to_be_focused()
        await page.keyboard.press("ArrowRight")
        await expect(page.get_by_test_id("page-incidents")).to_be_focused()
        await page.keyboard.press("ArrowUp")
        await expect(page.get_by_test_id("page-reportingRules")).to_be_focused()
        await page.keyboard.press("Escape")
        await expect(page.get_by_test_id("page-reportingRules")).to_be_hidden()
        await expect(here).to_be_focused()
        await page.keyboard.press("ArrowLeft")
        await page.keyboard.press("Enter")
        await page.get_by_test_id("page-log").wait_for()
        await page.keyboard.press("ArrowUp")
        await expect(page.get_by_test_id("page-wall")).to_be_focused()
        await page.keyboard.press("ArrowUp")
        await expect(page.get_by_test_id("page-map")).to_be_focused()
        await page.keyboard.press("ArrowUp")
        await expect(page.get_by_test_id("page-log")).to_be_focused()
        await page.keyboard.press("Enter")
        await expect(page.get_by_test_id("pages-duty")).to_contain_text("Duty log")
        await expect(page.get_by_test_id("page-log")).to_have_attribute("aria-current", "page")
        await turn_to(page, "desk")
        await expect(page.get_by_test_id("page-desk")).to_have_attribute("aria-current", "page")


async def test_digits_choose_the_tabs_of_pages_that_have_tabs(house: House) -> None:
    async with page_of(house.browser, house.service.address) as page:
        for path, digit, tab in (("/spot-checks", "3", "scores"), ("/inbox", "2", "judged")):
            if path == "/spot-checks":
                await _open(page, house, "shift", path)
            else:
                await page.goto(house.service.address + path)
            await expect(page.get_by_test_id("conn-state")).to_have_attribute("data-state", "live")
            await page.keyboard.press(digit)
            await expect(page.get_by_test_id(f"tab-{tab}")).to_have_attribute("aria-current", "page")
