"""The key that signs anchors, SM2 or Ed25519: one line of hex in a file that only the service can read."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, replace
from pathlib import Path

from app.codecs.ebm import sm
from app.journal.anchor.rules import Anchor, Signature

_BELOW = (
    0xFFFFFFFE_FFFFFFFF_FFFFFFFF_FFFFFFFF_7203DF6B_21C6052B_53BBF409_39D54122  # the order of the curve - 1
)
_ED25519 = "ed25519"


@dataclass(frozen=True, slots=True, repr=False)
class Seal:
    """A private key, 32 bytes; never printed."""

    private: bytes
    by: Signature = "sm2"

    @property
    def public(self) -> bytes:
        """Its public half: 64 bytes of SM2, 32 of Ed25519."""
        if self.by == "sm2":
            return sm.public_key(self.private)
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

        return Ed25519PrivateKey.from_private_bytes(self.private).public_key().public_bytes_raw()

    @property
    def written(self) -> str:
        """The key as its file holds it; a key of Ed25519 says so, and is never used for SM2."""
        named = "" if self.by == "sm2" else f"{self.by} "
        return f"# public {self.public.hex()}\n{named}{self.private.hex()}\n"

    def sign(self, anchor: Anchor) -> Anchor:
        """Return the anchor with its signature."""
        signed = replace(anchor, public_key=self.public, signed_by=self.by)
        return replace(signed, signature=self.over(signed.statement.encode()))

    def over(self, message: bytes) -> bytes:
        """Return the signature over a message."""
        if self.by == "sm2":
            return sm.sign(self.private, message)
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

        return Ed25519PrivateKey.from_private_bytes(self.private).sign(message)


def load_seal(file: Path | None, by: Signature = "sm2") -> Seal | None:
    """Read the key file, None without one. Raises OSError, ValueError, also for another algorithm's."""
    if file is None:
        return None
    text = "".join(line for line in file.read_text(encoding="ascii").split("\n") if not line.startswith("#"))
    named, _, digits = text.strip().rpartition(" ")
    if (named or "sm2") != by:
        raise ValueError(
            f"密钥是 {named or 'sm2'} 的,而 ZHISHOU_ANCHOR_SIGNATURE={by};"
            "请改设置,或用 zhishou anchor-key 另生成 / "
            f"it holds a key of {named or 'sm2'} and ZHISHOU_ANCHOR_SIGNATURE={by}: "
            "change the setting, or make another key by `zhishou anchor-key`"
        )
    private = bytes.fromhex(digits)
    if len(private) != 32 or (by == "sm2" and not 0 < int.from_bytes(private, "big") < _BELOW):
        raise ValueError("应为 64 位十六进制私钥 / 64 hexadecimal digits of a private key are wanted")
    return Seal(private, by)


def new_seal(by: Signature = "sm2") -> Seal:
    """Return a new key."""
    return Seal(new_private() if by == "sm2" else secrets.token_bytes(32), by)


def new_private() -> bytes:
    """Return a new private key of SM2, 32 bytes."""
    return (secrets.randbelow(_BELOW - 1) + 1).to_bytes(32, "big")


def signs(by: str, public_key: bytes, message: bytes, signature: bytes) -> bool:
    """Whether a signature is that of the key; a key that is none, or of no algorithm, signs nothing."""
    if by == _ED25519:
        return _signs_ed25519(public_key, message, signature)
    return by == "sm2" and sm.is_public_key(public_key) and sm.verify(public_key, message, signature)


def _signs_ed25519(public_key: bytes, message: bytes, signature: bytes) -> bool:
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    try:
        Ed25519PublicKey.from_public_bytes(public_key).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True
