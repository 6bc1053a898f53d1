"""What every framing shares: cutting a byte stream at a mark with flat memory, and the XOR check."""

from __future__ import annotations


def xor(data: bytes) -> int:
    """Return the XOR of all bytes, 0 for none (校验和 of JT/T 808 §4.4, RDSS 4.0 and NMEA).

    Folds one big integer in halves: some twenty times faster than a byte loop on long frames.
    """
    folded = int.from_bytes(data, "big")
    width = 4 << (len(data) - 1).bit_length()
    while width >= 8:  # what the upper half holds afterwards is never looked at again
        folded ^= folded >> width
        width >>= 1
    return folded & 0xFF


class Pieces:
    """Cut a stream at a one-byte mark; never hold more than `cap` bytes of an unfinished piece.

    Linear in the bytes fed, and the same pieces whatever the split of the stream.
    """

    __slots__ = ("_cap", "_cut", "_held", "_mark")

    def __init__(self, mark: bytes, cap: int) -> None:
        self._mark = mark
        self._cap = cap
        self._held = bytearray()
        self._cut = False

    def feed(self, data: bytes) -> list[tuple[bytes, bool]]:
        """Return the pieces that `data` completes, without their marks.

        The flag is True for a whole piece and False for each part of a run longer than the cap.
        """
        *closed, rest = data.split(self._mark)
        out: list[tuple[bytes, bool]] = []
        for part in closed:
            if not self._held and not self._cut and len(part) <= self._cap:  # nearly always
                out.append((part, True))
                continue
            self._take(part, out)
            out.append((bytes(self._held), not self._cut))
            self._held.clear()
            self._cut = False
        self._take(rest, out)
        return out

    def give_up(self) -> tuple[bytes, bool]:
        """Return and forget the unfinished piece; the flag is False when its start was cut off."""
        left = (bytes(self._held), not self._cut)
        self._held.clear()
        self._cut = False
        return left

    def _take(self, part: bytes, out: list[tuple[bytes, bool]]) -> None:
        self._held += part
        while len(self._held) > self._cap:
            out.append((bytes(self._held[: self._cap]), False))
            del self._held[: self._cap]
            self._cut = True
