"""Log in by the provider: begun here, proved there, and a session like any other."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from app.db import Database
from app.org import accounts
from app.org.accounts import LoggedIn, Told, TooManyAttempts
from app.org.oidc import store
from app.org.oidc.commands import OidcReturnIn
from app.org.oidc.provider import Provider
from app.org.oidc.refusals import SsoRefused, SsoSpent, SsoUnknown
from app.org.oidc.rules import LIFETIME, Flow, same
from app.org.second_factor.proof import BadCode
from app.org.store import throttle

FREE_FAILURES = 20  # of an address, counted apart: who fails here slows nobody's password


@dataclass(frozen=True, slots=True, repr=False)
class Brought:
    """What a browser comes back with: what the provider gave it, and its own cookies."""

    told: OidcReturnIn
    flow: Flow
    browser: str
    replaces: str


def begun() -> Flow:
    """Return a new login; its secret goes to the browser and nowhere else."""
    return Flow(secrets.token_urlsafe(32))


async def log_in(
    database: Database, provider: Provider, brought: Brought, address: str, now: datetime, lifetime: timedelta
) -> LoggedIn:
    """Open a session for whom the provider vouches.

    The proof takes the place of the password and of nothing else: where the account has a second factor, its
    code is asked for, which is told in a second request. Raises SsoAway, SsoRefused, SsoSpent, SsoUnknown,
    TooManyAttempts, SecondFactorNeeded, BadCode.
    """
    if not brought.flow.whole:
        raise SsoSpent
    if brought.told.state is not None:
        await _prove(database, provider, brought, address, now)
    issuer = provider.terms.issuer
    told = Told("", "", brought.told.factor, brought.browser, brought.replaces, issuer)
    async with database.transaction() as tx:
        account = await store.vouched_for(tx, brought.flow.hash, now)
        if account is None:
            raise SsoSpent
        told = replace(told, username=account.username)
        keys = await accounts.keys_of(tx, told, account, address, now)
        await accounts.require_patience(tx, keys, account, now)
        opened = await accounts.admit(tx, account, told, keys, address, now, lifetime)
        if opened is not None:
            await store.spend(tx, brought.flow.hash)
    if opened is None:
        raise BadCode
    return opened


async def _prove(
    database: Database, provider: Provider, brought: Brought, address: str, now: datetime
) -> None:
    """Have the provider's proof, once, and note for whom it vouches."""
    told, flow = brought.told, brought.flow
    keys = {f"oidc:{address[:80]}": FREE_FAILURES}
    async with database.transaction() as tx:
        wait = await throttle.blocked(tx, list(keys), now)
    if wait > timedelta(0):
        raise TooManyAttempts(wait)
    try:
        if not same(told.state or "", flow.state):
            raise SsoSpent
        if told.code is None:
            raise SsoRefused
        name = await provider.vouched(told.code, told.iss, flow)
        async with database.transaction() as tx:
            account = await store.account_of(tx, name)
            if account is None:
                raise SsoUnknown(name)
            if not await store.note(tx, flow.hash, account.id or 0, now + LIFETIME, now):
                raise SsoSpent
    except (SsoSpent, SsoRefused, SsoUnknown):
        async with database.transaction() as tx:
            await throttle.count_failure(tx, keys, now)
        raise
