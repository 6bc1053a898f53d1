"""The round-ups' page in a real browser: asked, answered by a township and by the desk, kept, asked again."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, expect

from app.clock import SystemClock
from app.db import Database
from app.stage.seed import write_map
from app.stage.status_calls import ask_around
from tests.browser import log_in, page_of, turn_to
from tests.node import Service
from tests.world import ZONE

pytestmark = [pytest.mark.browser, pytest.mark.database]
LINXI = "990181100000"


@dataclass
class House:
    """A service with the fictional city and a browser."""

    service: Service
    browser: Browser
    officer: httpx.AsyncClient


@pytest_asyncio.fixture(loop_scope="session")
async def house(city_url: str, tmp_path: Path, browser: Browser) -> AsyncIterator[House]:
    """The fictional city, without devices that speak."""
    database = Database(city_url)
    await ask_around(database, SystemClock().now(), ZONE)
    write_map(tmp_path / "map")
    async with AsyncExitStack() as stack:
        stack.push_async_callback(database.close)
        service = await stack.enter_async_context(Service(city_url, tmp_path))
        officer = await stack.enter_async_context(service.client("wangjun"))
        yield House(service, browser, officer)


async def test_a_round_is_asked_answered_in_the_field_and_at_the_desk_kept_and_asked_again(
    house: House,
) -> None:
    address = house.service.address
    async with page_of(house.browser, address) as page:
        await log_in(page, address, "wangjun", "/")
        await turn_to(page, "statusCalls")
        # The demo has a round that waits for seven units, and yesterday's, which is over.
        await expect(page.get_by_test_id("status-count-waiting")).to_have_text("7")
        await expect(page.locator("[data-testid^=call-][data-state=closed]")).to_contain_text("23/23")
        await page.keyboard.press("n")
        await page.get_by_test_id("status-title").fill("各乡镇转移情况")
        await page.get_by_test_id("status-asked-by").fill("沈立")
        await page.get_by_test_id("status-ask").click()
        await expect(page.get_by_test_id("status-count-waiting")).to_have_text("23")

        linxi = page.locator("[data-testid^=status-unit-]", has_text="临溪镇")
        await _answer_from_the_phone(house, address)
        await expect(linxi).to_have_attribute("data-standing", "answered")
        await expect(page.get_by_test_id("status-total-1")).to_contain_text("23")
        await _type_at_the_desk(page)

        # The map shows the same, and the texts of the round are one tab away.
        await page.keyboard.press("2")
        await expect(page.get_by_test_id(f"status-place-{LINXI}")).to_have_attribute(
            "data-standing", "answered"
        )
        await page.keyboard.press("1")

        # Reminded by one key, kept as one version, asked again tomorrow; the trend has one point so far.
        await page.keyboard.press("r")
        await expect(page.get_by_test_id("status-table")).to_contain_text("催 1 次")
        await page.keyboard.press("s")
        async with page.expect_download() as download:
            await page.get_by_test_id("status-file-xlsx").click()
        assert (await download.value).suggested_filename == "各乡镇转移情况 汇总 第1版.xlsx"
        await page.get_by_test_id("status-clone").click()
        await page.get_by_test_id("status-clone-send").click()
        await expect(page.get_by_test_id("status-call")).to_have_attribute("data-state", "planned")
        await page.keyboard.press("3")
        await expect(page.get_by_test_id("status-point-1")).to_contain_text("30")


async def _answer_from_the_phone(house: House, address: str) -> None:
    async with page_of(house.browser, address, width=390, height=844, mobile=True) as phone:
        await log_in(phone, address, "linxi", "/m/")
        await phone.get_by_test_id("field-start").click()
        asked = phone.get_by_test_id("field-status-calls")
        await asked.get_by_role("button").first.click()
        await phone.get_by_test_id("status-q-1").fill("-3")
        await phone.get_by_test_id("status-q-2").fill("4")
        await phone.get_by_test_id("status-send").click()
        await expect(phone.get_by_test_id("status-fault-1")).to_contain_text("不能小于0")
        await phone.get_by_test_id("status-q-1").fill("23")
        await phone.get_by_test_id("status-q-3").fill("雨衣30件\n冲锋舟")
        await phone.get_by_test_id("status-send").click()
        await expect(asked.locator("[data-standing=answered]")).to_be_visible()


async def _type_at_the_desk(page: Page) -> None:
    """Telephone a township: too many evacuees is taken with a doubt, and corrected in a second version."""
    await page.keyboard.press("ArrowDown")
    pane = page.get_by_test_id("status-unit")
    await expect(pane.get_by_test_id("status-phones")).to_contain_text("0799-555")
    await pane.get_by_test_id("status-told-by").fill("王所长")
    await pane.get_by_test_id("status-q-1").fill("900000")
    await pane.get_by_test_id("status-q-2").fill("5")
    await pane.get_by_test_id("status-send").click()
    await expect(pane.get_by_test_id("status-doubt-over_population")).to_contain_text("超过辖区人口")
    await pane.get_by_test_id("status-again").click()
    await pane.get_by_test_id("status-told-by").fill("王所长")
    await pane.get_by_test_id("status-q-1").fill("7")
    await pane.get_by_test_id("status-reason").fill("听错")
    await pane.get_by_test_id("status-send").click()
    await expect(pane.get_by_test_id("status-version-2")).to_contain_text("听错")
    await expect(page.get_by_test_id("status-total-1")).to_contain_text("30")


async def test_a_question_reaches_the_township_console_at_once_on_whatever_page(house: House) -> None:
    address = house.service.address
    open_ones = [c for c in (await house.officer.get("/api/status-calls")).json() if c["state"] == "open"]
    for call in open_ones:
        assert (await house.officer.post(f"/api/status-calls/{call['id']}/close")).status_code == 200
    async with page_of(house.browser, address) as page:
        await log_in(page, address, "linxi", "/supplies")
        await expect(page.get_by_test_id("conn-state")).to_have_attribute("data-state", "live")
        await expect(page.get_by_test_id("asked")).to_have_count(0)
        units = (await house.officer.get(f"/api/status-calls/{open_ones[0]['id']}")).json()["units"]
        linxi = next(u for u in units if u["region_code"] == LINXI)
        asked = {
            "title": "转移人数速报",
            "due_at": (SystemClock().now() + timedelta(hours=1)).isoformat(),
            "recipients": {"unit_ids": [linxi["unit_id"]]},
            "questions": [{"kind": "number", "text": "已转移人数", "whole": True, "minimum": 0}],
        }
        made = await house.officer.post("/api/status-calls", json=asked)
        assert made.status_code == 201, made.text
        bar = page.get_by_test_id("asked")
        await expect(bar).to_contain_text("转移人数速报")
        await expect(bar.locator("li")).to_have_attribute("data-unread", "true")
        await bar.get_by_role("button").click()
        await page.get_by_test_id("asked-dialog").wait_for()
        await expect(bar.locator("li")).to_have_attribute("data-unread", "false")
        await page.get_by_test_id("status-q-1").fill("41")
        await page.get_by_test_id("status-send").click()
        await expect(page.get_by_test_id("asked-dialog")).to_have_count(0)
        await expect(bar).to_have_count(0)
    detail = (await house.officer.get(f"/api/status-calls/{made.json()['id']}")).json()
    assert detail["units"][0]["answers"][0]["values"] == {"1": 41}
