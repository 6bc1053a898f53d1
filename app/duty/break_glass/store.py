"""Every SQL statement about the sealed emergency login."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import text, update
from sqlmodel import col, select

from app.db import Tx
from app.duty.break_glass.facts import BreakGlassFact, OpenedFact
from app.duty.break_glass.tables import BreakGlass
from app.org.tables import NO_PASSWORD, Account

_LEADERS = """
SELECT DISTINCT person_id FROM account
 WHERE stream = :stream AND active AND person_id IS NOT NULL AND role IN ('centre_leader', 'shift_lead')
   AND length(scope) <= length(stream) ORDER BY person_id
"""


async def fact(tx: Tx, stream: str) -> BreakGlassFact:
    """Return how it stands."""
    sealed = await tx.scalar(
        select(BreakGlass.sealed_at).where(
            col(BreakGlass.stream) == stream,
            col(BreakGlass.opened_at).is_(None),
            col(BreakGlass.void_at).is_(None),
        )
    )
    last = await last_opened(tx, stream)
    return BreakGlassFact(sealed_at=sealed, opened=OpenedFact.model_validate(last) if last else None)


async def last_opened(tx: Tx, stream: str, *, lock: bool = False) -> BreakGlass | None:
    """Return the sheet that was opened last."""
    asked = (
        select(BreakGlass)
        .where(col(BreakGlass.stream) == stream, col(BreakGlass.opened_at).is_not(None))
        .order_by(col(BreakGlass.opened_at).desc())
        .limit(1)
    )
    return (await tx.execute(asked.with_for_update() if lock else asked)).scalar_one_or_none()


async def by_code(tx: Tx, stream: str, code_hash: str) -> tuple[BreakGlass, Account] | None:
    """Return the sealed sheet with this code and its account, locked until commit."""
    found = await tx.execute(
        select(BreakGlass, Account)
        .join(Account, col(Account.id) == col(BreakGlass.account_id))
        .where(
            col(BreakGlass.stream) == stream,
            col(BreakGlass.code_hash) == code_hash,
            col(BreakGlass.opened_at).is_(None),
            col(BreakGlass.void_at).is_(None),
        )
        .with_for_update()
    )
    row = found.one_or_none()
    return None if row is None else (row[0], row[1])


async def account(tx: Tx, stream: str) -> Account:
    """Return the account that a sheet opens: the leader's rights, no password, made when first wanted."""
    username = f"break-glass-{stream}"
    found = (
        await tx.execute(select(Account).where(col(Account.username) == username).with_for_update())
    ).scalar_one_or_none()
    if found is None:
        found = Account(
            username=username,
            password_hash=NO_PASSWORD,
            name_zh="应急账号",
            role="centre_leader",
            stream=stream,
            scope=stream,
        )
        tx.add(found)
        await tx.flush()
    found.active = True
    return found


async def void(tx: Tx, stream: str, now: datetime) -> None:
    """Make the sealed sheet void."""
    await tx.execute(
        update(BreakGlass)
        .where(
            col(BreakGlass.stream) == stream,
            col(BreakGlass.opened_at).is_(None),
            col(BreakGlass.void_at).is_(None),
        )
        .values(void_at=now)
    )


async def leaders(tx: Tx, stream: str) -> list[int]:
    """Return the persons of the county who lead, by their accounts."""
    return list((await tx.execute(text(_LEADERS), {"stream": stream})).scalars())
