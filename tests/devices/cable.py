"""The far end of a serial cable, as a Beidou command machine answers there: a pty, written by hand."""

from __future__ import annotations

import asyncio
import os
import tty
from collections.abc import Callable
from pathlib import Path

from app.devices.adapters import rdss21


class FarEnd:
    """Answers the question for the card; keeps what it was asked. The path stays the same when replugged."""

    def __init__(self, path: Path, *, card: int = 300_001, freq_s: int = 60, level: int = 3) -> None:
        self.path = path
        self.card, self.freq_s, self.level = card, freq_s, level
        self.heard: list[list[str]] = []
        self._buffer = b""
        self._ends: tuple[int, int] | None = None

    def plug_in(self) -> None:
        """Connect the cable."""
        far, near = os.openpty()
        tty.setraw(near)
        os.set_blocking(far, False)
        self.path.unlink(missing_ok=True)
        self.path.symlink_to(os.ttyname(near))
        self._ends = far, near
        asyncio.get_running_loop().add_reader(far, self._read)

    def pull_out(self) -> None:
        """Disconnect the cable."""
        if self._ends is None:
            return
        far, near = self._ends
        asyncio.get_running_loop().remove_reader(far)
        self._ends = None
        self.path.unlink()
        os.close(far)
        os.close(near)

    def say(self, data: bytes) -> None:
        """Put bytes on the line."""
        assert self._ends is not None
        os.write(self._ends[0], data)

    def texts(self) -> list[tuple[str, str]]:
        """Return what it was asked to send: card and words."""
        asked = [fields for fields in self.heard if fields[0] == "CCTXA"]
        return [(f[1].lstrip("0"), bytes.fromhex(f[4])[1:].decode("gbk")) for f in asked]

    def asked(self, head: str) -> int:
        """Return how often a sentence came."""
        return sum(1 for fields in self.heard if fields[0] == head)

    def _read(self) -> None:
        assert self._ends is not None
        self._buffer += os.read(self._ends[0], 4096)
        *lines, self._buffer = self._buffer.split(b"\r\n")
        for line in lines:
            fields = line.decode("ascii").lstrip("$").split("*")[0].split(",")
            self.heard.append(fields)
            if fields[0] == "CCICA":
                self.say(rdss21.bdici(self.card, freq_s=self.freq_s, level=self.level))


async def until(met: Callable[[], object]) -> None:
    """Wait for something that takes milliseconds, five seconds at most."""
    async with asyncio.timeout(30):
        while not met():  # noqa: ASYNC110 - the far side has no event to wait on
            await asyncio.sleep(0.005)
