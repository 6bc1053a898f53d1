"""The page of forces in a real browser: teams, equipment, experts, two savers, a boat in repair."""

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

from app.dispatch.forces.expert_sheet import HEADERS
from app.stage.seed import write_map
from tests.browser import log_in, page_of
from tests.dispatch.forces.pieces import sheet_of
from tests.node import Service

pytestmark = [pytest.mark.browser, pytest.mark.database]
FLOOD = {"event_code": "11A01", "region_code": "990181101200", "title": "永宁镇村庄进水", "life_threat": True}


@dataclass
class House:
    """A service with the fictional city, a browser, and the shift lead at the other end of the line."""

    service: Service
    browser: Browser
    lead: httpx.AsyncClient


@pytest_asyncio.fixture(loop_scope="session")
async def house(city_url: str, tmp_path: Path, browser: Browser) -> AsyncIterator[House]:
    """The fictional city, without devices that speak."""
    write_map(tmp_path / "map")
    async with AsyncExitStack() as stack:
        service = await stack.enter_async_context(Service(city_url, tmp_path))
        lead = await stack.enter_async_context(service.client("shift"))
        yield House(service, browser, lead)


async def _open(page: Page, house: House, path: str, who: str = "shift") -> None:
    await log_in(page, house.service.address, who, path)
    await expect(page.get_by_test_id("conn-state")).to_have_attribute("data-state", "live")


async def _read(house: House, path: str) -> Any:
    answer = await house.lead.get(path)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_a_team_is_entered_amended_by_two_and_retired(house: House) -> None:
    async with page_of(house.browser, house.service.address) as page:
        await _open(page, house, "/forces")
        await expect(page.get_by_test_id("force-count")).to_have_text(re.compile(r"^7\d\d$"))
        await page.get_by_test_id("force-new").click()
        await page.get_by_test_id("team-name").fill("临溪镇𠮷野民兵连🚒")
        await page.get_by_test_id("team-kind").select_option("militia")
        await page.get_by_test_id("team-phone").fill("无")
        await page.get_by_test_id("team-place").fill("临溪镇")
        await page.get_by_test_id("team-place-option-0").click()
        await page.get_by_test_id("team-strength").fill("30")
        await page.get_by_test_id("team-able-evacuation").check()
        await page.get_by_test_id("team-save").click()
        await expect(page.get_by_test_id("team-form")).to_contain_text("格式不正确")
        await page.get_by_test_id("team-phone").fill("0799-5550199")
        await page.get_by_test_id("team-save").click()
        await expect(page.get_by_test_id("team-form")).to_have_count(0)
        await page.get_by_test_id("force-find").fill("𠮷野")
        await expect(page.get_by_test_id("force-count")).to_have_text("1")
        row = page.locator("tr[data-testid^=force-team-]")
        await expect(row).to_contain_text("民兵")
        await row.get_by_role("button").first.click()
        await page.get_by_test_id("team-strength").fill("40")  # … and the form lies open
        (team,) = [t for t in await _read(house, "/api/teams") if "𠮷野" in t["name_zh"]]
        keys = ("name_zh", "kind", "region_code", "strength", "capabilities")
        told = {**{key: team[key] for key in keys}, "phone": "0799-5550200", "revision": 1}
        assert (await house.lead.put(f"/api/teams/{team['id']}", json=told)).status_code == 200
        await page.get_by_test_id("team-save").click()
        conflict = page.get_by_test_id("force-conflict")
        await expect(conflict).to_contain_text("第 2 版")
        await expect(page.get_by_test_id("conflict-phone")).to_contain_text("0799-5550200")
        await expect(page.get_by_test_id("conflict-strength")).to_contain_text("40")
        await expect(page.get_by_test_id("team-strength")).to_have_value("40")  # nothing is lost
        await page.get_by_test_id("team-phone").fill("0799-5550200")
        await expect(page.get_by_test_id("conflict-phone")).to_have_count(0)
        await page.get_by_test_id("conflict-keep").click()
        await expect(page.get_by_test_id("team-form")).to_have_count(0)
        kept = await _read(house, f"/api/teams/{team['id']}")
        assert (kept["phone"], kept["strength"], kept["revision"]) == ("0799-5550200", 40, 3)
        await row.get_by_role("button").first.click()
        await page.get_by_test_id("team-retire").click()
        await page.get_by_test_id("team-retire-sure").click()
        await expect(page.get_by_test_id("team-form")).to_have_count(0)
        await expect(page.get_by_test_id("force-count")).to_have_text("0")
        await page.get_by_test_id("force-state").select_option("retired")
        await expect(row).to_have_attribute("data-state", "retired")


