"""A real Mosquitto that is restarted and paused."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import subprocess
from contextlib import suppress
from pathlib import Path

PROGRAM = shutil.which("mosquitto", path=f"{os.environ.get('PATH', '')}:/usr/sbin")


class Broker:
    """The broker, where there is one: without, the harness goes on and its report says so."""

    def __init__(self, folder: Path, port: int) -> None:
        self.folder = folder
        self.port = port
        self._process: subprocess.Popen[bytes] | None = None

    async def start(self) -> None:
        """Run it and wait until it listens."""
        assert PROGRAM is not None
        self.folder.mkdir(exist_ok=True)
        lines = [
            f"listener {self.port} 127.0.0.1",
            "allow_anonymous true",
            "persistence true",
            f"persistence_location {self.folder}/",
            "max_queued_messages 0",
            "log_dest none",
            *(["user root"] if os.getuid() == 0 else []),
        ]
        (self.folder / "mosquitto.conf").write_text("\n".join(lines) + "\n")
        self._process = subprocess.Popen(
            [PROGRAM, "-c", str(self.folder / "mosquitto.conf")], stderr=subprocess.DEVNULL
        )
        async with asyncio.timeout(30):
            while True:
                with suppress(OSError):
                    _, writer = await asyncio.open_connection("127.0.0.1", self.port)
                    writer.close()
                    return
                await asyncio.sleep(0.05)

    async def stop(self) -> None:
        """End it as a restart of the machine does: it saves what it holds."""
        if self._process is not None:
            self._process.send_signal(signal.SIGCONT)
            self._process.terminate()
            await asyncio.to_thread(self._process.wait, 30)

    def send(self, number: signal.Signals) -> None:
        """Send it a signal."""
        if self._process is not None:
            self._process.send_signal(number)
