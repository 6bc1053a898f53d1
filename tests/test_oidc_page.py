"""The button of the identity provider in a real browser: there and back, the code, the log."""

from __future__ import annotations

import base64
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, expect

from app.clock import SystemClock
from app.org.second_factor.rules import code_at, step_at
from tests.browser import page_of
from tests.identity import CLIENT, SECRET, Identity, identity
from tests.node import Service

pytestmark = [pytest.mark.browser, pytest.mark.database]


@pytest_asyncio.fixture(loop_scope="session")
async def centre(city_url: str, tmp_path: Path) -> AsyncIterator[tuple[Service, Identity]]:
    """The fictional city with a provider beside it."""
    async with AsyncExitStack() as stack:
        provider = await stack.enter_async_context(identity(SystemClock()))
        service = Service(city_url, tmp_path)
        service.settings = {
            "ZHISHOU_OIDC_ISSUER": provider.issuer,
            "ZHISHOU_OIDC_CLIENT_ID": CLIENT,
            "ZHISHOU_OIDC_CLIENT_SECRET": SECRET,
            "ZHISHOU_OIDC_REDIRECT_URL": f"{service.address}/",
            "ZHISHOU_OIDC_NAME": "省统一身份认证",
        }
        yield await stack.enter_async_context(service), provider


async def test_who_presses_the_button_comes_back_logged_in_and_is_asked_for_his_code(
    centre: tuple[Service, Identity], browser: Browser
) -> None:
    service, provider = centre
    provider.user = "nobody-here"
    async with page_of(browser, service.address, also=provider.issuer) as page:
        await page.goto(f"{service.address}/")
        button = page.get_by_test_id("login-sso")
        await expect(button).to_have_text("省统一身份认证")
        await button.click()
        await expect(page.get_by_test_id("sso-error")).to_contain_text("没有可用账号")
        assert "code=" not in page.url, "what was used stays in no address"
        await page.get_by_test_id("sso-back").click()

        provider.user = "shift"
        await page.get_by_test_id("login-sso").click()
        await expect(page.get_by_test_id("conn-state")).to_have_attribute("data-state", "live")
        assert page.url == f"{service.address}/"
        await page.get_by_test_id("own-account").click()
        await page.get_by_test_id("own-factor").click()
        await page.get_by_test_id("factor-begin").click()
        secret = base64.b32decode(await page.get_by_test_id("factor-secret").inner_text())
        step = step_at(SystemClock().now())
        await page.get_by_test_id("factor-code").fill(code_at(secret, step))
        await page.get_by_test_id("factor-confirm").click()
        await expect(page.get_by_test_id("factor-paper").locator("li")).to_have_count(10)

        await page.context.clear_cookies()
        await page.goto(f"{service.address}/?error=access_denied&state=x")
        await expect(page.get_by_test_id("sso-error")).to_contain_text("没有完成")
        await page.get_by_test_id("sso-back").click()
        await page.get_by_test_id("login-sso").click()
        await expect(page.get_by_test_id("sso-code")).to_be_focused()
        await page.get_by_test_id("sso-code").fill("000000")
        await page.get_by_test_id("sso-submit").click()
        await expect(page.get_by_test_id("sso-error")).to_contain_text("验证码不对")
        await page.get_by_test_id("sso-code").fill(code_at(secret, step + 1))
        await page.get_by_test_id("sso-submit").click()
        await expect(page.get_by_test_id("conn-state")).to_have_attribute("data-state", "live")

        provider.silent = {"/token"}
        await page.context.clear_cookies()
        await page.goto(f"{service.address}/")
        await page.get_by_test_id("login-sso").click()
        await expect(page.get_by_test_id("sso-error")).to_contain_text("没有正常响应")
