"""Proofs of the journal take turns: each reads all of it, and each who waits holds a connection."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from app.refusals import Refusal


class ProofBusy(Refusal):
    """Others prove the journal, and enough wait for their turn."""

    code = "proof_busy"

    def __init__(self) -> None:
        super().__init__(
            "日志正在核验,排队已满,请一分钟后再导出", "the journal is being proved: export again in a minute"
        )


class Turns:
    """One at a time; so many together wait or are at it, who comes then is sent away."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._here = 0
        self._lock = asyncio.Lock()

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[None]:
        """Wait for one's turn and hold it while the block lasts. Raises ProofBusy."""
        if self._here >= self._most:
            raise ProofBusy
        self._here += 1
        try:
            async with self._lock:
                yield
        finally:
            self._here -= 1
