"""Waiting for what no event tells."""

from __future__ import annotations

import asyncio
from typing import Any

PATIENCE_S = 30  # for what takes milliseconds where nobody else computes


async def until(met: Any) -> None:
    """Wait until something is so."""
    async with asyncio.timeout(PATIENCE_S):
        while not met():  # noqa: ASYNC110 - the far side has no event to wait on
            await asyncio.sleep(0.01)
