"""The statements of second factors."""

from __future__ import annotations

from sqlmodel import col, select

from app.db import Tx
from app.org.second_factor.tables import SecondFactor


async def of(tx: Tx, account_id: int) -> SecondFactor | None:
    """Return the factor of an account, begun or confirmed, locked: two logins never use one code."""
    found = await tx.execute(
        select(SecondFactor).where(col(SecondFactor.account_id) == account_id).with_for_update()
    )
    return found.scalar_one_or_none()
