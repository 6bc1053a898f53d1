"""What somebody is told stays at the foot of the page until it is read, and nothing lies under it."""

from __future__ import annotations

from pathlib import Path

import asyncpg
import pytest
from playwright.async_api import Browser, Locator, Page, expect

from app.stage.seed import write_map
from tests.browser import log_in, page_of
from tests.node import Service

pytestmark = [pytest.mark.browser, pytest.mark.database]


async def _edges(thing: Locator) -> tuple[float, float]:
    box = await thing.bounding_box()
    assert box is not None
    return box["y"], box["y"] + box["height"]


async def _stands_above(page: Page, name: str) -> bool:
    """Whether a thing ends where the strip begins."""
    strip, _ = await _edges(page.get_by_role("status", name="通知"))
    _, foot = await _edges(page.get_by_test_id(name))
    return foot <= strip + 1


async def test_a_notice_covers_neither_the_desk_nor_a_dialog(
    city_url: str, tmp_path: Path, browser: Browser
) -> None:
    write_map(tmp_path / "map")
    async with (
        Service(city_url, tmp_path) as service,
        service.client("chenjie") as officer,
        service.client("shift") as lead,
        page_of(browser, service.address) as page,
    ):
        person = (await officer.get("/api/me")).json()["person_id"]
        told = {"person_ids": [person], "text": "请于十时前上报在岗人数"}
        assert (await lead.post("/api/notices", json=told)).status_code == 201
        connection = await asyncpg.connect(city_url)
        try:  # what the house itself says stands in both languages
            await connection.execute(
                "UPDATE notice SET text_en = 'Report who is there before ten' WHERE person_id = $1", person
            )
        finally:
            await connection.close()
        opened = {"event_code": "12Y00", "region_code": "990181100201"}
        incident = (await officer.post("/api/incidents", json=opened)).json()["id"]
        await log_in(page, service.address, "chenjie", f"/i/{incident}")
        strip = page.get_by_role("status", name="通知")
        await expect(strip).to_contain_text("请于十时前上报在岗人数")
        assert await _stands_above(page, "incident-drawer")
        await page.get_by_test_id("dispatch-open").click()
        await expect(page.get_by_test_id("dispatch-text")).not_to_be_empty()
        assert await _stands_above(page, "dispatch-dialog")
        await page.keyboard.press("Escape")
        await page.get_by_test_id("lang").click()
        told_in_english = page.get_by_role("status", name="Notice")
        await expect(told_in_english).to_contain_text("Report who is there before ten")
        await expect(told_in_english).not_to_contain_text("请于十时前")
        await page.get_by_test_id("told-read").click()
        await expect(told_in_english).to_have_count(0)
