"""Emergency broadcast in a real browser: composed with what it reaches, let go by another, stopped by one."""

from __future__ import annotations

import os
import re
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.async_api import Locator, Page, expect
from sqlalchemy import text

from app.broadcast import ports
from app.clock import SystemClock
from app.db import Database
from tests.browser import page_of, turn_to
from tests.test_readiness_page import LINXI, House, _open, house
from tests.world import STREAM

__all__ = ["house"]
pytestmark = [pytest.mark.browser, pytest.mark.database]


async def _picture(page: Page, name: str) -> None:
    if folder := os.environ.get("ZHISHOU_SCREENSHOTS"):
        await page.screenshot(path=Path(folder) / f"{name}.png")
        await page.evaluate("document.documentElement.dataset.theme = 'light'")
        await page.screenshot(path=Path(folder) / f"{name}-light.png")
        await page.evaluate("document.documentElement.dataset.theme = 'dark'")


async def test_a_warning_is_composed_approved_by_another_played_in_part_and_stopped(house: House) -> None:
    await _run(house, _NOT_CARRIED, _ON_EACH)
    async with page_of(house.browser, house.service.address) as page:
        await _open(page, house, "wangjun", "/")
        await turn_to(page, "broadcast")
        await expect(page.get_by_test_id("broadcasts")).to_contain_text("还没有播发单")
        await page.get_by_test_id("tab-new").click()
        await page.get_by_test_id("template").select_option("flash_flood")
        await page.get_by_test_id("colour-red").click()
        await expect(page.get_by_test_id("title")).to_have_value("山洪灾害红色预警")
        await expect(page.get_by_test_id("text")).to_have_value(re.compile("发布山洪灾害红色预警.*立即"))
        await page.get_by_test_id("text").fill("请立即向高处转移。")
        await expect(page.get_by_test_id("length")).to_contain_text("8 字 · 读一遍约 2.5 秒 · 共约 18 秒")
        await page.get_by_test_id(f"town-{LINXI}").check()
        await expect(page.get_by_test_id("coverage")).to_contain_text("终端")
        await page.get_by_test_id("wish").select_option("drill_terminal")
        await expect(page.get_by_test_id("preview")).to_contain_text("【演练】请立即")
        await page.get_by_test_id("wish").select_option("actual")
        await _picture(page, "broadcast-new")
        await page.get_by_test_id("hand-in").click()
        sheet = page.get_by_test_id("sheet")
        await expect(sheet).to_contain_text("待审批")
        await expect(page.get_by_test_id("act-approve")).to_have_count(0)

    async with page_of(house.browser, house.service.address) as page:
        await _open(page, house, "leader", "/broadcast")
        await page.locator("[data-testid^=waiting-]").click()
        await page.get_by_test_id("act-approve").click()
        await expect(page.get_by_test_id("sheet-approver")).to_contain_text("周敏")
        await expect(page.get_by_test_id("sheet-result")).to_contain_text("播到 0/")
        village = await _play(house)
        await expect(page.get_by_test_id("sheet-result")).to_contain_text("播到 1/")
        await expect(page.get_by_test_id(f"village-{village}")).to_have_attribute("data-reached", "true")
        await page.get_by_test_id("draw").click()
        await expect(page.locator("[data-testid^=verify-]")).to_have_count(2)
        await page.get_by_test_id("heard-heard").first.click()
        await expect(page.locator("[data-testid^=verify-]").first).to_contain_text("听到")
        await _picture(page, "broadcast-sheet")

        await page.keyboard.press("Escape")
        await expect(sheet_of(page)).to_have_count(0)
        card = page.locator("[data-testid^=running-]")
        await _picture(page, "broadcast-running")
        await card.locator("[data-testid^=stop-]").click()
        await expect(card.locator("[data-testid^=stop-]")).to_contain_text("再按一次")
        await card.locator("[data-testid^=stop-]").click()
        await expect(card).to_have_count(0)
        await expect(page.locator("tr[data-testid^=broadcast-]")).to_have_attribute("data-state", "stopped")

        await page.get_by_test_id("tab-terminals").click()
        await expect(page.get_by_test_id("state-all")).to_contain_text("622")
        await page.get_by_test_id("state-fault").click()
        first = page.locator("tr[data-testid^=speaker-]").first
        await expect(first).to_have_attribute("data-state", "fault")
        await _picture(page, "broadcast-terminals")
        repair = first.locator("[data-testid^=repair-]")
        await repair.click()
        await repair.click()
        await expect(first).to_contain_text("维修中")
        await page.get_by_test_id("tab-repairs").click()
        row = page.locator("[data-testid^=repair-row-]").first
        await row.locator("input").fill("李师傅")
        await row.locator("button").click()
        await expect(row).to_contain_text("李师傅")
        await _picture(page, "broadcast-repairs")


def sheet_of(page: Page) -> Locator:
    """Return the sheet that is open."""
    return page.get_by_test_id("sheet")


# The service's own carrier would find no keys for the platform and give the packet up.
_NOT_CARRIED = """
CREATE FUNCTION not_carried() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN NEW.next_at := NEW.next_at + interval '1 hour'; RETURN NEW; END $$
"""
_ON_EACH = """
CREATE TRIGGER not_carried BEFORE INSERT ON broadcast_handover FOR EACH ROW EXECUTE FUNCTION not_carried()
"""


async def _run(house: House, *statements: str) -> None:
    database = Database(house.service.database_url, pool_size=1)
    try:
        async with database.transaction() as tx:
            for statement in statements:
                await tx.execute(text(statement))
    finally:
        await database.close()


async def _play(house: House) -> str:
    """Let the first terminal of one village play, as the platform would tell it."""
    database, now = Database(house.service.database_url, pool_size=1), SystemClock().now()
    try:
        async with database.transaction() as tx:
            (row,) = await ports.take_handovers(tx, STREAM, now + timedelta(hours=2))
        async with database.transaction() as tx:
            await ports.note_handover(tx, row.id or 0, "receipted", "已接收", now)
            await ports.note_message_state(tx, row.payload["ebmid"], 2, "播发中", now)
            village = str(row.payload["contents"][0]["areas"][0])
            played = [ports.TerminalResult(f"6{village}0314010401", 3, "", now, now, 3)]
            await ports.note_results(tx, row.payload["ebmid"], played, now, now=now)
    finally:
        await database.close()
    return village
