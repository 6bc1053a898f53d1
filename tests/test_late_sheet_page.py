"""The late-report sheet, the statistics of reporting and the deadlines on the phone, in a real browser."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, expect

from app.stage.seed import write_map
from tests.browser import log_in, page_of, turn_to
from tests.node import Service

pytestmark = [pytest.mark.browser, pytest.mark.database]
House = tuple[Service, Browser]
LEADER = "pane-due-C-L-phone-initial-1"


@pytest_asyncio.fixture(loop_scope="session")
async def house(city_url: str, tmp_path: Path, browser: Browser) -> AsyncIterator[House]:
    """The fictional city on a quiet night."""
    write_map(tmp_path / "map")
    async with AsyncExitStack() as stack:
        service = await stack.enter_async_context(Service(city_url, tmp_path, {}))
        yield service, browser


async def _opened(page: Page, service: Service, minutes: float) -> int:
    """Open an incident the centre heard of so long ago, as whoever is logged in; return its id."""
    told = {
        "event_code": "11A01",
        "title": "东岸村三人被困屋顶",
        "region_code": "990181100204",
        "received_at": (datetime.now(UTC) - timedelta(minutes=minutes)).isoformat(),
    }
    return int((await _post(page, service, "/api/incidents", told))["id"])


async def _post(page: Page, service: Service, path: str, told: object) -> dict[str, Any]:
    origin = {"Origin": service.address}
    answer = await page.request.post(f"{service.address}{path}", data=told, headers=origin)
    assert answer.status in (200, 201), await answer.text()
    found: dict[str, Any] = await answer.json()
    return found


async def test_a_sheet_is_exported_with_its_proof_and_is_the_same_again(house: House) -> None:
    service, browser = house
    async with page_of(browser, service.address) as page:
        await log_in(page, service.address, "shift", "/")
        await expect(page.get_by_test_id("conn-state")).to_have_attribute("data-state", "live")
        incident = await _opened(page, service, 8)
        call = {"whom": "带班领导周敏", "receiver": "L", "number": "13900000001"}
        await _post(page, service, f"/api/incidents/{incident}/tellings", call)
        await page.goto(f"{service.address}/i/{incident}")
        pane = page.get_by_test_id("reporting-pane")
        await expect(pane.get_by_test_id(LEADER).get_by_test_id("due-mark")).to_have_attribute(
            "data-state", "done_late"
        )
        await pane.get_by_test_id("late-sheet-open").click()
        sheet = page.get_by_test_id("late-sheet")
        await expect(sheet).to_contain_text("尚未导出过核查表")
        await sheet.get_by_test_id("late-sheet-make").click()
        # Two papers are printed before the answer comes.
        made = sheet.get_by_test_id("late-sheet-made")
        await expect(made).to_have_attribute("data-ok", "true", timeout=60_000)
        await expect(made).to_contain_text("迟报 1 项，其中有争议 0 项")
        await expect(sheet.get_by_test_id("late-sheet-proof")).to_contain_text("条全部完整")
        await expect(sheet.get_by_test_id("late-sheet-editions").locator("tbody tr")).to_have_count(1)
        await _shot(page, "late-sheet")
        async with page.expect_download() as paper:
            await sheet.get_by_test_id("late-sheet-docx-1").click()
        assert (await paper.value).suggested_filename == f"迟报核查表-{incident}-1.docx"
        await sheet.get_by_test_id("late-sheet-make").click()
        await expect(made).to_contain_text("内容与第 1 版相同", timeout=60_000)
        await expect(sheet.get_by_test_id("late-sheet-editions").locator("tbody tr")).to_have_count(1)
        # Of one addressee it is another sheet, with editions of its own.
        await sheet.get_by_test_id("late-sheet-to").select_option("L")
        await sheet.get_by_test_id("late-sheet-make").click()
        await expect(sheet.get_by_test_id("late-sheet-editions").locator("tbody tr")).to_have_count(
            2, timeout=60_000
        )
        await page.keyboard.press("Escape")
        await expect(sheet).to_have_count(0)


async def test_the_statistics_show_who_was_late_by_month_and_unit(house: House) -> None:
    service, browser = house
    async with page_of(browser, service.address) as page:
        await log_in(page, service.address, "shift", "/")
        await expect(page.get_by_test_id("conn-state")).to_have_attribute("data-state", "live")
        await turn_to(page, "reportingStatistics")
        await expect(page.get_by_test_id("reporting-nothing")).to_have_text("该时段没有应报送事项")
        for minutes in (2, 18):
            incident = await _opened(page, service, minutes)
            call = {"whom": "带班领导周敏", "receiver": "L", "number": "13900000001"}
            await _post(page, service, f"/api/incidents/{incident}/tellings", call)
        await page.reload()
        total, centre = (page.get_by_test_id(f"reporting-unit-{key}") for key in ("all", "C"))
        # In time 1; late the second's leader and, not made, its bureau's head.
        await expect(total).to_have_attribute("data-late", "2")
        await expect(centre).to_contain_text("县应急指挥中心")
        await expect(centre).to_contain_text("33%")
        bar = page.locator('[data-testid^="reporting-bar-"]').last
        await expect(bar).to_have_attribute("data-late", "2")
        await expect(bar).to_have_attribute("data-in-time", "1")
        await centre.locator("button").click()
        await expect(centre.locator("button")).to_have_attribute("aria-pressed", "true")
        await _shot(page, "reporting-statistics")
        async with page.expect_download() as sheet:
            await page.get_by_test_id("reporting-xlsx").click()
        assert (await sheet.value).suggested_filename.endswith(".xlsx")
        await page.get_by_test_id("reporting-first").fill("2001-01")
        await expect(page.get_by_text("最多24个月")).to_be_visible()
        await page.get_by_test_id("lang").click()
        await expect(page.get_by_test_id("reporting-table")).to_contain_text("Mean delay")


async def test_a_leader_sees_the_next_deadlines_on_his_phone_and_a_team_does_not(house: House) -> None:
    service, browser = house
    async with (
        page_of(browser, service.address, width=390, height=844, mobile=True) as phone,
        page_of(browser, service.address, width=390, height=844, mobile=True) as team,
    ):
        await log_in(phone, service.address, "leader", "/m/")
        await phone.get_by_test_id("field-start").click()
        await expect(phone.get_by_test_id("field-standby")).to_be_visible()
        await expect(phone.get_by_test_id("field-dues")).to_have_count(0)
        incident = await _opened(phone, service, 6)
        due = phone.get_by_test_id("field-due-C-L-phone-initial")
        await expect(due.get_by_test_id("due-mark")).to_have_attribute("data-state", "late")
        await expect(phone.get_by_test_id("field-dues").locator("li").first).to_have_attribute(
            "data-testid", "field-due-C-L-phone-initial"
        )
        await _shot(phone, "field-dues")
        await log_in(team, service.address, "responder1", "/m/")
        await team.get_by_test_id("field-start").click()
        await expect(team.get_by_test_id("field-standby")).to_be_visible()
        await expect(team.get_by_test_id("field-dues")).to_have_count(0)
        call = {"whom": "带班领导周敏", "receiver": "L", "number": "13900000001"}
        await _post(phone, service, f"/api/incidents/{incident}/tellings", call)
        await expect(due).to_have_count(0)
        await expect(phone.get_by_test_id("field-dues")).to_be_visible()


async def _shot(page: Page, name: str) -> None:
    """Take pictures in both themes when somebody wants to look."""
    folder = os.environ.get("ZHISHOU_SHOTS")
    if folder is None:
        return
    for theme in ("dark", "light"):
        await page.evaluate(f"document.documentElement.dataset.theme = '{theme}'")
        await page.screenshot(path=f"{folder}/{name}-{theme}.png")
