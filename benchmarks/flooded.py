"""C3: a hundred alarms in ten seconds at an open duty desk while an officer types an intake.

Every alarm is in a row or in a group that says how many, no key is lost, tones do not lie over each other:
what tests/test_bad_days_page.py says as well, here paced and with figures. Keys are timed by the browser
(keydown to paint, from 16 ms on: a faster one counts as 16); a long task is one of more than 50 ms.
"""

from __future__ import annotations

import asyncio
import os
import tempfile
from contextlib import AsyncExitStack
from pathlib import Path

from playwright.async_api import Page, expect

from app.db import Database
from app.stage.seed import seed, write_map
from benchmarks.result import Result
from tests import flood
from tests.browser import chromium, log_in, page_of
from tests.node import Service

SECONDS = 10
PER_SECOND = 10  # keys; a quick typist
WORDS = "san ren bei kun wu ding "
BLINK_MS = 100


async def measure(url: str) -> list[Result]:
    """Return what was lost, how long keys took, the longest task and how many tones sounded at once."""
    database = Database(url)
    await seed(database)
    await flood.register(database)
    try:
        async with AsyncExitStack() as stack:
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
            write_map(folder / "map")
            service = await stack.enter_async_context(Service(url, folder))
            browser = await stack.enter_async_context(chromium(whole=True))
            page = await stack.enter_async_context(page_of(browser, service.address))
            return await _flooded(page, service.address, database)
    finally:
        await database.close()


async def _flooded(page: Page, address: str, database: Database) -> list[Result]:
    await page.add_init_script(flood.WATCH)
    await log_in(page, address, "chenjie")
    await expect(page.get_by_test_id("conn-state")).to_have_attribute("data-state", "live")
    await page.keyboard.press("n")
    field = page.get_by_test_id("intake-description")
    await field.focus()
    await page.evaluate("() => { window.__keys.length = window.__tasks.length = 0 }")
    typed = (WORDS * 10)[: SECONDS * PER_SECOND]
    pouring = asyncio.create_task(flood.pour(database, SECONDS))
    await page.keyboard.type(typed, delay=1000 / PER_SECOND)
    await pouring
    await expect(page.get_by_test_id("count-alarms")).to_have_text(str(flood.CALLS))
    lost = len(typed) - len(await field.input_value())
    keys, tasks = await page.evaluate("[window.__keys, window.__tasks]")
    together = await page.evaluate(flood.TOGETHER)
    await page.keyboard.press("Alt+m")
    await expect(page.locator("body")).to_have_attribute("data-sounding", "")
    await page.keyboard.press("Escape")
    return _told(lost, await _unseen(page), keys, tasks, together)


async def _unseen(page: Page) -> int:
    """How many alarms are neither in a row nor in the number of a group."""
    groups = await page.locator("[data-testid^='cluster-open:sos'] header b").all_inner_texts()
    counted = sum(int(one.split("×")[1]) for one in groups if "×" in one)
    troubles = (await page.get_by_test_id("troubles-toggle").inner_text()).split()[-1]
    return flood.ALARMS - counted - int(troubles)


def _told(lost: int, unseen: int, keys: list[float], tasks: list[float], together: int) -> list[Result]:
    count = SECONDS * PER_SECOND
    durations = sorted([16.0] * max(0, count - len(keys)) + keys)
    load = os.getloadavg()[0] / (os.cpu_count() or 1)
    what = f"{flood.ALARMS} alarms in {SECONDS} s under an intake"
    note = f"load {load:.1f} a core"
    slow = f"{len(keys)} of {count} keys slower than 16 ms, slowest {durations[-1]:.0f} ms; {note}"
    return [
        Result("C3", f"{what}: alarms neither in a row nor in a group", "", unseen, {"limit": 0}, note),
        Result("C3", f"{what}: keys lost of {count}", "", lost, {"limit": 0}, note),
        Result(
            "C3",
            f"{what}: key to paint, p95",
            "ms",
            durations[int(0.95 * count)],
            {"one blink": BLINK_MS},
            slow,
        ),
        Result(
            "C3", f"{what}: longest task", "ms", max(tasks, default=0), {}, f"{len(tasks)} over 50 ms; {note}"
        ),
        Result("C3", f"{what}: tones at once", "", together, {"kinds of sound": 2}, note),
    ]
