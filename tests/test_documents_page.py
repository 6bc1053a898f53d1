"""The page of documents in a real browser: filed, looked at, taken out; a text is signed; templates."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, expect

from app.clock import SystemClock
from app.db import Database
from app.stage.orders import give_orders
from app.stage.seed import write_map
from tests.browser import log_in, page_of, turn_to
from tests.node import Service
from tests.orders.order_evening import SERIES

pytestmark = [pytest.mark.browser, pytest.mark.database]
BROKEN = "@标题：{标题}\n@栏宽：1|2\n"


@dataclass
class House:
    """A service with the fictional city and its orders, a browser, and the desk's own client."""

    service: Service
    browser: Browser
    desk: httpx.AsyncClient


@pytest_asyncio.fixture(loop_scope="session")
async def house(city_url: str, tmp_path: Path, browser: Browser) -> AsyncIterator[House]:
    """The demo as a newcomer finds it; the county's folder of templates holds one file, and that is wrong."""
    database = Database(city_url)
    await give_orders(database, SERIES, SystemClock().now())
    write_map(tmp_path / "map")
    own = tmp_path / "templates"
    own.mkdir()
    (own / "damage_table.txt").write_text(BROKEN, encoding="utf-8")
    settings = {"ZHISHOU_DOCUMENT_TEMPLATES": str(own)}
    async with AsyncExitStack() as stack:
        stack.push_async_callback(database.close)
        service = await stack.enter_async_context(Service(city_url, tmp_path, settings))
        yield House(service, browser, await stack.enter_async_context(service.client("wangjun")))


async def _picture(page: Page, name: str) -> None:
    if folder := os.environ.get("ZHISHOU_SCREENSHOTS"):
        await page.screenshot(path=Path(folder) / f"{name}.png")


async def _open(page: Page, house: House, username: str) -> None:
    await log_in(page, house.service.address, username)
    await expect(page.get_by_test_id("conn-state")).to_have_attribute("data-state", "live")
    await turn_to(page, "documents")
    await expect(page.get_by_test_id("documents-page")).to_be_visible()


async def _incident(house: House, title: str, **more: Any) -> int:
    reference = (await house.desk.get("/api/reference")).json()
    village = next(one["code"] for one in reference["regions"] if one["kind"] == "village")
    code = more.pop("code", None) or reference["event_types"][0]["code"]
    told = {"event_code": code, "region_code": village, "title": title, **more}
    answer = await house.desk.post("/api/incidents", json=told)
    assert answer.status_code == 201, answer.text
    return int(answer.json()["id"])


async def test_a_call_record_is_filed_looked_at_and_taken_out(house: House) -> None:
    await _incident(house, "东岸村洪水被困", description="3人被困")
    async with page_of(house.browser, house.service.address) as page:
        await _open(page, house, "wangjun")
        await expect(page.get_by_test_id("document-none")).to_be_visible()
        await page.get_by_test_id("document-new").click()
        await expect(page.get_by_test_id("file-subject")).to_contain_text("东岸村洪水被困")
        await expect(page.get_by_test_id("file-preview")).to_have_attribute("href", _re("preview.pdf"))
        await page.get_by_test_id("file-save").click()

        view = page.get_by_test_id("document-view")
        await expect(view).to_contain_text("樟应接〔")
        row = page.locator("tr[data-kind=call_record]")
        await expect(row).to_contain_text("接报单")
        await expect(row).to_contain_text("王军")
        frame = page.get_by_test_id("paper-frame")
        if await frame.get_attribute("data-shows") == "pdf":
            await expect(page.get_by_test_id("paper-pdf-frame")).to_have_attribute("src", _re("view.pdf"))
            await _picture(page, "documents-paper")
            await page.get_by_test_id("paper-words").click()
        await expect(page.get_by_test_id("paper-text")).to_contain_text("3人被困")
        await _picture(page, "documents-words")

        for times, form in enumerate(("pdf", "docx"), start=1):
            async with page.expect_download() as waited:
                await page.get_by_test_id(f"document-take-{form}").click()
            assert (await waited.value).suggested_filename.endswith(f".{form}")
            await expect(page.get_by_test_id("document-prints")).to_contain_text(f"{times} 次")
            await expect(row.locator("td").last).to_have_text(str(times))


