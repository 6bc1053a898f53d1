"""A drill in a real browser: the script by its lines, the controllers, and the real thing in the middle."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, expect

from tests.browser import log_in, page_of
from tests.node import Service

pytestmark = [pytest.mark.browser, pytest.mark.database]
SCRIPT = """code: D-09
name: 夜间拉动
kind: flood
injects:
  - {id: call, kind: call, title: 一号堤管涌, region: "990181100204", expect: opened, target_s: 120}
  - {id: later, at: "1:00:00", kind: call, title: 不该看见的导调, target_s: 120}
"""


@dataclass
class House:
    """A service with the fictional city, a browser, and the desk's own client."""

    service: Service
    browser: Browser
    desk: httpx.AsyncClient


@pytest_asyncio.fixture(loop_scope="session")
async def house(city_url: str, tmp_path: Path, browser: Browser) -> AsyncIterator[House]:
    """The city without a drill."""
    async with AsyncExitStack() as stack:
        service = await stack.enter_async_context(Service(city_url, tmp_path))
        yield House(service, browser, await stack.enter_async_context(service.client("chenjie")))


async def _open(page: Page, house: House, username: str, path: str) -> None:
    await log_in(page, house.service.address, username, path)
    await expect(page.get_by_test_id("conn-state")).to_have_attribute("data-state", "live")


async def _team_sees_that_it_is_a_drill(house: House, incident: int) -> None:
    teams = (await house.desk.get("/api/snapshot")).json()["teams"]
    team = next(one["id"] for one in teams if one["name_zh"] == "临溪镇综合应急救援队")
    await house.desk.post(f"/api/incidents/{incident}/assignments", json={"team_id": team})
    async with page_of(house.browser, house.service.address, width=360, height=740, mobile=True) as phone:
        await log_in(phone, house.service.address, "responder1", "/m/")
        await phone.get_by_test_id("field-start").click()
        await expect(phone.get_by_test_id("field-offer")).to_contain_class("exercise")
        await phone.get_by_test_id("field-accept").click()
        await expect(phone.get_by_test_id("field-task")).to_contain_class("exercise")
        await expect(phone.get_by_test_id("field-drill")).to_have_text("演练")


