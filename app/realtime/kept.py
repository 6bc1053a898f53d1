"""Screens that stay for hours are not searched for garbage again and again."""

from __future__ import annotations

import gc

import structlog

_log = structlog.get_logger(__name__)
BATCH = 500  # screens: some 30,000 objects, searched in a few milliseconds
BATCHES = 1_000  # then all is searched once, for what became garbage among the kept


class Kept:
    """Puts what lives beyond the collector's reach (`gc.freeze`) after every so many screens that came.

    CPython's collector looks through all that lives whenever a quarter has been added: with 10,000 screens it
    stood still for 0.67 s (benchmark P10). What is kept is still freed as soon as nobody refers to it; only
    circles would stay, and a screen that left is none (tests/realtime/test_kept.py).
    """

    def __init__(self, batch: int = BATCH, batches: int = BATCHES) -> None:
        self._batch = batch
        self._batches = batches
        self._come = 0
        self._kept = 0

    def another(self) -> None:
        """One more screen is here."""
        self._come += 1
        if self._come < self._batch:
            return
        self._come = 0
        self._kept += 1
        if self._kept == self._batches:
            self._kept = 0
            gc.unfreeze()
            _log.info("realtime.searched_for_garbage", found=gc.collect())
        gc.collect()  # what is garbage already must not be kept
        gc.freeze()
