"""Passwords: argon2id hashes, made and compared beside the loop."""

from __future__ import annotations

import asyncio
import secrets
from concurrent.futures import ThreadPoolExecutor
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from app.refusals import FieldFault, InvalidInput

_HASHER = PasswordHasher()
_HASHING = ThreadPoolExecutor(2, "argon2")  # a hash takes a core for tens of milliseconds
MIN_PASSWORD = 10


@cache
def no_password() -> str:
    """Return a hash that no password fits.

    It is verified when the account does not exist, so that both answers take the same time; and it is what an
    account has that logs in by links only.
    """
    return _HASHER.hash(secrets.token_hex(16))


def password_hash(password: str) -> str:
    """Return what is stored of a password; takes tens of ms. Raises InvalidInput for a short one."""
    if len(password) < MIN_PASSWORD:
        raise InvalidInput(
            FieldFault(
                "password",
                f"密码至少 {MIN_PASSWORD} 位",
                f"a password has at least {MIN_PASSWORD} characters",
            )
        )
    return _HASHER.hash(password)


async def fits(hashed: str, password: str) -> bool:
    """Whether this is the password of a hash."""
    return await asyncio.get_running_loop().run_in_executor(_HASHING, _verify, hashed, password)


def _verify(hashed: str, password: str) -> bool:
    try:
        return _HASHER.verify(hashed, password)
    except (VerificationError, InvalidHashError):
        return False
