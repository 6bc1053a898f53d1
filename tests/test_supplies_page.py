"""Supplies in a real browser: the gauge, a request by keyboard, three signatures, a short issue, a count."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from tests.browser import drawn, page_of, turn_to
from tests.test_readiness_page import House, _open, house

__all__ = ["house"]
pytestmark = [pytest.mark.browser, pytest.mark.database]
QUILTS = 3500


async def _picture(page: Page, name: str) -> None:
    if folder := os.environ.get("ZHISHOU_SCREENSHOTS"):
        await page.screenshot(path=Path(folder) / f"{name}.png")


async def test_quilts_are_asked_for_reserved_issued_short_and_received(house: House) -> None:
    bad = {
        "warehouse_id": 2,
        "item_id": 1,
        "quantity": 7,
        "lot": "旧",
        "expires_on": "2020-01-01",
        "reason": "试",
    }
    assert (await house.desk.post("/api/supplies/receipts", json=bad)).status_code == 201
    async with page_of(house.browser, house.service.address) as page:
        await _open(page, house, "shift", "/")
        await turn_to(page, "supplies")
        await expect(page.get_by_test_id("adequacy-persons")).to_have_text("可保障 3500 人")
        await expect(page.get_by_test_id("total-1010101")).to_have_text(
            str(QUILTS + 7)
        )  # seven are out of date
        await expect(page.locator("[data-testid^=store-]")).to_have_count(23)
        await _picture(page, "supplies")

        # By keyboard: N, the place, item, number, reason, Enter, Enter.
        await page.keyboard.press("n")
        await page.get_by_test_id("request-propose").wait_for()
        await page.keyboard.press("Enter")
        await page.get_by_test_id("request-reason").fill("转移<b>群众")
        await page.keyboard.press("Enter")
        await expect(page.get_by_test_id("request-error")).to_contain_text("送往的地点")
        await page.get_by_test_id("request-place").fill("临溪镇")
        await page.keyboard.press("Enter")
        await expect(page.get_by_test_id("need-item-0")).to_be_focused()
        await page.get_by_test_id("need-item-0").select_option(label="棉被（床）")
        await page.get_by_test_id("need-quantity-0").fill("100")
        await expect(page.get_by_test_id("need-item-1")).to_be_visible()  # a next row stands ready
        await page.get_by_test_id("need-quantity-0").press("Enter")
        await expect(page.get_by_test_id("pick-0")).to_contain_text("临溪镇救灾物资储备点")
        await expect(page.get_by_test_id("pick-0")).to_contain_text("距离最近")
        await _picture(page, "supplies-proposal")
        await expect(page.get_by_test_id("request-reserve")).to_be_focused()
        await page.keyboard.press("Enter")

        drawer = page.get_by_test_id("transfer-drawer")
        await expect(drawer).to_have_attribute("data-state", "reserved")
        await expect(drawer).to_contain_text("〕第 1 号")
        await expect(drawer).to_contain_text("转移<b>群众")
        await expect(page.locator("[data-testid^=transfer-][data-state=reserved]")).to_have_count(3)

        await page.get_by_test_id("transfer-next").click()
        await page.locator("[data-testid^=line-]").fill("30")
        await page.get_by_test_id("step-save").click()
        await expect(page.get_by_test_id("step-error")).to_contain_text("须写明原因")
        await page.locator("[data-testid^=reason-]").fill("受潮")
        await page.get_by_test_id("step-save").click()
        await expect(drawer).to_have_attribute("data-state", "issued")
        await expect(drawer.get_by_test_id("transfer-lines")).to_contain_text("受潮")
        await expect(page.locator("tr[data-testid^=transfer-]")).to_have_count(4)  # two make it good

        await page.get_by_test_id("transfer-next").click()
        await page.get_by_test_id("sign-name").fill("陈师傅")
        await page.get_by_test_id("sign-vehicle").fill("赣C0A001")
        await page.keyboard.press("Enter")
        await expect(drawer.get_by_test_id("signed-carry")).to_contain_text("陈师傅")
        await page.get_by_test_id("transfer-next").click()
        await page.get_by_test_id("sign-name").fill("李主任")
        await page.keyboard.press("Enter")
        await expect(drawer).to_have_attribute("data-state", "delivered")
        async with page.expect_download() as download:
            await page.get_by_test_id("slip-docx").click()
        assert (await download.value).suggested_filename.startswith("调拨单")
        await _picture(page, "supplies-transfer")
        await page.keyboard.press("Escape")
        await expect(drawer).to_have_count(0)

        await page.keyboard.press("3")
        await expect(page.get_by_test_id("expiry")).to_contain_text("已过期")
        await page.locator("[data-testid^=scrap-]").first.click()
        await page.get_by_test_id("scrap-reason").fill("过期")
        await page.get_by_test_id("scrap-save").click()
        await expect(page.locator("[data-testid^=expiring-][data-stage='0']")).to_have_count(0)
        await _picture(page, "supplies-expiry")

        await page.keyboard.press("4")
        first = page.locator("tr[data-testid^=count-]").first
        await first.locator("input[type=number]").fill("1")
        await expect(page.get_by_test_id("count-differences")).to_have_text("1")
        await page.get_by_test_id("count-save").click()
        await expect(page.get_by_test_id("count-error")).to_contain_text("须写明原因")
        await first.locator("input:not([type=number])").fill("演练")
        await page.get_by_test_id("count-save").click()
        await expect(page.get_by_test_id("stock-takes")).to_contain_text("差异 1 项")

        await page.keyboard.press("1")
        await expect(page.get_by_test_id("adequacy")).to_have_attribute("data-enough", "false")
        await page.get_by_test_id("lang").click()
        await expect(page.get_by_test_id("adequacy")).to_contain_text("too little")
        await page.locator("[data-testid^=store-]").last.click()
        await expect(page.get_by_test_id("warehouse-drawer")).to_contain_text("Keeper")
        await page.get_by_test_id("theme").click()
        await _picture(page, "supplies-light")


async def test_warehouses_on_a_map_a_new_item_a_new_warehouse_and_a_request_from_an_incident(
    house: House,
) -> None:
    flood = {"event_code": "11A01", "region_code": "990181100204", "title": "东岸村洪水围困"}
    incident = (await house.desk.post("/api/incidents", json=flood)).json()["id"]
    async with page_of(house.browser, house.service.address) as page:
        await _open(page, house, "shift", "/supplies?view=map")
        await drawn(page, "window.__spots?.spots().length === 23")
        tones = set(await page.evaluate("__spots.spots().map((s) => s.tone)"))
        assert tones <= {"--well", "--warn", "--failed"}
        store = await page.evaluate("__spots.spots().find((s) => s.shape === 'square').id")
        x, y = await page.evaluate(f"__spots.pixelOf({store})")
        await page.get_by_test_id("spot-map").locator("canvas").last.click(position={"x": x, "y": y})
        await expect(page.get_by_test_id("warehouse-serves")).to_contain_text("可保障")
        await _picture(page, "supplies-map")
        await page.get_by_test_id("warehouse-amend").click()
        await page.get_by_test_id("warehouse-phone").fill("13800007777")
        await page.get_by_test_id("warehouse-save").click()
        await expect(page.get_by_test_id("warehouse-drawer")).to_contain_text("13800007777")
        await page.keyboard.press("Escape")
        await expect(page.get_by_test_id("warehouse-drawer")).to_have_count(0)

        await page.get_by_test_id("item-new").click()
        await page.get_by_test_id("item-code").fill("1010101")
        await expect(page.get_by_test_id("item-norm")).to_contain_text("人均 1")
        await page.get_by_test_id("item-name").fill("棉被")
        await page.get_by_test_id("item-unit").fill("床")
        await page.keyboard.press("Enter")
        await expect(page.get_by_test_id("item-error")).to_contain_text("棉被")
        await page.get_by_test_id("item-code").fill("2010101")
        await expect(page.get_by_test_id("item-norm")).to_contain_text("不计入")
        await page.get_by_test_id("item-name").fill("救生绳")
        await page.get_by_test_id("item-unit").fill("根")
        await _picture(page, "supplies-item")
        await page.keyboard.press("Enter")
        await expect(page.get_by_test_id("item-form")).to_have_count(0)
        await page.get_by_test_id("warehouse-new").click()
        await page.get_by_test_id("warehouse-name").fill("临溪镇二号库")
        await page.get_by_test_id("warehouse-save").click()
        await expect(page.get_by_test_id("warehouse-form")).to_contain_text("请选择所在的村或乡镇")
        await page.get_by_test_id("warehouse-region").fill("临溪镇")
        await page.get_by_test_id("warehouse-region").press("Enter")
        await page.get_by_test_id("warehouse-save").click()
        await expect(page.get_by_test_id("warehouse-drawer")).to_contain_text("临溪镇二号库")
        await drawn(page, "window.__spots?.spots().length === 24")

        await page.goto(f"{house.service.address}/i/{incident}")
        await page.get_by_test_id("incident-supplies").click()
        await expect(page.get_by_test_id("need-item-0")).to_be_focused()
        await page.get_by_test_id("need-item-0").select_option(label="棉被（床）")
        await page.get_by_test_id("need-quantity-0").fill("60")
        await page.get_by_test_id("request-reason").fill("转移群众")
        await page.keyboard.press("Enter")
        await expect(page.get_by_test_id("pick-0")).to_contain_text("临溪镇救灾物资储备点")
        await page.get_by_test_id("request-reserve").click()
        await expect(page.get_by_test_id("transfer-drawer")).to_have_attribute("data-state", "reserved")
        made = (await house.desk.get("/api/supplies/transfers")).json()[0]
        assert made["incident_id"] == incident