async def test_a_search_narrows_the_archive(house: House) -> None:
    for n, kind in enumerate(("call_record", "damage_table", "call_record")):
        incident = await _incident(house, f"第{n}起")
        told = {"kind": kind, "id": incident, "drill": n == 2}
        assert (await house.desk.post("/api/documents", json=told)).status_code == 201
    async with page_of(house.browser, house.service.address) as page:
        await _open(page, house, "wangjun")
        rows = page.get_by_test_id("document-rows").locator("tbody tr")
        await expect(rows).to_have_count(3)
        await page.get_by_test_id("document-kind").select_option("call_record")
        await expect(rows).to_have_count(2)
        await page.get_by_test_id("document-drill").select_option("true")
        await expect(rows).to_have_count(1)
        await expect(rows).to_contain_text("演练樟应接〔")
        await page.get_by_test_id("document-words").fill("没有这样的")
        await expect(page.get_by_test_id("document-none")).to_be_visible()


async def test_a_special_report_is_written_by_the_officer_and_signed_by_the_leader(house: House) -> None:
    async with page_of(house.browser, house.service.address) as page:
        await _open(page, house, "wangjun")
        await page.get_by_test_id("documents-tab-drafts").click()
        await expect(page.get_by_test_id("draft-none")).to_be_visible()
        await page.get_by_test_id("draft-new-special_report").click()
        await page.get_by_test_id("draft-title").fill("关于堤防渗漏的专报")
        await page.get_by_test_id("draft-text").fill("一、情况\n已处置。")
        await page.get_by_test_id("draft-to").fill("市应急管理局、市水利局")
        await page.get_by_test_id("draft-save").click()
        row = page.get_by_test_id("draft-rows").locator("tbody tr")
        await expect(row).to_have_attribute("data-state", "draft")
        await expect(row.get_by_role("button", name="签发")).to_have_count(0)
    async with page_of(house.browser, house.service.address) as page:
        await _open(page, house, "leader")
        await page.get_by_test_id("documents-tab-drafts").click()
        row = page.get_by_test_id("draft-rows").locator("tbody tr")
        await expect(row).to_contain_text("关于堤防渗漏的专报")
        await row.get_by_role("button", name="签发").click()
        await expect(row).to_have_attribute("data-state", "signed")
        await expect(row).to_contain_text("樟应专〔")
        await row.get_by_role("link", name="查看").click()
        await expect(page.get_by_test_id("document-view")).to_contain_text("樟应专〔")
        await _picture(page, "documents-signed")


async def test_the_templates_tell_which_is_the_countys_own_and_where_it_is_wrong(house: House) -> None:
    async with page_of(house.browser, house.service.address) as page:
        await _open(page, house, "wangjun")
        await page.get_by_test_id("documents-tab-templates").click()
        wrong = page.get_by_test_id("template-damage_table")
        await expect(wrong).to_have_attribute("data-state", "faulty")
        await expect(wrong).to_contain_text("第 2 行")
        await expect(page.get_by_test_id("template-report_initial")).to_have_attribute(
            "data-state", "shipped"
        )
        await expect(page.get_by_test_id("template-minutes")).to_contain_text("文件不存在")
        await _picture(page, "documents-templates")


async def test_a_township_sees_its_own_documents_alone(house: House) -> None:
    incident = await _incident(house, "全市可见")
    await house.desk.post("/api/documents", json={"kind": "call_record", "id": incident})
    async with page_of(house.browser, house.service.address) as page:
        await _open(page, house, "linxi")
        await expect(page.get_by_test_id("document-none")).to_be_visible()


def _re(part: str) -> Any:
    import re

    return re.compile(re.escape(part))
