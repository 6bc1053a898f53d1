"""Hand-over and duty log in a real browser: both teams, ticks by keyboard, signatures, corrections."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import asyncpg
import httpx
import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, expect

from app.stage.seed import write_map
from tests.browser import log_in, page_of, turn_to
from tests.node import Service

pytestmark = [pytest.mark.browser, pytest.mark.database]


@dataclass
class House:
    """A service with the fictional city, a browser, and the shift lead's own client."""

    service: Service
    browser: Browser
    lead: httpx.AsyncClient

    async def post(self, path: str, **told: Any) -> Any:
        answer = await self.lead.post(path, json=told)
        answer.raise_for_status()
        return answer.json()

    async def read(self, path: str) -> Any:
        return (await self.lead.get(path)).raise_for_status().json()


@pytest_asyncio.fixture(loop_scope="session")
async def house(city_url: str, tmp_path: Path, browser: Browser) -> AsyncIterator[House]:
    write_map(tmp_path / "map")
    async with AsyncExitStack() as stack:
        service = await stack.enter_async_context(Service(city_url, tmp_path))
        lead = await stack.enter_async_context(service.client("shift"))
        yield House(service, browser, lead)


async def _open(page: Page, house: House, path: str, username: str = "shift") -> None:
    await log_in(page, house.service.address, username, path)
    await expect(page.get_by_test_id("conn-state")).to_have_attribute("data-state", "live")


async def _nobody_of_the_rota(house: House) -> None:
    """Let the lead's account be nobody's: some days he is on duty himself, and then he ticks for nobody."""
    connection = await asyncpg.connect(house.service.database_url)
    await connection.execute("UPDATE account SET person_id = NULL WHERE username = 'shift'")
    await connection.close()


async def test_a_desk_is_handed_over_by_keyboard_and_three_signatures(house: House) -> None:
    await _nobody_of_the_rota(house)
    async with page_of(house.browser, house.service.address) as page:
        await _open(page, house, "/handover")
        await page.get_by_test_id("matter-text").fill("周市长:查清上游水库放水 <b>")
        await page.get_by_test_id("matter-add").click()
        await expect(page.get_by_test_id("matters")).to_contain_text("查清上游水库放水 <b>")
        await page.get_by_test_id("handover-start").click()
        await expect(page.get_by_test_id("handover-state")).to_have_attribute("data-state", "open")
        (sheet,) = await house.read("/api/handovers")
        for person in (m["person_id"] for m in sheet["members"] if m["side"] == "incoming"):
            await page.get_by_test_id(f"arrive-{person}").click()
            await expect(page.get_by_test_id(f"arrive-{person}")).to_have_count(0)
        await expect(page.get_by_test_id("sign-outgoing")).to_be_disabled()

        await page.get_by_test_id("sheet").locator("li").first.click()
        waiting = page.get_by_test_id("handover-waiting")
        await expect(waiting).not_to_have_text("0")
        while (left := await waiting.inner_text()) != "0":  # what happens meanwhile joins the sheet
            chosen = page.locator("li.selected")
            if await chosen.get_attribute("data-state") == "unread":
                await page.keyboard.press("Enter")
            await expect(chosen).to_have_attribute("data-state", "read")
            await page.keyboard.press("Enter")
            await expect(waiting).not_to_have_text(left)
        await expect(waiting).to_have_text("0")

        # Who has a login signs by it; who has none is signed for, with the reason.
        for part in ("outgoing", "incoming", "leader"):
            if not await page.get_by_test_id(f"sign-{part}").count():
                async with house.service.client("leader") as leader:
                    path = f"/api/handovers/{sheet['id']}/signatures"
                    (await leader.post(path, json={"part": part})).raise_for_status()
                continue
            await page.get_by_test_id(f"sign-{part}").click()
            why = page.get_by_test_id(f"why-{part}")  # asked of who signs for somebody else
            signed = page.locator(f'[data-testid="signature-{part}"][data-signed="true"]')
            await expect(why.or_(signed).first).to_be_visible()
            if await why.is_visible():
                await why.fill("无账号")
                await why.press("Enter")
            await expect(signed).to_be_visible()
    (done,) = await house.read("/api/handovers")
    assert done["state"] == "completed"
    owner = await house.read(f"/api/duty/posts/{done['post_id']}/owner")
    assert owner["lead_name"] in {s["person_name"] for s in done["signatures"] if s["part"] == "incoming"}


async def test_the_log_is_written_with_one_key_corrected_filtered_and_seen_elsewhere(house: House) -> None:
    async with (
        page_of(house.browser, house.service.address) as page,
        page_of(house.browser, house.service.address) as other,
    ):
        await _open(page, house, "/log")
        await _open(other, house, "/log", "leader")
        await page.keyboard.press("n")
        await page.get_by_test_id("entry-source").select_option("telephone")
        await page.get_by_test_id("entry-line-disaster").check()
        await page.get_by_test_id("entry-text").fill("转移 26 人 <b>")
        await page.get_by_test_id("entry-text").press("Enter")
        row = page.locator("tr[data-hand=true]")
        await expect(row).to_contain_text("转移 26 人 <b>")
        await expect(other.locator("tr[data-hand=true]")).to_contain_text("转移 26 人 <b>")

        await row.get_by_role("button", name="更正").click()
        await page.get_by_test_id("entry-text").fill("转移 27 人")
        await page.get_by_test_id("entry-save").click()
        await expect(row).to_have_count(2)
        await expect(row.first).to_have_class(re.compile("wrong"))
        await page.keyboard.press("Escape")
        await page.get_by_test_id("line-work_safety").click()
        await expect(row).to_have_count(0)
        await page.get_by_test_id("line-disaster").click()
        await expect(row).to_have_count(2)
        await page.get_by_test_id("view-month").click()
        await expect(page.get_by_test_id("month")).to_be_visible()


async def test_hand_over_and_log_speak_english(house: House) -> None:
    async with page_of(house.browser, house.service.address) as page:
        await _open(page, house, "/handover")
        await page.get_by_test_id("lang").click()
        await expect(page.get_by_test_id("handover-start")).to_have_text("Begin hand-over")
        await turn_to(page, "log")
        await expect(page.get_by_test_id("line-rescue")).to_have_text("Rescue")
        assert "系统" not in await page.locator("table td.from").all_inner_texts()
