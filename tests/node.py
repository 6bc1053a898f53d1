"""The real service as a process of its own, for tests that go the whole road.

It is forked from a process that has imported the program (tests/zygote.py), unless it is to start cold.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import socket
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Self

import httpx

from tests.zygote import ROOT, Forked, Zygote

ZYGOTE = Zygote()
HEALTHY_WITHIN_S = 60


_given: set[int] = set()


def free_port() -> int:
    """Return a port nobody listens on, and that this process was not given before."""
    while True:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = int(probe.getsockname()[1])
        if port not in _given:
            _given.add(port)
            return port


@dataclass
class Service:
    """`zhishou serve` on its own ports. Started, stopped and killed as often as a test needs.

    `cold`: from a new interpreter, for tests and measurements of the start itself or of what a process holds.
    """

    database_url: str
    data: Path
    settings: dict[str, str] = field(default_factory=dict)
    port: int = field(default_factory=free_port)
    jt808_port: int = field(default_factory=free_port)
    cold: bool = False
    program: Path = ROOT  # another checkout, for tests with a program of before
    _process: subprocess.Popen[bytes] | Forked | None = None

    @property
    def address(self) -> str:
        """The address of the console."""
        return f"http://127.0.0.1:{self.port}"

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._process is not None:
            await self._end(signal.SIGTERM)

    async def start(self) -> None:
        """Start and wait until it is healthy."""
        environment = {
            **os.environ,
            "DATABASE_URL": self.database_url,
            "ZHISHOU_DATA": str(self.data),
            "ZHISHOU_PORT": str(self.port),
            "ZHISHOU_JT808_PORT": str(self.jt808_port),
            "ZHISHOU_REQUESTS_PER_MINUTE": "0",  # one account plays a whole county's screens
            **self.settings,
        }
        start = self._cold if self.cold or self.program != ROOT else self._warm
        process = self._process = await asyncio.to_thread(start, environment)
        async with asyncio.timeout(HEALTHY_WITHIN_S), httpx.AsyncClient() as client:
            while True:
                assert process.poll() is None, self.log_path.read_text()
                with contextlib.suppress(httpx.TransportError):
                    if (await client.get(f"{self.address}/api/health")).status_code == 200:
                        return
                await asyncio.sleep(0.02)

    def _warm(self, environment: dict[str, str]) -> subprocess.Popen[bytes] | Forked:
        self.log_path.touch()
        return ZYGOTE.serve(environment, self.log_path)

    def _cold(self, environment: dict[str, str]) -> subprocess.Popen[bytes] | Forked:
        with self.log_path.open("ab") as log:
            return subprocess.Popen(
                [sys.executable, "-m", "app.cli", "serve"],
                env=environment,
                cwd=self.program,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    async def stop(self) -> None:
        """End it as a restart does."""
        await self._end(signal.SIGTERM)

    async def kill(self) -> None:
        """End it as a power cut would."""
        await self._end(signal.SIGKILL)

    @property
    def pid(self) -> int:
        """The number of its process."""
        assert self._process is not None
        return self._process.pid

    @property
    def log_path(self) -> Path:
        """Where its log goes."""
        return self.data / "serve.log"

    @asynccontextmanager
    async def client(self, username: str, password: str = "zhishou-demo") -> AsyncIterator[httpx.AsyncClient]:
        """Lend an HTTP client that is logged in."""
        async with httpx.AsyncClient(base_url=self.address, timeout=20) as client:
            answer = await client.post("/api/login", json={"username": username, "password": password})
            answer.raise_for_status()
            yield client

    async def _end(self, number: signal.Signals) -> None:
        assert self._process is not None
        self._process.send_signal(number)
        await asyncio.to_thread(self._process.wait, 15)
        self._process = None
