"""Who is behind a session, the statement that every request and every screen asks; and its end."""

from __future__ import annotations

from sqlalchemy import ColumnElement, delete, func
from sqlmodel import col

from app.db import Tx
from app.org.tables import LoginSession

ID_DIGITS = 16  # of the token's hash: what names a login to people

# Whether a token `t` of an `account` stands: its maker `m` still has its role and place, and is here.
MAKER_HOLDS = """(m.active AND m.role = account.role AND account.scope LIKE m.scope || '%'
       AND coalesce((SELECT p.active FROM person p WHERE p.id = m.person_id), true))"""
ONE_SESSION = "held.token_hash = :token_hash"
# The account behind a session that holds, if it works as `serves` says.
SESSION_OF = f"""
SELECT account.id, account.username, account.name_zh, account.role, account.stream, account.scope,
       account.person_id, account.team_ids,
       t.scopes AS granted, t.per_minute, t.maker_id,
       t.account_id IS NULL AND NOT EXISTS (SELECT 1 FROM second_factor f
                    WHERE f.account_id = account.id AND f.confirmed_at IS NOT NULL)
       AND NOT EXISTS (SELECT 1 FROM field_phone p
                        WHERE p.session_hash = held.token_hash)
       AND NOT EXISTS (SELECT 1 FROM break_glass b
                        WHERE b.session_hash = held.token_hash) AS factorless {{more}}
  FROM login_session held JOIN account ON account.id = held.account_id
  LEFT JOIN api_token t ON t.account_id = account.id LEFT JOIN account m ON m.id = t.maker_id
 WHERE {{which}} AND held.expires_at > :now AND account.active
   AND (t.account_id IS NULL OR {MAKER_HOLDS})
   AND coalesce((SELECT person.active FROM person WHERE person.id = account.person_id), true)
"""  # noqa: S608  two fixed texts


async def end_logins(tx: Tx, account_id: int, login: str | None = None) -> int:
    """End an account's logins, or the one that is named; return how many."""
    named = () if login is None else (func.left(col(LoginSession.token_hash), ID_DIGITS) == login,)
    return await _end(tx, account_id, *named)


async def end_session(tx: Tx, hashed: str) -> None:
    """End the one session of a token's hash, if it holds."""
    await tx.execute(delete(LoginSession).where(col(LoginSession.token_hash) == hashed))


async def end_other_logins(tx: Tx, account_id: int, kept_hash: str) -> int:
    """End an account's logins but the one of this token's hash; return how many."""
    return await _end(tx, account_id, col(LoginSession.token_hash) != kept_hash)


async def _end(tx: Tx, account_id: int, *which: ColumnElement[bool]) -> int:
    ended = delete(LoginSession).where(col(LoginSession.account_id) == account_id, *which)
    return len((await tx.execute(ended.returning(col(LoginSession.account_id)))).all())
