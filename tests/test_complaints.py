"""What users of other systems complain of (field.md §3), seen in a real browser."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.async_api import Browser, expect

from app.stage.seed import write_map
from tests.browser import log_in, page_of, turn_to
from tests.node import Service

pytestmark = [pytest.mark.browser, pytest.mark.database]
EAST_BANK = "990181100204"
LINXI_TEAM = "临溪镇综合应急救援队"


async def test_a_phone_learns_of_a_new_incident_by_itself_from_nobody_but_us_and_every_incident_has_its_page(
    city_url: str, tmp_path: Path, browser: Browser
) -> None:
    """Complaints 7, 31 and 6.

    https://github.com/Resgrid/Responder/issues/49 (push only through the vendor's cloud),
    https://github.com/brian7704/OpenTAKServer/issues/188 (new missions are not learnt without a re-sync),
    https://github.com/openises/TicketsCAD/issues/51 (the page of all incidents could not be reached).
    """
    write_map(tmp_path / "map")
    async with (
        Service(city_url, tmp_path) as service,
        service.client("wangjun") as officer,
        page_of(browser, service.address, width=390, height=844, mobile=True) as phone,
    ):
        teams = (await officer.get("/api/snapshot")).json()["teams"]
        team = next(one["id"] for one in teams if one["name_zh"] == LINXI_TEAM)
        await log_in(phone, service.address, "responder1", "/m/")
        await phone.get_by_test_id("field-start").click()
        await expect(phone.get_by_test_id("field-standby")).to_be_visible()
        loads: list[str] = []
        phone.on("load", lambda page: loads.append(page.url))
        told = {"event_code": "11A01", "region_code": EAST_BANK, "title": "东岸村三人被困"}
        incident = (await officer.post("/api/incidents", json=told)).json()
        await officer.post(f"/api/incidents/{incident['id']}/assignments", json={"team_id": team})
        # page_of fails this test if anything but our own address was asked, by the page or its worker.
        await expect(phone.get_by_test_id("field-offer")).to_contain_text("东岸村")
        assert loads == []

        async with page_of(browser, service.address) as console:
            await log_in(console, service.address, "wangjun")
            await expect(console.get_by_test_id("conn-state")).to_have_attribute("data-state", "live")
            await turn_to(console, "incidents")
            await expect(console.get_by_test_id(f"row-{incident['id']}")).to_contain_text("东岸村三人被困")
