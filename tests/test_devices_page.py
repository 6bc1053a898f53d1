"""The devices page in a real browser: register, tests, calls that become incidents, sheets, languages."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import httpx
import pytest
import pytest_asyncio
from openpyxl import load_workbook
from playwright.async_api import Browser, Page, expect

from app.clock import SystemClock
from app.db import Database
from app.demo.devices import DEMO_GATEWAY
from app.devices.credentials.actions import note
from app.devices.credentials.rules import Renewal
from app.dispatch.actions import intake
from app.org import store as org
from app.signals import Distress, Ring, Trouble
from app.stage.seed import write_map
from tests.browser import log_in, page_of
from tests.node import Service

pytestmark = [pytest.mark.browser, pytest.mark.database]
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass
class House:
    """A service with the fictional city, its database, a browser and who keeps the devices."""

    service: Service
    database: Database
    browser: Browser
    keeper: httpx.AsyncClient

    async def device(self, label: str) -> dict[str, object]:
        """Find a device of the register by its label."""
        rows: list[dict[str, object]] = (await self.keeper.get("/api/devices")).json()
        return next(row for row in rows if row["label"] == label)

    async def hear(self, label: str, signal: Ring | Trouble | Distress) -> int:
        """Let a device say something, as its driver would."""
        return await self.hear_row(await self.device(label), signal)

    async def hear_row(self, row: dict[str, object], signal: Ring | Trouble | Distress) -> int:
        """The same for a device that was looked up already."""
        now = SystemClock().now()
        async with self.database.transaction() as tx:
            device = await org.device_by_number(tx, [str(row["family"])], str(row["number"]))
            assert device is not None
            match signal:
                case Ring():
                    heard = await intake.hear_ring(tx, device, signal, b"", now)
                case Trouble():
                    heard = await intake.hear_trouble(tx, device, signal, b"", now)
                case Distress():
                    heard = await intake.hear_distress(tx, device, signal, b"", now)
        assert heard is not None
        return heard


@pytest_asyncio.fixture(loop_scope="session")
async def house(city_url: str, tmp_path: Path, browser: Browser) -> AsyncIterator[House]:
    """The fictional city, without devices that speak. The password of its gateway is 400 days old."""
    database = Database(city_url)
    write_map(tmp_path / "map")
    listed, long_ago = tmp_path / "gateway_credentials", SystemClock().now() - timedelta(days=400)
    listed.write_text(f"{DEMO_GATEWAY}\t{long_ago:%Y-%m-%dT%H:%M:%SZ}\tzhou@centre\n")
    given = {"ZHISHOU_GATEWAY_CREDENTIALS": str(listed)}
    async with AsyncExitStack() as stack:
        stack.push_async_callback(database.close)
        service = await stack.enter_async_context(Service(city_url, tmp_path, given))
        keeper = await stack.enter_async_context(service.client("devadmin"))
        yield House(service, database, browser, keeper)


async def _open(page: Page, address: str, username: str, path: str = "/devices") -> None:
    await log_in(page, address, username, path)
    await expect(page.get_by_test_id("conn-state")).to_have_attribute("data-state", "live")


async def test_the_register_is_found_by_kind_township_and_words_and_a_drawer_tells_all(house: House) -> None:
    radio = await house.device("临溪1")
    async with page_of(house.browser, house.service.address) as page:
        await _open(page, house.service.address, "chenjie")
        count = page.get_by_test_id("register-count")
        everything = len((await house.keeper.get("/api/devices")).json())
        await expect(count).to_have_text(f"{everything} 台")
        assert await page.locator("tr.row").count() < 100, "only rows in sight are drawn"
        await page.get_by_test_id("register-kind").select_option("radio_370")
        await page.get_by_test_id("register-region").select_option("990181100")
        await expect(count).to_have_text("2 台")
        await page.get_by_test_id("mark-silent").click()
        await expect(count).to_have_text("0 台")  # never heard is not silent
        await page.get_by_test_id("register-clear").click()
        await page.keyboard.press("/")
        await page.keyboard.type("linxi 370101" if radio["number"] == "370101" else str(radio["number"]))
        await expect(count).to_have_text("1 台")
        await page.get_by_test_id(f"device-{radio['id']}").click()
        drawer = page.get_by_test_id("device-drawer")
        await expect(drawer).to_contain_text(str(radio["holder_name"]))
        await expect(page.get_by_test_id("device-edit")).to_have_count(0)  # the desk reads, it does not keep
        await page.keyboard.press("Escape")
        await expect(drawer).to_have_count(0)
        await expect(count).to_have_text("1 台")  # the filter stays


async def test_a_test_recorded_by_hand_turns_its_cell(house: House) -> None:
    radio = await house.device("临溪1")
    async with page_of(house.browser, house.service.address) as page:
        await _open(page, house.service.address, "devadmin", f"/devices/{radio['id']}")
        await page.get_by_test_id("test-by-hand").click()
        await page.get_by_test_id("test-detail").fill("无应答 <b>")
        await page.get_by_test_id("test-failed").click()
        await expect(page.get_by_text("无应答 <b>").first).to_be_visible()
        await page.get_by_test_id("tab-tests").click()
        cell = page.get_by_test_id("cell-990181100000-radio_370")
        await expect(cell).to_have_attribute("data-look", "failed")
        await cell.click()
        await expect(page.get_by_test_id("register-count")).to_have_text("1 台")
        await expect(page.get_by_test_id(f"device-{radio['id']}")).to_have_attribute("data-test", "failed")


async def test_a_call_becomes_an_incident_with_the_callers_number_and_name(house: House) -> None:
    known = next(r for r in (await house.keeper.get("/api/devices")).json() if r["holder_phone"])
    async with page_of(house.browser, house.service.address) as page:
        await _open(page, house.service.address, "chenjie", "/")
        call = await house.hear("市卫星电话1", Ring("call-1", known["holder_phone"]))
        card = page.get_by_test_id(f"alarm-{call}")
        await expect(card).to_contain_text(known["holder_phone"])
        await expect(page.locator("body")).to_have_attribute("data-sounding", "")
        await page.get_by_test_id("call-answer").click()
        await expect(page.get_by_test_id("intake-caller-phone")).to_have_value(known["holder_phone"])
        name = await page.get_by_test_id("intake-caller-name").input_value()
        assert name.startswith(known["holder_name"])
        await expect(card).to_have_attribute("data-state", "acknowledged")  # others see it is taken
        await page.get_by_test_id("intake-place").fill("东岸")
        await page.get_by_test_id("intake-place-option-0").click()
        await page.get_by_test_id("intake-type").fill("11A01")
        await page.get_by_test_id("intake-type-option-0").click()
        await page.get_by_test_id("intake-submit").click()
        await expect(page.get_by_test_id("incident-drawer")).to_be_visible()
        await expect(card).to_have_count(0)
    async with house.service.client("wangjun") as desk:
        incident = (await desk.get("/api/snapshot")).json()["incidents"][0]
    assert (incident["source"], incident["alarm_ids"]) == ("telephone", [call])
    assert (incident["callers"][0]["phone"], incident["region_code"]) == (
        known["holder_phone"],
        "990181100204",
    )


async def test_troubles_of_devices_stay_below_a_call_for_help_and_make_no_alarm(house: House) -> None:
    async with page_of(house.browser, house.service.address) as page:
        await _open(page, house.service.address, "chenjie", "/")
        for n in range(1, 6):
            await house.hear(f"市手{n}", Trouble("low_battery", f"battery-{n}", "12%"))
        troubles = page.get_by_test_id("troubles")
        await expect(troubles).to_contain_text("5")
        await expect(troubles).to_contain_text("电量低")
        await expect(page.locator("body")).to_have_attribute("data-sounding", "")
        await expect(page.get_by_test_id("count-alarms")).to_have_text("0")
        sos = await house.hear("临溪1", Distress("sos-1"))
        card = page.get_by_test_id(f"alarm-{sos}")
        await expect(card).to_have_attribute("aria-current", "true")  # it comes to hand by itself
        await expect(page.locator("body")).to_have_attribute("data-sounding", "sos")
        above, below = await card.bounding_box(), await troubles.bounding_box()
        assert above is not None and below is not None and above["y"] < below["y"]
        await page.keyboard.press("e")  # the devices page does not hide it either
        await expect(page.get_by_test_id("distress-elsewhere")).to_be_visible()
        await expect(page.locator("body")).to_have_attribute("data-sounding", "sos")
        await page.get_by_test_id("distress-desk").click()
        await page.keyboard.press("a")
        await expect(page.locator("body")).to_have_attribute("data-sounding", "")


async def test_a_sheet_with_a_bad_cell_is_named_and_nothing_is_taken(house: House) -> None:
    sheet = (await house.keeper.get("/api/devices/export.xlsx")).content
    async with page_of(house.browser, house.service.address) as page:
        await _open(page, house.service.address, "devadmin")
        await page.get_by_test_id("register-import").click()
        chosen = page.get_by_test_id("import-file")
        await chosen.set_input_files(
            {"name": "台账.xlsx", "mimeType": XLSX, "buffer": _changed(sheet, "号码", "x y")}
        )
        faults = page.get_by_test_id("import-faults")
        await expect(faults).to_contain_text("2")  # of row 2
        await expect(page.get_by_test_id("import-apply")).to_be_disabled()
        await chosen.set_input_files(
            {"name": "台账.xlsx", "mimeType": XLSX, "buffer": _changed(sheet, "备注", "在柜中")}
        )
        await expect(page.get_by_test_id("import-clean")).to_be_visible()
        await page.get_by_test_id("import-apply").click()
        await expect(page.get_by_test_id("import-dialog")).to_have_count(0)
    rows = (await house.keeper.get("/api/devices")).json()
    assert [row["note"] for row in rows if row["note"]] == ["在柜中"]


async def test_a_roll_call_is_ticked_by_call_sign_and_names_the_missing(house: House) -> None:
    async with page_of(house.browser, house.service.address) as page:
        await _open(page, house.service.address, "chenjie", "/devices/radio")
        await page.get_by_test_id("roll-new").click()
        await page.get_by_test_id("roll-place").select_option("990181100000")
        await page.get_by_test_id("roll-open").click()
        await page.get_by_test_id("roll-say").fill("临溪2")
        await page.get_by_test_id("roll-say").press("Enter")
        await expect(page.get_by_test_id("roll-answered")).to_have_text("1")
        await expect(page.get_by_test_id("roll-missing")).to_contain_text("临溪1")
        await page.get_by_test_id("roll-close").click()
        await expect(page.get_by_test_id("roll-call")).to_have_attribute("data-state", "closed")


async def test_a_number_in_quarantine_is_filed(house: House) -> None:
    async with house.database.transaction() as tx:
        await org.note_unknown(tx, "hdap", "371999", b"\x02", SystemClock().now())
    async with page_of(house.browser, house.service.address) as page:
        await _open(page, house.service.address, "devadmin", "/devices/unknown")
        await page.get_by_test_id("file-371999").click()
        await page.get_by_test_id("form-label").fill("临溪3")
        await page.get_by_test_id("form-region").fill("临溪镇")
        await page.get_by_test_id("form-region-option-0").click()
        await page.get_by_test_id("form-save").click()
        await expect(page.get_by_test_id("unknown-hdap-371999")).to_have_count(0)
    filed = await house.device("临溪3")
    assert (filed["kind"], filed["region_code"]) == ("radio_370", "990181100000")


async def test_a_gateways_overdue_password_is_marked_until_it_is_renewed(house: House) -> None:
    async with (
        page_of(house.browser, house.service.address) as page,
        page_of(house.browser, house.service.address) as desk,
    ):
        await _open(page, house.service.address, "devadmin")
        await _open(desk, house.service.address, "chenjie", "/")
        mark = page.get_by_test_id("mark-credential")
        await expect(mark).to_have_text("口令超期1", timeout=15_000)  # the service has read the list
        gateway = await house.device("370兆电台网关")
        await mark.click()
        await expect(page.get_by_test_id("register-count")).to_have_text("1 台")
        await expect(page.get_by_test_id(f"late-{gateway['id']}")).to_have_attribute("aria-label", "口令超期")
        await page.get_by_test_id(f"device-{gateway['id']}").click()
        told = page.get_by_test_id("device-credential")
        await expect(told).to_contain_text("已用 400 天")
        await expect(told).to_contain_text("zhou@centre 更换")
        await expect(told).to_contain_text("超期 35 天")
        await expect(told).to_contain_text("到期")
        await _picture(page, "credential-overdue")
        await page.get_by_test_id("lang").click()
        await expect(mark).to_contain_text("Password overdue")
        await expect(told).to_contain_text("in use for 400 d")
        await expect(told).to_contain_text("35 d overdue: renew it")
        await _picture(page, "credential-overdue-en")
        await page.get_by_test_id("lang").click()

        now = SystemClock().now()
        async with house.database.transaction() as tx:
            assert await note(tx, "990181", Renewal(DEMO_GATEWAY, now, "周强"), now, "command")
        await expect(told).to_have_attribute("data-word", "ok")
        await expect(told).to_contain_text("已用 0 天")
        await expect(told).to_contain_text("周强 更换")
        await expect(page.get_by_test_id("register-count")).to_have_text("0 台")
        await _picture(page, "credential-renewed")
        await expect(desk.get_by_text("接入口令已更换 370兆电台网关：周强").first).to_be_visible()
        await _picture(desk, "credential-log")


async def _picture(page: Page, name: str) -> None:
    if folder := os.environ.get("ZHISHOU_SCREENSHOTS"):
        await page.screenshot(path=Path(folder) / f"{name}.png")


async def test_the_devices_page_speaks_english(house: House) -> None:
    async with page_of(house.browser, house.service.address) as page:
        await _open(page, house.service.address, "chenjie")
        await page.get_by_test_id("lang").click()
        await expect(page.get_by_test_id("tab-unknown")).to_contain_text("Unregistered")
        await expect(page.get_by_test_id("mark-never_heard")).to_contain_text("Never heard")


def _changed(sheet: bytes, header: str, value: str) -> bytes:
    """Return the sheet with one cell of its first row of data changed."""
    book = load_workbook(BytesIO(sheet))
    table = book.worksheets[0]
    column = next(n for n, cell in enumerate(table[1], start=1) if str(cell.value).startswith(header))
    table.cell(row=2, column=column, value=value)
    changed = BytesIO()
    book.save(changed)
    return changed.getvalue()


async def test_a_channel_and_a_team_are_taken_out_of_the_ladder_and_every_page_says_so(house: House) -> None:
    async with page_of(house.browser, house.service.address) as page:
        await _open(page, house.service.address, "shift", "/devices/maintenance")
        await expect(page.get_by_test_id("maintenance")).to_contain_text("没有检修中的渠道和队伍")
        await page.get_by_test_id("maintenance-what").select_option("beidou")
        await page.get_by_test_id("maintenance-reason").fill("指挥机升级")
        await page.get_by_test_id("maintenance-begin").click()
        await expect(page.get_by_test_id("maintenance-1")).to_contain_text("指挥机升级")
        await expect(page.get_by_test_id("maintenance-bar")).to_contain_text("北斗")

        await page.get_by_test_id("maintenance-what").select_option("team")
        await page.get_by_test_id("maintenance-team").fill("临溪镇综合")
        await page.get_by_test_id("maintenance-reason").fill("换装")
        await page.get_by_test_id("maintenance-begin").click()
        await expect(page.get_by_test_id("maintenance-2")).to_contain_text("临溪镇综合")
        await expect(page.get_by_test_id("maintenance-bar")).to_contain_text("检修中 2 项")
        await _picture(page, "maintenance")

        await page.get_by_test_id("page-desk").click()
        await page.get_by_test_id("maintenance-bar").click()
        await page.get_by_test_id("maintenance-end-1").click()
        await expect(page.get_by_test_id("maintenance-1")).to_have_count(0)
        await expect(page.get_by_test_id("maintenance-bar")).not_to_contain_text("北斗")
        await page.get_by_test_id("maintenance-end-2").click()
        await expect(page.get_by_test_id("maintenance-bar")).to_have_count(0)
