"""The statistics in a real browser: a Monday's page, from a number to what it counted, and on paper."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from tests.browser import page_of
from tests.test_readiness_page import House, _open, house

__all__ = ["house"]
pytestmark = [pytest.mark.browser, pytest.mark.database]


async def test_a_leader_goes_from_a_number_to_the_incident_it_counted(house: House) -> None:
    address = house.service.address
    async with page_of(house.browser, address) as page:
        await _open(page, house, "leader", "/statistics")
        await expect(page.get_by_test_id("stats-nothing")).to_contain_text("没有任何记录")
        told = {"event_code": "11A01", "title": "东岸村三人被困屋顶", "region_code": "990181100204"}
        made = await page.request.post(f"{address}/api/incidents", data=told, headers={"Origin": address})
        assert made.status == 201, await made.text()

        await page.get_by_test_id("stats-kind-month").click()
        await expect(page.get_by_test_id("stats-incidents-0")).to_have_text("1")
        await expect(page.get_by_test_id("stats-incidents-1")).to_be_disabled()  # there was none
        await expect(page.get_by_test_id("stats-running")).to_be_visible()
        await page.get_by_test_id("stats-earlier").click()
        await expect(page.get_by_test_id("stats-incidents-0")).to_have_text("0")
        await page.get_by_test_id("stats-later").click()
        await expect(page.get_by_test_id("stats-incidents-1")).to_have_text("0")
        await page.get_by_role("button", name="突发事件", exact=True).click()
        await expect(page.get_by_test_id("stats-how")).to_contain_text("按接报时间")
        await expect(page.get_by_test_id("stats-part-kind-11A01")).to_contain_text("洪水")

        await page.emulate_media(media="print")
        assert await page.evaluate("getComputedStyle(document.querySelector('header.bar')).display") == "none"
        await page.emulate_media(media="screen")
        async with page.expect_download() as saved:
            await page.get_by_test_id("stats-xlsx").click()
        assert (await saved.value).suggested_filename.startswith("statistics-")

        await page.get_by_test_id("stats-incidents-0").click()
        row = page.get_by_test_id("stats-row")
        await expect(row).to_have_count(1)
        await row.get_by_role("link").click()
        await page.wait_for_url("**/i/*")
        await expect(page.get_by_text("东岸村三人被困屋顶").first).to_be_visible()
