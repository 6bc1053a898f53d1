"""Two centres in real browsers: one reports, the other receives, acknowledges and opens an incident."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import httpx
import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, expect

from app.stage.seed import write_map
from tests.browser import log_in, page_of, turn_to
from tests.database import Postgres
from tests.node import Service

pytestmark = [pytest.mark.browser, pytest.mark.database]
KEYS = {"ZHISHOU_EXCHANGE_KEYS": "zc-1=a-secret-that-is-long-enough-to-be-one"}
CITY, OURS = "市应急管理局", "樟川市应急指挥中心"
Centres = tuple[Service, Service, Browser]


@pytest_asyncio.fixture(loop_scope="session")
async def centres(
    postgres: Postgres, city_url: str, tmp_path: Path, browser: Browser
) -> AsyncIterator[Centres]:
    """The county's centre and the one above it, each a process with a database of its own."""
    async with AsyncExitStack() as stack:
        above_url = await stack.enter_async_context(postgres.city())
        houses = []
        for name, url in (("ours", city_url), ("above", above_url)):
            (tmp_path / name).mkdir()
            write_map(tmp_path / name / "map")
            houses.append(await stack.enter_async_context(Service(url, tmp_path / name, KEYS)))
        yield houses[0], houses[1], browser


async def _did(client: httpx.AsyncClient, path: str, told: dict[str, Any]) -> dict[str, Any]:
    answer = await client.post(path, json=told)
    assert answer.status_code in (200, 201), answer.text
    found: dict[str, Any] = answer.json()
    return found


async def _signed(ours: Service) -> dict[str, Any]:
    """A report of a new incident to the city, signed and not sent yet."""
    async with (
        ours.client("chenjie") as officer,
        ours.client("shift") as lead,
        ours.client("leader") as leader,
    ):
        village = next(
            one for one in (await officer.get("/api/reference")).json()["regions"] if one["kind"] == "village"
        )
        about = {
            "event_code": "11A01",
            "region_code": village["code"],
            "title": "洪水围困3人",
            "description": "3人被困屋顶，水深约1.2米。",
        }
        incident = await _did(officer, "/api/incidents", about)
        told = {"kind": "initial", "addressees": [{"node": "P", "name": CITY}], "contact": "0790-110"}
        report = await _did(officer, f"/api/incidents/{incident['id']}/reports", told)
        path = f"/api/reports/{report['id']}"
        report = await _did(lead, f"{path}/review", {"revision": report["revision"]})
        return await _did(leader, f"{path}/sign", {"revision": report["revision"]})


async def test_a_report_goes_to_the_centre_above_is_acknowledged_and_becomes_an_incident_there(
    centres: Centres,
) -> None:
    ours, above, browser = centres
    async with above.client("shift") as lead:
        told = {"node": "D", "name": OURS, "url": ours.address, "key_id": "zc-1", "scope": "990181"}
        await _did(lead, "/api/exchange/peers", told)
    report = await _signed(ours)
    async with (
        page_of(browser, ours.address) as lead_page,
        page_of(browser, ours.address) as officer,
        page_of(browser, above.address) as duty,
    ):
        await log_in(lead_page, ours.address, "shift", "/exchange/peers")
        await lead_page.get_by_test_id("peer-new").click()
        await lead_page.get_by_test_id("peer-name").fill(CITY)
        await lead_page.get_by_test_id("peer-save").click()
        await expect(lead_page.get_by_test_id("peer-error").first).to_contain_text("密钥编号")
        await lead_page.get_by_test_id("peer-url").fill(above.address)
        await lead_page.get_by_test_id("peer-key").fill("zc-1")
        await lead_page.get_by_test_id("peer-phone").fill("0790-8123")
        await _shot(lead_page, "exchange-peer-form")
        await lead_page.get_by_test_id("peer-save").click()
        await expect(lead_page.get_by_test_id("peer-1")).to_contain_text(CITY)
        await expect(lead_page.get_by_test_id("peer-no-key")).to_have_count(0)
        await _shot(lead_page, "exchange-peers")

        await log_in(duty, above.address, "chenjie")
        await expect(duty.get_by_test_id("conn-state")).to_have_attribute("data-state", "live")
        await turn_to(duty, "exchange")
        await expect(duty.get_by_test_id("received-none")).to_be_visible()

        await log_in(officer, ours.address, "chenjie", f"/i/{report['incident_id']}")
        await officer.get_by_test_id("report-send").click()
        to = officer.get_by_test_id("report-to-P")
        delivery = to.get_by_test_id("delivery")
        await expect(delivery).to_have_attribute("data-standing", "delivered")
        await expect(delivery).to_contain_text("收报〔")
        await expect(to).to_have_attribute("data-confirmed", "true")
        await expect(officer.get_by_test_id("report-state-1")).to_have_text("已收悉")

        card = duty.get_by_test_id("received-1")
        await expect(card).to_contain_text(OURS)
        await duty.get_by_test_id("received-show-1").click()
        await expect(card.get_by_test_id("received-text")).to_contain_text("3人被困屋顶")
        await _shot(duty, "exchange-received")
        await duty.get_by_test_id("received-ack-1").click()
        await expect(card.get_by_test_id("received-state")).to_have_text("已收悉")
        await expect(delivery).to_have_attribute("data-standing", "acknowledged")
        await expect(delivery).to_contain_text("陈洁")
        await officer.get_by_test_id("reports-pane").scroll_into_view_if_needed()
        await _shot(officer, "exchange-delivery")

        await duty.get_by_test_id("received-open-1").click()
        await expect(duty.get_by_test_id("open-notice")).to_be_visible()
        await duty.get_by_test_id("notice-open-save").click()
        await expect(duty.get_by_test_id("incident-drawer")).to_be_visible()
        await turn_to(duty, "exchange")
        await expect(duty.get_by_test_id("received-incident-1")).to_be_visible()

        await turn_to(officer, "exchange")
        await officer.get_by_test_id("tab-outgoing").click()
        await expect(officer.get_by_test_id("outgoing-1")).to_have_attribute("data-standing", "acknowledged")
        await _shot(officer, "exchange-outgoing")
        await officer.get_by_test_id("lang").click()
        await expect(officer.get_by_test_id("outgoing-1")).to_contain_text("acknowledged there")