async def test_a_boat_in_repair_is_missed_when_somebody_is_sent(house: House) -> None:
    (team,) = [t for t in await _read(house, "/api/teams") if t["name_zh"] == "永宁镇综合应急救援队"]
    at_its_door = {**FLOOD, "lon": team["lon"], "lat": team["lat"]}
    incident = (await house.lead.post("/api/incidents", json=at_its_door)).json()["id"]
    async with page_of(house.browser, house.service.address) as page:
        await _open(page, house, f"/i/{incident}")
        await page.get_by_test_id("dispatch-open").first.click()
        offers = page.get_by_test_id("dispatch-dialog")
        await expect(offers).to_contain_text(re.compile(r"舟艇:冲锋舟\d+号在修"))
        await page.keyboard.press("Escape")
        await page.goto(f"{house.service.address}/forces")
        await page.get_by_test_id("force-state").select_option("lacking")
        await expect(page.get_by_test_id("force-teams")).to_contain_text(re.compile(r"舟艇:冲锋舟\d+号在修"))
        await page.get_by_test_id("force-find").fill("永宁镇综合")
        await expect(page.get_by_test_id("force-count")).to_have_text("1")
        await page.locator("[data-testid^=force-pieces-]").click()
        await expect(page.get_by_test_id("equip-of-team")).to_contain_text("永宁镇综合应急救援队")
        broken = page.locator("tr[data-readiness=in_repair]")
        await expect(broken).to_contain_text("冲锋舟")
        await broken.locator("[data-testid^=equip-ready-]").click()
        await page.get_by_test_id("ready-ready").check()
        await page.get_by_test_id("ready-save").click()
        await expect(page.get_by_test_id("ready-form")).to_have_count(0)
        await expect(broken).to_have_count(0)
        await page.goto(f"{house.service.address}/i/{incident}")
        await page.get_by_test_id("dispatch-open").first.click()
        await expect(page.locator("[data-testid^=dispatch-offer-]").first).to_be_visible()
        ready = offers.locator("[data-testid^=dispatch-offer-]", has_text="永宁镇综合应急救援队")
        await expect(ready).to_contain_text("抗洪抢险、舟艇")
        await expect(ready).not_to_contain_text("在修")


async def test_equipment_is_entered_with_clear_errors(house: House) -> None:
    async with page_of(house.browser, house.service.address) as page:
        await _open(page, house, "/forces/equipment")
        await expect(page.get_by_test_id("equip-count")).to_have_text(re.compile(r"^2\d\d$"))
        await page.get_by_test_id("equip-by-kind").select_option("uav")
        await expect(page.get_by_test_id("equip-count")).to_have_text(re.compile(r"^\d\d?$"))
        await page.get_by_test_id("force-new").click()
        await page.get_by_test_id("equip-kind").select_option("rubber_boat")
        await page.get_by_test_id("equip-name").fill("橡皮艇新")
        await page.get_by_test_id("equip-number").fill("ZB-0001")
        await page.get_by_test_id("equip-keeper").fill("临溪镇综合")
        await page.get_by_test_id("equip-keeper-option-0").click()
        await page.get_by_test_id("equip-save").click()
        await expect(page.get_by_test_id("equip-error")).to_contain_text("编号 ZB-0001 已登记")
        await page.get_by_test_id("equip-number").fill("ZB-X1")
        await page.get_by_test_id("equip-save").click()
        await expect(page.get_by_test_id("equip-form")).to_have_count(0)
        await page.get_by_test_id("equip-by-kind").select_option("")
        await page.get_by_test_id("equip-find").fill("ZB-X1")
        await expect(page.get_by_test_id("equip-count")).to_have_text("1")
        await expect(page.get_by_test_id("force-equipment")).to_contain_text("临溪镇综合应急救援队")


async def test_experts_are_kept_imported_and_called_in_for_an_incident(house: House) -> None:
    incident = (await house.lead.post("/api/incidents", json=FLOOD)).json()["id"]
    async with page_of(house.browser, house.service.address) as page:
        await _open(page, house, "/forces/experts")
        await expect(page.get_by_test_id("expert-count")).to_have_text("30")
        await page.get_by_test_id("expert-by-sector").select_option("flood")
        await expect(page.get_by_test_id("expert-count")).to_have_text("4")
        await page.get_by_test_id("force-new").click()
        await page.get_by_test_id("expert-name").fill("方观澜")
        await page.get_by_test_id("expert-phone").fill("19600019900")
        await page.get_by_test_id("expert-place-county").click()
        await page.get_by_test_id("expert-speciality").fill("管涌抢护")
        await page.get_by_test_id("expert-save").click()
        await expect(page.get_by_test_id("expert-count")).to_have_text("5")
        await page.get_by_test_id("expert-import").click()
        sheet = sheet_of(tuple(HEADERS.values()), ["甲", "玄学", "", "", "", "19600019901", "樟川市", ""])
        file = {"name": "experts.xlsx", "mimeType": "application/octet-stream", "buffer": sheet}
        await page.get_by_test_id("import-file").set_input_files(file)  # type: ignore[arg-type]
        await expect(page.get_by_test_id("import-faults")).to_contain_text("B2")
        await page.keyboard.press("Escape")
        await expect(page.get_by_test_id("import-dialog")).to_have_count(0)
        await page.goto(f"{house.service.address}/i/{incident}")
        await expect(page.get_by_test_id("conn-state")).to_have_attribute("data-state", "live")
        await page.get_by_test_id("expert-call-open").click()
        await page.get_by_test_id("call-sector").select_option("flood")
        await page.get_by_test_id("call-find").fill("管涌")
        await expect(page.locator("[data-testid^=call-expert-]")).to_have_count(1)
        await expect(page.get_by_test_id("expert-call-form")).to_contain_text("方观澜")
        await page.locator("[data-testid^=call-expert-]").check()
        await page.get_by_test_id("call-advice").fill("先围井反滤,不可堵死")
        await page.get_by_test_id("call-save").click()
        await expect(page.get_by_test_id("expert-pane")).to_contain_text("先围井反滤,不可堵死")
        line = page.locator("[data-type='incident.expert_called']")
        await expect(line).to_contain_text("防汛抗旱专家方观澜")
        entries = (await _read(house, f"/api/incidents/{incident}/timeline"))["entries"]
        assert "方观澜" in entries[-1]["zh"]
