"""C2: 5,000 units that move every second on the wall's map, through the whole road: database, feed, browser.

The page is the real one in headless Chromium without a graphics card, at 1080p and at 4K: still, and dragged
by a mouse all the time. Figures: frames a second, the longest gap between two frames, and the processor time
of the main thread. The limit of the same run is the same page with nobody on it.
"""

from __future__ import annotations

import asyncio
import os
import tempfile
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

from playwright.async_api import CDPSession, Page
from sqlalchemy import text

from app.db import Database
from app.stage.seed import seed, write_map
from benchmarks.result import Result
from tests.browser import chromium, log_in, page_of
from tests.node import Service

UNITS = 5_000
SECONDS = 10.0
SIZES = ((1920, 1080, "1080p"), (3840, 2160, "4K"))
_UNITS = """
INSERT INTO team (stream, name_zh, name_en, call_sign, kind, region_code, lon, lat, strength,
                  standby_strength, speed_kmh, capabilities, standby, dispatchable)
SELECT '990181', '测试队' || n, 'Unit ' || n, 'T' || n, 'semi_pro', '990181100000',
       115.3 + 0.5 * random(), 27.75 + 0.4 * random(), 20, 12, 40, ARRAY['boat'], true, true
  FROM generate_series(1, :n) n
"""
_POSITIONS = """
INSERT INTO position (device_id, stream, team_id, region_code, lon, lat, true_at, heard_at)
SELECT 1000000 + id, '990181', id, region_code, lon, lat, now(), now() FROM team WHERE name_en LIKE 'Unit %'
"""
_MOVE = """
UPDATE position SET lon = lon + 0.002 * (random() - 0.5), lat = lat + 0.002 * (random() - 0.5),
                    true_at = now(), heard_at = now()
 WHERE device_id > 1000000
"""
_WATCH = """
() => {
  const gaps = []
  let last = performance.now()
  let on = true
  const step = (at) => { gaps.push(at - last); last = at; if (on) requestAnimationFrame(step) }
  requestAnimationFrame((at) => { last = at; requestAnimationFrame(step) })
  window.__frames = () => { on = false; return gaps }
}
"""


async def measure(url: str) -> list[Result]:
    """Return frames a second still and dragged at both sizes; the rest stands in the notes."""
    database = Database(url)
    await seed(database)
    try:
        with tempfile.TemporaryDirectory() as folder:
            write_map(Path(folder) / "map")
            async with AsyncExitStack() as stack:
                service = await stack.enter_async_context(Service(url, Path(folder)))
                browser = await stack.enter_async_context(chromium(whole=True))
                empty = {}
                for width, height, name in SIZES:
                    async with page_of(browser, service.address, width=width, height=height) as page:
                        await _open(page, service.address, 0)
                        empty[name] = await _watched(page, dragging=False)
                await _fill(database)
                await stack.enter_async_context(_moving(database))
                results = []
                for width, height, name in SIZES:
                    async with page_of(browser, service.address, width=width, height=height) as page:
                        await _open(page, service.address, UNITS)
                        for dragging in (False, True):
                            seen = await _watched(page, dragging=dragging)
                            doing = "dragged" if dragging else "still"
                            results.append(_result(name, doing, seen, empty[name]))
                return results
    finally:
        await database.close()


async def _fill(database: Database) -> None:
    async with database.transaction() as tx:
        await tx.execute(text(_UNITS), {"n": UNITS})
        await tx.execute(text(_POSITIONS))


@asynccontextmanager
async def _moving(database: Database) -> AsyncIterator[None]:
    async def move() -> None:
        while True:
            async with database.transaction() as tx:
                await tx.execute(text(_MOVE))
            await asyncio.sleep(1)

    task = asyncio.create_task(move())
    try:
        yield
    finally:
        task.cancel()


async def _open(page: Page, address: str, units: int) -> None:
    await log_in(page, address, "chenjie", "/wall")
    await page.wait_for_function("n => window.__map && window.__map.units().length >= n", arg=units)
    await asyncio.sleep(3)  # what is fetched once is fetched


async def _watched(page: Page, *, dragging: bool) -> tuple[list[float], float]:
    """Return the gaps between frames in milliseconds and how busy the main thread was (processor time)."""
    cdp = await page.context.new_cdp_session(page)
    await cdp.send("Performance.enable", {"timeDomain": "threadTicks"})
    before = await _busy_s(cdp)
    await page.evaluate(_WATCH)
    if dragging:
        await _drag(page)
    else:
        await asyncio.sleep(SECONDS)
    gaps: list[float] = await page.evaluate("window.__frames()")
    busy = await _busy_s(cdp) - before
    return gaps, busy / (sum(gaps) / 1e3)


async def _drag(page: Page) -> None:
    box = await page.get_by_test_id("map").bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    await page.mouse.move(x, y)
    await page.mouse.down()
    end = asyncio.get_running_loop().time() + SECONDS
    step = 0
    while asyncio.get_running_loop().time() < end:
        step += 1
        await page.mouse.move(x + 150 * ((step % 60) / 30 - 1), y + 80 * ((step % 40) / 20 - 1))
        await asyncio.sleep(1 / 60)
    await page.mouse.up()


async def _busy_s(cdp: CDPSession) -> float:
    metrics = (await cdp.send("Performance.getMetrics"))["metrics"]
    return float(next(m["value"] for m in metrics if m["name"] == "TaskDuration"))


def _result(
    size: str, doing: str, seen: tuple[list[float], float], empty: tuple[list[float], float]
) -> Result:
    gaps, busy = seen
    load = os.getloadavg()[0] / (os.cpu_count() or 1)
    note = f"worst gap {max(gaps):.0f} ms, main thread {busy * 1e3:.0f} ms a second, load {load:.1f} a core"
    return Result(
        "C2",
        f"5,000 moving units, {size}, {doing}",
        "frames/s",
        len(gaps) / (sum(gaps) / 1e3),
        {"nobody on it, still": len(empty[0]) / (sum(empty[0]) / 1e3)},
        note,
    )
