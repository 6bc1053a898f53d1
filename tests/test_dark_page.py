"""Working in the dark in a real browser: who is lost, the ladder, our own network, messengers, pairs."""

from __future__ import annotations

import os
from pathlib import Path

import asyncpg
import pytest
from playwright.async_api import Page, expect

from tests.browser import page_of, turn_to
from tests.test_readiness_page import ZHOUWEI, House, _open, house

__all__ = ["house"]
pytestmark = [pytest.mark.browser, pytest.mark.database]
LOOKS_WITHIN_MS = 40_000  # the watch looks four times a minute
LINXI = "990181100000"


async def _picture(page: Page, name: str) -> None:
    if folder := os.environ.get("ZHISHOU_SCREENSHOTS"):
        await page.screenshot(path=Path(folder) / f"{name}.png")


async def _silence(url: str) -> None:
    """Let a township's gateway have been heard last seven minutes ago, and the house listen for longer."""
    connection = await asyncpg.connect(url)
    try:
        await connection.execute(
            "INSERT INTO device (stream, family, number, label, kind, region_code, active, facts, "
            "last_heard_at) VALUES ('990181', 'gateway', 'gw-dark', '洲尾网关', 'gateway', $1, true, '{}', "
            "now() - interval '7 minutes')",
            ZHOUWEI,
        )
        await connection.execute("UPDATE contact_watch SET listening_since = now() - interval '1 hour'")
    finally:
        await connection.close()


async def test_a_lost_township_is_tried_by_the_ladder_until_one_means_answers(
    house: House, city_url: str
) -> None:
    async with page_of(house.browser, house.service.address) as page:
        await _open(page, house, "shift", "/")
        await _silence(city_url)
        bar = page.get_by_test_id("lost-bar")
        await expect(bar).to_contain_text("1 个单位失联：洲尾", timeout=LOOKS_WITHIN_MS)
        await _picture(page, "dark-desk")
        await bar.click()
        row = page.get_by_test_id(f"unit-{ZHOUWEI}")
        await expect(row).to_have_attribute("data-state", "lost")
        pane = page.get_by_test_id("contact-pane")
        await expect(pane).to_have_attribute("data-unit", ZHOUWEI)
        await expect(page.get_by_test_id("attempts").locator("li")).to_have_count(1)
        await page.get_by_test_id("task-take").click()
        await expect(page.get_by_test_id("task-owner")).not_to_have_text("—")
        await expect(page.get_by_test_id("attempt-means")).to_have_value("sms")
        await page.get_by_test_id("attempt-failed").click()
        await expect(page.get_by_test_id("attempts").locator("li")).to_have_count(2)
        await expect(page.get_by_test_id("attempt-means")).to_have_value("voice")
        await page.get_by_test_id("attempt-means").select_option("radio_370")
        await page.get_by_test_id("attempt-words").fill("平安<b>")
        await page.get_by_test_id("attempt-reached").click()
        await expect(row).to_have_attribute("data-state", "limited")
        await expect(row).to_contain_text("仅 370 电台")
        await expect(page.get_by_test_id("attempts")).to_contain_text("平安<b>")
        await _picture(page, "dark-contact")
        await page.get_by_test_id("theme").click()
        await _picture(page, "dark-contact-light")


async def test_the_centre_offline_says_so_on_every_page_and_is_back_by_a_press(house: House) -> None:
    async with page_of(house.browser, house.service.address) as page:
        await _open(page, house, "shift", "/dark/network")
        await expect(page.get_by_test_id("network-state")).to_have_attribute("data-state", "online")
        await page.get_by_test_id("say-offline").click()
        await expect(page.get_by_test_id("offline-bar")).to_contain_text("离线")
        await _picture(page, "dark-network")
        await turn_to(page, "orders")
        await expect(page.get_by_test_id("offline-bar")).to_be_visible()
        await page.get_by_test_id("offline-bar").click()
        await page.get_by_test_id("say-online").click()
        await expect(page.get_by_test_id("offline-bar")).to_have_count(0)


async def test_what_is_typed_after_the_fact_twice_is_reconciled(house: House) -> None:
    async with page_of(house.browser, house.service.address) as page:
        await _open(page, house, "shift", "/dark/late")
        for channel in ("satellite_phone", "messenger"):
            await expect(page.get_by_test_id("late-form")).to_have_count(0)
            await page.keyboard.press("b")
            await page.get_by_test_id("late-happened").fill("2030-01-01T20:15")
            await page.get_by_test_id("late-channel").select_option(channel)
            await page.get_by_test_id("late-voucher").fill("李明")
            await page.get_by_test_id("late-place").select_option(LINXI)
            await page.get_by_test_id("late-text").fill("东岸村滑坡埋房三间")
            await page.get_by_test_id("late-save").click()
            await expect(page.get_by_test_id("late-error")).to_contain_text("晚于现在")
            await _picture(page, "dark-late")
            told = await page.get_by_test_id("late-told").input_value()
            await page.get_by_test_id("late-happened").fill(told)
            await page.get_by_test_id("late-save").click()
        await expect(page.get_by_test_id("late-list").locator("tbody tr")).to_have_count(2)
        await page.get_by_test_id("tab-pairs").click()
        await page.get_by_test_id("pairs-look").click()
        await expect(page.get_by_test_id("pair-1")).to_contain_text("渠道不同")
        await _picture(page, "dark-pairs")
        await page.get_by_test_id("pair-reason-1").fill("同一件事")
        await page.get_by_test_id("pair-same-1").click()
        await expect(page.get_by_test_id("pairs-none")).to_be_visible()
        await page.get_by_test_id("pairs-settled").check()
        await expect(page.get_by_test_id("pair-1")).to_contain_text("同一件事")


async def test_a_messenger_is_sent_and_comes_back(house: House) -> None:
    async with page_of(house.browser, house.service.address) as page:
        await _open(page, house, "shift", "/dark/messengers")
        await page.get_by_test_id("messenger-new").click()
        await page.get_by_test_id("messenger-name").fill("赵刚")
        await page.get_by_test_id("messenger-township").select_option(LINXI)
        await page.get_by_test_id("messenger-words").fill("带回名单")
        await page.get_by_test_id("messenger-send").click()
        row = page.get_by_test_id("messenger-1")
        await expect(row).to_have_attribute("data-state", "out")
        await _picture(page, "dark-messengers")
        await page.get_by_test_id("arrived-1").click()
        await expect(row).to_have_attribute("data-state", "arrived")
        await page.get_by_test_id("back-1").click()
        await expect(row).to_have_attribute("data-state", "back")
