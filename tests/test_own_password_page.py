"""One's own password and second factor in a real browser, from the header and the palette."""

from __future__ import annotations

import base64

import pytest
from playwright.async_api import expect

from app.clock import SystemClock
from app.org.second_factor.rules import code_at, step_at
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


async def test_an_officer_sets_a_second_factor_up_and_is_asked_for_it(house: House) -> None:
    address = house.service.address
    async with page_of(house.browser, address) as page, page_of(house.browser, address) as other:
        await _open(page, house, "shift", "/")
        await page.get_by_test_id("own-account").click()
        await page.get_by_test_id("own-factor").click()
        await page.get_by_test_id("factor-begin").click()
        typed = await page.get_by_test_id("factor-secret").inner_text()
        secret = base64.b32decode(typed)
        step = step_at(SystemClock().now())
        await page.get_by_test_id("factor-code").fill(code_at(secret, step - 100))
        await page.get_by_test_id("factor-confirm").click()
        await expect(page.get_by_role("alert")).to_contain_text("检查手机时间")
        step = step_at(SystemClock().now())
        await page.get_by_test_id("factor-code").fill(code_at(secret, step))
        await page.get_by_test_id("factor-confirm").click()
        paper = page.get_by_test_id("factor-paper").locator("li")
        await expect(paper).to_have_count(10)
        kept = await paper.first.inner_text()
        await page.get_by_test_id("factor-done").click()
        await expect(page.get_by_test_id("factor-on")).to_contain_text("剩余备用码 10 个")

        await other.goto(f"{address}/")
        await other.get_by_test_id("login-username").fill("shift")
        await other.get_by_test_id("login-password").fill(OLD)
        await other.get_by_test_id("login-submit").click()
        await expect(other.get_by_test_id("login-code")).to_be_focused()
        await other.get_by_test_id("login-code").fill("000000")
        await other.get_by_test_id("login-submit").click()
        await expect(other.get_by_test_id("login-error")).to_contain_text("验证码不对")
        await other.get_by_test_id("login-code").fill(code_at(secret, step + 1))
        await other.get_by_test_id("login-submit").click()
        await expect(other.get_by_test_id("own-account")).to_be_visible()

        await page.get_by_test_id("factor-old-code").fill(kept)
        await page.get_by_test_id("factor-remove").click()
        await expect(page.get_by_test_id("factor-begin")).to_be_visible()

        # The role needs one from now on: the open screen shows the set-up before everything.
        await house.service.stop()
        house.service.settings["ZHISHOU_SECOND_FACTOR_ROLES"] = "shift_lead"
        await house.service.start()
        await expect(other.get_by_test_id("factor-due")).to_contain_text("须启用二次验证", timeout=20_000)
        # So does the field app, which the same phone's authenticator can be opened from.
        await page.goto(f"{address}/m/")
        await page.get_by_test_id("factor-begin").click()
        link = await page.get_by_test_id("factor-here").get_attribute("href")
        assert link is not None
        assert link.startswith("otpauth://totp/")
        await other.keyboard.press("Escape")
        await expect(other.get_by_test_id("factor-logout")).to_be_visible()
        assert (await other.request.get(f"{address}/api/snapshot")).status == 403
        await other.get_by_test_id("factor-begin").click()
        secret = base64.b32decode(await other.get_by_test_id("factor-secret").inner_text())
        await other.get_by_test_id("factor-code").fill(code_at(secret, step_at(SystemClock().now())))
        await other.get_by_test_id("factor-confirm").click()
        await other.get_by_test_id("factor-done").click()
        await expect(other.get_by_test_id("factor-dialog")).to_have_count(0)
        await expect(other.get_by_test_id("conn-state")).to_have_attribute("data-state", "live")
