"""Accounts and sessions: argon2 passwords, hashed cookies, throttled guessing."""

from __future__ import annotations

import asyncio
import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import cast

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import delete, text
from sqlmodel import col, select

from app.db import Tx
from app.journal import store as journal
from app.org.events import AccountEvent
from app.org.rules.access import Concern, Role, Viewer
from app.org.rules.throttle import blocked_for, failures_that_count
from app.org.tables import Account, LoginSession, LoginThrottle
from app.refusals import FieldFault, InvalidInput, Refusal
from app.wire import Actor

_HASHER = PasswordHasher()
# Verified when the account does not exist, so that both answers take the same time.
_NOBODY = _HASHER.hash(secrets.token_hex(16))
MIN_PASSWORD = 10
_SCOPE_DIGITS = {6: "000000", 9: "000", 12: ""}


class BadCredentials(Refusal):
    """Wrong name or password; which of the two is not told."""

    code = "bad_credentials"

    def __init__(self) -> None:
        super().__init__("用户名或密码错误", "wrong user name or password")


class TooManyAttempts(Refusal):
    """Guessing is slowed down."""

    code = "too_many_attempts"

    def __init__(self, wait: timedelta) -> None:
        self.retry_after_s = max(1, int(wait.total_seconds()))
        super().__init__(
            f"登录失败次数过多,请 {self.retry_after_s} 秒后再试",
            f"too many failed logins: try again in {self.retry_after_s} s",
        )


@dataclass(frozen=True, slots=True)
class LoggedIn:
    """A new session: the cookie's token leaves the house once and is kept only as a hash."""

    token: str
    viewer: Viewer
    expires_at: datetime


def token_hash(token: str) -> str:
    """Return what is stored of a session token."""
    return hashlib.sha256(token.encode()).hexdigest()


def viewer_of(account: Account) -> Viewer:
    """Return the account as the access rules see it."""
    return Viewer(
        account_id=account.id or 0,
        name=account.name_zh,
        role=cast("Role", account.role),
        stream=account.stream,
        scope=account.scope,
        team_ids=frozenset(account.team_ids),
        username=account.username,
    )


async def log_in(
    tx: Tx, username: str, password: str, address: str, now: datetime, lifetime: timedelta
) -> LoggedIn | Refusal:
    """Check a password and open a session.

    A refusal is returned, not raised: the failure must be committed with the throttle's counter.
    """
    keys = (f"user:{username[:80]}", f"address:{address[:80]}")
    throttles = [await _throttle(tx, key, now) for key in keys]
    wait = max((t.blocked_until or now) - now for t in throttles)
    if wait > timedelta(0):
        return TooManyAttempts(wait)
    found = await tx.execute(select(Account).where(col(Account.username) == username, col(Account.active)))
    account = found.scalar_one_or_none()
    right = await asyncio.to_thread(_verify, account.password_hash if account else _NOBODY, password)
    if account is None or not right:
        for throttle in throttles:
            throttle.failures = failures_that_count(throttle.failures, throttle.last_failed_at, now) + 1
            throttle.last_failed_at = now
            throttle.blocked_until = now + blocked_for(throttle.failures)
        if account is not None:
            await _audit(tx, "account.login_refused", account, address, now, None)
        return BadCredentials()
    for throttle in throttles:
        throttle.failures, throttle.blocked_until = 0, None
    token = secrets.token_urlsafe(32)
    assert account.id is not None
    tx.add(
        LoginSession(
            token_hash=token_hash(token), account_id=account.id, created_at=now, expires_at=now + lifetime
        )
    )
    await tx.execute(delete(LoginSession).where(col(LoginSession.expires_at) <= now))
    await tx.flush()
    viewer = viewer_of(account)
    await _audit(tx, "account.logged_in", account, address, now, viewer)
    return LoggedIn(token, viewer, now + lifetime)


async def log_out(tx: Tx, token: str, address: str, now: datetime) -> None:
    """End the session of this token, if there is one."""
    found = await tx.execute(
        select(Account)
        .join(LoginSession, col(LoginSession.account_id) == col(Account.id))
        .where(col(LoginSession.token_hash) == token_hash(token))
    )
    account = found.scalar_one_or_none()
    if account is None:
        return
    await tx.execute(delete(LoginSession).where(col(LoginSession.token_hash) == token_hash(token)))
    await _audit(tx, "account.logged_out", account, address, now, viewer_of(account))


async def who_is(tx: Tx, token: str, now: datetime) -> Viewer | None:
    """Return whose session this is, None if it ended or the account was closed."""
    found = await tx.execute(
        select(Account)
        .join(LoginSession, col(LoginSession.account_id) == col(Account.id))
        .where(
            col(LoginSession.token_hash) == token_hash(token),
            col(LoginSession.expires_at) > now,
            col(Account.active),
        )
    )
    account = found.scalar_one_or_none()
    return viewer_of(account) if account else None


def new_account(
    username: str, password: str, name_zh: str, role: Role, stream: str, scope: str, team_ids: list[int]
) -> Account:
    """Return an account ready to be stored. Raises InvalidInput for a short password or a bad scope."""
    if len(password) < MIN_PASSWORD:
        raise InvalidInput(
            FieldFault(
                "password",
                f"密码至少 {MIN_PASSWORD} 位",
                f"a password has at least {MIN_PASSWORD} characters",
            )
        )
    if len(scope) not in _SCOPE_DIGITS or not scope.isdigit() or not scope.startswith(stream):
        raise InvalidInput(
            FieldFault(
                "scope",
                "辖区代码应为 6、9 或 12 位数字",
                "a scope is a region code prefix of 6, 9 or 12 digits",
            )
        )
    return Account(
        username=username,
        password_hash=_HASHER.hash(password),
        name_zh=name_zh,
        role=role,
        stream=stream,
        scope=scope,
        team_ids=team_ids,
    )


def _verify(hashed: str, password: str) -> bool:
    try:
        return _HASHER.verify(hashed, password)
    except (VerificationError, InvalidHashError):
        return False


async def _throttle(tx: Tx, key: str, now: datetime) -> LoginThrottle:
    await tx.execute(
        text(
            "INSERT INTO login_throttle (key, failures, last_failed_at) VALUES (:key, 0, :now) "
            "ON CONFLICT DO NOTHING"
        ),
        {"key": key, "now": now},
    )
    found = await tx.execute(select(LoginThrottle).where(col(LoginThrottle.key) == key).with_for_update())
    return found.scalar_one()


async def _audit(
    tx: Tx, event_type: str, account: Account, address: str, now: datetime, viewer: Viewer | None
) -> None:
    event = AccountEvent(type=event_type, username=account.username, address=address)
    place = account.scope.ljust(12, "0")
    who = Actor(id=viewer.account_id, name=viewer.name, role=viewer.role) if viewer else None
    await journal.append(
        tx, account.stream, now, [journal.Entry(event, Concern((place,), audience="audit"))], who
    )
