"""A written report in a real browser: drafted, returned, reviewed, signed, sent, received, followed up."""

from __future__ import annotations

import os
import re
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Locator, Page, expect

from app.stage.seed import write_map
from tests.browser import log_in, page_of
from tests.node import Service

pytestmark = [pytest.mark.browser, pytest.mark.database]
House = tuple[Service, Browser]


@pytest_asyncio.fixture(loop_scope="session")
async def house(city_url: str, tmp_path: Path, browser: Browser) -> AsyncIterator[House]:
    """The fictional city on a quiet night."""
    write_map(tmp_path / "map")
    async with AsyncExitStack() as stack:
        service = await stack.enter_async_context(Service(city_url, tmp_path, {}))
        yield service, browser


async def _opened(page: Page) -> str:
    """Let a notice become an incident; return where its drawer is."""
    await expect(page.get_by_test_id("conn-state")).to_have_attribute("data-state", "live")
    await page.get_by_test_id("notice-type").click()
    await page.get_by_test_id("notice-from").fill("临溪镇")
    await page.get_by_test_id("notice-title").fill("东岸村3人被困")
    await page.get_by_test_id("notice-save").click()
    await page.get_by_test_id("notice-open-1").click()
    await page.get_by_test_id("notice-place").fill("linxi")
    await page.get_by_test_id("notice-place").press("Enter")
    await page.get_by_test_id("notice-type").last.fill("xielou")
    await page.get_by_test_id("notice-type").last.press("Enter")
    await page.get_by_test_id("notice-open-save").click()
    await expect(page.get_by_test_id("reports-pane")).to_contain_text("尚未起草书面报告")
    return page.url


async def test_a_report_goes_from_draft_to_receipt_and_its_follow_up_says_only_what_is_new(
    house: House,
) -> None:
    service, browser = house
    async with (
        page_of(browser, service.address) as officer,
        page_of(browser, service.address) as lead,
        page_of(browser, service.address) as leader,
    ):
        await log_in(officer, service.address, "chenjie", "/inbox")
        where = (await _opened(officer)).removeprefix(service.address)
        await log_in(lead, service.address, "shift", where)
        await log_in(leader, service.address, "leader", where)

        await officer.get_by_test_id("report-begin-initial").click()
        form = officer.get_by_test_id("report-form")
        await expect(form.get_by_test_id("report-text")).to_have_value(re.compile("起因：正在核实。"))
        await form.get_by_test_id("report-said-cause").fill("上游强降雨")
        await form.get_by_test_id("report-compose").click()
        await expect(form.get_by_test_id("report-text")).to_have_value(re.compile("起因：上游强降雨。"))
        await _shot(officer, "report-form")
        await form.get_by_test_id("report-save").click()
        await expect(_state(officer, 1)).to_have_text("草稿")
        await expect(officer.get_by_test_id("report-review")).to_have_count(0)

        await expect(_state(lead, 1)).to_have_text("草稿")
        await lead.get_by_test_id("report-return").click()
        await lead.get_by_test_id("report-words").fill("写明水深")
        await lead.get_by_test_id("report-answer").click()
        await expect(officer.get_by_test_id("report-remarks")).to_contain_text("写明水深")
        await officer.get_by_test_id("report-edit").click()
        text = form.get_by_test_id("report-text")
        await text.fill(f"{await text.input_value()}\n水深1.6米。")
        await form.get_by_test_id("report-save").click()
        await expect(officer.get_by_test_id("report-text-1")).to_contain_text("水深1.6米。")

        await expect(lead.get_by_test_id("report-text-1")).to_contain_text("水深1.6米。")
        await lead.get_by_test_id("report-review").click()
        await expect(_state(leader, 1)).to_have_text("已审核")
        await leader.get_by_test_id("report-sign").click()
        # Two papers are printed before the answer comes.
        await expect(_state(officer, 1)).to_have_text("已签发", timeout=30_000)
        await expect(officer.get_by_test_id("report-1")).to_contain_text("1号")
        await officer.get_by_test_id("report-send").click()
        await expect(_state(officer, 1)).to_have_text("已报送")
        await officer.get_by_test_id("report-receipt-CG").click()
        await expect(officer.get_by_test_id("report-to-CG")).to_have_attribute("data-confirmed", "true")
        await officer.get_by_test_id("report-call-P").click()
        await officer.get_by_test_id("report-call-who").fill("赵科")
        await officer.get_by_test_id("report-call-number").fill("0790-8123")
        await officer.get_by_test_id("report-call-enter").click()
        await expect(_state(officer, 1)).to_have_text("已收悉")
        await _shot(officer, "report-chain")
        async with officer.expect_download() as paper:
            await officer.get_by_test_id("report-docx-1").click()
        assert (await paper.value).suggested_filename.endswith("初报.docx")

        await officer.get_by_test_id("figure-kind").select_option("trapped")
        await officer.get_by_test_id("figure-value").fill("5")
        await officer.get_by_test_id("figure-source").fill("现场")
        await officer.get_by_test_id("figure-enter").click()
        await expect(officer.get_by_test_id("figures-pane")).to_contain_text("5人")
        await officer.get_by_test_id("report-begin-followup").click()
        await expect(text).to_have_value(re.compile(r"^伤亡情况：截至\d\d:\d\d，被困5人。$"))
        await form.get_by_test_id("report-save").click()
        second = officer.get_by_test_id("report-2")
        await expect(second).to_contain_text("续报一")
        await expect(officer.get_by_test_id("report-text-2")).not_to_contain_text("起因")
        await officer.get_by_test_id("lang").click()
        await expect(_state(officer, 2)).to_have_text("draft")


def _state(page: Page, version: int) -> Locator:
    return page.get_by_test_id(f"report-state-{version}")


async def _shot(page: Page, name: str) -> None:
    """Take pictures in both themes when somebody wants to look."""
    folder = os.environ.get("ZHISHOU_SCREENSHOTS")
    if folder is None:
        return
    await page.get_by_test_id("reports-pane").scroll_into_view_if_needed()
    for theme in ("dark", "light"):
        await page.evaluate(f"document.documentElement.dataset.theme = '{theme}'")
        await page.screenshot(path=Path(folder) / f"{name}-{theme}.png")
