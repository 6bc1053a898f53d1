"""What has lived through a whole search for garbage is not searched again and again."""

from __future__ import annotations

import gc
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import structlog

_log = structlog.get_logger(__name__)
_OLDEST = 2  # the generation whose search looks at everything
FELT_S = 0.01
SEARCHES = 1_000  # then all is searched once, for what became garbage among the kept


class Kept:
    """Puts what lives beyond the collector's reach (`gc.freeze`) after every search through all that lives.

    Only after one that was felt: a short one has little to spare, and what is open at that moment and will be
    a circle one day (a connection of HTTP and its parser) had better not be kept.

    CPython's collector looks through all that lives whenever a quarter has been added: with 10,000 screens,
    or while as many knock at once, it stood still for 0.67 s (benchmark P10). So it searches what came since
    the last time only, at most some 80,000 objects. What is kept is still freed as soon as nobody refers to
    it; only circles would stay, and a screen that left is none (tests/realtime/test_kept.py).
    """

    def __init__(self, searches: int = SEARCHES, felt_s: float = FELT_S) -> None:
        self._felt_s = felt_s
        self._began = 0.0
        self._searches = searches
        self._searched = 0
        self._whole = False

    @contextmanager
    def watching(self) -> Iterator[Kept]:
        """Do so while the block lasts."""
        gc.callbacks.append(self._note)
        try:
            yield self
        finally:
            gc.callbacks.remove(self._note)

    def _note(self, phase: str, about: dict[str, Any]) -> None:
        if about["generation"] != _OLDEST:
            return
        if phase == "start":
            self._began = time.perf_counter()
        elif time.perf_counter() - self._began >= self._felt_s or self._whole:
            self._keep(about)

    def _keep(self, about: dict[str, Any]) -> None:
        if self._whole:
            self._whole = False
            _log.info("realtime.searched_for_garbage", found=about["collected"])
        self._searched += 1
        if self._searched < self._searches:
            gc.freeze()
            return
        self._searched, self._whole = 0, True
        gc.unfreeze()  # the next search goes through everything
