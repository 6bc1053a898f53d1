"""`zhishou serve` under a supervisor: whatever ends it, it is started again, as systemd would."""

from __future__ import annotations

import asyncio
import os
import signal
import struct
import subprocess
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import httpx

ROOT = Path(__file__).parent.parent
AGAIN_S = 1.0
READY_S = 120


@dataclass
class Node:
    """One node. `ended` counts how often it ended without being told to."""

    number: int
    folder: Path
    port: int
    jt808_port: int
    settings: dict[str, str]
    wanted: bool = False
    ended: int = 0
    started: int = 0
    process: subprocess.Popen[bytes] | None = None
    exits: list[int] = field(default_factory=list)
    beside: Path = Path()  # where its log and its clock lie

    @property
    def name(self) -> str:
        """What the report calls it."""
        return f"node-{self.number}"

    @property
    def log(self) -> Path:
        """Where its log goes."""
        return self.beside / f"{self.name}.log"

    @property
    def _offset(self) -> Path:
        return self.beside / f"{self.name}.clock"

    def set_clock(self, seconds: float) -> None:
        """Let its clock be wrong by so many seconds from now on."""
        self._offset.touch()
        with self._offset.open("r+b") as file:  # written over, not anew: the process has mapped it
            file.write(struct.pack("<d", seconds))

    def start(self) -> None:
        """Start a process; it is ready some seconds later."""
        self.wanted = True
        self.started += 1
        environment = {
            **os.environ,
            "ZHISHOU_DATA": str(self.folder),
            "ZHISHOU_PORT": str(self.port),
            "ZHISHOU_JT808_PORT": str(self.jt808_port),
            **self.settings,
        }
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "chaos.shifted", str(self._offset), "serve"],
                env=environment,
                cwd=ROOT,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    async def end(self, number: signal.Signals) -> None:
        """Let it end by a signal and stay so until `start`."""
        self.wanted = False
        if self.process is not None:
            self.send(number)
            self.send(signal.SIGCONT)
            with suppress(subprocess.TimeoutExpired):
                await asyncio.to_thread(self.process.wait, 30)
            if self.process.poll() is None:
                self.send(signal.SIGKILL)
                await asyncio.to_thread(self.process.wait, 30)

    def send(self, number: signal.Signals) -> None:
        """Send a signal to the process there is."""
        if self.process is not None and self.process.poll() is None:
            with suppress(ProcessLookupError):
                os.kill(self.process.pid, number)

    async def keep(self) -> None:
        """Start it again whenever it ended by itself, for ever."""
        while True:
            await asyncio.sleep(AGAIN_S)
            if self.wanted and self.process is not None and self.process.poll() is not None:
                self.ended += 1
                self.exits.append(self.process.returncode)
                self.start()

    async def healthy(self) -> bool:
        """Whether it answers that it and its database are there."""
        with suppress(httpx.HTTPError):
            async with httpx.AsyncClient(timeout=5) as client:
                return (await client.get(f"http://127.0.0.1:{self.port}/api/health")).status_code == 200
        return False

    async def ready(self) -> None:
        """Wait until it is healthy."""
        async with asyncio.timeout(READY_S):
            while not await self.healthy():
                await asyncio.sleep(0.2)


@asynccontextmanager
async def kept(nodes: Sequence[Node]) -> AsyncIterator[None]:
    """Supervise nodes while the block lasts."""
    keepers = [asyncio.create_task(node.keep()) for node in nodes]
    try:
        yield
    finally:
        for keeper in keepers:
            keeper.cancel()
        await asyncio.gather(*keepers, return_exceptions=True)
