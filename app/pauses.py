"""How long this process stood still: the collector's pauses, and how late its loop comes to what is due."""

from __future__ import annotations

import asyncio
import gc
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from prometheus_client import Histogram

from app.background import alongside

COLLECTED = Histogram(
    "zhishou_gc_pause_seconds",
    "One run of the garbage collector",
    buckets=(0.001, 0.005, 0.02, 0.05, 0.1, 0.5),
)
LATE = Histogram(
    "zhishou_loop_late_seconds",
    "How late the event loop came to a timer that was due",
    buckets=(0.001, 0.005, 0.02, 0.05, 0.1, 0.5, 2),
)
EVERY_S = 0.25


@asynccontextmanager
async def watched() -> AsyncIterator[None]:
    """Measure both while the block lasts."""
    began = 0.0

    def note(phase: str, _: object) -> None:
        nonlocal began
        if phase == "start":
            began = time.perf_counter()
        else:
            COLLECTED.observe(time.perf_counter() - began)

    gc.callbacks.append(note)
    try:
        async with alongside(_look()):
            yield
    finally:
        gc.callbacks.remove(note)


async def _look() -> None:
    while True:
        due = time.monotonic() + EVERY_S
        await asyncio.sleep(EVERY_S)
        LATE.observe(max(0.0, time.monotonic() - due))
