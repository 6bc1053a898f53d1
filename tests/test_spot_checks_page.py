"""The spot-check page in a real browser: drawn, judged by keys, circular, receipt, league table."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, expect

from app.stage.seed import write_map
from tests.browser import log_in, page_of, turn_to
from tests.node import Service

pytestmark = [pytest.mark.browser, pytest.mark.database]
CHECKS = "/api/spot-checks"
LINXI = "990181100000"


@dataclass
class House:
    """A service with the fictional city, a browser, and three desks: officer, leader, township."""

    service: Service
    browser: Browser
    officer: httpx.AsyncClient
    leader: httpx.AsyncClient
    linxi: httpx.AsyncClient

    async def draw(self, **told: Any) -> int:
        """Draw the post of 临溪 alone, by telephone unless told otherwise."""
        one = {"title": "夜查", "shares": [{"method": "phone", "count": 1}], "region_codes": [LINXI], **told}
        answer = await self.officer.post(CHECKS, json=one)
        assert answer.status_code == 201, answer.text
        return int(answer.json()["id"])


@pytest_asyncio.fixture(loop_scope="session")
async def house(city_url: str, tmp_path: Path, browser: Browser) -> AsyncIterator[House]:
    """The fictional city, without devices that speak."""
    write_map(tmp_path / "map")
    async with AsyncExitStack() as stack:
        service = await stack.enter_async_context(Service(city_url, tmp_path))
        desks = [await stack.enter_async_context(service.client(u)) for u in ("wangjun", "leader", "linxi")]
        yield House(service, browser, *desks)


async def _open(page: Page, address: str, username: str, path: str = "/spot-checks") -> None:
    await log_in(page, address, username, path)
    await expect(page.get_by_test_id("conn-state")).to_have_attribute("data-state", "live")


async def test_a_check_is_drawn_and_its_posts_are_judged_by_keys(house: House) -> None:
    async with page_of(house.browser, house.service.address) as page:
        await _open(page, house.service.address, "wangjun", "/")
        await turn_to(page, "spotChecks")
        await page.get_by_test_id("spot-new").click()
        await page.get_by_test_id("spot-ordered-by").fill("周敏副市长")
        await page.get_by_test_id("spot-share-video").fill("1")
        await page.get_by_test_id("spot-share-phone").fill("2")
        await page.get_by_test_id("spot-seed").fill("20250618-2210")
        await page.get_by_test_id("spot-open").click()
        await expect(page.get_by_test_id("spot-left")).to_have_text("3")
        await expect(page.get_by_test_id("spot-seed-shown")).to_have_text("种子 20250618-2210")
        rows = page.locator("tr[data-post]")
        pane = page.get_by_test_id("finding-pane")

        # The video room: connected, an officer of the roster, all three questions known.
        await expect(page.get_by_test_id("finding-call")).to_be_enabled()
        await page.keyboard.press("c")
        await expect(rows.nth(0)).to_have_attribute("data-state", "calling")
        await page.keyboard.press("j")
        await expect(page.get_by_test_id("answer-seconds")).not_to_have_value("")
        officers = page.get_by_test_id("answer-person").locator("option", has_text="值班员")
        await page.get_by_test_id("answer-person").select_option(
            await officers.first.get_attribute("value") or ""
        )
        await page.get_by_test_id("answer-person").press("Escape")
        await page.keyboard.press("a")
        await page.keyboard.press("Enter")
        await expect(rows.nth(0)).to_have_attribute("data-state", "passed")

        # The next one is at hand already: five rings are too many, he does not know the warnings.
        await expect(page.get_by_test_id("finding-call")).to_be_enabled()
        await page.keyboard.press("c")
        await expect(rows.nth(1)).to_have_attribute("data-state", "calling")
        await expect(page.get_by_test_id("answer-person").locator("option")).not_to_have_count(1)
        await page.keyboard.press("5")
        await page.keyboard.press("p")
        await page.keyboard.press("a")
        await page.keyboard.press("y")
        await expect(page.get_by_test_id("answer-warnings")).to_contain_text("不会")
        await page.keyboard.press("Enter")
        await expect(rows.nth(1)).to_contain_text("应答慢")
        await expect(rows.nth(1)).to_contain_text("情况不掌握")
        await expect(page.get_by_test_id("finding-verdict")).to_contain_text("不合格")

        # The third does not answer: the server says when it is called again.
        await page.keyboard.press("ArrowDown")
        await expect(page.get_by_test_id("finding-call")).to_be_enabled()
        await page.keyboard.press("c")
        await expect(rows.nth(2)).to_have_attribute("data-state", "calling")
        await page.keyboard.press("n")
        await expect(rows.nth(2)).to_have_attribute("data-state", "retry")
        await expect(page.get_by_test_id("finding-clock")).to_contain_text("后再呼")
        await expect(page.get_by_test_id("finding-call")).to_be_disabled()
        await expect(pane).to_contain_text("第 1 次")
        await page.get_by_test_id("spot-finish").click()
        await expect(page.get_by_test_id("problem")).to_contain_text("尚有岗位未查完")


async def test_a_circular_is_drafted_edited_signed_issued_and_acknowledged(house: House) -> None:
    check = await house.draw()
    finding = (await house.officer.get(f"{CHECKS}/{check}")).json()["findings"][0]
    await house.officer.post(f"{CHECKS}/findings/{finding['id']}/call")
    told = {"method": "phone", "answered": True, "rings": 2, "name": "司机老李", "standing_in": True}
    await house.officer.post(f"{CHECKS}/findings/{finding['id']}/result", json=told)
    address = house.service.address
    async with page_of(house.browser, address) as page:
        await _open(page, address, "wangjun")
        await page.get_by_test_id("spot-finish").click()
        await page.get_by_test_id("circular-draft").click()
        body = page.get_by_test_id("circular-body")
        await expect(body).to_have_value(re.compile("由司机老李应答，由非值班人员顶岗"))
        await body.fill(f"{await body.input_value()}\n附件略")
        await page.get_by_test_id("circular-save").click()
        await expect(page.get_by_text("待带班领导签发")).to_be_visible()
        await expect(page.get_by_test_id("circular-sign")).to_have_count(0)
        signed = await house.leader.post(f"{CHECKS}/{check}/circular/sign", json={"version": 2})
        assert signed.status_code == 200, signed.text
        await page.get_by_test_id("circular-issue").click()
        await expect(page.get_by_test_id("circular")).to_have_attribute("data-state", "issued")
        receipt = page.get_by_test_id(f"receipt-{finding['post_id']}")
        await expect(receipt).to_have_attribute("data-received", "false")
        assert (await house.linxi.post(f"{CHECKS}/{check}/circular/receipts")).status_code == 200
        await expect(receipt).to_have_attribute("data-received", "true")

    async with page_of(house.browser, address) as page:
        await _open(page, address, "linxi", "/spot-checks/follow")
        item = page.locator("[data-testid^='item-'][data-state='open']")
        await expect(item).to_contain_text("顶岗")
        await item.locator("input").fill("老李已报备,见附表")
        await item.get_by_text("申诉", exact=True).click()
        await expect(page.locator("[data-testid^='appeal-'][data-state='asked']")).to_contain_text(
            "老李已报备"
        )
        await page.get_by_test_id("tab-scores").click()
        row = page.get_by_test_id(f"score-{finding['post_id']}")
        await expect(row).to_contain_text("85")
        assert await page.locator("tbody tr").count() == 1, "a township sees its own"
        appeal = (await house.leader.get(f"{CHECKS}/appeals")).json()[0]
        await house.leader.post(f"{CHECKS}/appeals/{appeal['id']}/decision", json={"upheld": True})
        await expect(row).to_contain_text("100")


@pytest.mark.parametrize("path", ["/", "/m/"])
async def test_a_call_over_the_app_is_answered_with_one_tap_on_any_page(house: House, path: str) -> None:
    check = await house.draw(shares=[{"method": "app", "count": 1}])
    finding = (await house.officer.get(f"{CHECKS}/{check}")).json()["findings"][0]
    async with page_of(house.browser, house.service.address) as page:
        await _open(page, house.service.address, "linxi", path)
        await expect(page.get_by_test_id("prompt-tap")).to_have_count(0)
        await house.officer.post(f"{CHECKS}/findings/{finding['id']}/call")
        await page.get_by_test_id("prompt-tap").click(timeout=30_000)  # a phone asks every 10 s
        await expect(page.get_by_test_id("problem")).to_contain_text("已应答")
        await expect(page.get_by_test_id("prompt-tap")).to_have_count(0)
    told = (await house.officer.get(f"{CHECKS}/{check}")).json()["findings"][0]
    assert told["attempts"][0]["answered"] and told["attempts"][0]["seconds"] is not None


async def test_the_page_speaks_english(house: House) -> None:
    await house.draw()
    async with page_of(house.browser, house.service.address) as page:
        await _open(page, house.service.address, "wangjun")
        await page.get_by_test_id("lang").click()
        await expect(page.get_by_test_id("tab-scores")).to_contain_text("League table")
        await expect(page.get_by_test_id("finding-call")).to_contain_text("Call")
