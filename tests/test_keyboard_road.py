"""The main job by keyboard alone in a real browser: from the call to the report and the closed incident."""

from __future__ import annotations

import pytest
from playwright.async_api import Page, expect

from app.signals import Ring
from tests.browser import page_of
from tests.test_devices_page import House, _open, house

__all__ = ["house"]
pytestmark = [pytest.mark.browser, pytest.mark.database]
FARTHEST = 250


async def _tab_to(page: Page, test_id: str) -> None:
    """Press Tab until what begins with this test id has the focus."""
    for _ in range(FARTHEST):
        at = await page.evaluate("document.activeElement?.dataset?.testid ?? ''")
        if at.startswith(test_id):
            return
        await page.keyboard.press("Tab")
    raise AssertionError(f"{FARTHEST} times Tab did not reach {test_id}")


async def test_a_call_becomes_a_closed_incident_without_the_mouse(house: House) -> None:
    async with page_of(house.browser, house.service.address) as page:
        await _open(page, house.service.address, "chenjie", "/")
        keys = page.keyboard
        # The telephone rings; Enter answers, and the form knows who calls.
        call = await house.hear("市卫星电话1", Ring("call-1", "19900001234"))
        await expect(page.get_by_test_id(f"alarm-{call}")).to_have_attribute("aria-current", "true")
        await keys.press("Enter")
        await expect(page.get_by_test_id("intake-call")).to_contain_text("19900001234")
        await keys.type("dongan")
        await expect(page.get_by_test_id("intake-place-option-0")).to_contain_text("东岸")
        await keys.press("Enter")
        await keys.type("11A01")
        await expect(page.get_by_test_id("intake-type-option-0")).to_be_visible()
        await keys.press("Enter")
        await keys.type("3 people on a roof")
        await _tab_to(page, "intake-life")
        await keys.press("Space")
        await _tab_to(page, "intake-submit")
        await keys.press("Enter")

        # Three keys send the best team.
        drawer = page.get_by_test_id("incident-drawer")
        await expect(drawer).to_contain_text("3 people on a roof")
        await keys.press("d")
        await expect(page.locator("[data-testid^=dispatch-offer-][data-ticked=true]").first).to_be_visible()
        await keys.press("Enter")
        await expect(page.get_by_test_id("dispatch-dialog")).to_have_count(0)

        buttons = drawer.locator("[data-testid^=assignment-next-]")
        sent = (await buttons.first.get_attribute("data-testid") or "").removeprefix("assignment-next-")
        # What the team says by radio is entered with one button that is always the next step.
        for step, state in (
            ("acknowledge", "acknowledged"),
            ("depart", "en_route"),
            ("arrive", "on_scene"),
            ("finish", "task_done"),
        ):
            await expect(page.get_by_test_id(f"assignment-next-{sent}")).to_have_attribute("data-step", step)
            await _tab_to(page, f"assignment-next-{sent}")
            await keys.press("Enter")
            await expect(page.get_by_test_id(f"assignment-{sent}")).to_have_attribute("data-state", state)

        await _tab_to(page, "report-begin-initial")
        await keys.press("Enter")
        await expect(page.get_by_test_id("report-form")).to_be_visible()
        await _tab_to(page, "report-save")
        await keys.press("Enter")
        await expect(page.get_by_test_id("report-form")).to_have_count(0)
        await expect(page.get_by_test_id("reports-pane")).to_contain_text("草稿")

        # The team comes home, the others are called off, and the incident is closed.
        await _tab_to(page, f"assignment-next-{sent}")
        await keys.press("Enter")
        await expect(page.get_by_test_id(f"assignment-{sent}")).to_have_attribute("data-state", "returned")
        rest = drawer.locator("[data-testid^=assignment-cancel-]")
        for one in [await one.get_attribute("data-testid") or "" for one in await rest.all()]:
            number = one.removeprefix("assignment-cancel-")
            await _tab_to(page, f"assignment-reason-{number}")
            await keys.type("not needed")
            await _tab_to(page, one)
            await keys.press("Enter")
            await expect(page.get_by_test_id(one)).to_have_count(0)
        incident = page.url.rpartition("/i/")[2].partition("?")[0]
        await _tab_to(page, "incident-close")
        await keys.press("Enter")
        await _tab_to(page, "incident-close-reason")
        await keys.type("everybody is safe")
        await keys.press("Enter")
        await expect(drawer).to_have_count(0)
        await expect(page.get_by_test_id("count-incidents")).to_have_text("0")

        # Once it is closed, the page still says who was there.
        await page.goto(f"{house.service.address}/i/{incident}")
        await expect(page.get_by_test_id(f"assignment-{sent}")).to_have_attribute("data-state", "returned")


async def test_help_names_the_keys_and_the_palette_finds_by_pinyin_english_and_number(house: House) -> None:
    async with (
        house.service.client("wangjun") as officer,
        page_of(house.browser, house.service.address) as page,
    ):
        opened = {"event_code": "11A01", "region_code": "990181100204", "title": "东岸被困"}
        incident = (await officer.post("/api/incidents", json=opened)).json()
        await _open(page, house.service.address, "chenjie", "/")
        keys = page.keyboard
        await keys.press("?")
        told = await page.get_by_test_id("help").inner_text()
        assert all(key in told.split() for key in ("A", "D", "N", "M", "Enter", "Alt+A", "Ctrl+K")), told
        await keys.press("Escape")
        for words, first, path in (
            ("wuzi", "page:supplies", "/supplies"),
            ("jjb", "page:handover", "/handover"),
            ("Shelters", "page:shelters", "/shelters"),
            ("dabk", f"incident:{incident['id']}", f"/i/{incident['id']}"),  # 东岸被困
            (incident["number"], f"incident:{incident['id']}", f"/i/{incident['id']}"),
        ):
            await keys.press("Control+k")
            await expect(page.get_by_test_id("palette")).to_be_visible()
            await keys.type(words)
            row = page.get_by_test_id(f"palette-{first}")
            await expect(row).to_have_attribute("aria-selected", "true")
            await keys.press("Enter")
            await expect(page).to_have_url(house.service.address + path)
