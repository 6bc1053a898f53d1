"""The console's bad days in a real browser: floods, dead lines, ended logins, wrong clocks, hostile names."""

from __future__ import annotations

import asyncio
import os
import re
import signal
from datetime import UTC, datetime, timedelta

import asyncpg
import pytest
from playwright.async_api import Page, expect

from app.signals import Distress
from tests import flood
from tests.browser import page_of
from tests.test_devices_page import House, _open, house

__all__ = ["house"]
pytestmark = [pytest.mark.browser, pytest.mark.database]
EAST_BANK = {"event_code": "11A01", "region_code": "990181100204", "title": "东岸被困"}
HOSTILE = "<img src=x onerror=alert(1)>张三"


async def _type_a_call(page: Page, description: str) -> None:
    """Fill the intake form as far as it can be sent, without sending it."""
    await page.keyboard.press("n")
    await page.get_by_test_id("intake-place").fill("东岸")
    await expect(page.get_by_test_id("intake-place-option-0")).to_be_visible()
    await page.keyboard.press("Enter")
    await page.get_by_test_id("intake-type").fill("11A01")
    await expect(page.get_by_test_id("intake-type-option-0")).to_be_visible()
    await page.keyboard.press("Enter")
    await page.get_by_test_id("intake-description").fill(description)


async def _on_top(page: Page, test_id: str) -> bool:
    """Whether nothing lies over the middle of an element."""
    return bool(
        await page.get_by_test_id(test_id).evaluate(
            """one => {
              const r = one.getBoundingClientRect()
              const top = document.elementFromPoint(r.left + r.width / 2, r.top + r.height / 2)
              return one.contains(top)
            }"""
        )
    )


async def test_a_call_for_help_is_seen_heard_silenced_and_taken_whatever_lies_over_the_page(
    house: House,
) -> None:
    address = house.service.address
    async with house.service.client("wangjun") as officer, page_of(house.browser, address) as page:
        incident = (await officer.post("/api/incidents", json=EAST_BANK)).json()["id"]
        await page.clock.install()
        await _open(page, address, "chenjie", f"/i/{incident}")
        await page.keyboard.press("d")
        await page.get_by_test_id("dispatch-text").fill("带绳索")
        alarm = await house.hear("临溪1", Distress("sos-1"))
        body, bar = page.locator("body"), page.get_by_test_id("distress-elsewhere")
        await expect(bar).to_contain_text("1 起求救未确认")
        await expect(body).to_have_attribute("data-sounding", "sos")
        assert await _on_top(page, "distress-elsewhere")
        await page.get_by_test_id("dispatch-text").focus()
        await page.keyboard.press("Alt+m")  # while typing: the text stays as it is
        await expect(body).to_have_attribute("data-sounding", "")
        await expect(page.get_by_test_id("dispatch-text")).to_have_value("带绳索")
        await expect(page.get_by_test_id("silenced-bar")).to_be_visible()
        await page.clock.fast_forward(31_000)
        await expect(body).to_have_attribute("data-sounding", "sos")  # silence is not acknowledgement

        await page.keyboard.press("Escape")
        await page.keyboard.press("Control+k")
        await expect(page.get_by_test_id("palette")).to_be_visible()
        assert await _on_top(page, "distress-elsewhere")
        await page.keyboard.press("Escape")
        # Another console takes it: the sound ends here too, on whatever page.
        await page.goto(f"{address}/supplies")
        await expect(bar).to_be_visible()
        await expect(body).to_have_attribute("data-sounding", "sos")
        assert (await officer.post(f"/api/alarms/{alarm}/acknowledge")).status_code == 200
        await expect(body).to_have_attribute("data-sounding", "")
        await expect(bar).to_have_count(0)


