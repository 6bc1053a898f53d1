"""Every SQL statement about API tokens."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import text
from sqlmodel import col, select

from app.db import Tx, sql
from app.org.store.sessions import MAKER_HOLDS
from app.org.tables import Account
from app.org.tokens.facts import TokenFact
from app.org.tokens.tables import ApiToken

_FACT = f"""
SELECT account.id, account.name_zh AS name, t.purpose, t.prefix, t.scopes, account.scope, t.per_minute,
       m.name_zh AS made_by, t.made_at, t.expires_at, t.used_at, t.used_from, t.revoked_at, t.revoked_by,
       CASE WHEN t.revoked_at IS NOT NULL THEN 'revoked' WHEN t.expires_at <= :now THEN 'expired'
            WHEN {MAKER_HOLDS} THEN 'works' ELSE 'suspended' END AS state
  FROM api_token t JOIN account ON account.id = t.account_id JOIN account m ON m.id = t.maker_id
 WHERE account.stream = :stream AND (CAST(:maker AS bigint) IS NULL OR t.maker_id = :maker)
"""  # noqa: S608  two fixed texts
_USED = """
UPDATE api_token SET used_at = :now, used_from = :address
 WHERE account_id = :id AND (used_at IS NULL OR used_at < :now)
"""


async def listed(tx: Tx, stream: str, maker_id: int | None, now: datetime) -> list[TokenFact]:
    """Return the tokens of one maker, or all (None): those that work first, the latest first."""
    rows = await tx.execute(
        text(_FACT + " ORDER BY account.id DESC"),
        {"stream": stream, "maker": maker_id, "now": now},
    )
    return sorted((TokenFact(**row) for row in rows.mappings()), key=lambda one: one.state != "works")


async def fact(tx: Tx, stream: str, token_id: int, now: datetime) -> TokenFact:
    """Return one token."""
    rows = await tx.execute(
        text(_FACT + " AND account.id = :id"), {"stream": stream, "maker": None, "now": now, "id": token_id}
    )
    return TokenFact(**rows.mappings().one())


async def locked(tx: Tx, stream: str, token_id: int) -> tuple[ApiToken, Account] | None:
    """Return a token and its account, locked until commit."""
    found = await tx.execute(
        select(ApiToken, Account)
        .join(Account, col(Account.id) == col(ApiToken.account_id))
        .where(col(ApiToken.account_id) == token_id, col(Account.stream) == stream)
        .with_for_update()
    )
    row = found.one_or_none()
    return None if row is None else (row[0], row[1])


async def note_use(tx: Tx, token_id: int, address: str, now: datetime) -> None:
    """Write down when a token was last used, and from where."""
    await tx.execute(sql(_USED), {"id": token_id, "address": address[:80], "now": now})
