"""A platform is registered in a browser; the link comes up, it falls silent and that is seen."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, expect

from app.simulators.broadcast_platform import BroadcastPlatform
from app.stage.seed import write_map
from tests.broadcast.keys_of_tests import key_file, signer
from tests.broadcast.links import AUTHORITY, CENTRE, OUR_SERIAL, PLATFORM, THEIR_SERIAL, speaker
from tests.browser import log_in, page_of, turn_to
from tests.node import Service
from tests.world import COUNTY, EAST_BANK

pytestmark = [pytest.mark.browser, pytest.mark.database]
NAME = "樟川县应急广播平台"


@dataclass
class Stage:
    service: Service
    platform: BroadcastPlatform
    browser: Browser


@pytest_asyncio.fixture(loop_scope="session")
async def stage(city_url: str, tmp_path: Path, browser: Browser) -> AsyncIterator[Stage]:
    """The service with its key, and a platform of the county that it does not know yet."""
    ours = AUTHORITY.of("centre", OUR_SERIAL)
    write_map(tmp_path / "map")
    told = {"ZHISHOU_BROADCAST_KEYS_FILE": str(key_file(tmp_path, centre=ours))}
    platform = BroadcastPlatform(
        PLATFORM,
        CENTRE,
        signer=signer("platform", THEIR_SERIAL),
        trust=AUTHORITY.trust(ours),
        speakers=[speaker(EAST_BANK, 1)],
    )
    async with AsyncExitStack() as stack:
        service = await stack.enter_async_context(Service(city_url, tmp_path, told))
        await stack.enter_async_context(platform.serving())
        platform.centre_url = f"{service.address}/EB/ebdsvc.html"
        yield Stage(service, platform, browser)


async def shot(page: Page, name: str) -> None:
    """Keep a picture where somebody wants to look at it."""
    folder = os.environ.get("ZHISHOU_SHOTS")
    if folder:
        await page.screenshot(path=f"{folder}/{name}.png")


async def register(page: Page, platform: BroadcastPlatform) -> None:
    await page.get_by_test_id("wire-new").click()
    for name, value in (
        ("name", NAME),
        ("region", COUNTY),
        ("code", PLATFORM),
        ("our-code", CENTRE),
        ("url", platform.url),
        ("allowed", "127.0.0.1"),
        ("key", "centre"),
        ("authorities", AUTHORITY.certificate.hex()),
        ("certificates", AUTHORITY.of("platform", THEIR_SERIAL).hex()),
    ):
        await page.get_by_test_id(f"wire-{name}").fill(value)
    await shot(page, "wire-form")
    await page.get_by_test_id("wire-save").click()
    await expect(page.get_by_test_id("wire-form")).to_have_count(0)


async def test_a_platform_is_registered_and_its_link_is_seen(stage: Stage) -> None:
    async with page_of(stage.browser, stage.service.address) as page:
        await log_in(page, stage.service.address, "shift")
        await turn_to(page, "broadcastPlatforms")
        await register(page, stage.platform)
        row = page.locator("tr", has_text=NAME)
        await expect(row).to_contain_text("从未")
        assert await stage.platform.beat() == 1
        await expect(row.get_by_test_id("wire-link")).to_have_text("双向正常", timeout=20_000)
        await stage.platform.until(lambda: len(stage.platform.heard) >= 2)
        await shot(page, "wire-up")
        await row.get_by_test_id("wire-ask").click()
        await stage.platform.until(lambda: len(stage.platform.heard) >= 4)

        stage.platform.bad.tears = True
        await row.get_by_test_id("wire-ask").click()
        await expect(row.get_by_test_id("wire-link")).to_have_text("单向", timeout=20_000)
        await expect(row.get_by_test_id("wire-trouble")).to_contain_text("断开")
        await shot(page, "wire-half")

        await page.get_by_test_id("tab-packets").click()
        await expect(page.get_by_text("EBRDTInfo").first).to_be_visible()
        await shot(page, "wire-packets")
        await page.get_by_test_id("tab-incoming").click()
        await expect(page.get_by_test_id("incoming-none")).to_be_visible()
