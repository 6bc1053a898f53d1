"""What is set of a duty post, in a real browser: seats, rotations, temporary schedules, wishes."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.async_api import Browser, Page, expect

from app.db import Database
from app.stage.seed import seed, write_map
from tests.browser import chromium, log_in, page_of
from tests.node import Service

pytestmark = [pytest.mark.browser, pytest.mark.database]
LINXI = "990181100000"
Json = dict[str, Any]


@dataclass
class House:
    """A service with the fictional city, a browser, and the shift lead at the other end of the line."""

    service: Service
    browser: Browser
    lead: httpx.AsyncClient

    async def post(self) -> Json:
        """Return the post of 临溪镇 with those on duty now."""
        posts: list[Json] = (await self.lead.get("/api/duty/now")).json()
        return next(one for one in posts if one["region_code"] == LINXI)

    async def settings(self, post: int) -> Json:
        """Return what is set of a post."""
        found: Json = (await self.lead.get(f"/api/duty/posts/{post}/settings")).json()
        return found


@pytest.fixture
async def house(database_url: str, tmp_path: Path) -> AsyncIterator[House]:
    """The fictional city with its rosters, without devices that speak."""
    database = Database(database_url)
    await seed(database)
    write_map(tmp_path / "map")
    async with AsyncExitStack() as stack:
        stack.push_async_callback(database.close)
        service = await stack.enter_async_context(Service(database_url, tmp_path))
        browser = await stack.enter_async_context(chromium())
        lead = await stack.enter_async_context(service.client("shift"))
        yield House(service, browser, lead)


async def _open(page: Page, house: House, username: str, path: str) -> None:
    await log_in(page, house.service.address, username, path)
    await expect(page.get_by_test_id("conn-state")).to_have_attribute("data-state", "live")


async def _add(page: Page, field: str, *spelt: str) -> None:
    """Add persons by their spelling, with the keyboard alone."""
    for words in spelt:
        await page.get_by_test_id(f"{field}-add").fill(words)
        await expect(page.get_by_test_id(f"{field}-add-option-0")).to_be_visible()
        await page.keyboard.press("Enter")


async def test_a_post_is_set_its_seats_its_turns_and_what_holds_for_a_while(house: House) -> None:
    post = await house.post()
    async with page_of(house.browser, house.service.address) as page:
        await _open(page, house, "shift", f"/duty/posts/{post['id']}")
        await _seats(page, house, post)


async def _seats(page: Page, house: House, post: Json) -> None:
    await page.get_by_test_id("seat-new").click()
    await page.get_by_test_id("seat-role").select_option("chief_leader")
    await page.get_by_test_id("seat-mode").select_option("on_call")
    await page.get_by_test_id("seat-days").select_option("holidays")
    await page.get_by_test_id("seat-qualification").fill("指挥员培训")
    people: list[Json] = (await house.lead.get(f"/api/duty/posts/{post['id']}/people")).json()
    first, second = people[0], people[1]
    await _add(page, "deputy", first["name"], second["name"])
    await page.get_by_test_id(f"deputy-person-{second['id']}").press("ArrowLeft")
    await page.get_by_test_id("seat-save").click()
    row = page.locator('[data-role="chief_leader"]')
    await expect(row).to_contain_text("电话待命 · 仅法定节假日 · 须有指挥员培训")
    await expect(row).to_contain_text(f"{second['name']}、{first['name']}")
    seat = next(one for one in (await house.settings(post["id"]))["seats"] if one["role"] == "chief_leader")
    assert seat["deputies"] == [second["id"], first["id"]]
    await page.get_by_test_id(f"seat-up-{seat['id']}").click()
    await page.get_by_test_id(f"seat-change-{seat['id']}").click()
    await page.get_by_test_id("seat-needed").fill("2")
    await page.get_by_test_id("seat-save").click()
    await expect(row).to_contain_text("×2")
    await page.get_by_test_id(f"seat-end-{seat['id']}").click()
    await page.get_by_test_id(f"seat-end-confirm-{seat['id']}").click()
    await expect(page.get_by_test_id(f"seat-again-{seat['id']}")).to_be_visible()
    ended = next(one for one in (await house.settings(post["id"]))["seats"] if one["id"] == seat["id"])
    assert ended["needed"] == 0
