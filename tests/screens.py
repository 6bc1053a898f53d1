"""`make screens`: every page of the console, the field app and the wall as pictures to be looked at.

Both sizes (1366×768, 3840×2160), both themes, of the demo; in each folder sheets of nine stand beside the
pictures. What a program can see is said at once: wider than the screen, cut without a title, small.

    make screens OUT=/tmp/screens
    OF=http://127.0.0.1:8000 make screens ONLY=desk,wall SIZE=1366 THEME=dark    # of a demo that runs already

Every tab of every page is one; at the end a drill is planned and begun, for its screens and the field app's.
"""

from __future__ import annotations

import asyncio
import os
import re
import tempfile
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import typer
from PIL import Image, ImageDraw
from playwright.async_api import Browser, Error, Page

from tests.browser import chromium
from tests.pictures import STORY_S, _demo
from tests.zygote import ROOT

SIZES = {"1366": (1366, 768), "3840": (3840, 2160)}
PHONE = (360, 740)
THEMES = ("dark", "light")
SHEET, COLUMNS, THUMB = 9, 3, 680
# What the pages do not show before somebody presses something.
MORE = {
    "callouts-new": "/call-and-respond/new",
    "statusCalls-new": "/status-calls/new",
    "meetings-new": "/meetings/new",
    "response-new": "/response/new",
    "spotChecks-new": "/spot-checks/new",
    "drills-new": "/drills/new",
    "plan": "/plans/1",
    "person": "/people/1",
    "device": "/devices/1",
    "incident": "/i/1",
    "after-action": "/api/incidents/1/after-action.html",
}
# What is pressed on a page before it is looked at.
PRESSED = {
    "map-areas": ("/map", "map-areas"),
    "wall-addresses": ("/wall", "wall-admin"),
    "own-account": ("/", "own-account"),
    "intake": ("/", "key:n"),
    "palette": ("/", "key:Control+k"),
    "help": ("/", "key:?"),
}
SCRIPT = """code: D-01
name: 防汛无脚本综合演练
kind: comprehensive
minutes: 120
injects:
  - {id: call, at: "0:01", kind: call, title: 三人被困, region: "990181100204", expect: opened, target_s: 300}
  - {id: boat, at: "1:30:00", kind: text, title: 冲锋舟油料不足, target_s: 300}
  - {id: press, kind: role_play, title: 记者追问伤亡, expect: by_hand, target_s: 60}
"""
LOOKS = """([least]) => {
  const said = []
  const root = document.documentElement
  if (root.scrollWidth > root.clientWidth) said.push(`wider than the screen: ${root.scrollWidth}`)
  const seen = new Set()
  for (const one of document.querySelectorAll('body *')) {
    const own = [...one.childNodes].some((n) => n.nodeType === 3 && n.textContent.trim() !== '')
    const box = one.getBoundingClientRect()
    if (one.closest('svg') || !own || box.width < 2 || box.height < 2) continue
    const style = getComputedStyle(one)
    const text = one.textContent.trim().slice(0, 40)
    const cut = style.overflow !== 'visible' && one.scrollWidth > one.clientWidth + 1 && one.title === ''
    if (cut && style.overflowX !== 'auto' && style.overflowX !== 'scroll') seen.add(`cut: ${text}`)
    if (parseFloat(style.fontSize) < least) seen.add(`${style.fontSize}: ${text}`)
  }
  return [...said, ...seen].slice(0, 12)
}"""


def paths() -> dict[str, str]:
    """Return the pages of the console by name, their tabs, and what lies behind some of them."""
    console = ROOT / "web" / "console"
    pages = dict(
        re.findall(r"name: '(\w+)', path: '([^']+)'", (console / "pages.ts").read_text(encoding="utf-8"))
    )
    routes = (console / "routes.ts").read_text(encoding="utf-8")
    tabs = re.findall(r"path: '(/[\w-]+)/:tab\(([\w|]+)\)'", routes)
    at = {path: name for name, path in pages.items()}
    return (
        pages
        | {f"{at[path]}-{tab}": f"{path}/{tab}" for path, all_ in tabs for tab in all_.split("|")}
        | MORE
    )


