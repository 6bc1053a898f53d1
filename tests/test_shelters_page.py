"""Shelters in a real browser: open, count, the alarm; households ticked by keyboard; lists printed."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from tests.browser import drawn, page_of, turn_to
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
        await expect(page.get_by_role("dialog")).to_have_count(0)  # it closes when all is written
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


async def test_shelters_lie_on_a_map_and_two_who_amend_one_notice_each_other(house: House) -> None:
    goals = (await house.desk.get("/api/shelters/villages")).json()
    village = next(one for one in goals if one["shelter_id"] is not None)
    shelter = village["shelter_id"]
    name = next(
        one["name_zh"] for one in (await house.desk.get("/api/shelters")).json() if one["id"] == shelter
    )
    flood = {"event_code": "11A01", "region_code": village["village_code"], "title": "漫堤"}
    assert (await house.desk.post("/api/incidents", json=flood)).status_code == 201
    async with page_of(house.browser, house.service.address) as page:
        await _open(page, house, "shift", "/shelters")
        await page.get_by_test_id("shelters-view").click()
        await drawn(page, "window.__spots?.spots().length === 325")
        assert await page.evaluate("__spots.ties().length") == 0
        x, y = await page.evaluate(f"__spots.pixelOf({shelter})")
        await page.get_by_test_id("spot-map").locator("canvas").last.click(position={"x": x, "y": y})
        drawer = page.get_by_test_id("shelter-drawer")
        await expect(drawer).to_be_visible()
        await page.goto(f"{house.service.address}/shelters/{shelter}?view=map")
        await expect(drawer).to_contain_text(name)
        await drawn(page, "window.__spots?.ties().length > 0")
        await page.get_by_test_id("wish-scene").select_option(index=1)
        await page.get_by_test_id("wish-wind").select_option("135")
        await page.get_by_test_id("wish-upwind").check()
        await drawn(page, "__spots.sectors() === 1 && __spots.spots().filter((s) => s.faint).length > 0")
        await _picture(page, "shelters-map")

        await page.get_by_test_id("shelter-amend").click()
        await page.get_by_test_id("edit-capacity").fill("111")
        await page.get_by_test_id("edit-opener_phone").fill("13811112222")
        other = {"version": 1, "capacity": 222, "facilities": ["供水"]}
        assert (await house.desk.patch(f"/api/shelters/{shelter}", json=other)).status_code == 200
        await page.get_by_test_id("edit-save").click()
        await expect(page.get_by_test_id("edit-error")).to_contain_text("刚被他人修改")
        await expect(page.get_by_test_id("theirs-capacity")).to_contain_text("222")
        await expect(page.get_by_test_id("edit-facilities")).to_have_value("供水")
        await _picture(page, "shelter-edit")
        await page.get_by_test_id("edit-save").click()
        await expect(page.get_by_test_id("shelter-edit")).to_have_count(0)
        await expect(drawer).to_contain_text("13811112222")
        card = (await house.desk.get(f"/api/shelters/{shelter}")).json()["shelter"]
        assert (card["capacity"], card["facilities"], card["version"]) == (111, ["供水"], 3)


async def test_one_household_is_put_on_a_list_without_a_sheet(house: House) -> None:
    goals = (await house.desk.get("/api/shelters/villages")).json()
    code = next(one["village_code"] for one in goals if one["residents"] > 0)
    made = await house.desk.post("/api/evacuations", json={"villages": [code], "reason": "山洪"})
    number, total = made.json()["evacuation"]["id"], made.json()["evacuation"]["tally"]["total"]
    async with page_of(house.browser, house.service.address) as page:
        await _open(page, house, "shift", f"/shelters/evacuations/{number}")
        progress = page.get_by_test_id(f"progress-{code}")
        await expect(progress).to_contain_text(f"0/{total}")
        await page.get_by_test_id("household-0").wait_for()
        await page.keyboard.press("p")
        await expect(page.get_by_test_id("add-household")).to_be_focused()
        await page.get_by_test_id("add-household").fill("借住户")
        await page.get_by_test_id("add-phone").fill("13800009999")
        await page.get_by_test_id("add-more").click()
        await page.get_by_test_id("add-name-1").fill("小孩")
        await page.get_by_test_id("add-needs-1").fill("婴儿")
        await page.get_by_test_id("add-more").click()
        await page.get_by_test_id("add-name-2").fill("小孩")
        await _picture(page, "evacuee-form")
        await page.keyboard.press("Enter")
        await expect(page.get_by_test_id("add-error")).to_contain_text("已有“小孩”")
        await expect(page.get_by_test_id("add-name-0")).to_have_value("小孩")
        await expect(page.get_by_test_id("add-name-1")).to_have_count(0)
        await expect(progress).to_contain_text(f"0/{total + 2}")
        await page.get_by_test_id("add-name-0").fill("外婆")
        await page.get_by_test_id("add-save").click()
        await expect(progress).to_contain_text(f"0/{total + 3}")
        await expect(page.get_by_test_id("add-form")).to_have_count(0)
        await expect(page.get_by_test_id("evacuation-list")).to_contain_text("借住户")
