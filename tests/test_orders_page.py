"""The orders page in a real browser: drafted by keyboard, answered in township and field, closed out.

The demo shows its orders in all states.
"""

from __future__ import annotations

import os
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
from app.stage.orders import give_orders
from app.stage.seed import write_map
from tests.browser import log_in, page_of
from tests.node import Service
from tests.orders.order_evening import SERIES

pytestmark = [pytest.mark.browser, pytest.mark.database]
ORDERS = "/api/orders"


@dataclass
class House:
    """A service with the fictional city and its orders, a browser, and the desk's own client."""

    service: Service
    browser: Browser
    desk: httpx.AsyncClient


@pytest_asyncio.fixture(loop_scope="session")
async def house(city_url: str, tmp_path: Path, browser: Browser) -> AsyncIterator[House]:
    """The demo as a newcomer finds it."""
    database = Database(city_url)
    await give_orders(database, SERIES, SystemClock().now())
    write_map(tmp_path / "map")
    async with AsyncExitStack() as stack:
        stack.push_async_callback(database.close)
        service = await stack.enter_async_context(Service(city_url, tmp_path))
        yield House(service, browser, await stack.enter_async_context(service.client("wangjun")))


async def _open(page: Page, house: House, username: str, path: str = "/orders") -> None:
    await log_in(page, house.service.address, username, path)
    await expect(page.get_by_test_id("conn-state")).to_have_attribute("data-state", "live")


async def _picture(page: Page, name: str) -> None:
    if folder := os.environ.get("ZHISHOU_SCREENSHOTS"):
        await page.screenshot(path=Path(folder) / f"{name}.png")


async def test_an_order_is_drafted_by_keyboard_acknowledged_in_a_township_and_closed_out(
    house: House,
) -> None:
    told = (await house.desk.get(f"{ORDERS}?state=all")).json()
    states = {order["title"]: (order["state"], order["supervised"] > 0) for order in told}
    assert states == {
        "检查卫星电话和北斗终端": ("closed", False),
        "加强山塘水库巡查": ("issued", True),
        "临时封闭滨河路": ("withdrawn", False),
        "连夜排查地质灾害点": ("issued", False),
        "组织人员到岗备勤": ("issued", False),
        "做好强降雨防范准备": ("draft", False),
    }
    overdue = next(order["id"] for order in told if order["supervised"])
    async with (
        page_of(house.browser, house.service.address) as page,
        page_of(house.browser, house.service.address) as town,
    ):
        await _open(page, house, "wangjun", f"/orders/{overdue}")
        board = page.get_by_test_id("order-board")
        await expect(board).to_contain_text("逾期督办第 2 次")
        await expect(board).to_contain_text("当班(按值班表)")
        await _picture(page, "orders")

        # N, the first template by its digit, a recipient by three characters and Enter, Ctrl+Enter.
        await page.keyboard.press("n")
        dialog = page.get_by_test_id("order-dialog")
        await expect(dialog.get_by_test_id("template-1")).to_contain_text("洪水转移")
        await page.keyboard.press("1")
        await expect(dialog.get_by_test_id("order-title")).to_have_value("立即转移受威胁群众")
        await expect(dialog.get_by_test_id("task-text-3")).to_have_value("每30分钟报告转移人数和险情")
        await dialog.get_by_test_id("order-to").fill("临溪镇应急")
        await expect(dialog.locator(".offered button").first).to_have_text("临溪镇应急管理所")
        await dialog.get_by_test_id("order-to").press("Enter")
        # A person as well, found in the register by his name; taken off again by his chip.
        await dialog.get_by_test_id("order-to").fill("周敏")
        person = dialog.locator(".offered button", has_text="周敏").first
        await person.click()
        chip = dialog.locator(".chip", has_text="周敏")
        await expect(chip).to_be_visible()
        await _picture(page, "orders-draft")
        await chip.click()
        await expect(chip).to_have_count(0)
        await dialog.get_by_test_id("order-title").press("Control+Enter")
        await page.get_by_test_id("issue-who").fill("周敏")
        await page.get_by_test_id("issue-who").press("Enter")
        await expect(page.get_by_test_id("order-number")).to_contain_text("樟应指令〔")
        await expect(board).to_have_attribute("data-state", "issued")
        await expect(board).to_contain_text("经 周敏 口头同意")
        order_id = int(page.url.rsplit("/", 1)[1])
        part = board.locator("tr[data-testid^=part-]").first
        await expect(part).to_contain_text("剩")

        # The township's own console: it is shown, acknowledged and reported by keys.
        await _open(town, house, "linxi", f"/orders/{order_id}")
        await expect(part).to_have_attribute("data-state", "delivered")
        await town.keyboard.press("a")
        await expect(part).to_have_attribute("data-state", "acknowledged")
        await expect(part).to_contain_text("终端")
        await expect(town.locator("[data-testid^=feedback-]")).to_have_text("反馈")
        await town.keyboard.press("f")
        await town.get_by_test_id("answer-text").fill("已转移<b>86</b>人")
        await town.get_by_test_id("answer-submit").click()
        await expect(part).to_have_attribute("data-state", "reported")
        await expect(part).to_contain_text("已转移<b>86</b>人")

        # Returned with a reason, done again, closed out by one key: the order is closed.
        await page.keyboard.press("r")
        await page.get_by_test_id("answer-text").fill("请附名单")
        await page.get_by_test_id("answer-submit").click()
        await expect(part).to_have_attribute("data-state", "acknowledged")
        await expect(town.get_by_test_id("order-board")).to_contain_text("请附名单")
        await town.keyboard.press("f")
        await town.get_by_test_id("answer-text").fill("名单已报")
        await town.get_by_test_id("answer-submit").click()
        await expect(part).to_have_attribute("data-state", "reported")
        await page.keyboard.press("c")
        await expect(board).to_have_attribute("data-state", "closed")
        await page.get_by_test_id("lang").click()
        await expect(part).to_contain_text("closed out")
        await page.get_by_test_id("lang").click()

        # The leader's note: three of three acknowledged, none accepted: it cannot be closed yet.
        await page.keyboard.press("2")
        await expect(page.get_by_test_id("instruction-progress")).to_have_text("签收 3/3 · 销号 0/3")
        await page.locator("[data-testid^=close-]").click()
        await page.get_by_test_id("reason-words").fill("已办")
        await page.get_by_test_id("reason-submit").click()
        await expect(page.get_by_role("alert").last).to_contain_text("批示任务已销号0/3")
    answer = await house.desk.get(f"{ORDERS}/{order_id}.docx")
    assert answer.status_code == 200