def main() -> None:
    """Take the pictures into the folder OUT, of the demo at OF or of one of its own."""
    out = Path(os.environ.get("OUT") or "screens")
    asyncio.run(_take(out, {name for name in os.environ.get("ONLY", "").split(",") if name}))


async def _take(out: Path, only: set[str]) -> None:
    sizes = {size: SIZES[size] for size in _asked("SIZE", SIZES)}
    themes = _asked("THEME", THEMES)
    async with _address() as address, chromium() as browser:
        for theme in themes:
            for size, (width, height) in sizes.items():
                to = Folder(out / f"{size}-{theme}", only)
                async with _page(browser, address, "leader", theme, width, height) as page:
                    await _shoot(page, address, paths(), to)
                    for name, (path, press) in PRESSED.items():
                        await _shoot(page, address, {name: path}, to, press)
                async with _page(browser, address, "", theme, width, height) as page:
                    await _shoot(page, address, {"login": "/"}, to)
                    await _shoot(page, address, {"emergency": "/"}, to, "login-emergency")
                to.sheets()
        drill = await _begin_a_drill(browser, address)
        for theme in themes:
            for size, (width, height) in sizes.items():
                to = Folder(out / f"{size}-{theme}-drill", only)
                async with _page(browser, address, "leader", theme, width, height) as page:
                    await _shoot(page, address, _of_drill(drill), to)
                to.sheets()
            to = Folder(out / f"360-{theme}", only)
            async with _page(browser, address, "responder1", theme, *PHONE) as page:
                await _field(page, address, to)
            to.sheets()


def _asked(name: str, all_: Iterable[str]) -> list[str]:
    return [one for one in all_ if one in (os.environ.get(name) or one)]


def _of_drill(drill: int) -> dict[str, str]:
    pages = ("/", f"/drills/{drill}", "/inbox", "/tasks", "/map", "/wall", "/incidents")
    return {f"drill{path.replace('/', '-')}": path for path in pages}


async def _begin_a_drill(browser: Browser, address: str) -> int:
    """Plan and begin a drill, open its incident, send the phone's team, and find a hazard."""
    async with _page(browser, address, "leader", "dark", *PHONE) as page:

        async def post(path: str, body: dict[str, Any]) -> Any:
            answer = await page.request.post(address + path, data=body, headers={"Origin": address})
            if not answer.ok:
                typer.echo(f"{path}: {answer.status} {await answer.text()}")
            return await answer.json()

        drill = (await post("/api/drills", {"source": SCRIPT, "planned_at": datetime.now(UTC).isoformat()}))[
            "id"
        ]
        await post(f"/api/drills/{drill}/steps", {"step": "start"})
        of_drill = {
            "event_code": "11A01",
            "region_code": "990181100204",
            "title": "东岸被困",
            "drill_id": drill,
        }
        incident = await post("/api/incidents", of_drill)
        teams = (await (await page.request.get(f"{address}/api/snapshot")).json())["teams"]
        team = next(one["id"] for one in teams if one["name_zh"] == "临溪镇综合应急救援队")
        order = {"team_id": team, "text": "演练:带绳索和救生衣"}
        await post(f"/api/incidents/{incident['id']}/assignments", order)
        hazard = {
            "kind": "hazard",
            "title": "堤脚渗水未处理",
            "owner": "水利站",
            "region_code": "990181100000",
        }
        await post("/api/tasks", hazard | {"due_at": None})
        return int(drill)


