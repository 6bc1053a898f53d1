"""The device's end of a serial cable: a pseudo-terminal whose other end has a path to open."""

from __future__ import annotations

import asyncio
import os
import tty
from collections.abc import Callable

READ_BYTES = 4096


class SerialLine:
    """A raw pty in the running loop; `hear` is told what the other side writes to `path`.

    We hold the other side open too, so that a reader may come and go. As on a real line, what nobody
    reads is lost once the kernel's buffer (some 20 KB) is full: `lost` counts those bytes.
    """

    def __init__(self, hear: Callable[[bytes], None]) -> None:
        self._hear = hear
        self._loop = asyncio.get_running_loop()
        self._master, self._slave = os.openpty()
        tty.setraw(self._slave)
        os.set_blocking(self._master, False)
        self.path = os.ttyname(self._slave)
        self.lost = 0
        self._rest = b""
        self._loop.add_reader(self._master, self._readable)

    def write(self, data: bytes) -> None:
        """Send a frame; all of it is lost if the end of the one before is still waiting for room."""
        if self._rest:
            self.lost += len(data)
            return
        self._rest = data
        self._push()
        if self._rest:
            self._loop.add_writer(self._master, self._writable)

    def close(self) -> None:
        """Pull the cable out, once."""
        self._loop.remove_reader(self._master)
        self._loop.remove_writer(self._master)
        os.close(self._master)
        os.close(self._slave)

    def _readable(self) -> None:
        try:
            data = os.read(self._master, READ_BYTES)
        except BlockingIOError:  # woken for nothing
            return
        self._hear(data)

    def _writable(self) -> None:
        self._push()
        if not self._rest:
            self._loop.remove_writer(self._master)

    def _push(self) -> None:
        try:
            self._rest = self._rest[os.write(self._master, self._rest) :]
        except BlockingIOError:  # nobody reads
            return
