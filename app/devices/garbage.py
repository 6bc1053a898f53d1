"""Bytes that were no frame: counted always, logged in hex with a limit."""

from __future__ import annotations

import time

import structlog

from app.devices.adapter import Garbage
from app.devices.metrics import GARBAGE

log = structlog.get_logger()
SHOWN_BYTES = 64
LOGGED_A_SECOND = 5


class _Budget:
    """At most so many lines a second, however much garbage comes."""

    def __init__(self, a_second: int) -> None:
        self._a_second = a_second
        self._second = 0
        self._used = 0

    def allows(self, at: float) -> bool:
        second = int(at)
        if second != self._second:
            self._second, self._used = second, 0
        self._used += 1
        return self._used <= self._a_second


_budget = _Budget(LOGGED_A_SECOND)


def note_garbage(family: str, garbage: Garbage) -> None:
    """Count it; log its beginning in hex unless the log is already full of it."""
    GARBAGE.labels(family, garbage.reason).inc()
    if _budget.allows(time.monotonic()):
        shown = garbage.raw[:SHOWN_BYTES].hex()
        log.warning(
            "garbage", family=family, reason=garbage.reason, length=len(garbage.raw), begins_hex=shown
        )
