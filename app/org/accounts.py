"""Accounts and sessions: argon2 passwords, hashed cookies, throttled guessing."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import ColumnElement, Row, and_, delete, func, true
from sqlmodel import col, select

from app.db import Database, Tx, sql
from app.journal import store as journal
from app.org.events import AccountEvent
from app.org.login_refusals import BadCredentials as BadCredentials
from app.org.login_refusals import TooManyAttempts as TooManyAttempts
from app.org.passwords import fits, no_password, password_hash
from app.org.rules.access import Concern, Permission, Role, Viewer
from app.org.second_factor.proof import BadCode, proves
from app.org.store import throttle
from app.org.store.sessions import ONE_SESSION, SESSION_OF, end_logins, end_session
from app.org.tables import Account, LoginSession, Person
from app.refusals import FieldFault, InvalidInput
from app.wire import Actor

KNOWN_FOR = timedelta(days=180)
_SCOPE_DIGITS = {6: "000000", 9: "000", 12: ""}


@dataclass(frozen=True, slots=True, repr=False)
class Told:
    """What somebody types to be let in; `code` only where he is asked for it. Never logged."""

    username: str
    password: str
    code: str | None = None
    browser: str = ""  # by which a browser is known again, if it logged in before
    replaces: str = ""  # the session that this login takes the place of
    through: str = ""  # who vouched in place of a password


@dataclass(frozen=True, slots=True)
class LoggedIn:
    """A new session: the cookie's token leaves the house once and is kept only as a hash."""

    token: str
    viewer: Viewer
    expires_at: datetime
    browser: str = ""  # new to this browser; "" when it is known already


def token_hash(token: str) -> str:
    """Return what is stored of a session token."""
    return hashlib.sha256(token.encode()).hexdigest()


def viewer_of(account: Account | Row[Any]) -> Viewer:
    """Return the account, or its columns, as the access rules see it."""
    return Viewer(
        account_id=account.id or 0,
        name=account.name_zh,
        role=cast("Role", account.role),
        stream=account.stream,
        scope=account.scope,
        team_ids=frozenset(account.team_ids),
        username=account.username,
        person_id=account.person_id,
    )


def viewer_behind(row: Row[Any]) -> Viewer:
    """Return who is behind a session, of a row of `SESSION_OF`."""
    viewer = replace(viewer_of(row), factorless=row.factorless)
    if row.granted is None:
        return viewer
    granted = frozenset(cast("list[Permission]", row.granted))
    return replace(viewer, granted=granted, per_minute=row.per_minute, maker_id=row.maker_id)


async def log_in(
    database: Database, told: Told, address: str, now: datetime, lifetime: timedelta
) -> LoggedIn:
    """Check a password, and a code where the account asks for one, and open a session.

    Raises BadCredentials, TooManyAttempts, SecondFactorNeeded, BadCode.
    """
    keys, account, right = await _tried(database, told, address, now)
    async with database.transaction() as tx:
        if account is not None and right:
            opened = await admit(tx, account, told, keys, address, now, lifetime)
        else:
            opened = None
            await _refuse(tx, keys, account, address, now)
    if opened is None:
        raise BadCode if right else BadCredentials
    return opened


async def admit(
    tx: Tx,
    account: Account,
    told: Told,
    keys: dict[str, int],
    address: str,
    now: datetime,
    lifetime: timedelta,
) -> LoggedIn | None:
    """Open a session for who has proven his first factor; None, which is counted, for a wrong code.

    Raises SecondFactorNeeded.
    """
    codes = throttle.key_of_codes(account.id or 0)
    if not await proves(tx, account.id or 0, told.code, now):
        await _refuse(tx, keys | codes, account, address, now)
        return None
    await throttle.forget(tx, [next(iter(keys)), *codes])
    await end_session(tx, token_hash(told.replaces))  # rotated: no login lives on beside the new
    opened = await open_session(tx, account, address, now, lifetime, told.through)
    return replace(opened, browser=await _known(tx, told, account, now))


async def prove(database: Database, username: str, password: str, address: str, now: datetime) -> Account:
    """Return the account whose password this is. Raises BadCredentials, TooManyAttempts."""
    keys, account, right = await _tried(database, Told(username, password), address, now)
    async with database.transaction() as tx:
        if account is not None and right:
            await throttle.forget(tx, [next(iter(keys))])
            return account
        await _refuse(tx, keys, account, address, now)
    raise BadCredentials


async def _tried(
    database: Database, told: Told, address: str, now: datetime
) -> tuple[dict[str, int], Account | None, bool]:
    """Return the keys a failure counts for, the account, and whether the password is right.

    The slow hash stands between two transactions: nobody waits for it with a connection in hand, and a
    failure is committed before it is told. Raises TooManyAttempts.
    """
    async with database.transaction() as tx:
        account = await _account(tx, told.username)
        keys = await keys_of(tx, told, account, address, now)
        await require_patience(tx, keys, account, now)
    hashed = account.password_hash if account else no_password()
    return keys, account, await fits(hashed, told.password)


