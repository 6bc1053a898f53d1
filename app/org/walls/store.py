"""Every SQL statement about wall screens."""

from __future__ import annotations

from sqlalchemy import text
from sqlmodel import col, select

from app.db import Tx
from app.org.accounts import serves
from app.org.tables import Account
from app.org.walls.facts import WallFact
from app.org.walls.tables import WallScreen

_FACT = """
SELECT a.id, a.name_zh AS name, a.scope, w.made_by, w.made_at, w.opened_at, w.revoked_at, w.revoked_by
  FROM wall_screen w JOIN account a ON a.id = w.account_id
 WHERE a.stream = :stream AND a.scope LIKE :scope || '%'
"""


async def only_read(tx: Tx) -> None:
    """Let the database itself refuse whatever this transaction would write."""
    await tx.execute(text("SET TRANSACTION READ ONLY"))


async def listed(tx: Tx, stream: str, scope: str) -> list[WallFact]:
    """Return the wall screens within a scope, those that work first, then by id."""
    rows = await tx.execute(
        text(_FACT + " ORDER BY w.revoked_at IS NOT NULL, a.id"), {"stream": stream, "scope": scope}
    )
    return [WallFact(**row) for row in rows.mappings()]


async def fact(tx: Tx, stream: str, wall_id: int) -> WallFact:
    """Return one wall screen."""
    rows = await tx.execute(
        text(_FACT + " AND a.id = :id"), {"stream": stream, "scope": stream, "id": wall_id}
    )
    return WallFact(**rows.mappings().one())


async def locked(tx: Tx, stream: str, scope: str, wall_id: int) -> tuple[WallScreen, Account] | None:
    """Return a wall screen within a scope that works, locked until commit."""
    found = await tx.execute(
        select(WallScreen, Account)
        .join(Account, col(Account.id) == col(WallScreen.account_id))
        .where(
            col(WallScreen.account_id) == wall_id,
            col(WallScreen.revoked_at).is_(None),
            col(Account.stream) == stream,
            col(Account.scope).startswith(scope),
        )
        .with_for_update()
    )
    row = found.one_or_none()
    return None if row is None else (row[0], row[1])


async def by_token(tx: Tx, hashed: str) -> tuple[WallScreen, Account] | None:
    """Return the wall screen that a token opens, locked until commit; None when it was revoked."""
    found = await tx.execute(
        select(WallScreen, Account)
        .join(Account, col(Account.id) == col(WallScreen.account_id))
        .where(col(WallScreen.token_hash) == hashed, col(WallScreen.revoked_at).is_(None), serves())
        .with_for_update()
    )
    row = found.one_or_none()
    return None if row is None else (row[0], row[1])
