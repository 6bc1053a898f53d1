"""One's own password in a real browser: from the name in the header and from the palette."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from tests.browser import page_of
from tests.test_readiness_page import House, _open, house

__all__ = ["house"]
pytestmark = [pytest.mark.browser, pytest.mark.database]
OLD, NEW = "zhishou-demo", "zx7k-mmpq-4hwd-9tbc"


async def test_an_officer_changes_his_password_and_his_other_screen_is_logged_out(house: House) -> None:
    address = house.service.address
    async with page_of(house.browser, address) as page, page_of(house.browser, address) as other:
        await _open(other, house, "shift", "/")
        await _open(page, house, "shift", "/duty")
        await page.keyboard.press("Control+K")
        await page.keyboard.type("修改密码")
        await page.keyboard.press("Enter")
        await expect(page.get_by_test_id("own-current")).to_be_visible()
        await page.keyboard.press("Escape")
        await page.get_by_test_id("own-account").click()
        for name, typed in (("current", "not-the-right-one"), ("password", NEW), ("again", NEW + "x")):
            await page.get_by_test_id(f"own-{name}").fill(typed)
        await expect(page.get_by_test_id("own-save")).to_be_disabled()
        await page.get_by_test_id("own-again").fill(NEW)
        await page.get_by_test_id("own-save").click()
        await expect(page.get_by_test_id("own-current-fault")).to_contain_text("当前密码不对")
        await page.get_by_test_id("own-current").fill(OLD)
        await page.get_by_test_id("own-save").click()
        await expect(page.get_by_test_id("own-current")).to_be_hidden()
        await expect(page.get_by_text("密码已修改")).to_be_visible()
        await expect(other.get_by_test_id("login-password")).to_be_visible()
        await expect(page.get_by_test_id("login-password")).to_be_hidden()
        told = {"username": "shift", "password": NEW}
        assert (await page.request.post(f"{address}/api/login", data=told, headers={"Origin": address})).ok