async def test_a_report_file_is_exported_by_one_centre_and_imported_unsigned_by_another(
    centres: Centres, tmp_path: Path
) -> None:
    ours, above, browser = centres
    report = await _signed(ours)
    async with page_of(browser, ours.address) as officer, page_of(browser, above.address) as duty:
        await log_in(officer, ours.address, "chenjie", f"/i/{report['incident_id']}")
        async with officer.expect_download() as file:
            await officer.get_by_test_id("report-export-P").click()
        saved = tmp_path / "report.zip"
        await (await file.value).save_as(saved)
        await log_in(duty, above.address, "chenjie", "/exchange")
        await duty.get_by_test_id("received-file").set_input_files(saved)
        await expect(duty.get_by_test_id("received-1")).to_contain_text(report["title"])
        await expect(duty.get_by_test_id("received-unsigned")).to_be_visible()


async def test_a_centre_that_cannot_be_reached_shows_why_and_whom_to_phone(centres: Centres) -> None:
    ours, _, browser = centres
    async with ours.client("shift") as lead:
        told = {
            "node": "P",
            "name": CITY,
            "url": "http://127.0.0.1:1",
            "key_id": "zc-1",
            "phone": "0790-8123",
        }
        await _did(lead, "/api/exchange/peers", told)
    report = await _signed(ours)
    async with page_of(browser, ours.address) as officer:
        await log_in(officer, ours.address, "chenjie", f"/i/{report['incident_id']}")
        await officer.get_by_test_id("report-send").click()
        delivery = officer.get_by_test_id("report-to-P").get_by_test_id("delivery")
        await expect(delivery).to_have_attribute("data-standing", "waiting")
        await turn_to(officer, "exchange")
        await officer.get_by_test_id("tab-outgoing").click()
        line = officer.get_by_test_id("outgoing-1")
        await expect(line).to_contain_text("待送达")
        await officer.get_by_test_id("outgoing-retry-1").click()
        await expect(line.get_by_test_id("delivery-trouble")).to_contain_text("连不上对方系统")
        await expect(line).to_contain_text("请电话 0790-8123")
        await _shot(officer, "exchange-waiting")


async def _shot(page: Page, name: str) -> None:
    """Take pictures in both themes when somebody wants to look."""
    folder = os.environ.get("ZHISHOU_SCREENSHOTS")
    if folder is None:
        return
    for theme in ("dark", "light"):
        await page.evaluate(f"document.documentElement.dataset.theme = '{theme}'")
        await page.screenshot(path=Path(folder) / f"{name}-{theme}.png")