async def test_controllers_run_a_drill_the_desk_sees_what_came_and_a_real_call_stops_it(house: House) -> None:
    async with (
        page_of(house.browser, house.service.address) as director,
        page_of(house.browser, house.service.address) as desk,
    ):
        # A mistake is told by its line; the corrected script is planned and started.
        await _open(director, house, "shift", "/drills/new")
        await director.get_by_test_id("drill-source").fill(SCRIPT.replace("kind: flood", "kind: floods"))
        await director.get_by_test_id("drill-check").click()
        await expect(director.get_by_test_id("drill-faults")).to_contain_text("第 3 行 kind")
        await director.get_by_test_id("drill-source").fill(SCRIPT)
        await director.get_by_test_id("drill-save").click()
        pane = director.get_by_test_id("drill-pane")
        await expect(pane).to_have_attribute("data-state", "planned")
        await director.get_by_test_id("drill-start").click()
        await expect(pane).to_have_attribute("data-state", "running")

        # The desk sees that there is a drill, and nothing of what will come.
        await _open(desk, house, "chenjie", "/")
        bar = desk.get_by_test_id("drill-bar")
        await expect(bar).to_contain_text("夜间拉动")
        await expect(bar).to_have_attribute("data-real", "false")
        await bar.get_by_role("button").click()
        await expect(desk.get_by_test_id("drill-hidden")).to_be_visible()
        await expect(desk.locator("body")).not_to_contain_text("不该看见的导调")

        # An inject comes; its seconds run on the controllers' screen until the desk has opened it.
        await director.get_by_test_id("fire-call").click()
        took = director.get_by_test_id("took-call")
        await expect(took).to_have_attribute("data-done", "false")
        (notice,) = (await house.desk.get("/api/intake")).json()
        await desk.goto(f"{house.service.address}/inbox")
        await expect(desk.get_by_test_id(f"notice-{notice['id']}")).to_contain_class("exercise")
        form = {"event_code": "11A01", "title": "一号堤管涌", "region_code": "990181100204"}
        opened = await house.desk.post(f"/api/intake/{notice['id']}/incident", json=form)
        incident = opened.json()
        await expect(took).to_have_attribute("data-done", "true")
        await desk.goto(f"{house.service.address}/")
        row = desk.get_by_test_id(f"incident-{incident['id']}")
        await expect(row).to_contain_text("【演练】一号堤管涌")
        await expect(row).to_contain_class("exercise")
        await row.click()
        await expect(desk.get_by_test_id("incident-drawer")).to_contain_class("exercise")
        await expect(desk.get_by_test_id("drawer-drill")).to_have_text("演练")
        await desk.keyboard.press("Escape")
        await _team_sees_that_it_is_a_drill(house, incident["id"])

        # Something real: it stands above the drill, the bar gives way, the director pauses.
        real = (await house.desk.post("/api/incidents", json={**form, "title": "车辆坠水"})).json()
        first = desk.locator("[data-testid^=incident-]").first
        await expect(first).to_have_attribute("data-testid", f"incident-{real['id']}")
        await expect(bar).to_have_attribute("data-real", "true")
        await director.get_by_test_id("drill-bar-pause").click()
        await expect(pane).to_have_attribute("data-state", "paused")
        await expect(desk.get_by_test_id("drill-paused-bar")).to_contain_text(real["number"])

        # The end: points, and an improvement that becomes a task of the closed loop.
        await director.get_by_test_id("drill-finish").click()
        await expect(director.get_by_test_id("drill-score")).to_contain_text("10/10")
        await director.get_by_test_id("evaluation-better").fill("修订处置卡|水利站")
        await director.get_by_test_id("evaluation-submit").click()
        await expect(director.get_by_test_id("evaluation-better")).to_have_value("")
        await director.goto(f"{house.service.address}/tasks")
        task = director.locator("[data-testid^=task-][data-state]").first
        await expect(task).to_contain_text("修订处置卡")
        await task.get_by_text("整改完成").click()
        await expect(task).to_have_attribute("data-state", "fixed")


async def test_only_who_was_named_for_a_drill_hears_it_and_a_find_becomes_one_task(house: House) -> None:
    async with (
        page_of(house.browser, house.service.address) as director,
        page_of(house.browser, house.service.address) as desk,
    ):
        await _open(director, house, "shift", "/drills/new")
        await director.get_by_test_id("drill-source").fill(SCRIPT)
        await director.get_by_test_id("drill-participants-find").fill("临溪镇")
        await director.get_by_role("option").filter(has_text="乡镇").first.click()
        await expect(director.get_by_test_id("drill-participants-place:990181100")).to_be_visible()
        await director.get_by_test_id("drill-save").click()
        await director.get_by_test_id("drill-start").click()
        await expect(director.get_by_test_id("drill-parties")).to_contain_text("临溪镇")
        await _open(desk, house, "chenjie", "/")
        await expect(desk.get_by_test_id("drill-bar")).to_have_attribute("data-part", "false")
        await director.get_by_test_id("fire-call").click()
        await expect(director.get_by_test_id("inject-call")).to_have_attribute("data-state", "fired")
        async with house.service.client("linxi") as township, house.service.client("wangjun") as other:
            (notice,) = (await township.get("/api/intake")).json()
            assert notice["drill_id"] is not None and (await other.get("/api/intake")).json() == []

        # A device is reported broken on its page; its task says where it came from and leads back.
        await desk.goto(f"{house.service.address}/devices/1")
        await desk.get_by_test_id("repair-write").click()
        await desk.get_by_test_id("repair-words").fill("天线断裂")
        await desk.get_by_test_id("repair-send").click()
        await expect(desk.get_by_test_id("repair-task")).to_have_attribute("data-state", "found")
        await expect(desk.get_by_test_id("repair-write")).to_have_count(0)
        await desk.goto(f"{house.service.address}/tasks")
        await desk.locator("[data-testid^=task-source-]").first.click()
        await expect(desk).to_have_url(f"{house.service.address}/devices/1")