async def test_a_hundred_alarms_under_an_intake_are_a_few_rows_one_sound_and_no_lost_key(
    house: House,
) -> None:
    said = "东岸三人被困屋顶,水已到二楼窗台,老人行动不便。" * 4
    async with page_of(house.browser, house.service.address) as page:
        await page.add_init_script(flood.WATCH)
        await _open(page, house.service.address, "chenjie", "/")
        await flood.register(house.database)
        await _type_a_call(page, "")
        pouring = asyncio.create_task(flood.pour(house.database))
        await page.get_by_test_id("intake-description").press_sequentially(said)
        await pouring
        calls, troubles = flood.CALLS, flood.ALARMS - flood.CALLS
        await expect(page.get_by_test_id("count-alarms")).to_have_text(str(calls))
        await expect(page.get_by_test_id("flood-bar")).to_contain_text(f"{calls} 条报警")
        await expect(page.get_by_test_id("distress-elsewhere")).to_contain_text(f"{calls} 起求救")
        await expect(page.get_by_test_id("intake-description")).to_have_value(said)
        assert 1 <= await page.evaluate(flood.TOGETHER) <= 2  # the call for help, and a device's quiet one
        await page.keyboard.press("Alt+m")  # once, for all of them, without leaving the form
        await expect(page.locator("body")).to_have_attribute("data-sounding", "")
        await page.keyboard.press("Escape")
        clusters = page.locator("[data-testid^='cluster-open:sos']")
        await expect(clusters).to_have_count(2)
        await expect(clusters.first).to_contain_text(f"×{calls // 2}")
        await expect(page.get_by_test_id("troubles-toggle")).to_contain_text(str(troubles))
        await clusters.first.get_by_test_id("cluster-ack").click()
        await expect(page.get_by_test_id("count-alarms")).to_have_text(str(calls // 2))
        await clusters.first.get_by_test_id("cluster-ack").click()
        await expect(page.get_by_test_id("count-alarms")).to_have_text("0")


async def test_a_login_that_ends_during_an_intake_is_given_again_in_place(
    house: House, city_url: str
) -> None:
    async with page_of(house.browser, house.service.address) as page:
        await _open(page, house.service.address, "chenjie", "/")
        await _type_a_call(page, "三人在屋顶")
        connection = await asyncpg.connect(city_url)
        try:
            await connection.execute("DELETE FROM login_session")
        finally:
            await connection.close()
        await page.get_by_test_id("intake-submit").press("Enter")
        again = page.get_by_test_id("login-again")
        await expect(again).to_contain_text("登录已过期")
        await expect(page.get_by_test_id("login-username")).to_have_value("chenjie")
        await expect(page.get_by_test_id("login-password")).to_be_focused()  # nobody has to click there
        await page.keyboard.type("zhishou-demo")
        await page.keyboard.press("Enter")
        await expect(again).to_have_count(0)
        await expect(page.get_by_test_id("intake-description")).to_have_value("三人在屋顶")
        await expect(page.get_by_test_id("conn-state")).to_have_attribute("data-state", "live")
        await page.get_by_test_id("intake-submit").press("Enter")
        await expect(page.get_by_test_id("incident-drawer")).to_be_visible()


async def test_a_restart_in_mid_form_loses_nothing_and_the_dead_line_says_what_is_old(house: House) -> None:
    async with page_of(house.browser, house.service.address) as page:
        await _open(page, house.service.address, "chenjie", "/")
        await _type_a_call(page, "水漫过桥面")
        await house.service.kill()
        await expect(page.get_by_test_id("stale-bar")).to_contain_text("画面停在")
        await page.get_by_test_id("intake-submit").press("Enter")
        await expect(page.get_by_test_id("intake-error")).to_contain_text("连不上服务器")
        await page.get_by_test_id("intake-description").press_sequentially(",车不能过")
        await house.service.start()
        await expect(page.get_by_test_id("conn-state")).to_have_attribute("data-state", "live")
        await expect(page.get_by_test_id("stale-bar")).to_have_count(0)
        await page.get_by_test_id("intake-submit").press("Enter")
        await expect(page.get_by_test_id("incident-drawer")).to_contain_text("水漫过桥面,车不能过")


async def test_a_line_that_falls_silent_is_told_within_five_seconds_with_the_time_of_the_picture(
    house: House,
) -> None:
    async with page_of(house.browser, house.service.address) as page:
        await _open(page, house.service.address, "chenjie", "/")
        os.kill(house.service.pid, signal.SIGSTOP)  # the line stands, and says nothing
        try:
            await expect(page.get_by_test_id("stale-bar")).to_contain_text(
                re.compile(r"画面停在.*\d\d:\d\d:\d\d"), timeout=5_000
            )
            await expect(page.get_by_test_id("conn-state")).to_have_attribute("data-state", "lost")
        finally:
            os.kill(house.service.pid, signal.SIGCONT)
        await expect(page.get_by_test_id("stale-bar")).to_have_count(0)
        await expect(page.get_by_test_id("conn-state")).to_have_attribute("data-state", "live")


async def test_two_tabs_take_two_calls_and_neither_loses_a_word(house: House) -> None:
    async with page_of(house.browser, house.service.address) as page:
        await _open(page, house.service.address, "chenjie", "/")
        await _type_a_call(page, "第一个电话")
        other = await page.context.new_page()
        await other.goto(house.service.address)
        await expect(other.get_by_test_id("conn-state")).to_have_attribute("data-state", "live")
        await other.keyboard.press("n")
        await expect(other.get_by_test_id("intake-description")).to_have_value("")
        await other.keyboard.press("Escape")
        await _type_a_call(other, "第二个电话")
        await page.get_by_test_id("intake-submit").press("Enter")
        await other.get_by_test_id("intake-submit").press("Enter")
        await expect(page.get_by_test_id("incident-drawer")).to_contain_text("第一个电话")
        await expect(other.get_by_test_id("incident-drawer")).to_contain_text("第二个电话")
        await expect(other.get_by_test_id("count-incidents")).to_have_text("2")


async def test_a_wrong_clock_of_the_pc_is_told_and_times_stay_the_servers(house: House) -> None:
    async with page_of(house.browser, house.service.address) as page:
        await page.clock.install(time=datetime.now(UTC) + timedelta(minutes=47))
        await _open(page, house.service.address, "chenjie", "/")
        await expect(page.get_by_test_id("clock-bar")).to_contain_text(re.compile("快 4[67]"))
        shown = (await page.locator("header.bar time.clock").inner_text()).split()[-1]
        server = datetime.now(UTC) + timedelta(hours=8)
        minute = int(shown[:2]) * 60 + int(shown[3:5])
        apart = (minute - server.hour * 60 - server.minute) % 1440
        assert min(apart, 1440 - apart) <= 1, f"the page says {shown}, the server {server:%H:%M:%S}"


async def test_five_thousand_characters_and_a_name_of_html_are_words(house: House) -> None:
    async with page_of(house.browser, house.service.address) as page:
        await _open(page, house.service.address, "chenjie", "/")
        await _type_a_call(page, "水" * 4990 + "<b>到二楼</b>")
        await page.get_by_test_id("intake-caller-name").fill(HOSTILE)
        await page.get_by_test_id("intake-submit").press("Enter")
        drawer = page.get_by_test_id("incident-drawer")
        await expect(drawer).to_contain_text("<b>到二楼</b>")
        await expect(drawer).to_contain_text(HOSTILE)
        assert await page.evaluate("document.querySelectorAll('img[src=x]').length") == 0
        wide = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
        assert not await page.evaluate(wide)
