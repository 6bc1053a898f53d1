"""A real Chromium for the tests: found, or skipped loudly — and in CI a skip is a failure."""

from __future__ import annotations

import asyncio
import os
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import urlsplit

import pytest
from playwright.async_api import Browser, Page, async_playwright, expect

expect.set_options(timeout=20_000)  # a busy machine draws slowly; nothing waits longer than it must
_WHOLE = ("chromium", "chromium-browser", "google-chrome")
# The same Chromium without windows around its pages: a page takes less than half of the time.
_PAGES_ONLY = "chromium-headless-shell"
_ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--autoplay-policy=no-user-gesture-required",
    "--use-fake-device-for-media-stream",  # a microphone that hums, a camera that counts
    "--allow-loopback-in-peer-connection",  # a machine without any network speaks to itself
]


@asynccontextmanager
async def chromium(*, whole: bool = False) -> AsyncIterator[Browser]:
    """Lend a headless Chromium; `whole`: the one that people use, for what is measured in it."""
    async with async_playwright() as playwright:
        path = next(filter(None, map(shutil.which, _WHOLE if whole else (_PAGES_ONLY, *_WHOLE))), None)
        path = path or playwright.chromium.executable_path
        if not os.path.exists(path):  # noqa: ASYNC240
            sentence = "no Chromium: browser tests need one (see deploy/chromium.sh)"
            if os.environ.get("CI"):
                pytest.fail(sentence)
            pytest.skip(sentence)
        browser = await playwright.chromium.launch(executable_path=path, args=_ARGUMENTS)
        try:
            yield browser
        finally:
            await browser.close()


@asynccontextmanager
async def page_of(
    browser: Browser,
    address: str,
    *,
    width: int = 1366,
    height: int = 768,
    mobile: bool = False,
    zone: str = "Asia/Shanghai",
    also: str = "",
) -> AsyncIterator[Page]:
    """Lend a fresh page; at the end no request may have left the origin and no script may have failed.

    `also`: another address where the page is meant to go.
    """
    strangers: list[str] = []
    errors: list[str] = []
    context = await browser.new_context(
        viewport={"width": width, "height": height},
        locale="zh-CN",
        timezone_id=zone,
        has_touch=mobile,
        permissions=["geolocation"],
        geolocation={"latitude": 27.94, "longitude": 115.54},
    )
    hosts = {urlsplit(address).netloc, urlsplit(also).netloc, ""}
    page = await context.new_page()
    # The browser's own viewer of PDF calls itself an extension; it leaves nothing.
    page.on("request", lambda r: strangers.append(r.url) if _leaves(r.url, hosts) else None)
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on(
        "console",
        lambda message: (
            errors.append(message.text)
            if message.type == "error" and "Content Security Policy" in message.text
            else None
        ),
    )
    page.set_default_timeout(30_000)
    try:
        yield page
        assert not strangers, f"requests left the origin: {strangers}"
        assert not errors, f"scripts failed: {errors}"
    finally:
        await context.close()


def _leaves(url: str, hosts: set[str]) -> bool:
    parts = urlsplit(url)
    return not parts.scheme.startswith("chrome") and parts.netloc not in hosts


async def log_in(page: Page, address: str, username: str, path: str = "/") -> None:
    """Open a page and log in with a demo account."""
    await page.goto(address + path)
    if path == "/m/":  # a phone is let in by a link; a password is the other way
        await page.get_by_test_id("by-password").click()
    await page.get_by_test_id("login-username").fill(username)
    await page.get_by_test_id("login-password").fill("zhishou-demo")
    await page.get_by_test_id("login-submit").click()


async def turn_to(page: Page, name: str) -> None:
    """Go to another page of the console by the header, through the menu that holds it."""
    link = page.get_by_test_id(f"page-{name}")
    await link.wait_for(state="attached")
    menu = await link.evaluate("one => one.closest('ul')?.id ?? ''")
    if menu and not await link.is_visible():
        await page.get_by_test_id(menu).click()
    await link.click()


async def drawn(page: Page, expression: str) -> None:
    """Wait until an expression of the page is true: what a map has drawn cannot be expected otherwise."""
    async with asyncio.timeout(45):
        while not await page.evaluate(expression):  # noqa: ASYNC110 (a page tells nobody)
            await asyncio.sleep(0.05)
