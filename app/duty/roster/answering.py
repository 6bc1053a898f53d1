"""Who answers for a desk at an instant: whom a notice about it reaches."""

from __future__ import annotations

from datetime import datetime

from app.db import Tx
from app.duty.ownership.store import centre_owner_at
from app.duty.roster import on_duty
from app.duty.roster.facts import PostOnDuty
from app.duty.roster.rules.ranks import LEADERS, rank
from app.org.callbook.store import offices


async def answering(tx: Tx, stream: str, at: datetime, post_id: int | None = None) -> dict[int, list[int]]:
    """Return by post who answers for it: the leaders on duty, else the first at the desk, else its head.

    The head of a place (乡镇主要负责同志) is who holds its office in the call book. An empty list: nobody.
    """
    posts = await on_duty.on_duty(tx, stream, stream, at, post_id)
    heads = await offices.heads(tx, stream)
    return {post.id: _on_duty(post) or heads.get(post.region_code, []) for post in posts}


async def shift_lead(tx: Tx, stream: str, at: datetime) -> list[int]:
    """Return who leads the centre's shift, an empty list for nobody."""
    owner = await centre_owner_at(tx, stream, at)
    return [owner.lead_person_id] if owner else []


def _on_duty(post: PostOnDuty) -> list[int]:
    led = [shift.person_id for seat in post.seats if seat.role in LEADERS for shift in seat.on]
    desk = sorted((rank(seat.role), shift.person_id) for seat in post.seats for shift in seat.on)
    return led or [person for _, person in desk[:1]]
