"""SM2 and SM3 (GB/T 32918, 32905) for signatures of emergency broadcast.

SM2 is gmalg's (MIT, pure Python; not constant in time: keys that matter stay in the cipher machine). SM3 is
OpenSSL's through hashlib where it has it, gmalg's otherwise.
"""

from __future__ import annotations

import hashlib
from functools import cache
from typing import Any

USER = b"1234567812345678"
"""The signer's name that GB/T 32918 uses where none is agreed."""

_HALF = 32


def sm3(data: bytes) -> bytes:
    """Return the digest, 32 bytes."""
    if "sm3" in hashlib.algorithms_available:
        return hashlib.new("sm3", data).digest()
    from gmalg import SM3

    machine = SM3()
    machine.update(data)
    digest: bytes = machine.value()
    return digest


def is_public_key(key: bytes) -> bool:
    """Say whether 64 bytes X ‖ Y are a point of the curve."""
    return len(key) == 2 * _HALF and bool(_core().verify_pk(_point(key)))


def verify(public: bytes, message: bytes, signature: bytes) -> bool:
    """Say whether r ‖ s (64 bytes) signs a message under a key that `is_public_key`."""
    if len(signature) != 2 * _HALF:
        return False
    r, s = (int.from_bytes(half, "big") for half in (signature[:_HALF], signature[_HALF:]))
    return bool(_core().verify(message, r, s, USER, _point(public)))


def sign(private: bytes, message: bytes) -> bytes:
    """Return r ‖ s (64 bytes) with a nonce from the system's source of randomness."""
    r, s = _core().sign(message, int.from_bytes(private, "big"), USER)
    return int(r).to_bytes(_HALF, "big") + int(s).to_bytes(_HALF, "big")


def public_key(private: bytes) -> bytes:
    """Return the public key X ‖ Y of a private one."""
    x, y = _core().generate_pk(int.from_bytes(private, "big"))
    return int(x).to_bytes(_HALF, "big") + int(y).to_bytes(_HALF, "big")


def _point(key: bytes) -> tuple[int, int]:
    return int.from_bytes(key[:_HALF], "big"), int.from_bytes(key[_HALF:], "big")


@cache
def _core() -> Any:
    """Build gmalg's SM2 over our SM3: its own takes seconds for a megabyte."""
    from gmalg.base import Hash
    from gmalg.ellipticcurve import ECDLP
    from gmalg.sm2 import SM2Core

    class Sm3(Hash):  # type: ignore[misc]  # gmalg ships no types
        def __init__(self) -> None:
            self.reset()

        def reset(self) -> None:
            self._data = b""

        def update(self, data: bytes) -> None:
            self._data += data

        def value(self) -> bytes:
            return sm3(self._data)

    curve = ECDLP(  # GB/T 32918.5, the recommended curve
        p=0xFFFFFFFE_FFFFFFFF_FFFFFFFF_FFFFFFFF_FFFFFFFF_00000000_FFFFFFFF_FFFFFFFF,
        a=0xFFFFFFFE_FFFFFFFF_FFFFFFFF_FFFFFFFF_FFFFFFFF_00000000_FFFFFFFF_FFFFFFFC,
        b=0x28E9FA9E_9D9F5E34_4D5A9E4B_CF6509A7_F39789F5_15AB8F92_DDBCBD41_4D940E93,
        G=(
            0x32C4AE2C_1F198119_5F990446_6A39C994_8FE30BBF_F2660BE1_715A4589_334C74C7,
            0xBC3736A2_F4F6779C_59BDCEE3_6B692153_D0A9877C_C62A4740_02DF32E5_2139F0A0,
        ),
        n=0xFFFFFFFE_FFFFFFFF_FFFFFFFF_FFFFFFFF_7203DF6B_21C6052B_53BBF409_39D54123,
    )
    return SM2Core(curve, Sm3())
