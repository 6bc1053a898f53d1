"""Which villages are asked whether they heard it: drawn by a seed that is kept. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable


def drawn(villages: Iterable[str], seed: str, count: int) -> list[str]:
    """Return `count` of the villages (all, if they are fewer), by the order of SHA-256 of seed and code."""

    def lot(code: str) -> bytes:
        return hashlib.sha256(f"{seed}:{code}".encode()).digest()

    return sorted(set(villages), key=lot)[: max(0, count)]
