"""A stream of lines, each a message of its own: what families that speak JSON share."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from app.devices.adapter import Garbage, Reading
from app.devices.adapters.stream import Pieces


class LineCodec:
    """Reads one message a line; holds no more than one line of `cap` bytes."""

    def __init__(self, read: Callable[[bytes], Reading | Garbage], cap: int) -> None:
        self._read = read
        self._lines = Pieces(b"\n", cap)

    def feed(self, data: bytes) -> Iterator[Reading | Garbage]:
        """Take the next bytes; every line that they complete is read before this returns."""
        out: list[Reading | Garbage] = []
        for line, whole in self._lines.feed(data.replace(b"\r", b"\n")):
            if line:
                out.append(self._read(line) if whole else Garbage(line, "oversized"))
        return iter(out)

    def idle(self) -> Iterator[Reading | Garbage]:
        """Read a last line whose end did not come."""
        line, whole = self._lines.give_up()
        if line:
            yield self._read(line) if whole else Garbage(line, "oversized")
