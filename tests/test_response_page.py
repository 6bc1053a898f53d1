"""Plans and responses in a real browser: a card by its lines, a proposal, the commander's word, receipts."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, expect

from app.clock import SystemClock
from app.db import Database
from app.stage.plans import respond
from app.stage.seed import write_map
from tests.browser import log_in, page_of, turn_to
from tests.node import Service
from tests.orders.order_evening import SERIES

pytestmark = [pytest.mark.browser, pytest.mark.database]


@dataclass
class House:
    """A service with the fictional city and a response in force, a browser, and the desk's own client."""

    service: Service
    browser: Browser
    desk: httpx.AsyncClient


@pytest_asyncio.fixture(loop_scope="session")
async def house(city_url: str, tmp_path: Path, browser: Browser) -> AsyncIterator[House]:
    """The demo as a newcomer finds it."""
    database = Database(city_url)
    await respond(database, SERIES, SystemClock().now())
    write_map(tmp_path / "map")
    async with AsyncExitStack() as stack:
        stack.push_async_callback(database.close)
        service = await stack.enter_async_context(Service(city_url, tmp_path))
        yield House(service, browser, await stack.enter_async_context(service.client("wangjun")))


async def _open(page: Page, house: House, username: str, path: str) -> None:
    await log_in(page, house.service.address, username, path)
    await expect(page.get_by_test_id("conn-state")).to_have_attribute("data-state", "live")


async def _picture(page: Page, name: str) -> None:
    if folder := os.environ.get("ZHISHOU_SCREENSHOTS"):
        await page.screenshot(path=Path(folder) / f"{name}.png")


async def test_the_commander_picks_a_level_and_only_what_is_new_goes_out(house: House) -> None:
    board = (await house.desk.get("/api/responses")).json()
    (held,) = board["running"]
    async with (
        page_of(house.browser, house.service.address) as page,
        page_of(house.browser, house.service.address) as leader,
    ):
        # What is in force shows in every header, by colour, shape and words.
        await _open(page, house, "wangjun", "/")
        chip = page.get_by_test_id(f"response-chip-{held['id']}")
        await expect(chip).to_contain_text("暴雨四级")
        await _picture(page, "response-desk")
        await turn_to(page, "response")
        pane = page.get_by_test_id("response-pane")
        await expect(pane).to_have_attribute("data-level", "4")
        await expect(page.get_by_test_id("follows")).to_contain_text("每日08:00、17:00")
        await expect(page.get_by_test_id("duty-real")).to_have_attribute("data-followed", "true")
        await _picture(page, "response")

        # The desk proposes two; what would be new is shown before.
        await page.get_by_test_id("response-adjust").click()
        await page.get_by_test_id("step-level-2").check(force=True)
        await page.get_by_test_id("step-colour").select_option("red")
        await page.get_by_test_id("step-basis").fill("雨带加强,红色预警")
        await expect(page.get_by_test_id("preview-police")).to_be_visible()
        await _picture(page, "response-adjust")
        await page.get_by_test_id("step-submit").click()
        await expect(page.get_by_test_id("open-step")).to_contain_text("待指挥长决定")

        # The commander, elsewhere, picks three.
        await _open(leader, house, "leader", f"/response/{held['id']}")
        await expect(leader.get_by_test_id("decide-form")).to_be_visible()
        await leader.get_by_test_id("verdict-other").check()
        await leader.get_by_test_id("decide-level-3").check(force=True)
        await leader.get_by_test_id("decide-remark").fill("先按三级")
        await _picture(leader, "response-decide")
        await leader.get_by_test_id("decide-submit").click()
        await expect(leader.get_by_test_id("response-pane")).to_have_attribute("data-level", "3")
        await expect(leader.get_by_test_id("step-2").get_by_test_id("step-sent")).to_contain_text(
            "新下达 6 项"
        )
        # The desk hears of it without a reload, and duty follows.
        await expect(pane).to_have_attribute("data-level", "3")
        await expect(chip).to_contain_text("暴雨三级")
        await expect(page.get_by_test_id("duty-panel")).to_contain_text("每4小时一次")
        await page.get_by_test_id("response-tab-tasks").click()
        await expect(page.get_by_test_id("counter-tasks")).to_have_text("10")
        await _picture(page, "response-tasks")
        run = (await house.desk.get(f"/api/responses/{held['id']}")).json()["run_id"]
        told = (await house.desk.get(f"/api/plan-runs/{run}")).json()
        assert [task["key"] for task in told["tasks"] if task["withdrawn_at"]] == []


