"""The page of accounts in a real browser: opened, told a password, logged in, thrown out, audited."""

from __future__ import annotations

import re

import httpx
import pytest
from playwright.async_api import expect

from app.clock import SystemClock
from app.duty.break_glass import actions as break_glass
from tests.browser import page_of, turn_to
from tests.test_devices_page import House, _open, house

__all__ = ["house"]
pytestmark = [pytest.mark.browser, pytest.mark.database]


async def test_an_account_is_opened_its_owner_works_and_is_thrown_out_when_it_is_closed(house: House) -> None:
    address = house.service.address
    async with page_of(house.browser, address) as leader, page_of(house.browser, address) as owner:
        await _open(leader, address, "leader", "/")
        await turn_to(leader, "admin")
        await leader.get_by_test_id("account-new").click()
        await leader.get_by_test_id("account-username").fill("liuhai")
        await leader.get_by_test_id("account-name").fill("刘海 <b>")
        await leader.get_by_test_id("account-scope").select_option("990181100")
        await leader.get_by_test_id("account-role").select_option("township_officer")
        password = await leader.get_by_test_id("account-password").input_value()
        assert re.fullmatch(r"[a-z2-9]{4}(-[a-z2-9]{4}){3}", password)
        await leader.get_by_test_id("account-save").click()
        row = leader.get_by_test_id("account-liuhai")
        await expect(row).to_contain_text("刘海 <b>")

        await owner.goto(address)
        await owner.get_by_test_id("login-username").fill("liuhai")
        await owner.get_by_test_id("login-password").fill(password)
        await owner.get_by_test_id("login-submit").click()
        await expect(owner.get_by_test_id("conn-state")).to_have_attribute("data-state", "live")
        await expect(owner.get_by_test_id("page-admin")).to_have_count(0)

        await leader.get_by_test_id("account-toggle").click()
        await leader.get_by_test_id("sure-yes").click()
        await expect(row).to_have_attribute("data-works", "false")
        await expect(owner.get_by_test_id("login-again")).to_be_visible()

        await owner.goto(address)
        await owner.get_by_test_id("login-username").fill("auditor")
        await owner.get_by_test_id("login-password").fill("zhishou-demo")
        await owner.get_by_test_id("login-submit").click()
        await turn_to(owner, "admin")
        audit = owner.get_by_test_id("audit")
        await expect(audit).to_contain_text("开通账号")
        await expect(audit).to_contain_text("停用")

        await turn_to(owner, "people")  # numbers are masked for him; one person's are shown for a reason
        await owner.locator("tr.row").first.click()
        drawer = owner.get_by_test_id("person-drawer")
        await expect(drawer).to_contain_text("****")
        await drawer.get_by_test_id("reveal").click()
        await drawer.get_by_test_id("reveal-reason").fill("核查投诉")
        await drawer.get_by_test_id("reveal-confirm").click()
        await expect(drawer).not_to_contain_text("****")
        await turn_to(owner, "admin")
        await expect(owner.get_by_test_id("audit").locator("tbody tr").first).to_contain_text("核查投诉")


async def test_a_token_is_shown_once_and_the_sealed_login_alarms_every_desk(house: House) -> None:
    address = house.service.address
    async with house.database.transaction() as tx:
        code = await break_glass.seal(tx, "990181", SystemClock().now())
    async with page_of(house.browser, address) as leader, page_of(house.browser, address) as stranger:
        await _open(leader, address, "leader", "/admin/tokens")
        await leader.get_by_test_id("token-new").click()
        await leader.get_by_test_id("token-name").fill("气象接口 <b>")
        await leader.get_by_test_id("token-scope-see_desk").check()
        await leader.get_by_test_id("token-make").click()
        token = await leader.get_by_test_id("token-secret").text_content()
        assert token is not None
        async with httpx.AsyncClient(
            base_url=address, headers={"Authorization": f"Bearer {token}"}
        ) as program:
            assert (await program.get("/api/snapshot")).json()["me"]["permissions"] == ["see_desk"]
            row = leader.get_by_test_id("tokens").locator("tbody tr").first
            await expect(row).to_contain_text("气象接口 <b>")
            await row.get_by_test_id("token-revoke").click()
            await leader.get_by_test_id("sure-yes").click()
            await expect(row).to_have_attribute("data-state", "revoked")
            assert (await program.get("/api/snapshot")).status_code == 401

        await stranger.goto(address)
        await stranger.get_by_test_id("login-emergency").click()
        await stranger.get_by_test_id("emergency-code").fill(code.lower())
        await stranger.get_by_test_id("emergency-name").fill("刘海")
        await stranger.get_by_test_id("emergency-reason").fill("验证器全部丢失")
        await stranger.get_by_test_id("emergency-submit").click()
        await expect(stranger.get_by_test_id("conn-state")).to_have_attribute("data-state", "live")
        bar = leader.get_by_test_id("break-glass-bar")
        await expect(bar).to_contain_text("刘海")
        await expect(bar).to_contain_text("验证器全部丢失")
        await bar.get_by_test_id("break-glass-close").click()
        await leader.get_by_test_id("sure-yes").click()
        await expect(leader.get_by_test_id("break-glass-due")).to_be_visible()
        await expect(stranger.get_by_test_id("login-again")).to_be_visible()
