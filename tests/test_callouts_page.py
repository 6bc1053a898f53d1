"""The page of call-and-respond in a real browser: a round is started, a call typed, a person answers."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from playwright.async_api import Browser, expect
from sqlalchemy import text

from app.clock import SystemClock
from app.db import Database
from app.stage.callouts import call_out
from app.stage.seed import write_map
from tests.browser import chromium, log_in, page_of, turn_to
from tests.node import Service
from tests.world import ZONE

pytestmark = [pytest.mark.browser, pytest.mark.database]
TOWN = "990181201000"


@dataclass
class House:
    """A service with the fictional city and a browser."""

    service: Service
    browser: Browser
    officer: httpx.AsyncClient
    database: Database


@pytest.fixture
async def house(city_url: str, tmp_path: Path) -> AsyncIterator[House]:
    """The fictional city with its two rounds, without devices that speak."""
    database = Database(city_url)
    await call_out(database, SystemClock().now(), ZONE)
    write_map(tmp_path / "map")
    async with AsyncExitStack() as stack:
        stack.push_async_callback(database.close)
        service = await stack.enter_async_context(Service(city_url, tmp_path))
        browser = await stack.enter_async_context(chromium())
        officer = await stack.enter_async_context(service.client("wangjun"))
        yield House(service, browser, officer, database)


async def test_the_finished_round_of_36_villages_shows_five_steps_and_the_one_that_passed_nothing_on(
    house: House,
) -> None:
    address = house.service.address
    async with page_of(house.browser, address) as page:
        await log_in(page, address, "wangjun", "/")
        await turn_to(page, "callouts")
        await page.locator("[data-testid^=callout-][data-state=ended]").first.click()
        bars = page.get_by_test_id("callout-count-village")
        await expect(bars).to_have_attribute("data-total", "36")
        await expect(bars).to_have_attribute("data-answered", "36")
        rows = page.locator("[data-testid^=callout-target-]")
        await expect(rows).to_have_count(36)
        await expect(rows.first.locator("[data-step=verified]")).to_have_attribute("data-state", "bad")
        silent = page.locator("tr[data-name=青石村]")
        await expect(silent).to_have_attribute("data-standing", "late")
        await silent.click()
        await expect(page.get_by_test_id("callout-calls")).to_contain_text("断电,已当面告知")
        await page.keyboard.press("g")
        await expect(page.get_by_test_id("callout-grid")).to_be_visible()
        await page.keyboard.press("x")
        await expect(page.locator("[data-testid^=callout-tile-]")).to_have_count(2)


async def test_a_round_is_started_a_result_is_one_key_and_counters_move_by_themselves(house: House) -> None:
    address = house.service.address
    async with page_of(house.browser, address) as page, page_of(house.browser, address) as other:
        await log_in(page, address, "wangjun", "/call-and-respond/new")
        await page.get_by_test_id("callout-title").fill("雷雨大风红色预警")
        await page.get_by_test_id(f"callout-town-{TOWN}").check()
        await page.get_by_test_id("callout-preview").click()
        await expect(page.get_by_test_id("callout-list")).to_be_visible()
        await page.get_by_test_id("callout-start").click()
        await expect(page.get_by_test_id("callout-round")).to_contain_text("雷雨大风红色预警")
        first = page.locator("[data-testid^=callout-target-]").first
        await expect(first).to_have_attribute("data-standing", "waiting")
        name = await first.get_attribute("data-name")
        await log_in(other, address, "chenjie", page.url.removeprefix(address))
        await expect(other.get_by_test_id("callout-count-village")).to_have_attribute("data-answered", "0")
        await first.click()
        await expect(page.get_by_test_id("callout-call-form")).to_be_visible()
        await page.keyboard.press("2")  # no answer: B is next
        await expect(page.get_by_test_id("callout-person").locator("option:checked")).to_contain_text("B")
        await page.keyboard.press("1")
        row = page.locator(f"tr[data-name={name}]")
        await expect(row).to_have_attribute("data-standing", "answered")
        await expect(other.get_by_test_id("callout-count-village")).to_have_attribute("data-answered", "1")
        await page.keyboard.press("f")
        await expect(row).to_have_count(0)


async def test_a_warning_that_nobody_knows_is_filled_in_by_hand(house: House) -> None:
    address = house.service.address
    async with page_of(house.browser, address) as page:
        await log_in(page, address, "wangjun", "/call-and-respond?warning=999999")
        await expect(page.get_by_test_id("callout-warning-missing")).to_contain_text("#999999")


async def test_a_person_called_answers_with_one_large_button_and_reports(house: House) -> None:
    address = house.service.address
    async with house.database.transaction() as tx:
        await tx.execute(
            text(
                "UPDATE account SET person_id = (SELECT p.person_id FROM callout_person p"
                " JOIN callout_target t ON t.id = p.target_id JOIN callout_round r ON r.id = t.round_id"
                " WHERE r.state = 'running' AND t.tier = 'village' AND t.answered_at IS NULL"
                " ORDER BY t.id, p.ordinal LIMIT 1) WHERE username = 'responder1'"
            )
        )
    async with page_of(house.browser, address, width=390, height=844, mobile=True) as phone:
        await log_in(phone, address, "responder1", "/m/")
        button = phone.locator("[data-testid^=field-callout-ack-]")
        await expect(button).to_be_visible()
        assert ((await button.bounding_box()) or {"height": 0})["height"] >= 90
        await phone.locator("[data-testid^=field-callout-words-]").fill("收到,已喊话")
        await button.click()
        mine = phone.locator("[data-testid^=field-callout-][data-answered=true]")
        await expect(mine).to_be_visible()
        await phone.locator("[data-testid^=field-callout-report-]").click()
        await phone.get_by_test_id("callout-done").fill("12")
        await phone.get_by_test_id("callout-planned").fill("15")
        await phone.get_by_test_id("callout-report-send").click()
        await expect(mine).to_contain_text("转移12/15")


async def test_two_phones_hear_of_their_own_calls_at_once_and_after_a_gap(house: House) -> None:
    address = house.service.address
    async with house.database.transaction() as tx:
        people = (
            await tx.execute(
                text(
                    "SELECT DISTINCT ON (t.region_code) p.person_id, t.region_code FROM callout_person p"
                    " JOIN callout_target t ON t.id = p.target_id WHERE t.tier = 'village'"
                    " AND p.role = 'contact_a' AND p.person_id IS NOT NULL"
                    " ORDER BY t.region_code, t.id DESC LIMIT 2"
                )
            )
        ).all()
        for username, row in zip(("responder1", "responder2"), people, strict=True):
            found = await tx.execute(
                text("UPDATE account SET person_id = :id WHERE username = :name RETURNING id"),
                {"id": row.person_id, "name": username},
            )
            assert found.all(), username
    (_, here), (_, there) = people

    async def start(code: str) -> None:
        told = {"title": "山洪红色预警", "colour": "red", "region_codes": [code]}
        answer = await house.officer.post("/api/call-and-respond", json=told)
        assert answer.status_code == 201, answer.text

    async with (
        page_of(house.browser, address, width=390, height=844, mobile=True) as first,
        page_of(house.browser, address, width=390, height=844, mobile=True) as second,
    ):
        for phone, username in ((first, "responder1"), (second, "responder2")):
            await log_in(phone, address, username, "/m/")
            await expect(phone.get_by_test_id("conn-state")).to_have_attribute("data-state", "live")
        new = first.locator("[data-testid^=field-callout-]", has_text="山洪红色预警")
        await start(here)
        late = second.locator("[data-testid^=field-callout-]", has_text="山洪红色预警")
        await expect(new.first).to_be_visible()
        await expect(late).to_have_count(0)

        await second.context.set_offline(True)
        await expect(second.get_by_test_id("conn-state")).not_to_have_attribute("data-state", "live")
        await start(there)
        await second.context.set_offline(False)
        await expect(late.first).to_be_visible(timeout=45_000)
        await expect(new).to_have_count(await new.count())


async def test_the_standing_list_of_a_township_is_written_and_the_minutes_are_a_new_version(
    house: House,
) -> None:
    address = house.service.address
    head = (await house.officer.get("/api/people", params={"region": TOWN, "limit": 1})).json()["people"][0]
    async with page_of(house.browser, address) as page:
        await log_in(page, address, "shift", "/call-and-respond")
        await page.get_by_test_id("callout-standing").click()
        await page.get_by_test_id("standing-place").select_option(TOWN)
        await page.get_by_test_id("standing-add").fill(head["name"])
        await page.get_by_test_id(f"standing-person-{head['id']}").click()
        await expect(page.get_by_test_id("standing-entries")).to_contain_text(head["name"])
        await page.get_by_test_id("standing-save").click()
        await expect(page.get_by_text("名单已保存")).to_be_visible()
    listed = (await house.officer.get("/api/call-and-respond/list")).json()
    mine = [(one["role"], one["name"]) for one in listed if one["region_code"] == TOWN]
    assert ("township_head", head["name"]) in mine
    async with page_of(house.browser, address) as page:
        await log_in(page, address, "leader", "/call-and-respond")
        await page.get_by_test_id("callout-limits-open").click()
        await page.get_by_test_id("limit-red-village").fill("25")
        await page.get_by_test_id("limits-reason").fill("县级预案修订")
        await page.get_by_test_id("limits-save").click()
        await expect(page.get_by_test_id("callout-limits")).to_have_count(0)
    now = (await house.officer.get("/api/call-and-respond/limits")).json()
    assert (now["red"]["village"], now["reason"]) == (25, "县级预案修订")
