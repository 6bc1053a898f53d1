"""Warnings in a real browser: pushed, on the desk at once, acknowledged, changed, judged, typed, exported."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, expect

from app.codecs.colours import Colour
from app.simulators.warnings import RAINSTORM, SHUANGHE, message, push
from app.stage.seed import write_map
from app.stage.warnings import TOWNSHIPS
from tests.browser import drawn, log_in, page_of, turn_to
from tests.node import Service

pytestmark = [pytest.mark.browser, pytest.mark.database]


@dataclass
class Centre:
    """The centre, a browser, and a source of warnings once it is registered."""

    service: Service
    browser: Browser
    key: str = ""
    secret: str = ""

    async def push(self, body: bytes) -> None:
        now = datetime.now(UTC)
        assert await push(self.service.address, self.key, self.secret, body, now) == 201


@pytest_asyncio.fixture(loop_scope="session")
async def centre(city_url: str, tmp_path: Path, browser: Browser) -> AsyncIterator[Centre]:
    """The county's centre with the demo city."""
    async with AsyncExitStack() as stack:
        write_map(tmp_path / "map")
        service = await stack.enter_async_context(Service(city_url, tmp_path))
        yield Centre(service, browser)


async def register(page: Page, centre: Centre) -> None:
    """Register a source; its secret is on the page this once."""
    await turn_to(page, "warnings")
    await page.get_by_test_id("tab-sources").click()
    await page.get_by_test_id("source-new").click()
    await page.get_by_test_id("source-name").fill("12379 省级平台")
    await page.get_by_test_id("source-save").click()
    told = page.get_by_test_id("source-secret")
    await expect(told).to_be_visible()
    centre.secret = (await page.get_by_test_id("source-secret-text").inner_text()).strip()
    centre.key = (await told.locator("code").first.inner_text()).strip().rsplit("/", 1)[-1]
    await page.reload()
    await expect(page.get_by_test_id("source-1")).to_be_visible()
    await expect(told).to_have_count(0)


async def test_a_warning_is_on_the_desk_at_once_and_is_followed_to_its_end(
    centre: Centre, tmp_path: Path
) -> None:
    address = centre.service.address
    async with page_of(centre.browser, address) as lead, page_of(centre.browser, address) as officer:
        await log_in(lead, address, "shift")
        await register(lead, centre)
        await log_in(officer, address, "chenjie")
        await expect(officer.get_by_test_id("conn-state")).to_have_attribute("data-state", "live")
        first = datetime.now(UTC) - timedelta(minutes=5)
        await centre.push(message(RAINSTORM, Colour.RED, first, TOWNSHIPS))
        bar = officer.get_by_test_id("warning-open-1")
        await expect(bar).to_contain_text("暴雨红色预警", timeout=5_000)  # on the desk within five seconds
        await expect(bar.get_by_test_id("warning-colour")).to_have_attribute("data-colour", "red")
        await officer.get_by_test_id("warning-show-1").click()
        await expect(officer.get_by_test_id("warning-title")).to_contain_text("暴雨红色预警")
        await expect(officer.get_by_test_id(f"unit-{SHUANGHE}")).to_contain_text("双河镇")
        await drawn(officer, "window.__spots !== undefined && window.__spots.spots().length > 10")
        await expect(officer.get_by_test_id("proposal-call-village")).to_contain_text("30")
        await officer.get_by_test_id("warning-ack-1").click()
        await expect(bar).to_have_count(0)
        await expect(officer.get_by_test_id("warning-acked")).to_contain_text("陈洁")

        await centre.push(
            message(RAINSTORM, Colour.YELLOW, first + timedelta(minutes=1), TOWNSHIPS[:1], first=first)
        )
        await expect(officer.get_by_test_id("message-diff")).to_have_attribute("data-turn", "down")
        await expect(officer.get_by_test_id("diff-removed")).to_contain_text("永宁镇")
        await expect(bar).to_contain_text("黄色")

        hostile = tmp_path / "hostile.xml"
        hostile.write_bytes(b'<!DOCTYPE a [<!ENTITY b "c">]><alert>&b;</alert>')
        await officer.get_by_test_id("tab-messages").click()
        await officer.get_by_test_id("warning-file").set_input_files(hostile)
        await expect(officer.get_by_test_id("file-receipt")).to_contain_text("DOCTYPE_FORBIDDEN")
        await officer.get_by_test_id("outcome-refused").check()
        await expect(officer.locator("[data-outcome=refused][data-testid^=message-]")).to_have_count(1)

        await officer.get_by_test_id("tab-inForce").click()
        await officer.get_by_test_id("warning-change").click()
        await officer.get_by_test_id("form-kind").select_option("cancel")
        await officer.get_by_test_id("form-issuer").fill("市气象台电话")
        await officer.get_by_test_id("form-save").click()
        await expect(officer.get_by_test_id("warnings-none")).to_be_visible()
        await officer.get_by_test_id("tab-over").click()
        await expect(officer.get_by_test_id("warning-1")).to_have_attribute("data-standing", "lifted")


async def test_a_drill_is_typed_marked_and_a_township_sees_only_its_own(centre: Centre) -> None:
    address = centre.service.address
    async with page_of(centre.browser, address) as officer, page_of(centre.browser, address) as township:
        await log_in(township, address, "linxi")
        await expect(township.get_by_test_id("conn-state")).to_have_attribute("data-state", "live")
        await log_in(officer, address, "chenjie")
        await turn_to(officer, "warnings")
        await expect(officer.get_by_test_id("warnings-none")).to_be_visible()
        for place, status in ((SHUANGHE, "actual"), ("990181100000", "exercise")):
            await officer.get_by_test_id("warning-new").click()
            await officer.get_by_test_id("form-issuer").fill("市水利局")
            await officer.get_by_test_id("form-status").select_option(status)
            await officer.get_by_test_id("form-colour").select_option("orange")
            await officer.get_by_test_id(f"form-place-{place}").check()
            await officer.get_by_test_id("form-save").click()
            await expect(officer.get_by_test_id("warning-form")).to_have_count(0)
        await officer.get_by_test_id("warning-2").click()
        await expect(officer.get_by_test_id("warning-title")).to_contain_text("【演练】")
        await expect(officer.get_by_test_id("warning-drill")).to_be_visible()
        await expect(officer.get_by_test_id("to-response")).to_have_count(0)
        await expect(township.get_by_test_id("warning-open-2")).to_contain_text("【演练】")
        await expect(township.get_by_test_id("warning-open-1")).to_have_count(0)
        async with officer.expect_download() as taking:
            await officer.get_by_test_id("warning-cap").click()
        path = await (await taking.value).path()
        said = await asyncio.to_thread(path.read_bytes)
        assert b"<status>Exercise</status>" in said
