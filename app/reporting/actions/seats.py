"""Who holds the seats of a desk now, by what an alarm of reporting calls them."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from app.db import Tx
from app.duty.roster import on_duty
from app.duty.roster.rules.ranks import LEADERS
from app.reporting.rules.book import Recipient


async def seated(
    tx: Tx, stream: str, desk: str, now: datetime, zone: ZoneInfo
) -> dict[Recipient, list[int]] | None:
    """Return the people on duty at the centre, or at a township's desk; None where there is no post.

    `desk` is the region code of the desk.
    """
    township = len(desk.rstrip("0")) > 6
    posts = await on_duty.on_duty(tx, stream, desk[:9] if township else stream, now, zone=zone)
    kind = "township" if township else "centre"
    post = next((post for post in posts if post.kind == kind), None)
    if post is None:
        return None
    people: dict[Recipient, list[int]] = {"desk": [], "shift_lead": [], "leader": []}
    for seat in post.seats:
        whom: Recipient = (
            "leader" if seat.role in LEADERS else "shift_lead" if seat.role == "shift_lead" else "desk"
        )
        people[whom] += [shift.person_id for shift in seat.on]
    return people
