"""C1: the console in Chromium: first load, size of the bundle, a live table.

The limits stand in issue 8's design: 2.5 s at a CPU four times slower, 350 KiB gzipped without the map, and
2,000 rows at 60 changes a second while every key that is typed arrives.
"""

from __future__ import annotations

import asyncio
import gzip
import json
import re
import tempfile
from contextlib import AsyncExitStack
from pathlib import Path

from playwright.async_api import Browser, Page, WebSocketRoute, expect
from sqlalchemy import text

from app.db import Database
from app.stage.seed import seed, write_map
from benchmarks.result import Result, middle
from tests.browser import chromium, log_in, page_of
from tests.node import Service
from tests.zygote import ROOT

STATIC = ROOT / "app" / "static"
LIMIT_KIB, LIMIT_LOAD_S = 350, 2.5
SLOWER = 4
LOADS = 3
ROWS, PER_SECOND, TYPED_S = 2_000, 60, 10
WORDS = "zhouwei qingshan linxi huanggang "
_DEVICES = """
INSERT INTO device (stream, family, number, label, kind, region_code, active, facts)
SELECT '990181', 'gateway', 'bench-' || n, '终端' || n, 'gateway', '990181100000', true, '{}'
  FROM generate_series(1, :n) n
"""


def bundle() -> Result:
    """Return the KiB that the first page fetches before it draws, gzipped, without the map."""
    page = (STATIC / "index.html").read_text(encoding="utf-8")
    files = re.findall(r'(?:src|href)="/(assets/[^"]+)"', page)
    sizes = {name: len(gzip.compress((STATIC / name).read_bytes(), 9)) / 1024 for name in files}
    on_map = sum(size for name, size in sizes.items() if "/map-" in name)
    whole = sum(sizes.values())
    note = f"and {on_map:.0f} KiB of map; {len(sizes)} files"
    return Result("C1", "bundle without the map, gzipped", "KiB", whole - on_map, {"limit": LIMIT_KIB}, note)


async def measure(url: str) -> list[Result]:
    """Return the bundle, the first load and the table."""
    database = Database(url)
    await seed(database)
    async with database.transaction() as tx:
        await tx.execute(text(_DEVICES), {"n": ROWS})
    await database.close()
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        write_map(folder / "map")
        service = await stack.enter_async_context(Service(url, folder))
        browser = await stack.enter_async_context(chromium(whole=True))
        return [
            bundle(),
            await _first_load(browser, service.address),
            *await _table(browser, service.address),
        ]


# When the desk is live, in ms from the page's beginning; its own rules forbid to evaluate strings.
_LIVE_AT = """() => new Promise(done => {
  const look = () => document.querySelector('[data-testid=conn-state]')?.dataset.state === 'live'
    ? done(performance.now()) : requestAnimationFrame(look)
  look()
})"""


async def _first_load(browser: Browser, address: str) -> Result:
    """From an empty cache to a desk that is live, logged in already, at a CPU so many times slower."""
    seconds = []
    async with page_of(browser, address) as page:
        await log_in(page, address, "chenjie")
        await expect(page.get_by_test_id("conn-state")).to_have_attribute("data-state", "live")
        line = await page.context.new_cdp_session(page)
        await line.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
        for _ in range(LOADS):
            await line.send("Network.clearBrowserCache")
            await page.goto(address)
            seconds.append(await page.evaluate(_LIVE_AT) / 1000)
    return Result(
        "C1",
        f"first load to a live desk, CPU {SLOWER}x slower",
        "s",
        middle(seconds),
        {"limit": LIMIT_LOAD_S},
        f"best {min(seconds):.2f} s of {LOADS}",
    )


class _Line:
    """The page's WebSocket with words put in between the server's."""

    def __init__(self) -> None:
        self.page: WebSocketRoute | None = None
        self.seq = 0

    def through(self, route: WebSocketRoute) -> None:
        """Pass everything on, and remember how far the journal is."""
        server = route.connect_to_server()
        self.page = route
        route.on_message(server.send)
        server.on_message(self._hear)

    def _hear(self, message: str | bytes) -> None:
        told = json.loads(message)
        self.seq = max(self.seq, told.get("head", 0), told.get("seq", 0))
        if self.page is not None:
            self.page.send(message)

    def say(self, event: dict[str, object]) -> None:
        """Let something happen."""
        self.seq += 1
        assert self.page is not None
        self.page.send(json.dumps(event | {"seq": self.seq}))


async def _table(browser: Browser, address: str) -> list[Result]:
    """Type in the register's search while 60 of its 2,000 rows change every second."""
    async with page_of(browser, address) as page:
        line = _Line()
        await page.route_web_socket(re.compile("/ws"), line.through)
        await log_in(page, address, "chenjie", "/devices")
        field = page.get_by_test_id("register-search")
        await expect(field).to_be_visible()
        devices = await page.evaluate("fetch('/api/devices').then((r) => r.json())")
        await page.evaluate(_WATCH)
        changing = asyncio.create_task(_change(line, devices))
        await field.focus()
        typed = (WORDS * 20)[: TYPED_S * 10]
        await page.keyboard.type(typed, delay=100)
        changing.cancel()
        lost = len(typed) - len(await field.input_value())
        return _told(lost, len(devices), line, await _delays(page))


async def _change(line: _Line, devices: list[dict[str, object]]) -> None:
    n = 0
    while True:
        device = devices[n % len(devices)] | {"note": f"第{n}次"}
        line.say({"type": "device.amended", "at": "2026-01-01T00:00:00Z", "actor": None, "device": device})
        n += 1
        await asyncio.sleep(1 / PER_SECOND)


_WATCH = """() => {
  window.__delays = []
  new PerformanceObserver((list) => {
    for (const e of list.getEntries()) if (e.name === 'keydown') window.__delays.push(e.duration)
  }).observe({ type: 'event', durationThreshold: 16, buffered: false })
}"""


async def _delays(page: Page) -> list[float]:
    return sorted(await page.evaluate("window.__delays"))


def _told(lost: int, rows: int, line: _Line, delays: list[float]) -> list[Result]:
    slow = delays[int(0.95 * len(delays))] if delays else 0.0
    what = f"{rows:,} rows, {PER_SECOND} changes/s"
    note = f"{line.seq} facts heard; keys slower than 16 ms: {len(delays)}"
    return [
        Result("C1", f"{what}: keys lost of {TYPED_S * 10}", "", lost, {"limit": 0}, note),
        Result("C1", f"{what}: key to paint, 95 % of the slow ones", "ms", slow, {"one blink": 100}),
    ]


if __name__ == "__main__":
    print(bundle())