async def _field(page: Page, address: str, to: Folder) -> None:
    """Walk through the field app: start, what is offered, the task, the phone, at home, a report."""
    await _shoot(page, address, {"field-start": "/m/"}, to)
    walk = ("field-start", "field-decline", "field-undecline", "field-accept", "field-more", "field-back")
    for press in (*walk, *["field-next"] * 4, "report-open"):
        button = page.get_by_test_id(press)
        if press == "field-undecline":
            button = page.locator(".decline .big")
        if await button.count() == 0:
            continue
        await button.first.click()
        await page.wait_for_timeout(900)
        await to.take(page, f"{len(to.taken):02}-after-{press}")


@asynccontextmanager
async def _address() -> AsyncIterator[str]:
    if given := os.environ.get("OF"):
        yield given
        return
    with tempfile.TemporaryDirectory() as data:
        async with _demo(Path(data)) as address:
            await asyncio.sleep(STORY_S)
            yield address


@asynccontextmanager
async def _page(
    browser: Browser, address: str, account: str, theme: str, width: int, height: int
) -> AsyncIterator[Page]:
    context = await browser.new_context(
        viewport={"width": width, "height": height}, locale="zh-CN", timezone_id="Asia/Shanghai"
    )
    lang = os.environ.get("LANGUAGE_OF", "zh")
    await context.add_init_script(
        f"localStorage.setItem('zhishou.theme', '{theme}'); localStorage.setItem('zhishou.lang', '{lang}')"
    )
    if account:
        told = {"username": account, "password": "zhishou-demo"}
        await context.request.post(f"{address}/api/login", data=told, headers={"Origin": address})
    try:
        yield await context.new_page()
    finally:
        await context.close()


@dataclass
class Folder:
    """Where pictures of one size and theme go; of which, when not of all."""

    path: Path
    only: set[str]
    taken: list[Path] = field(default_factory=list)

    async def take(self, page: Page, name: str) -> None:
        """Take the page as it stands, and say what a program sees of it."""
        await asyncio.to_thread(self.path.mkdir, parents=True, exist_ok=True)
        least = 21.9 if (page.viewport_size or {"width": 0})["width"] > 3000 else 11.5
        await page.screenshot(path=self.path / f"{name}.png")
        self.taken.append(self.path / f"{name}.png")
        for fault in await page.evaluate(LOOKS, [least]):
            typer.echo(f"{self.path.name}/{name}: {fault}")

    def sheets(self) -> None:
        """Write the sheets of nine."""
        for n in range(0, len(self.taken), SHEET):
            _sheet(self.taken[n : n + SHEET], self.path / f"sheet-{n // SHEET + 1}.png")


async def _shoot(page: Page, address: str, wanted: dict[str, str], to: Folder, press: str = "") -> None:
    for name, path in wanted.items():
        if to.only and name not in to.only:
            continue
        await page.goto(address + path)
        try:
            await page.wait_for_load_state("networkidle", timeout=8_000)
        except Error:
            typer.echo(f"{to.path.name}/{name}: still reading after 8 s")
        if press.startswith("key:"):
            await page.keyboard.press(press.removeprefix("key:"))
        elif press:
            await page.get_by_test_id(press).first.click()
        await page.wait_for_timeout(700)
        await to.take(page, name)


def _sheet(pictures: list[Path], to: Path) -> None:
    """Write nine pictures beside each other, each under its name."""
    small = []
    for path in pictures:
        with Image.open(path) as whole:
            height = round(whole.height * THUMB / whole.width)
            small.append((path.stem, whole.convert("RGB").resize((THUMB, height), Image.Resampling.LANCZOS)))
    height = max(image.height for _, image in small) + 16
    sheet = Image.new("RGB", (THUMB * COLUMNS, height * -(-len(small) // COLUMNS)), "#808080")
    draw = ImageDraw.Draw(sheet)
    for n, (name, image) in enumerate(small):
        at = (n % COLUMNS * THUMB, n // COLUMNS * height)
        draw.text((at[0] + 4, at[1] + 2), name, fill="#ffffff")
        sheet.paste(image, (at[0], at[1] + 16))
    sheet.save(to)


if __name__ == "__main__":
    main()
