"""A node among several leaves in order: it says so, sends its screens on, and only then closes its door."""

from __future__ import annotations

import asyncio
import signal
import time
from collections.abc import Awaitable, Callable
from types import FrameType

import uvicorn

_CLOSE = (b"connection", b"close")


class OrderlyServer(uvicorn.Server):
    """uvicorn's server, told to stop by SIGTERM, stays for a while and serves whoever still comes.

    Meanwhile every answer ends its connection: a proxy that keeps connections would otherwise send a command
    on one that is closed at that moment. A second signal stops it at once.
    """

    def __init__(self, config: uvicorn.Config, leave: Callable[[], Awaitable[None]], stay_s: float) -> None:
        super().__init__(config)
        self._leave = leave
        self._stay_s = stay_s
        self._until_s: float | None = None
        self._work: asyncio.Future[None] | None = None

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Begin to leave at the first SIGTERM; stop at once otherwise."""
        if sig == signal.SIGTERM and self.started and self._stay_s and self._until_s is None:
            self._captured_signals.append(sig)  # raised again at the end, as uvicorn does
            self._until_s = time.monotonic() + self._stay_s
        else:
            super().handle_exit(sig, frame)

    async def on_tick(self, counter: int) -> bool:
        """Return whether it is time to stop; asked ten times a second."""
        if self._until_s is not None and self._work is None:
            self._work = asyncio.ensure_future(self._leave())
            self.config.encoded_headers.append(_CLOSE)
            self.server_state.default_headers = [*self.server_state.default_headers, _CLOSE]
        if self._until_s is not None and time.monotonic() >= self._until_s:
            return True
        return await super().on_tick(counter)
