"""Shelters in a real browser: open, count, the alarm; households ticked by keyboard; lists printed."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from tests.browser import page_of, turn_to
from tests.shelters.refuges import sheet_of
from tests.test_readiness_page import House, _open, house

__all__ = ["house"]
pytestmark = [pytest.mark.browser, pytest.mark.database]
PARK = "滨江公园应急避难场所"


async def _picture(page: Page, name: str) -> None:
    if folder := os.environ.get("ZHISHOU_SCREENSHOTS"):
        await page.screenshot(path=Path(folder) / f"{name}.png")


async def test_a_shelter_fills_up_and_households_are_ticked_by_keyboard(house: House) -> None:
    every = (await house.desk.get("/api/shelters")).json()
    park = next(one["id"] for one in every if one["name_zh"] == PARK)
    async with page_of(house.browser, house.service.address) as page:
        await _open(page, house, "shift", "/")
        await turn_to(page, "shelters")
        await expect(page.locator("tr[data-testid^=shelter-]")).to_have_count(325)
        await page.get_by_test_id(f"shelter-{park}").click()
        drawer = page.get_by_test_id("shelter-drawer")
        await expect(drawer).to_have_attribute("data-open", "false")
        await page.get_by_test_id("shelter-heads").fill("300")
        await page.get_by_test_id("shelter-reason").fill("内涝<b>避险")
        await page.keyboard.press("Enter")
        await expect(drawer).to_have_attribute("data-open", "true")
        await expect(drawer).to_contain_text("内涝<b>避险")
        await page.get_by_test_id("shelter-heads").fill("1900")
        await page.get_by_test_id("shelter-heads").press("Enter")
        await expect(page.get_by_test_id("shelter-full")).to_contain_text("建议启用")
        await expect(page.get_by_test_id("shelter-curve")).to_contain_text("2 次清点")
        await page.get_by_test_id("shelter-reason").fill("水退")
        await page.get_by_test_id("shelter-close").click()
        await expect(page.get_by_test_id("shelter-error")).to_contain_text("还有 1900 人")
        await _picture(page, "shelters")
        await page.keyboard.press("Escape")
        await expect(drawer).to_have_count(0)
        await page.get_by_test_id("only-open").check()
        await expect(page.get_by_test_id("shelters-shown")).to_have_text("1")

        await page.get_by_test_id("tab-villages").click()
        await page.get_by_test_id("village-search").fill("临溪镇东岸村")
        village = page.locator("tr[data-testid^=village-]")
        await expect(village).to_have_count(1)
        code = str(await village.get_attribute("data-testid")).removeprefix("village-")
        rows = (("", code, "新户", "新户", None, None), ("", code, "新户", "新丁", None, "婴儿"))
        await page.get_by_test_id("residents-import").click()
        await page.locator("input[type=file]").set_input_files(
            {"name": "户.xlsx", "mimeType": "application/octet-stream", "buffer": sheet_of(*rows)}
        )
        await page.get_by_role("button", name="写入 2 人").click()
        await page.get_by_role("dialog").get_by_role("button", name="关闭").first.click()
        await expect(village).to_contain_text("58")
        await village.locator("input[type=checkbox]").check()
        await page.get_by_test_id("order-reason").fill("山洪风险")
        await page.keyboard.press("Enter")

        progress = page.get_by_test_id(f"progress-{code}")
        await expect(progress).to_contain_text("已转移 0/58")
        await page.get_by_test_id("evac-to").select_option(label=PARK)
        await page.get_by_test_id("household-0").locator("td").first.click()
        await page.keyboard.press("Space")
        await expect(progress).to_contain_text("已转移 4/58")
        await page.keyboard.press("ArrowDown")
        await page.keyboard.press("d")
        await expect(progress).to_contain_text("已转移 8/58")
        await page.keyboard.press("u")
        await expect(progress).to_contain_text("已转移 4/58")
        await page.keyboard.press("r")
        await page.get_by_test_id("refusal-reason").fill("看家")
        await page.get_by_test_id("refusal-witness").fill("村主任")
        await page.get_by_test_id("refusal-attachment").fill("照片 12")
        await page.keyboard.press("Enter")
        await expect(progress).to_contain_text("拒绝 4")
        await page.get_by_test_id("evac-end").click()
        await expect(page.get_by_test_id("evac-error")).to_contain_text("未登记返家")
        await page.keyboard.press("ArrowUp")
        await page.keyboard.press("h")
        await expect(progress).to_contain_text("返家 4/4")
        async with page.expect_download() as download:
            await page.get_by_test_id("list-docx").click()
        assert (await download.value).suggested_filename.startswith("人员转移名单")
        await page.get_by_test_id("lang").click()
        await expect(progress).to_contain_text("4 of 58 moved")
        await page.get_by_test_id("theme").click()
        await _picture(page, "evacuation-light")
