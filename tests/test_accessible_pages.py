"""Every page of the console under axe: WCAG 2 AA, names on all controls, contrast in both themes."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Page, expect

from app.signals import Distress, Trouble
from tests.browser import page_of
from tests.test_devices_page import House, _open, house

__all__ = ["house"]
pytestmark = [pytest.mark.browser, pytest.mark.database, pytest.mark.long]
WEB = Path(__file__).resolve().parent.parent / "web"
AXE = WEB / "node_modules/axe-core/axe.min.js"
PATHS = re.findall(r"path: '(/[^']*)', group", (WEB / "console/pages.ts").read_text(encoding="utf-8"))
SCRIPT = """code: D-09
name: 夜间拉动
kind: flood
injects:
  - {id: later, at: "1:00:00", kind: call, title: 一号堤管涌, region: "990181100204", target_s: 120}
"""
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
    async with house.service.client("leader") as director:
        script = {"source": SCRIPT, "planned_at": datetime.now(UTC).isoformat()}
        drill = (await director.post("/api/drills", json=script)).json()["id"]
        await director.post(f"/api/drills/{drill}/steps", json={"step": "start"})
        hazard = {"kind": "hazard", "title": "堤脚渗水", "owner": "水利站", "region_code": "990181100000"}
        assert (await director.post("/api/tasks", json=hazard | {"due_at": None})).status_code == 201
    found: list[str] = []
    async with page_of(house.browser, house.service.address) as page:
        await page.add_init_script(AXE.read_text(encoding="utf-8"))
        await _open(page, house.service.address, "leader", "/")
        report = f"/api/incidents/{incident}/after-action.html"
        more = ("/admin/tokens", "/drills/new", f"/drills/{drill}", f"/i/{incident}", report)
        for path in (*PATHS, *more):
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
        await page.get_by_test_id("logout").click()
        for name in ("login-emergency", "emergency-code"):
            await page.get_by_test_id(name).wait_for()
            for theme in ("dark", "light"):
                await page.evaluate(f"document.documentElement.dataset.theme = '{theme}'")
                found += await faults(page, f"before {name} {theme}")
            await page.get_by_test_id(name).click()
    assert not found, "\n".join(found)
