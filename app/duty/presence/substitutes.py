"""Who could fill a seat: the fittest first, and why the others cannot."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from app.db import Tx
from app.duty import store as duty
from app.duty.presence import store
from app.duty.presence.facts import ObstacleFact, SubstituteFact
from app.duty.roster.actions.post import month_of
from app.duty.roster.fitness import HARD, obstacles
from app.duty.roster.rules.interval import Interval
from app.duty.roster.rules.training import required

TOLD = 5  # as many ride along with an alarm
SHORTEST = timedelta(minutes=1)


async def substitutes(
    tx: Tx, post_id: int, seat_id: int, start: datetime, end: datetime, zone: ZoneInfo
) -> list[SubstituteFact]:
    """Return the people of the post's unit: fit ones first, then those with least against them.

    Among the fit come the deputies of the seat, the reserve list, then whoever has the fewest hours.
    """
    span = Interval(start, max(end, start + SHORTEST))
    people = await store.colleagues(tx, post_id, seat_id, span.start)
    ids = [row.id for row in people]
    seat = next(one for one in await duty.seat_rows(tx, post_id) if one.id == seat_id)
    against = await obstacles(tx, ids, span, zone, requires=required(seat.qualification))
    month = month_of(span.start.astimezone(zone).date().replace(day=1), zone)
    hours = await store.hours_between(tx, ids, month.start, month.end)
    ranked = []
    for row in people:
        reasons = [ObstacleFact(code=r.code, hard=r.code in HARD, zh=r.zh, en=r.en) for r in against[row.id]]
        blocked = any(reason.hard for reason in reasons)
        worked = hours.get(row.id, 0.0)
        rank = (blocked, len(reasons), row.deputy or 99, not row.reserve, worked, row.id)
        fact = SubstituteFact(
            person_id=row.id,
            name=row.name,
            phone=row.phone,
            reserve=row.reserve,
            hours_this_month=round(worked, 1),
            fit=not blocked,
            obstacles=reasons,
        )
        ranked.append((rank, fact))
    return [fact for _, fact in sorted(ranked, key=lambda pair: pair[0])]
