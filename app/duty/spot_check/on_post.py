"""Who holds the seats of the checked posts at an instant."""

from __future__ import annotations

from datetime import datetime

from app.db import Tx
from app.duty.roster import on_duty
from app.duty.spot_check.facts import RosteredFact


async def rosters(
    tx: Tx, stream: str, at: datetime, post_id: int | None = None
) -> dict[int, list[RosteredFact]]:
    """Return those on duty by post, in the order of the seats."""
    posts = await on_duty.on_duty(tx, stream, stream, at, post_id)
    return {
        post.id: [
            RosteredFact(
                person_id=shift.person_id,
                name=shift.person_name,
                role=seat.role,
                mode=seat.mode,
                phone=shift.phone,
            )
            for seat in post.seats
            for shift in seat.on
        ]
        for post in posts
    }
