"""Make and revoke API tokens."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from typing import Literal

from app.db import Tx
from app.journal import store as journal
from app.org import store as org
from app.org.accounts import token_hash
from app.org.rules.access import Concern, Viewer, actor, require
from app.org.store.sessions import end_logins
from app.org.tables import NO_PASSWORD, Account, LoginSession
from app.org.tokens import store
from app.org.tokens.events import TokenChanged
from app.org.tokens.facts import NewToken, TokenFact, TokenIn
from app.org.tokens.rules import PREFIX, SHOWN, grantable
from app.org.tokens.tables import ApiToken
from app.refusals import FieldFault, InvalidInput, NotFound

MOST = 50


async def listed(tx: Tx, by: Viewer, now: datetime) -> list[TokenFact]:
    """Return one's own tokens; all of them to who keeps the county's accounts."""
    require(by, "make_tokens")
    return await store.listed(tx, by.stream, _maker(by), now)


async def make(tx: Tx, by: Viewer, told: TokenIn, now: datetime) -> NewToken:
    """Make a token with some of one's own rights. Raises NotPermitted, InvalidInput."""
    require(by, "make_tokens")
    await _require_possible(tx, by, told, now)
    token = PREFIX + secrets.token_urlsafe(32)
    account = Account(
        username=f"token-{secrets.token_hex(4)}",
        password_hash=NO_PASSWORD,
        name_zh=told.name,
        role=by.role,
        stream=by.stream,
        scope=told.scope,
    )
    tx.add(account)
    await tx.flush()
    assert account.id is not None
    until = now + timedelta(days=told.days)
    tx.add(
        ApiToken(
            account_id=account.id,
            maker_id=by.account_id,
            prefix=token[:SHOWN],
            purpose=told.purpose,
            scopes=sorted(set(told.scopes)),
            per_minute=told.per_minute,
            made_at=now,
            expires_at=until,
        )
    )
    tx.add(
        LoginSession(token_hash=token_hash(token), account_id=account.id, created_at=now, expires_at=until)
    )
    fact = await _tell(tx, by, account.id, "token.made", now)
    return NewToken(**fact.model_dump(), token=token)


async def revoke(tx: Tx, by: Viewer, token_id: int, now: datetime) -> TokenFact:
    """End a token: it opens nothing any more, and its pushes end on every node. Raises NotFound."""
    require(by, "make_tokens")
    found = await store.locked(tx, by.stream, token_id)
    if found is None or _maker(by) not in (None, found[0].maker_id):
        raise NotFound("该令牌", "token")
    token, account = found
    if token.revoked_at is not None:
        return await store.fact(tx, by.stream, token_id, now)
    token.revoked_at, token.revoked_by = now, by.name
    account.active = False
    await end_logins(tx, token_id)
    return await _tell(tx, by, token_id, "token.revoked", now)


def _maker(by: Viewer) -> int | None:
    return None if by.may("manage_accounts") else by.account_id


async def _require_possible(tx: Tx, by: Viewer, told: TokenIn, now: datetime) -> None:
    faults = []
    if beyond := sorted(set(told.scopes) - grantable(by)):
        listed = "、".join(beyond)
        faults.append(
            FieldFault(
                "scopes",
                f"不能给令牌这些权限:{listed}(只能给自己有的,账号管理、审计、查看脱敏信息不能给)",
                f"a token cannot be given {listed}: at most your own rights, never accounts, audit or reveal",
            )
        )
    if not by.covers(told.scope) or await org.region(tx, told.scope.ljust(12, "0")) is None:
        faults.append(FieldFault("scope", "不在您的辖区内", "not within your scope"))
    working = [one for one in await store.listed(tx, by.stream, by.account_id, now) if one.state == "works"]
    if len(working) >= MOST:
        faults.append(
            FieldFault("name", f"最多{MOST}个令牌,请先停用旧的", f"{MOST} tokens at most: revoke one")
        )
    if faults:
        raise InvalidInput(*faults)


async def _tell(
    tx: Tx, by: Viewer, token_id: int, kind: Literal["token.made", "token.revoked"], now: datetime
) -> TokenFact:
    await tx.flush()
    fact = await store.fact(tx, by.stream, token_id, now)
    event = TokenChanged(type=kind, username=fact.name, token=fact)
    concern = Concern((fact.scope.ljust(12, "0"),), audience="audit")
    await journal.append(tx, by.stream, now, [journal.Entry(event, concern)], actor(by))
    return fact
