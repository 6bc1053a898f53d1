"""How a row of the journal is chained to the one before it: SHA-256, or SM3 (GB/T 32905). Pure.

SHA-256 digests `before ‖ body`; SM3 digests `before ‖ SM3(tag ‖ body)`: the body is digested here,
quickly, and the database, which alone knows `before` as it holds the head's lock, has 64 bytes left to
digest. Each row names its algorithm, and its hash holds under that name alone.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, get_args

from app.codecs.ebm.sm import sm3

Algorithm = Literal["sha256", "sm3"]
ALGORITHMS: tuple[str, ...] = get_args(Algorithm)
NAMES = {"sha256": "SHA-256", "sm3": "SM3"}
"""As people read them."""

_TAG = b"zhishou-journal/sm3\n"


@dataclass(frozen=True, slots=True)
class End:
    """The end of a stream: its last number, the hash of that row, and by which algorithm it is chained."""

    seq: int = 0
    hash: bytes = b""
    algorithm: str = "sha256"


def told(body: bytes) -> bytes:
    """Return what a row chained by SM3 adds to the chain."""
    return sm3(_TAG + body)


_LINKS: dict[str, Callable[[bytes, bytes], bytes]] = {
    "sha256": lambda before, body: hashlib.sha256(before + body).digest(),
    "sm3": lambda before, body: sm3(before + told(body)),
}


def link(algorithm: str, before: bytes, body: bytes) -> bytes | None:
    """Return the hash of a row behind `before`, None under a name that is no algorithm."""
    chained = _LINKS.get(algorithm)
    return chained(before, body) if chained else None
