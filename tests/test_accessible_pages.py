"""Every page of the console under axe: WCAG 2 AA, names on all controls, contrast in both themes."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Page, expect

from app.signals import Distress, Trouble
from tests.browser import page_of
from tests.test_devices_page import House, _open, house

__all__ = ["house"]
pytestmark = [pytest.mark.browser, pytest.mark.database]
WEB = Path(__file__).resolve().parent.parent / "web"
AXE = WEB / "node_modules/axe-core/axe.min.js"
PATHS = re.findall(r"path: '(/[^']*)', group", (WEB / "console/pages.ts").read_text(encoding="utf-8"))
ASKED = """async () => {
  const found = await axe.run(document, {
    runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa'], resultTypes: ['violations'],
  })
  const first = (v) => [v.nodes[0].target.join(' '), v.nodes[0].failureSummary]
  return found.violations.map((v) => [v.id, v.nodes.length, ...first(v)])
}"""


async def faults(page: Page, where: str) -> list[str]:
    """Return what axe finds on a page that carries it."""
    told: list[list[Any]] = await page.evaluate(ASKED)
    return [f"{where}: {rule} x{n} at {at} — {' '.join(why.split())}" for rule, n, at, why in told]


async def test_no_page_has_a_fault_of_accessibility_in_either_theme(house: House) -> None:
    assert len(PATHS) > 25, "the pages are read from web/console/pages.ts"
    await house.hear("临溪1", Distress("sos-1"))
    await house.hear("市手1", Trouble("low_battery", "battery-1", "12%"))
    async with house.service.client("wangjun") as officer:
        opened = {"event_code": "11A01", "region_code": "990181100204", "title": "东岸被困"}
        incident = (await officer.post("/api/incidents", json=opened)).json()["id"]
    found: list[str] = []
    async with page_of(house.browser, house.service.address) as page:
        await page.add_init_script(AXE.read_text(encoding="utf-8"))
        await _open(page, house.service.address, "leader", "/")
        for path in [*PATHS, f"/i/{incident}"]:
            await page.goto(house.service.address + path)
            await page.wait_for_load_state("networkidle")
            # The wall has no button of its own for the theme.
            for theme in ("dark", "light"):
                await page.evaluate(f"document.documentElement.dataset.theme = '{theme}'")
                found += await faults(page, f"{path} {theme}")
        await page.goto(house.service.address + "/")
        await expect(page.get_by_test_id("conn-state")).to_have_attribute("data-state", "live")
        for key, seen in (("n", "intake"), ("Control+k", "palette"), ("?", "help")):
            await page.keyboard.press(key)
            await expect(page.get_by_test_id(seen)).to_be_visible()
            found += await faults(page, seen)
            await page.keyboard.press("Escape")
            await expect(page.get_by_test_id(seen)).to_have_count(0)
    assert not found, "\n".join(found)
