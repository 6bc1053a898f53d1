"""Signatures between houses: what is signed, and whether it holds. Pure.

HMAC-SHA256 over lines: the scheme, the method, the path at the receiver, the key's name, the time stamp
(seconds since 1970), the nonce, the idempotency key and the SHA-256 of the body in hex. A receipt is signed
by the same key over its status and body and the nonce it answers: what passes the signature was said by the
peer, to this very question.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Mapping
from dataclasses import dataclass

from app.dispatch.inbox.rules import PREFIX, REPLAY_WINDOW, fresh

__all__ = ["REPLAY_WINDOW", "Heads", "answer_signature", "digest", "fresh", "heads_of", "holds", "signature"]

SCHEME = "zhishou-1"
_TOKEN = re.compile(r"^[A-Za-z0-9._-]{1,64}$")


@dataclass(frozen=True, slots=True)
class Heads:
    """What a signed request says of itself in its headers."""

    key: str
    timestamp: str
    nonce: str
    message: str  # the Idempotency-Key
    signature: str = ""

    @property
    def whole(self) -> bool:
        """Whether every header is there and is made of harmless characters."""
        return all(_TOKEN.match(one) for one in (self.key, self.timestamp, self.nonce, self.message))


def heads_of(headers: Mapping[str, str]) -> Heads:
    """Return what the headers of a request say; what is missing is empty."""
    names = ("x-zhishou-key", "x-zhishou-timestamp", "x-zhishou-nonce", "idempotency-key")
    said = [headers.get(name, "")[:200] for name in (*names, "x-zhishou-signature")]
    return Heads(*said)


def headers_for(heads: Heads, signed: str) -> dict[str, str]:
    """Return the headers of a request that is signed so."""
    return {
        "X-Zhishou-Key": heads.key,
        "X-Zhishou-Timestamp": heads.timestamp,
        "X-Zhishou-Nonce": heads.nonce,
        "Idempotency-Key": heads.message,
        "X-Zhishou-Signature": signed,
    }


def digest(body: bytes) -> str:
    """Return the SHA-256 of bytes, in hex."""
    return hashlib.sha256(body).hexdigest()


def signature(secret: str, method: str, path: str, heads: Heads, body: bytes) -> str:
    """Return the signature of a request."""
    said = (method, path, heads.key, heads.timestamp, heads.nonce, heads.message, digest(body))
    return _signed(secret, said)


def answer_signature(secret: str, heads: Heads, status: int, body: bytes) -> str:
    """Return the signature of the answer to a request."""
    return _signed(secret, ("ANSWER", heads.key, heads.nonce, heads.message, str(status), digest(body)))


def package_signature(secret: str, key: str, manifest: bytes) -> str:
    """Return the signature of a package that travels as a file: there is no time and no nonce."""
    return _signed(secret, ("PACKAGE", key, digest(manifest)))


def holds(told: str, right: str) -> bool:
    """Whether two signatures are one, compared in constant time."""
    return hmac.compare_digest(told.encode(), right.encode())


def _signed(secret: str, said: tuple[str, ...]) -> str:
    lines = "\n".join((SCHEME, *said)).encode()
    return PREFIX + hmac.new(secret.encode(), lines, hashlib.sha256).hexdigest()
