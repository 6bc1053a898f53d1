"""A roll call on a phone 360 px wide: one large button, pressed offline, ticked once at the desk."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from tests.browser import page_of
from tests.test_field_page import House, _emptied, _let_in, house

__all__ = ["house"]
pytestmark = [pytest.mark.browser, pytest.mark.database]


async def test_a_roll_call_rings_is_answered_offline_with_one_button_and_ticks_at_the_desk(
    house: House,
) -> None:
    person = await house.responder()
    async with house.service.client("devadmin") as admin:
        device = (await admin.get("/api/devices")).json()[0]["id"]
        gave = await admin.patch(f"/api/devices/{device}", json={"holder_id": person})
        assert gave.status_code == 200, gave.text
    async with page_of(house.browser, house.line.address, width=360, height=740, mobile=True) as phone:
        await _let_in(house, phone, person)
        made = await house.desk.post("/api/roll-calls", json={"title": "晚间点名", "device_ids": [device]})
        assert made.status_code == 201, made.text
        call = made.json()["id"]
        button = phone.get_by_test_id(f"field-roll-here-{call}")
        await expect(button).to_be_visible()
        box = await button.bounding_box()
        assert box is not None
        assert box["height"] >= 100 and box["width"] >= 250
        await house.service.kill()
        await button.click()
        await expect(phone.get_by_test_id(f"field-roll-{call}")).to_contain_text("待网络恢复后发出")
        await expect(phone.get_by_test_id("field-outbox")).to_have_attribute("data-count", "1")
        await house.service.start()
        await _emptied(phone)
        await expect(phone.get_by_test_id(f"field-roll-{call}")).to_have_attribute("data-answered", "true")
        told = [e["answer"] for e in await house.events() if e["type"] == "roll_call.answered"]
        assert [(one["device_id"], one["state"], one["how"]) for one in told] == [(device, "answered", "app")]
        detail = (await house.desk.get(f"/api/roll-calls/{call}")).json()
        assert (detail["answered"], detail["waiting"]) == (1, 0)
