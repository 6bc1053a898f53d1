"""Failed logins are counted in rows, so that guessing is slow on every node."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import delete, func, text
from sqlmodel import col, select

from app.db import Tx
from app.org.rules.throttle import (
    FORGET_AFTER,
    FREE_FAILURES,
    FREE_FAILURES_OF_ADDRESS,
    FREE_WRONG_CODES,
    blocked_for,
    failures_that_count,
)
from app.org.tables import KnownBrowser, LoginThrottle


def keys_of(username: str, address: str) -> dict[str, int]:
    """Return the keys a failure counts for, with how many are free.

    A person is throttled together with the address, so that nobody can lock an officer out from afar;
    an address is throttled for guessing at many names.
    """
    return {
        f"user:{username[:80]}@{address[:80]}": FREE_FAILURES,
        f"address:{address[:80]}": FREE_FAILURES_OF_ADDRESS,
    }


def keys_of_known(browser_hash: str) -> dict[str, int]:
    """Return the key of a browser from which this account has logged in before.

    It is counted by itself: whoever guesses from the same address, or under the same name, locks out himself
    and not the desk (OWASP, device cookies).
    """
    return {f"known:{browser_hash}": FREE_FAILURES}


def key_of_codes(account_id: int) -> dict[str, int]:
    """Return the key of wrong codes of one account, from wherever: who types them knows its password."""
    return {f"code:{account_id}": FREE_WRONG_CODES}


async def is_known(tx: Tx, browser_hash: str, account_id: int, now: datetime) -> bool:
    """Whether an account has logged in from a browser before."""
    found = await tx.scalar(
        select(KnownBrowser.account_id).where(
            col(KnownBrowser.token_hash) == browser_hash,
            col(KnownBrowser.account_id) == account_id,
            col(KnownBrowser.expires_at) > now,
        )
    )
    return found is not None


async def know(tx: Tx, browser_hash: str, account_id: int, until: datetime, now: datetime) -> None:
    """Remember that an account logs in from a browser; the browser was known to no other account."""
    await tx.execute(delete(KnownBrowser).where(col(KnownBrowser.expires_at) <= now))
    tx.add(KnownBrowser(token_hash=browser_hash, account_id=account_id, expires_at=until))


async def forget(tx: Tx, keys: Sequence[str]) -> None:
    """Count no failure of these any more."""
    await tx.execute(delete(LoginThrottle).where(col(LoginThrottle.key).in_(list(keys))))


async def blocked(tx: Tx, keys: Sequence[str], now: datetime) -> timedelta:
    """Return how long the next attempt must wait."""
    until = await tx.scalar(
        select(func.max(LoginThrottle.blocked_until)).where(col(LoginThrottle.key).in_(list(keys)))
    )
    return max(until - now, timedelta(0)) if until else timedelta(0)


async def count_failure(tx: Tx, keys: dict[str, int], now: datetime) -> None:
    """Count one failure for each of these keys."""
    await tx.execute(delete(LoginThrottle).where(col(LoginThrottle.last_failed_at) < now - FORGET_AFTER))
    for key, free in sorted(keys.items()):
        await tx.execute(
            text(
                "INSERT INTO login_throttle (key, failures, last_failed_at) VALUES (:key, 0, :now) "
                "ON CONFLICT DO NOTHING"
            ),
            {"key": key, "now": now},
        )
        found = await tx.execute(select(LoginThrottle).where(col(LoginThrottle.key) == key).with_for_update())
        row = found.scalar_one()
        row.failures = failures_that_count(row.failures, row.last_failed_at, now) + 1
        row.last_failed_at = now
        row.blocked_until = now + blocked_for(row.failures, free)
    await tx.flush()
