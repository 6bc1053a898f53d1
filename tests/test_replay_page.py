"""A window once more in a real browser: on our screen, and in one file that needs nothing of us."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from tests.browser import page_of
from tests.test_readiness_page import House, _open, house

__all__ = ["house"]
pytestmark = [pytest.mark.browser, pytest.mark.database]


async def step_to_the_end(page: Page) -> None:
    """Go entry by entry until none is left."""
    while not await page.evaluate(
        "() => { const [n, all] = document.querySelector('[data-testid=replay-tab-log]').parentElement"
        ".textContent.match(/\\d+/g).slice(-2); return n === all }"
    ):
        await page.get_by_test_id("replay-next").click()


async def test_an_incident_is_replayed_on_screen_and_in_a_file_that_opens_alone(
    house: House, tmp_path: Path
) -> None:
    address = house.service.address
    async with page_of(house.browser, address) as page:
        await _open(page, house, "leader", "/")
        told = {"event_code": "11A01", "title": "东岸村三人被困屋顶", "region_code": "990181100204"}
        made = await page.request.post(f"{address}/api/incidents", data=told, headers={"Origin": address})
        assert made.status == 201, await made.text()
        key = (await made.json())["id"]
        await page.goto(f"{address}/i/{key}")
        await page.get_by_test_id("incident-replay").click()
        await page.wait_for_url("**/replay?**")

        await expect(page.get_by_test_id("replay")).to_be_visible()
        await step_to_the_end(page)
        await expect(page.get_by_test_id(f"replay-incident-{key}")).to_contain_text("东岸村三人被困屋顶")
        await page.get_by_test_id("replay-previous").click()
        await page.keyboard.press("ArrowRight")
        await expect(page.get_by_test_id("replay-log")).to_contain_text("东岸村三人被困屋顶")
        # Who reads this has a screen open himself, as its first page had.
        await page.get_by_test_id("replay-tab-known").click()
        await expect(page.get_by_test_id("replay-known")).to_contain_text("带班领导")

        async with page.expect_download() as saved:
            await page.get_by_test_id("replay-file").click()
        file = tmp_path / "replay.html"
        await (await saved.value).save_as(file)

    # The service may be gone, and nothing is asked of anybody.
    alone = await house.browser.new_page()
    asked: list[str] = []
    faults: list[str] = []
    alone.on("request", lambda request: asked.append(request.url))
    alone.on("pageerror", lambda error: faults.append(str(error)))
    alone.on("console", lambda said: faults.append(said.text) if said.type == "error" else None)
    try:
        await alone.goto(file.as_uri())
        await step_to_the_end(alone)
        await expect(alone.get_by_test_id(f"replay-incident-{key}")).to_contain_text("东岸村三人被困屋顶")
        assert await alone.evaluate("document.querySelectorAll('.map canvas').length") > 0
        await alone.get_by_test_id("replay-play").click()
    finally:
        await alone.close()
    assert [url for url in asked if not url.startswith(("file:", "data:", "blob:"))] == []
    assert faults == [], json.dumps(faults)
