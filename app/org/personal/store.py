"""Every SQL statement about readings of personal data."""

from __future__ import annotations

from datetime import datetime, timedelta

from app.db import Tx, sql

_REMEMBERED = timedelta(days=1)


async def claim(tx: Tx, account_id: int, source: str, since: datetime) -> bool:
    """Return whether this reading was not noted yet. What an account did a day ago is forgotten."""
    await tx.execute(
        sql("DELETE FROM personal_reading WHERE account_id = :account AND since < :before"),
        {"account": account_id, "before": since - _REMEMBERED},
    )
    fresh = await tx.execute(
        sql(
            "INSERT INTO personal_reading (account_id, source, since) VALUES (:account, :source, :since) "
            "ON CONFLICT DO NOTHING RETURNING source"
        ),
        {"account": account_id, "source": source, "since": since},
    )
    return fresh.first() is not None
