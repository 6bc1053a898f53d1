"""Text as a QR code, drawn by the `segno` library (BSD)."""

from __future__ import annotations

from itertools import groupby

from app.org.phones.facts import QrCode

_QUIET = 4  # modules around it (ISO/IEC 18004, 9.1)


def qr_code(words: str) -> QrCode:
    """Return the code as one SVG path: each run of dark modules is a flat rectangle."""
    import segno

    rows = segno.make_qr(words, error="m").matrix
    runs = [
        f"M{x + _QUIET} {y + _QUIET}h{length}v1h-{length}z"
        for y, row in enumerate(rows)
        for x, length in _dark_runs(row)
    ]
    return QrCode(size=len(rows) + 2 * _QUIET, path="".join(runs))


def _dark_runs(row: bytes | bytearray) -> list[tuple[int, int]]:
    found, x = [], 0
    for dark, modules in groupby(row):
        length = len(list(modules))
        if dark:
            found.append((x, length))
        x += length
    return found
