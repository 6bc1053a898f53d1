"""Reading back an MP3: how long it plays and whether a loudspeaker may be given it. Pure."""

from __future__ import annotations

from dataclasses import dataclass

LEAST_KBIT, MOST_KBIT = 32, 192
"""What terminals of GD/J 089 take (table B.5)."""
_KBITS = (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320)
_RATES = (44_100, 48_000, 32_000)
_SAMPLES = 1152


@dataclass(frozen=True, slots=True)
class Mp3:
    """MPEG-1 layer III (AuxiliaryType 2): seconds, the highest bit rate in it, samples a second."""

    seconds: float
    kbit: int
    rate: int

    @property
    def playable(self) -> bool:
        """Whether a terminal plays it: its bit rate is within what the standard asks of terminals."""
        return LEAST_KBIT <= self.kbit <= MOST_KBIT


def read_mp3(data: bytes) -> Mp3 | None:
    """Read the frames of a file; None for anything but MPEG-1 layer III from beginning to end.

    An ID3 tag before and one after are passed over. MPEG-2 layer III (22.05 kHz), which many encoders make of
    speech, is another kind of file and is none.
    """
    at = _after_tag(data)
    end = len(data) - 128 if data[-128:-125] == b"TAG" else len(data)
    frames = kbit = rate = 0
    while at + 4 <= end:
        length, frame_kbit, frame_rate = _frame(data[at : at + 4])
        if not length or at + length > end:
            return None
        frames, kbit, rate = frames + 1, max(kbit, frame_kbit), frame_rate
        at += length
    return Mp3(frames * _SAMPLES / rate, kbit, rate) if frames and at == end else None


def _frame(head: bytes) -> tuple[int, int, int]:
    """Return length in bytes, kbit/s and samples a second of a frame, zeroes when it is none."""
    if head[0] != 0xFF or head[1] & 0xFE != 0xFA:  # sync, MPEG-1, layer III
        return 0, 0, 0
    bits, rates = head[2] >> 4, (head[2] >> 2) & 3
    if not 0 < bits < len(_KBITS) or rates >= len(_RATES):
        return 0, 0, 0
    kbit, rate = _KBITS[bits], _RATES[rates]
    return 144_000 * kbit // rate + ((head[2] >> 1) & 1), kbit, rate


def _after_tag(data: bytes) -> int:
    if data[:3] != b"ID3" or len(data) < 10:
        return 0
    size = 0
    for byte in data[6:10]:
        size = size << 7 | byte & 0x7F
    return 10 + size
