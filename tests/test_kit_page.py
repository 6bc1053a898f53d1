"""The minimum kit on the devices page, in a real browser."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from app.clock import SystemClock
from app.org import store as org
from tests.browser import page_of
from tests.test_devices_page import House, _open, house

__all__ = ["house"]
pytestmark = [pytest.mark.browser, pytest.mark.database]
LINXI = "990181100000"


async def test_a_township_with_a_failed_satellite_phone_is_short_and_its_cell_leads_there(
    house: House,
) -> None:
    phone = await house.device("临溪卫星电话")
    radio = await house.device("临溪1")
    for device, passed in ((phone, False), (radio, True)):
        told = {"by_hand": {"passed": passed, "detail": ""}}
        assert (await house.keeper.post(f"/api/devices/{device['id']}/tests", json=told)).status_code == 201
    async with page_of(house.browser, house.service.address) as page:
        await _open(page, house.service.address, "chenjie", "/devices/kit")
        cell = page.get_by_test_id(f"kit-township-{LINXI}-satellite_phone")
        await expect(cell).to_have_attribute("data-verdict", "short")
        await expect(cell).to_contain_text("0/1坏1")
        radios = page.get_by_test_id(f"kit-township-{LINXI}-radio_370")
        await expect(radios).to_have_attribute("data-verdict", "untested")
        await expect(radios).to_contain_text("1/2未测1")
        park = page.get_by_test_id("kit-park-990181450000-broadcast_terminal")
        await expect(park).to_contain_text("缺1")  # nobody ever bought one
        await expect(page.get_by_test_id("kit-teams")).to_be_visible()
        await cell.click()
        await expect(page.get_by_test_id("register-count")).to_have_text("1 台")
        await expect(page.get_by_test_id(f"device-{phone['id']}")).to_have_attribute("data-test", "failed")


async def test_a_relay_out_of_service_names_the_townships_without_cover(house: House) -> None:
    rows = (await house.keeper.get("/api/devices?")).json()
    relays = [row for row in rows if row["kind"] == "repeater"]
    for row in relays:
        assert (await house.keeper.patch(f"/api/devices/{row['id']}", json={"active": False})).is_success
    async with page_of(house.browser, house.service.address) as page:
        await _open(page, house.service.address, "chenjie", "/devices/kit")
        card = page.get_by_test_id(f"relay-{relays[0]['id']}")
        await expect(card).to_have_attribute("data-trouble", "off")
        await expect(card).to_contain_text("失去覆盖")
        assert await card.locator(".place").count() > 0
        await page.get_by_test_id("lang").click()
        await expect(card).to_contain_text("Without cover")


async def test_chosen_devices_are_called_by_name(house: House) -> None:
    first, second = await house.device("临溪1"), await house.device("临溪卫星电话")
    async with page_of(house.browser, house.service.address) as page:
        await _open(page, house.service.address, "chenjie", "/devices?region=990181100&q=临溪")
        for device in (first, second):
            await page.get_by_test_id(f"pick-{device['id']}").check()
        await page.get_by_test_id("register-roll").click()
        call = page.get_by_test_id("roll-call")
        await expect(call).to_contain_text("指定设备点名（2 台）")
        await page.get_by_test_id(f"sign-{second['id']}").click()
        await expect(page.get_by_test_id("roll-answered")).to_have_text("1")
        await expect(page.get_by_test_id("roll-missing")).to_contain_text("临溪1")


async def test_the_fence_and_the_reason_out_of_service_stand_in_the_form(house: House) -> None:
    radio = await house.device("临溪1")
    async with page_of(house.browser, house.service.address) as page:
        await _open(page, house.service.address, "devadmin", f"/devices/{radio['id']}")
        await page.get_by_test_id("device-edit").click()
        await page.get_by_test_id("form-fenced").check()
        await page.get_by_test_id("form-save").click()
        await expect(page.get_by_test_id("device-drawer")).to_contain_text("越界告警")
        await page.get_by_test_id("device-off").click()
        await page.get_by_test_id("device-off-reason").fill("送修")
        await page.get_by_test_id("device-off-submit").click()
        await expect(page.get_by_test_id("device-drawer")).to_contain_text("送修")
        await page.get_by_test_id("device-edit").click()
        await page.get_by_test_id("form-off-reason").fill("送修,配件未到")
        await page.get_by_test_id("form-save").click()
        await expect(page.get_by_test_id("device-drawer")).to_contain_text("配件未到")
        await page.get_by_test_id("device-on").click()
        await expect(page.get_by_test_id("device-drawer")).not_to_contain_text("送修")
    again = await house.device("临溪1")
    assert (again["fenced"], again["off_reason"], again["note"]) == (True, "", "")


async def test_a_number_in_quarantine_is_dismissed_with_a_reason(house: House) -> None:
    async with house.database.transaction() as tx:
        await org.note_unknown(tx, "hdap", "371999", b"\x02", SystemClock().now())
    async with page_of(house.browser, house.service.address) as page:
        await _open(page, house.service.address, "devadmin", "/devices/unknown")
        await page.get_by_test_id("dismiss-371999").click()
        await page.get_by_test_id("dismiss-reason").fill("邻县电台")
        await page.get_by_test_id("dismiss-submit").click()
        await expect(page.get_by_test_id("unknown-hdap-371999")).to_have_count(0)