async def keys_of(tx: Tx, told: Told, account: Account | None, address: str, now: datetime) -> dict[str, int]:
    """Return the keys a failure counts for: the browser's where it is known, else name and address."""
    browser = token_hash(told.browser)
    if told.browser and account and await throttle.is_known(tx, browser, account.id or 0, now):
        return throttle.keys_of_known(browser)
    return throttle.keys_of(told.username, address)


async def require_patience(tx: Tx, keys: dict[str, int], account: Account | None, now: datetime) -> None:
    """Raise TooManyAttempts while one of the keys, or of the account's codes, is blocked."""
    codes = throttle.key_of_codes(account.id or 0) if account else {}
    wait = await throttle.blocked(tx, [*keys, *codes], now)
    if wait > timedelta(0):
        raise TooManyAttempts(wait)


async def _known(tx: Tx, told: Told, account: Account, now: datetime) -> str:
    """Return by what a browser is known from now on, "" when it is known already."""
    account_id = account.id or 0
    if told.browser and await throttle.is_known(tx, token_hash(told.browser), account_id, now):
        return ""
    token = secrets.token_urlsafe(32)
    await throttle.know(tx, token_hash(token), account_id, now + KNOWN_FOR, now)
    return token


async def _refuse(tx: Tx, keys: dict[str, int], account: Account | None, address: str, now: datetime) -> None:
    await throttle.count_failure(tx, keys, now)
    if account is not None:
        await _audit(tx, "account.login_refused", account, address, now, None)


def serves() -> ColumnElement[bool]:
    """Return the condition under which an account works: it is open, and its person has not left."""
    person = select(Person.active).where(col(Person.id) == col(Account.person_id)).scalar_subquery()
    return and_(col(Account.active), func.coalesce(person, true()))


async def _account(tx: Tx, username: str) -> Account | None:
    found = await tx.execute(select(Account).where(col(Account.username) == username, serves()))
    return found.scalar_one_or_none()


async def open_session(
    tx: Tx, account: Account, address: str, now: datetime, lifetime: timedelta, through: str = ""
) -> LoggedIn:
    """Open a session for an account that has proven itself, or for which a provider vouched (`through`)."""
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
    await _audit(tx, "account.logged_in", account, address, now, viewer, through)
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


async def lock_out(tx: Tx, stream: str, person_id: int, now: datetime, by: Actor) -> None:
    """End every login of a person who left the service; his screens are closed when they hear of it."""
    found = await tx.execute(
        select(Account)
        .where(col(Account.stream) == stream, col(Account.person_id) == person_id, col(Account.active))
        .order_by("id")
    )
    entries = []
    for account in found.scalars():
        await end_logins(tx, account.id or 0)
        event = AccountEvent(
            type="account.locked", username=account.username, address="", account_id=account.id
        )
        place = account.scope.ljust(12, "0")
        entries.append(journal.Entry(event, Concern((place,), audience="audit")))
    if entries:
        await journal.append(tx, stream, now, entries, by)


async def who_is(tx: Tx, token: str, now: datetime) -> Viewer | None:
    """Return whose session this is, None if it ended, the account was closed or its person has left."""
    row = (
        await tx.execute(sql(SESSION_OF.format(which=ONE_SESSION, more="")), session_values(token, now))
    ).one_or_none()
    return viewer_behind(row) if row else None


def session_values(token: str, now: datetime) -> dict[str, Any]:
    """Return what `SESSION_OF` asks with."""
    return {"token_hash": token_hash(token), "now": now}


def new_account(
    username: str, password: str, name_zh: str, role: Role, stream: str, scope: str, team_ids: list[int]
) -> Account:
    """Return an account ready to be stored. Raises InvalidInput for a short password or a bad scope."""
    hashed = password_hash(password)
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
        password_hash=hashed,
        name_zh=name_zh,
        role=role,
        stream=stream,
        scope=scope,
        team_ids=team_ids,
    )


async def _audit(
    tx: Tx,
    event_type: str,
    account: Account,
    address: str,
    now: datetime,
    viewer: Viewer | None,
    through: str = "",
) -> None:
    event = AccountEvent(type=event_type, username=account.username, address=address, through=through)
    place = account.scope.ljust(12, "0")
    who = Actor(id=viewer.account_id, name=viewer.name, role=viewer.role) if viewer else None
    await journal.append(
        tx, account.stream, now, [journal.Entry(event, Concern((place,), audience="audit"))], who
    )
