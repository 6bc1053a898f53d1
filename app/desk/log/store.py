"""Every SQL statement of the duty log that the journal's own do not cover."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import text

from app.db import Tx
from app.desk.log.facts import LogEntryFact
from app.desk.log.tables import LogEntry


def fact(row: LogEntry) -> LogEntryFact:
    """Return the shape of an entry."""
    return LogEntryFact.model_validate(row.model_dump(exclude={"stream", "account_id"}))


async def weather(tx: Tx, post_id: int, start: datetime, end: datetime) -> list[str]:
    """Return what a desk wrote down about the weather within a span."""
    rows = await tx.execute(
        text(
            "SELECT text FROM desk_matter WHERE post_id = :post AND kind = 'weather' "
            "AND made_at >= :start AND made_at < :end ORDER BY id"
        ),
        {"post": post_id, "start": start, "end": end},
    )
    return [str(row.text) for row in rows]


async def wrote_by_hand(tx: Tx, post_id: int, start: datetime, end: datetime) -> bool:
    """Whether a desk made an entry by hand within a span."""
    return bool(
        await tx.scalar(
            text(
                "SELECT EXISTS (SELECT 1 FROM log_entry WHERE post_id = :post"
                " AND entered_at > :start AND entered_at <= :end)"
            ),
            {"post": post_id, "start": start, "end": end},
        )
    )
