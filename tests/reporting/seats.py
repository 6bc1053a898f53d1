"""People on duty for the tests of reporting: a desk, a shift lead and a leader at the centre, one below."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import insert

from app.duty.roster.tables import Shift
from tests.duty.county import (
    CENTRE,
    INTAKE,
    LEADER,
    SHIFT_LEAD,
    TOWN_OFFICER,
    TOWNSHIP,
    settle_in,
)
from tests.world import STREAM, World

ON_LEAD, ON_SHIFT, ON_DESK, ON_TOWN = "值班100", "值班101", "值班102", "值班200"


async def seat_people(world: World) -> None:
    """Put them on their seats for a day; none of them is logged in, all have a telephone."""
    now = world.clock.now()
    seats = [
        (CENTRE, LEADER, 100),
        (CENTRE, SHIFT_LEAD, 101),
        (CENTRE, INTAKE, 102),
        (TOWNSHIP, TOWN_OFFICER, 200),
    ]
    rows = [
        {
            "stream": STREAM,
            "post_id": post,
            "seat_id": seat,
            "person_id": person,
            "starts_at": now - timedelta(hours=6),
            "ends_at": now + timedelta(hours=18),
            "source": "roster",
            "state": "planned",
            "made_at": now,
        }
        for post, seat, person in seats
    ]
    await world.do(settle_in)
    await world.do(lambda tx: tx.execute(insert(Shift), rows))
