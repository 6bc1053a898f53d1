"""What waits to be reminded of: planned checks that begin, failures whose time runs out."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import text
from sqlmodel import col, select

from app.db import Tx
from app.duty.spot_check.tables import Rectification, SpotCheck

AT_ONCE = 50


async def beginning(tx: Tx, stream: str, now: datetime) -> list[SpotCheck]:
    """Return planned checks that have begun and that the lead was not told of, locked; held ones later."""
    found = await tx.execute(
        select(SpotCheck)
        .where(
            col(SpotCheck.stream) == stream,
            col(SpotCheck.state) == "open",
            col(SpotCheck.told) != "lead",
            col(SpotCheck.starts_at) > col(SpotCheck.opened_at),
            col(SpotCheck.starts_at) <= now,
            col(SpotCheck.ends_at) > now,
        )
        .order_by("id")
        .limit(AT_ONCE)
        .with_for_update(skip_locked=True)
    )
    return list(found.scalars())


async def was_called(tx: Tx, spot_check_id: int) -> bool:
    """Whether any post of a check was called."""
    return bool(
        await tx.scalar(
            text(
                "SELECT EXISTS (SELECT 1 FROM spot_attempt a JOIN spot_finding f ON f.id = a.finding_id"
                " WHERE f.spot_check_id = :id)"
            ),
            {"id": spot_check_id},
        )
    )


async def running_out(tx: Tx, stream: str, before: datetime) -> list[Rectification]:
    """Return open failures due before an instant whose last reminder is not told, locked; held ones later."""
    found = await tx.execute(
        select(Rectification)
        .where(
            col(Rectification.stream) == stream,
            col(Rectification.state) == "open",
            col(Rectification.told) != "overdue",
            col(Rectification.due_at) <= before,
        )
        .order_by("id")
        .limit(AT_ONCE)
        .with_for_update(skip_locked=True)
    )
    return list(found.scalars())
