"""The rules of reporting in a real browser: read, changed, tried, published; facts entered and corrected."""

from __future__ import annotations

import os
import re
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Locator, Page, expect

from app.stage.seed import write_map
from tests.browser import log_in, page_of, turn_to
from tests.node import Service
from tests.test_reporting_page import House

pytestmark = [pytest.mark.browser, pytest.mark.database]
LIMIT = "limit-D9-phone-general"
IN_FORCE, SELECTED = ("data-state", "in_force"), ("aria-current", "true")


@pytest_asyncio.fixture(loop_scope="session")
async def house(city_url: str, tmp_path: Path, browser: Browser) -> AsyncIterator[House]:
    """The fictional city on a quiet night."""
    write_map(tmp_path / "map")
    async with AsyncExitStack() as stack:
        service = await stack.enter_async_context(Service(city_url, tmp_path, {}))
        yield House(service, browser)


async def test_a_leader_reads_changes_tries_and_publishes_the_rules(house: House) -> None:
    async with page_of(house.browser, house.service.address) as page:
        await log_in(page, house.service.address, "leader", "/")
        await expect(page.get_by_test_id("conn-state")).to_have_attribute("data-state", "live")
        await _opened(page, house, minutes=18)
        await turn_to(page, "reportingRules")
        await expect(page.get_by_test_id("rules-version-0")).to_have_attribute(*IN_FORCE)
        row = page.get_by_test_id("rules-of-cn_county_default").get_by_test_id("rule-D6")
        await expect(row).to_contain_text("县应急指挥中心→带班领导")
        await expect(row).to_contain_text("电话5分钟")
        await expect(page.get_by_test_id("profile-cn_county_default")).to_be_checked()
        await expect(page.get_by_test_id("profile-henan_2019")).to_be_disabled()
        await _shots(page, "read")

        await page.keyboard.press("2")
        await page.get_by_test_id("rules-draft-from").click()
        draft = page.locator("[data-testid^=rules-version-][data-state=draft]")
        await expect(draft).to_have_attribute(*SELECTED)
        await page.get_by_test_id("profile-forest_30").check()
        limit = page.get_by_test_id(LIMIT)
        await expect(limit).to_have_value("30")
        await limit.fill("16")
        await limit.press("Tab")
        text = page.get_by_test_id("rules-text")
        await expect(text).to_have_value(_holds("phone: {general: 16, larger: 15"))
        await _shots(page, "edit")

        right = await text.input_value()
        await text.fill(right.replace("sensitive_lifts: 1", "sensitive_lifts: 9"))
        fault = page.get_by_test_id("rules-faults").locator("button")
        await expect(fault).to_contain_text("第 18 行")
        await expect(fault).to_contain_text("9不在0至3之间")
        await expect(page.get_by_test_id("rules-publish")).to_be_disabled()
        await fault.click()
        await expect(text).to_be_focused()
        await _shots(page, "fault")
        await page.get_by_test_id("rules-save").click()
        await expect(page.get_by_test_id("problem")).to_contain_text("规则有1处错误")
        await text.fill(right)
        await expect(fault).to_have_count(0)
        await text.press("Control+s")
        await expect(page.get_by_test_id("rules-dirty")).to_have_count(0)

        await page.get_by_test_id("tab-try").click()
        await page.get_by_test_id("try-run").click()
        await expect(page.get_by_test_id("try-sum")).to_contain_text("事件 1 起")
        tried = page.get_by_test_id("try-table").locator("tbody tr")
        await expect(tried).to_have_count(1)
        await expect(tried).to_contain_text("中心→总值班室 电话初报")
        await expect(tried).to_contain_text("提前")
        await expect(tried).to_contain_text("迟报")
        await _shots(page, "try")
        await page.get_by_test_id("tab-diff").click()
        changed = page.get_by_test_id("rules-diff").get_by_test_id("diff-D9")
        await expect(changed).to_contain_text("一般30分钟")
        await expect(changed).to_contain_text("一般16分钟")
        await _shots(page, "diff")

        await page.get_by_test_id("tab-edit").click()
        await page.get_by_test_id("rules-publish").click()
        await page.get_by_test_id("publish-reason").fill("县里定的")
        await expect(page.get_by_test_id("publish-form").get_by_test_id("diff-D9")).to_be_visible()
        await _shots(page, "publish")
        await page.get_by_test_id("publish-do").click()
        published = page.locator("[data-testid^=rules-version-][data-state=in_force]")
        await expect(published).to_contain_text("县里定的")
        await expect(published).to_contain_text("周敏")
        await expect(page.get_by_test_id("rules-draft-from")).to_be_visible()
        # The desk counts by the new rules without anybody's doing.
        await page.keyboard.press("e")
        due = page.get_by_test_id("reports").get_by_test_id("due-C-CG-phone-initial")
        await expect(due.get_by_test_id("due-open")).to_have_attribute("title", _within("16分钟"))


