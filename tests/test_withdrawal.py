"""An incident becomes need-to-know: every open screen of those who may not know it any more forgets it."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.async_api import Browser, expect
from websockets.asyncio.client import connect

from app.stage.seed import write_map
from tests.browser import log_in, page_of
from tests.node import Service

pytestmark = [pytest.mark.browser, pytest.mark.database]
LINXI_VILLAGE = "990181100201"
TITLE = "某企业泄漏"


async def opened(officer: httpx.AsyncClient, title: str) -> int:
    told = {"event_code": "12Y00", "region_code": LINXI_VILLAGE, "title": title}
    return int((await officer.post("/api/incidents", json=told)).json()["id"])


async def sent(officer: httpx.AsyncClient, incident: int) -> int:
    advice = (await officer.get(f"/api/incidents/{incident}/recommendation")).json()
    team = next(one["team_id"] for one in advice["offers"])
    answer = await officer.post(f"/api/incidents/{incident}/assignments", json={"team_id": team})
    return int(answer.json()["id"])


async def restrict(officer: httpx.AsyncClient, incident: int) -> None:
    version = (await officer.get(f"/api/incidents/{incident}")).json()["version"]
    told = {"version": version, "sensitive": True, "restricted": True, "reason": "涉企敏感"}
    answer = await officer.put(f"/api/incidents/{incident}/secrecy", json=told)
    assert answer.status_code == 200, answer.text


def speaks_of(told: Any, incident: int) -> bool:
    """Whether anything in a message is the incident or belongs to it."""
    if isinstance(told, dict):
        if told.get("incident_id") == incident or told.get("number") == incident:
            return True
        return any(speaks_of(part, incident) for part in told.values())
    if isinstance(told, list):
        return any(speaks_of(part, incident) for part in told)
    return bool(told == TITLE)


async def test_after_it_left_their_sight_the_line_says_nothing_of_it_any_more(
    city_url: str, tmp_path: Path
) -> None:
    write_map(tmp_path / "map")
    async with (
        Service(city_url, tmp_path) as service,
        service.client("wangjun") as officer,
        service.client("linxi") as town,
    ):
        incident = await opened(officer, TITLE)
        assignment = await sent(officer, incident)
        after = (await town.get("/api/snapshot")).json()["seq"]
        cookies = "; ".join(f"{one.name}={one.value}" for one in town.cookies.jar)
        line = service.address.replace("http", "ws", 1) + f"/ws?after={after}"
        async with connect(
            line,
            additional_headers={"Cookie": cookies},
            origin=service.address,  # type: ignore[arg-type]
            proxy=None,
        ) as screen:
            await restrict(officer, incident)
            step = {"step": "acknowledge", "channel": "radio", "reason": "电台"}
            await officer.post(f"/api/assignments/{assignment}/steps", json=step)
            last = await opened(officer, "公开的事件")
            heard: list[dict[str, Any]] = []
            while not any(m.get("incident", {}).get("id") == last for m in heard):
                told = json.loads(await asyncio.wait_for(screen.recv(), 20))
                heard += told if isinstance(told, list) else [told]
        about = [m for m in heard if speaks_of(m, incident)]
        assert [m["type"] for m in about] == ["incident.withdrawn"]
        assert (await town.get(f"/api/incidents/{incident}")).status_code == 404
        assert TITLE not in (await town.get("/api/snapshot")).text
        assert TITLE not in (await town.get(f"/api/events?after={max(0, after - 50)}&limit=200")).text


async def test_an_open_console_withdraws_drawer_orders_and_log_lines(
    city_url: str, tmp_path: Path, browser: Browser
) -> None:
    write_map(tmp_path / "map")
    async with (
        Service(city_url, tmp_path) as service,
        service.client("wangjun") as officer,
        page_of(browser, service.address) as page,
        page_of(browser, service.address) as desk,
    ):
        incident = await opened(officer, TITLE)
        assignment = await sent(officer, incident)
        await log_in(page, service.address, "linxi", f"/i/{incident}")
        await log_in(desk, service.address, "wangjun", f"/i/{incident}")
        for one in (page, desk):
            await expect(one.get_by_test_id(f"assignment-{assignment}")).to_be_visible()
            await expect(one.locator("[data-type='incident.opened']").first).to_be_visible()
            await expect(one.get_by_test_id(f"incident-{incident}")).to_be_visible()
        await restrict(officer, incident)
        await expect(page.get_by_test_id(f"incident-{incident}")).to_have_count(0)
        await expect(page.get_by_test_id(f"assignment-{assignment}")).to_have_count(0)
        await expect(page.get_by_test_id("incident-drawer")).not_to_contain_text(TITLE)
        await expect(page.locator("body")).not_to_contain_text(TITLE)
        # Who may know it sees it on, with its history.
        await expect(desk.get_by_test_id(f"assignment-{assignment}")).to_be_visible()
        await expect(desk.locator("[data-type='incident.secrecy_set']").first).to_be_visible()
        await expect(desk.locator("[data-type='incident.opened']").first).to_be_visible()
