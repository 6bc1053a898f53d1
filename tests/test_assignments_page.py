"""An order in a real browser: ladder, steps, safety clock, putting right, reserving, diverting, times."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from playwright.async_api import Browser, expect

from app.db import Database
from app.dispatch.settings import load_dispatch_rules
from app.stage.reactions import past_orders
from app.stage.seed import write_map
from tests.browser import log_in, page_of
from tests.node import Service

pytestmark = [pytest.mark.browser, pytest.mark.database]
LINXI_VILLAGE = "990181100201"


async def test_an_order_from_the_first_rung_to_the_times_of_the_month(
    city_url: str, tmp_path: Path, browser: Browser
) -> None:
    zone = ZoneInfo("Asia/Shanghai")
    database = Database(city_url)
    await past_orders(database, load_dispatch_rules(), zone, datetime.now(UTC))
    await database.close()
    write_map(tmp_path / "map")
    async with (
        Service(city_url, tmp_path) as service,
        service.client("wangjun") as officer,
    ):

        async def opened(title: str) -> int:
            told = {"event_code": "12Y00", "region_code": LINXI_VILLAGE, "title": title}
            return int((await officer.post("/api/incidents", json=told)).json()["id"])

        first, second = await opened("溪水上涨"), await opened("民房起火")
        advice = (await officer.get(f"/api/incidents/{first}/recommendation")).json()
        team = advice["offers"][0]["team_id"]
        sent = await officer.post(
            f"/api/incidents/{first}/assignments", json={"team_id": team, "text": "速去"}
        )
        one = sent.json()["id"]
        async with page_of(browser, service.address) as page:
            await log_in(page, service.address, "wangjun", f"/i/{first}")
            ladder = page.get_by_test_id(f"ladder-{one}")
            await expect(ladder.locator("[data-reached='true']").first).to_be_visible()
            await page.get_by_test_id(f"ladder-rung-{one}").select_option("leader")
            await page.get_by_test_id(f"ladder-reason-{one}").fill("情况紧急")
            await page.get_by_test_id(f"ladder-go-{one}").click()
            called = page.get_by_test_id("called-leader")
            await expect(called.last).to_contain_text(re.compile(r"当班|兜底|下一班|所长|镇长|书记|队长"))
            row = page.get_by_test_id(f"assignment-{one}")
            await page.get_by_test_id(f"assignment-next-{one}").click()
            await expect(row).to_have_attribute("data-state", "acknowledged")
            while await row.get_attribute("data-state") != "on_scene":
                before = str(await row.get_attribute("data-state"))
                await page.get_by_test_id(f"assignment-next-{one}").click()
                await expect(row).not_to_have_attribute("data-state", before)
            await expect(page.get_by_test_id(f"safety-{one}")).to_have_attribute("data-stage", "running")
            await page.get_by_test_id(f"assignment-safe-{one}").click()
            await page.get_by_test_id(f"assignment-reason-{one}").fill("还在路上")
            await page.get_by_test_id(f"assignment-undo-{one}").click()
            await expect(row).not_to_have_attribute("data-state", "on_scene")
            await expect(page.get_by_test_id(f"times-{one}")).to_be_visible()
            await page.get_by_test_id("reserve-open").click()
            await page.get_by_test_id("reserve-team").fill("临溪")
            await page.get_by_test_id("reserve-submit").click()
            await expect(page.locator("[data-testid^='reservation-'][data-state='reserved']")).to_be_visible()

            diverted = {"team_id": team, "divert_from": one, "text": "改去救火"}
            refused = await officer.post(f"/api/incidents/{second}/assignments", json={"team_id": team})
            assert refused.json()["code"] == "already_committed"
            moved = await officer.post(f"/api/incidents/{second}/assignments", json=diverted)
            assert moved.json()["diverted_from_id"] == one
            await expect(page.get_by_test_id(f"replace-{one}")).to_be_visible()

            await page.goto(f"{service.address}/reactions")
            await page.get_by_test_id("reaction-by").select_option("township")
            await expect(page.get_by_test_id("reaction-all")).to_be_visible()
