"""Codes that change every thirty seconds, and codes for the day the phone is lost."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Sequence
from datetime import datetime
from urllib.parse import quote, urlencode

STEP_S = 30
DIGITS = 6
WINDOW = 1  # steps a phone's clock may be early or late
SECRET_BYTES = 20  # as long as what HMAC-SHA-1 gives (RFC 4226, 4)
PAPER_CODES = 10
_PAPER_BYTES = 5


def step_at(now: datetime) -> int:
    """Return the number of the thirty seconds an instant lies in."""
    return int(now.timestamp()) // STEP_S


def code_at(secret: bytes, step: int) -> str:
    """Return the six digits of a step (RFC 6238 with SHA-1, which is what every app speaks)."""
    digest = hmac.new(secret, step.to_bytes(8, "big"), hashlib.sha1).digest()
    at = digest[-1] & 0x0F
    number = int.from_bytes(digest[at : at + 4], "big") & 0x7FFFFFFF
    return f"{number % 10**DIGITS:0{DIGITS}d}"


def matching_step(secret: bytes, code: str, now: datetime, after: int) -> int | None:
    """Return the step whose code this is, None for a wrong or old one: a step counts once, behind `after`."""
    here = step_at(now)
    for step in range(here - WINDOW, here + WINDOW + 1):
        if step > after and hmac.compare_digest(code_at(secret, step).encode(), code.encode()):
            return step
    return None


def base32(secret: bytes) -> str:
    """Return a secret as apps want it typed."""
    return base64.b32encode(secret).decode().rstrip("=")


def uri(secret: bytes, issuer: str, account: str) -> str:
    """Return what the QR code says: otpauth://totp/…"""
    query = urlencode(
        {"secret": base32(secret), "issuer": issuer, "digits": DIGITS, "period": STEP_S}, quote_via=quote
    )
    return f"otpauth://totp/{quote(f'{issuer}:{account}')}?{query}"


def paper_code(random: bytes) -> str:
    """Return a code for paper: eight letters and digits that nobody confuses, in two groups."""
    text = base64.b32encode(random[:_PAPER_BYTES]).decode().lower()
    return f"{text[:4]}-{text[4:]}"


def normal(code: str) -> str:
    """Return a code as it is compared: no spaces, no dashes, small letters, full-width digits as digits."""
    plain = code.translate({0xFF10 + digit: str(digit) for digit in range(10)})
    return "".join(character for character in plain.lower() if character.isalnum())


def hashed(paper: str) -> str:
    """Return what is stored of a code on paper."""
    return hashlib.sha256(normal(paper).encode()).hexdigest()


def without(kept: Sequence[str], code: str) -> list[str] | None:
    """Return the codes on paper that are left after one is used; None when it is none of them."""
    told = hashed(code)
    left = [one for one in kept if not hmac.compare_digest(one, told)]
    return left if len(left) < len(kept) else None
