"""The key that signs anchors: SM2, one line of hex in a file that only the service can read."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, replace
from pathlib import Path

from app.codecs.ebm import sm
from app.journal.anchor.rules import Anchor

_BELOW = (
    0xFFFFFFFE_FFFFFFFF_FFFFFFFF_FFFFFFFF_7203DF6B_21C6052B_53BBF409_39D54122  # the order of the curve - 1
)


@dataclass(frozen=True, slots=True, repr=False)
class Seal:
    """A private key, 32 bytes; never printed."""

    private: bytes

    def sign(self, anchor: Anchor) -> Anchor:
        """Return the anchor with its signature."""
        signed = replace(anchor, public_key=sm.public_key(self.private))
        return replace(signed, signature=sm.sign(self.private, signed.statement.encode()))


def load_seal(file: Path | None) -> Seal | None:
    """Read the key file, None without one. Raises OSError, ValueError."""
    if file is None:
        return None
    text = "".join(line for line in file.read_text(encoding="ascii").split("\n") if not line.startswith("#"))
    private = bytes.fromhex(text.strip())
    if len(private) != 32 or not 0 < int.from_bytes(private, "big") < _BELOW:
        raise ValueError("应为 64 位十六进制私钥 / 64 hexadecimal digits of a private key are wanted")
    return Seal(private)


def new_private() -> bytes:
    """Return a new private key, 32 bytes."""
    return (secrets.randbelow(_BELOW - 1) + 1).to_bytes(32, "big")


def signs(public_key: bytes, message: bytes, signature: bytes) -> bool:
    """Whether a signature is that of the key; a key that is none signs nothing."""
    return sm.is_public_key(public_key) and sm.verify(public_key, message, signature)
