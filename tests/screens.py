"""`make screens`: every page of the console, the field app and the wall as pictures to be looked at.

Both sizes (1366×768, 3840×2160), both themes, of the demo; in each folder sheets of nine stand beside the
pictures. What a program can see is said at once: wider than the screen, cut without a title, small.

    make screens OUT=/tmp/screens
    OF=http://127.0.0.1:8000 make screens ONLY=desk,wall     # of a demo that runs already
"""

from __future__ import annotations

import asyncio
import os
import re
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

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
    "broadcast-new": "/broadcast/new",
    "callouts-new": "/call-and-respond/new",
    "statusCalls-new": "/status-calls/new",
    "meetings-new": "/meetings/new",
    "inbox-judged": "/inbox/judged",
    "spotChecks-scores": "/spot-checks/scores",
    "duty-roster": "/duty/roster",
    "people-places": "/people/places",
    "incident": "/i/1",
}
LOOKS = """([least]) => {
  const said = []
  const root = document.documentElement
  if (root.scrollWidth > root.clientWidth) said.push(`wider than the screen: ${root.scrollWidth}`)
  const seen = new Set()
  for (const one of document.querySelectorAll('body *')) {
    const own = [...one.childNodes].some((n) => n.nodeType === 3 && n.textContent.trim() !== '')
    const box = one.getBoundingClientRect()
    if (!own || box.width === 0 || box.height === 0) continue
    const style = getComputedStyle(one)
    const text = one.textContent.trim().slice(0, 40)
    const cut = style.overflow !== 'visible' && one.scrollWidth > one.clientWidth + 1 && one.title === ''
    if (cut && style.overflowX !== 'auto' && style.overflowX !== 'scroll') seen.add(`cut: ${text}`)
    if (parseFloat(style.fontSize) < least) seen.add(`${style.fontSize}: ${text}`)
  }
  return [...said, ...seen].slice(0, 12)
}"""


def paths() -> dict[str, str]:
    """Return the pages of the console by name, and what lies behind some of them."""
    source = (ROOT / "web" / "console" / "pages.ts").read_text(encoding="utf-8")
    return dict(re.findall(r"name: '(\w+)', path: '([^']+)'", source)) | MORE


def main() -> None:
    """Take the pictures into the folder OUT, of the demo at OF or of one of its own."""
    out = Path(os.environ.get("OUT") or "screens")
    asyncio.run(_take(out, {name for name in os.environ.get("ONLY", "").split(",") if name}))


async def _take(out: Path, only: set[str]) -> None:
    async with _address() as address, chromium() as browser:
        for theme in THEMES:
            for size, (width, height) in SIZES.items():
                folder = out / f"{size}-{theme}"
                async with _page(browser, address, "leader", theme, width, height) as page:
                    await _shoot(page, address, paths(), only, folder)
            async with _page(browser, address, "responder1", theme, *PHONE) as page:
                await _shoot(page, address, {"field": "/m/"}, only, out / f"360-{theme}")


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
    context = await browser.new_context(viewport={"width": width, "height": height}, locale="zh-CN")
    lang = os.environ.get("LANGUAGE_OF", "zh")
    await context.add_init_script(
        f"localStorage.setItem('zhishou.theme', '{theme}'); localStorage.setItem('zhishou.lang', '{lang}')"
    )
    told = {"username": account, "password": "zhishou-demo"}
    await context.request.post(f"{address}/api/login", data=told, headers={"Origin": address})
    try:
        yield await context.new_page()
    finally:
        await context.close()


async def _shoot(page: Page, address: str, wanted: dict[str, str], only: set[str], folder: Path) -> None:
    taken = []
    await asyncio.to_thread(folder.mkdir, parents=True, exist_ok=True)
    least = 20 if (page.viewport_size or {"width": 0})["width"] > 3000 else 11.5
    for name, path in wanted.items():
        if only and name not in only:
            continue
        await page.goto(address + path)
        try:
            await page.wait_for_load_state("networkidle", timeout=8_000)
        except Error:
            typer.echo(f"{folder.name}/{name}: still reading after 8 s")
        await page.wait_for_timeout(700)
        await page.screenshot(path=folder / f"{name}.png")
        taken.append(folder / f"{name}.png")
        for fault in await page.evaluate(LOOKS, [least]):
            typer.echo(f"{folder.name}/{name}: {fault}")
    for n in range(0, len(taken), SHEET):
        _sheet(taken[n : n + SHEET], folder / f"sheet-{n // SHEET + 1}.png")


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
