"""Drivers that only answer whether a device works."""

from __future__ import annotations

import asyncio
from contextlib import AbstractAsyncContextManager, nullcontext

from app.devices.driver import Probed
from app.org.store import DeviceFact


class Answering:
    """A driver that answers `outcome` for every device, or what `by_number` says of it."""

    def __init__(self, name: str, outcome: Probed | Exception | None = None, full_at: int = 1) -> None:
        self.name = name
        self.outcome = outcome
        self.by_number: dict[str, Probed | Exception | None] = {}
        self.asked: list[str] = []
        self.now = 0  # how many are being asked in this instant
        self.most = 0
        self.full = asyncio.Event()  # as many as `full_at` are being asked
        self._full_at = full_at
        self.gate = asyncio.Event()
        self.gate.set()

    def running(self) -> AbstractAsyncContextManager[object]:
        return nullcontext()

    def health(self) -> dict[str, object]:
        return {"ok": True}

    async def send_waiting(self) -> None:
        return None

    async def probe(self, device: DeviceFact) -> Probed | None:
        self.asked.append(device.number)
        self.now += 1
        self.most = max(self.most, self.now)
        if self.now >= self._full_at:
            self.full.set()
        try:
            await self.gate.wait()
        finally:
            self.now -= 1
        outcome = self.by_number.get(device.number, self.outcome)
        if isinstance(outcome, Exception):
            raise outcome
        return outcome
