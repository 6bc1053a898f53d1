"""The checklists of readiness in a real browser: marks, reasons, evidence given and revoked, a village."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from playwright.async_api import expect

from tests.browser import page_of
from tests.test_readiness_page import LINXI, House, _open, house

__all__ = ["house"]
pytestmark = [pytest.mark.browser, pytest.mark.database]


async def test_a_warehouse_is_ticked_with_evidence_and_what_is_computed_cannot_be(house: House) -> None:
    async with page_of(house.browser, house.service.address) as page:
        await _open(page, house, "shift")
        await page.get_by_test_id("tab-checklist").click()
        cell = page.get_by_test_id(f"check-{LINXI}-eight.warehouse")
        await expect(cell).to_have_text("未明")
        await expect(page.get_by_test_id(f"check-{LINXI}-eight.rescue_team")).to_have_text("达标")
        await expect(page.get_by_test_id("checklists")).to_contain_text("六有、三有 未设条目")
        await cell.click()
        drawer = page.get_by_test_id("checklist-drawer")
        await expect(drawer.get_by_test_id("item-eight.platform")).to_contain_text("系统判定")
        await expect(drawer.get_by_test_id("give-eight.platform")).to_have_count(0)

        await drawer.get_by_test_id("give-eight.warehouse").click()
        await page.get_by_test_id("evidence-words").fill("仓库<b>已查看")
        await page.get_by_test_id("evidence-save").click()
        await expect(cell).to_have_attribute("data-state", "met")
        await expect(drawer.get_by_test_id("item-eight.warehouse")).to_contain_text("仓库<b>已查看")
        if folder := os.environ.get("ZHISHOU_SCREENSHOTS"):
            await page.screenshot(path=Path(folder) / "checklist.png")
        await drawer.get_by_test_id("revoke-eight.warehouse").click()
        await page.get_by_test_id("evidence-words").fill("已搬迁")
        await page.get_by_test_id("evidence-save").click()
        await expect(cell).to_have_attribute("data-state", "unknown")
        await expect(page.get_by_test_id("evidence-history")).to_contain_text("撤销：已搬迁")

        await drawer.locator("[data-testid^=village-]").first.click()
        await expect(drawer.get_by_test_id("item-five.shelter")).to_have_attribute("data-state", "unknown")
        await page.get_by_test_id("lang").click()
        await expect(drawer.get_by_test_id("item-five.shelter")).to_contain_text("no evidence given")
        await page.keyboard.press("Escape")
        await expect(drawer).to_have_count(0)
        await expect(page.get_by_test_id("checklists")).to_be_visible()