async def test_who_may_only_read_finds_no_button_to_change_the_rules(house: House) -> None:
    async with page_of(house.browser, house.service.address) as page:
        await log_in(page, house.service.address, "chenjie", "/reporting-rules/edit")
        await expect(page.get_by_test_id("rules-text")).to_have_attribute("readonly", "")
        await expect(page.get_by_test_id("rules-version-0")).to_have_attribute(*IN_FORCE)
        for button in ("rules-new", "rules-draft-from", "rules-publish", "rules-drop"):
            await expect(page.get_by_test_id(button)).to_have_count(0)


async def test_a_fact_is_entered_and_corrected_with_the_keyboard_and_the_old_one_stays(house: House) -> None:
    async with page_of(house.browser, house.service.address) as page:
        await log_in(page, house.service.address, "chenjie", "/")
        await expect(page.get_by_test_id("conn-state")).to_have_attribute("data-state", "live")
        incident = await _opened(page, house, minutes=18)
        await page.goto(f"{house.service.address}/i/{incident}")
        pane = page.get_by_test_id("known-pane")
        await pane.locator("summary").focus()
        await page.keyboard.press("Enter")
        await pane.get_by_test_id("known-add").press("Enter")
        form = pane.get_by_test_id("known-form")
        await expect(form.get_by_test_id("known-kind")).to_be_focused()
        assert "威胁居民地" not in await form.get_by_test_id("known-name").inner_text()
        await form.get_by_test_id("known-kind").select_option(label="情形")
        await form.get_by_test_id("known-name").select_option(label="威胁居民地")
        await form.get_by_test_id("known-evidence").fill("无人机画面")
        await _shots(page, "known-form", form)
        await form.get_by_test_id("known-evidence").press("Enter")
        await expect(form).to_have_count(0)
        entry = pane.locator("li", has_text="威胁居民地")
        await expect(entry).to_contain_text("无人机画面")

        await entry.locator("[data-testid^=known-correct-]").press("Enter")
        await form.get_by_test_id("known-holds").uncheck()
        await form.get_by_test_id("known-reason").fill("相邻村,不是本村")
        await form.get_by_test_id("known-reason").press("Enter")
        await expect(form).to_have_count(0)
        await expect(entry).to_have_count(2)
        await expect(entry.first).to_contain_text("已不属实")
        await expect(entry.first).to_contain_text("相邻村")
        await expect(entry.last).to_have_attribute("data-holds", "false")

        # What is entered once is corrected, also by whoever only meant to enter it.
        for reason in ("", "抄错一格"):
            await pane.get_by_test_id("known-add").click()
            await form.get_by_test_id("known-kind").select_option(label="获知时间")
            await form.get_by_test_id("known-name").select_option(label="乡镇")
            if reason:
                await form.get_by_test_id("known-reason").fill(reason)
            else:
                await expect(form.get_by_test_id("known-reason")).to_have_count(0)
            await form.get_by_test_id("known-save").click()
            await expect(form).to_have_count(0)
        learned = pane.locator("li", has_text="获知时间")
        await expect(learned).to_have_count(2)
        await expect(learned.first).to_contain_text("抄错一格")
        await _shots(page, "known", pane)


async def _opened(page: Page, house: House, minutes: int) -> int:
    told = {
        "event_code": "11A01",
        "title": "东岸村三人被困屋顶",
        "region_code": "990181100204",
        "received_at": (datetime.now(UTC) - timedelta(minutes=minutes)).isoformat(),
    }
    address = house.service.address
    answer = await page.request.post(f"{address}/api/incidents", data=told, headers={"Origin": address})
    assert answer.status == 201, await answer.text()
    return int((await answer.json())["id"])


def _holds(words: str) -> re.Pattern[str]:
    return re.compile(re.escape(words))


_within = _holds


async def _shots(page: Page, name: str, part: Locator | None = None) -> None:
    """Keep a picture of both themes where the environment asks for it."""
    folder = os.environ.get("ZHISHOU_SHOTS")
    if not folder:
        return
    if part is not None:
        await part.scroll_into_view_if_needed()
    before = await page.evaluate("document.documentElement.dataset.theme ?? ''")
    for theme in ("light", "dark"):
        await page.evaluate("theme => { document.documentElement.dataset.theme = theme }", theme)
        await page.screenshot(path=f"{folder}/rules-{name}-{theme}.png")
    await page.evaluate("theme => { document.documentElement.dataset.theme = theme }", before)
