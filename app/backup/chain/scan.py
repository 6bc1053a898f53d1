"""PostgreSQL's manifest, picked out of a tar that flows by, and what it says of the log."""

from __future__ import annotations

import re

_HEADER = 512
_NAME = b"backup_manifest\0"
_START = re.compile(rb'"Timeline": (\d+), "Start-LSN": "([0-9A-F]+)/([0-9A-F]+)"')


class ManifestScan:
    """Walks from header to header and keeps the content of one entry only."""

    def __init__(self) -> None:
        """Begin before the first header."""
        self._held = bytearray()
        self._skip = 0
        self._take = 0
        self._manifest = bytearray()

    def feed(self, block: bytes) -> None:
        """Take the next bytes, cut anywhere."""
        self._held += block
        while True:
            if self._skip:
                step = min(self._skip, len(self._held))
                taken = min(self._take, step)
                self._manifest += self._held[:taken]
                del self._held[:step]
                self._skip, self._take = self._skip - step, self._take - taken
            if self._skip or len(self._held) < _HEADER:
                return
            self._entry(bytes(self._held[:_HEADER]))
            del self._held[:_HEADER]

    def found(self) -> bytes:
        """Return the manifest. Raises ValueError when the tar had none."""
        if not self._manifest:
            raise ValueError("backup_manifest")
        return bytes(self._manifest)

    def _entry(self, header: bytes) -> None:
        digits = header[124:135].strip(b"\0 ")
        size = int(digits, 8) if digits else 0
        self._skip = -(-size // _HEADER) * _HEADER
        self._take = size if header.startswith(_NAME) else 0


def start_in(manifest: bytes) -> str:
    """Return the file of the log from which on a backup needs it. Raises ValueError."""
    from app.backup.chain.rules import log_file

    found = _START.findall(manifest)
    if not found:
        raise ValueError("WAL-Ranges")
    timeline, high, low = found[-1]
    return log_file(int(timeline), (int(high, 16) << 32) + int(low, 16))