async def test_a_card_is_written_by_its_lines_and_all_its_tasks_go_out_at_once(house: House) -> None:
    async with (
        page_of(house.browser, house.service.address) as page,
        page_of(house.browser, house.service.address) as leader,
    ):
        await _open(page, house, "wangjun", "/plans")
        await expect(page.get_by_test_id("kind-all")).to_contain_text("509")
        await _picture(page, "plans")
        # Found by the first letters of its name.
        await page.get_by_test_id("plan-search").fill("wxhxp")
        await page.get_by_test_id("plan-2").click()
        await expect(page.get_by_test_id("plan-pane")).to_contain_text("危险化学品事故")
        await page.get_by_test_id("card-level-3").click()
        await _picture(page, "plan-card")

        # A mistake is named by its line, and cannot be kept.
        await page.get_by_test_id("card-edit").click()
        text = page.get_by_test_id("rules-text")
        right = await text.input_value()
        await text.fill(right.replace("due_min: 15", "due_min: soon", 1))
        await expect(page.get_by_test_id("rules-faults")).to_contain_text("不是整数")
        await expect(page.get_by_test_id("card-save")).to_be_disabled()
        await _picture(page, "plan-card-fault")
        await text.fill(right.replace("due_min: 15", "due_min: 12", 1))
        await expect(page.get_by_test_id("card-save")).to_be_enabled()
        await page.get_by_test_id("card-save").click()
        await expect(page.get_by_test_id("plan-pane")).to_contain_text("第 2 版")

        await page.get_by_test_id("plan-start").click()
        await page.get_by_test_id("start-words").fill("工业园区液氨泄漏")
        await page.get_by_test_id("start-area").select_option("990181450000")
        await expect(page.get_by_test_id("plan-preview")).to_contain_text("11 项任务")
        await _picture(page, "plan-start")
        await page.get_by_test_id("start-submit").click()
        pane = page.get_by_test_id("run-pane")
        await expect(pane).to_have_attribute("data-state", "proposed")

        await _open(leader, house, "leader", page.url.removeprefix(house.service.address))
        await leader.get_by_test_id("run-approve").click()
        await expect(leader.get_by_test_id("run-pane")).to_have_attribute("data-state", "running")
        await expect(leader.get_by_test_id("counter-receipts")).to_have_text("11")
        await expect(pane).to_have_attribute("data-state", "running")
        await _picture(page, "plan-run")


async def test_a_page_that_calls_with_a_warning_begins_the_proposal(house: House) -> None:
    async with page_of(house.browser, house.service.address) as page:
        # The warnings are another part of the house: what it does not answer is typed by hand.
        await _open(page, house, "wangjun", "/response?warning=7")
        form = page.get_by_test_id("propose-form")
        await expect(form).to_be_visible()
        await page.get_by_test_id("propose-event").select_option("12D02")
        await expect(page.get_by_test_id("propose-why")).to_contain_text("专项预案适用范围(12D)")
        await page.get_by_test_id("propose-colour").select_option("orange")
        await page.get_by_test_id("propose-words").fill("化工园区泄漏预警")
        await page.get_by_test_id("propose-drill").check()
        await expect(page.get_by_test_id("plan-preview")).to_be_visible()
        await _picture(page, "response-propose")
        await page.get_by_test_id("propose-submit").click()
        await expect(page.get_by_test_id("response-pane")).to_have_attribute("data-state", "proposed")
        await expect(page.get_by_test_id("response-pane")).to_contain_text("【演练】")
        page.on("dialog", lambda dialog: dialog.dismiss())
        await page.get_by_test_id("theme").click()
        await _picture(page, "response-light")