async def test_a_crew_sees_its_order_on_the_phone_and_answers_there(house: House) -> None:
    async with house.service.client("responder1") as crew:
        team = (await crew.get("/api/me")).json()["team_ids"][0]
    told = {
        "title": "到村口集结",
        "recipients": [{"team_id": team}],
        "tasks": [{"kind": "personnel", "text": "12人携橡皮艇到村口集结"}],
    }
    draft = (await house.desk.post(ORDERS, json=told)).json()
    consent = {
        "revision": 1,
        "issued_as": "oral_consent",
        "consent_of": "周敏",
        "consent_at": (SystemClock().now() - timedelta(minutes=1)).isoformat(),
    }
    answer = await house.desk.post(f"{ORDERS}/{draft['id']}/issue", json=consent)
    assert answer.status_code == 200, answer.text
    async with page_of(house.browser, house.service.address, width=390, height=844, mobile=True) as page:
        await log_in(page, house.service.address, "responder1", "/m/")
        await page.get_by_test_id("field-start").click()
        card = page.get_by_test_id(f"field-order-{draft['id']}")
        await expect(card).to_contain_text("12人携橡皮艇到村口集结")
        await page.get_by_test_id(f"field-order-ack-{draft['id']}").click()
        await expect(card).to_have_attribute("data-state", "acknowledged")
        await _picture(page, "orders-field")
        await page.get_by_test_id(f"field-order-words-{draft['id']}").fill("已集结")
        await page.get_by_test_id(f"field-order-done-{draft['id']}").click()
        await expect(card).to_have_attribute("data-state", "reported")
    (part,) = (await house.desk.get(f"{ORDERS}/{draft['id']}")).json()["parts"]
    assert [said["kind"] for said in part["answers"]] == ["acknowledged", "done"]
