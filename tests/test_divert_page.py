"""Diverting a committed team in a real browser: what it leaves is seen and replaced before it is sent."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.async_api import Browser, Page, expect

from app.stage.seed import write_map
from tests.browser import log_in, page_of
from tests.node import Service

pytestmark = [pytest.mark.browser, pytest.mark.database]
LINXI_VILLAGE = "990181100201"


async def opened(officer: httpx.AsyncClient, title: str) -> int:
    told = {"event_code": "12Y00", "region_code": LINXI_VILLAGE, "title": title}
    return int((await officer.post("/api/incidents", json=told)).json()["id"])


async def advice(officer: httpx.AsyncClient, incident: int) -> dict[str, Any]:
    told: dict[str, Any] = (await officer.get(f"/api/incidents/{incident}/recommendation")).json()
    return told


async def send(officer: httpx.AsyncClient, incident: int, team: int) -> int:
    answer = await officer.post(f"/api/incidents/{incident}/assignments", json={"team_id": team})
    return int(answer.json()["id"])


async def ask_for(page: Page, team: int, name: str, *, leader_in_person: bool = False) -> None:
    """Open the dispatch dialog, ask for one committed team by its name and nobody else, and send.

    `leader_in_person` names its leader as who must acknowledge.
    """
    await page.get_by_test_id("dispatch-open").click()
    ticked = page.locator("[data-testid^='dispatch-offer-'][data-ticked='true']")
    await expect(ticked.first).to_be_visible()
    for _ in range(await ticked.count()):
        before = await ticked.count()
        await ticked.first.click()
        await expect(ticked).to_have_count(before - 1)
    await page.get_by_test_id("dispatch-other").fill(name)
    await page.get_by_test_id("dispatch-other").press("Enter")
    await expect(page.get_by_test_id(f"dispatch-other-{team}")).to_be_visible()
    await page.get_by_test_id("dispatch-acks").fill("2")
    await page.get_by_test_id("dispatch-check-in").fill("60")
    if leader_in_person:
        await page.get_by_test_id("named-acks").locator("summary").click()
        await page.get_by_test_id("named-acks").get_by_label("队长", exact=False).first.check()
        await photograph(page, "named-acks")
    await page.get_by_test_id("dispatch-submit").click()
    await page.get_by_test_id(f"divert-{team}").click()


async def photograph(page: Page, name: str) -> None:
    if folder := os.environ.get("ZHISHOU_SHOTS"):
        await page.screenshot(path=Path(folder) / f"{name}.png")


async def test_a_team_is_diverted_and_replaced_in_one_press(
    city_url: str, tmp_path: Path, browser: Browser
) -> None:
    write_map(tmp_path / "map")
    async with (
        Service(city_url, tmp_path) as service,
        service.client("wangjun") as officer,
        page_of(browser, service.address) as page,
    ):
        first, second = await opened(officer, "溪水上涨"), await opened(officer, "民房起火")
        offer = (await advice(officer, first))["offers"][0]
        team, name = offer["team_id"], offer["team_name"]
        left = await send(officer, first, team)
        await log_in(page, service.address, "wangjun", f"/i/{second}")
        await ask_for(page, team, name)
        best = (await officer.get(f"/api/assignments/{left}/replacement")).json()["offer"]
        await expect(page.get_by_test_id("divert-offer")).to_contain_text(best["team_name"])
        await expect(page.get_by_test_id("divert-replace")).to_be_checked()
        assert (await page.get_by_test_id("divert-order").input_value()).startswith(f"接替{name}：")
        await photograph(page, "divert")
        await page.get_by_test_id("divert-submit").click()
        await expect(page.locator("[data-testid^='acks-']")).to_contain_text("0/2")
        (sent,) = [
            one
            for one in (await officer.get("/api/snapshot")).json()["assignments"]
            if one["incident_id"] == second
        ]
        assert sent["terms"]["safety_every_s"] == 3600
        await expect(page.get_by_test_id("dispatch-dialog")).to_have_count(0)
        await page.goto(f"{service.address}/i/{first}")
        await expect(page.get_by_test_id(f"replaced-{left}")).to_contain_text(best["team_name"])
        await expect(page.get_by_test_id(f"gap-{first}")).to_have_count(0)
        await photograph(page, "diverted")


async def test_what_a_team_leaves_without_replacement_stays_open_on_the_desk(
    city_url: str, tmp_path: Path, browser: Browser
) -> None:
    write_map(tmp_path / "map")
    async with (
        Service(city_url, tmp_path) as service,
        service.client("wangjun") as officer,
        page_of(browser, service.address) as page,
    ):
        first, second = await opened(officer, "山体滑坡"), await opened(officer, "客车翻覆")
        offer = (await advice(officer, first))["offers"][0]
        team, name = offer["team_id"], offer["team_name"]
        left = await send(officer, first, team)
        await log_in(page, service.address, "wangjun", f"/i/{second}")
        await ask_for(page, team, name, leader_in_person=True)
        await page.get_by_test_id("divert-replace").uncheck()
        await page.get_by_test_id("divert-submit").click()
        await expect(page.get_by_test_id(f"gap-{first}")).to_be_visible()
        await page.goto(f"{service.address}/i/{first}")
        await expect(page.get_by_test_id(f"replace-{left}")).to_be_visible()
        (sent,) = [
            one
            for one in (await officer.get("/api/snapshot")).json()["assignments"]
            if one["incident_id"] == second
        ]
        assert len(sent["ack_people"]) == 1
