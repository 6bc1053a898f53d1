"""The minimum kit on the devices page, in a real browser."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

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
