"""Nobody on approved leave is put on duty, whichever way: the last look before shifts are written."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from app.db import Tx
from app.duty.leave import store as leave
from app.duty.leave.facts import LeaveFact
from app.duty.roster.rules.interval import Interval
from app.refusals import Refusal


class OnLeave(Refusal):
    """A leader let this person go for that time: approved leave stands above every roster (A2.10)."""

    code = "on_leave"

    def __init__(self, away: LeaveFact, zone: ZoneInfo) -> None:
        start, end = (t.astimezone(zone) for t in (away.starts_at, away.ends_at))
        super().__init__(
            f"{away.person_name}在 {start:%m-%d %H:%M} 至 {end:%m-%d %H:%M} 已批准请假,不能安排值班:"
            "请另选他人,确需本人到岗请先销假",
            f"{away.person_name} is on approved leave from {start:%m-%d %H:%M} to {end:%m-%d %H:%M}: "
            "choose somebody else, or have the leave withdrawn first",
        )


async def refuse_away(tx: Tx, planned: Sequence[tuple[int, Interval]], now: datetime, zone: ZoneInfo) -> None:
    """Refuse (person, time) that lies in approved leave, from now on. Raises OnLeave.

    The caller holds the lock of the post; the persons are locked until commit, so that leave which is being
    approved is seen, and leave approved later sees these shifts.
    """
    if not planned:
        return
    persons = sorted({person for person, _ in planned})
    await leave.lock_persons(tx, persons)
    start, end = min(span.start for _, span in planned), max(span.end for _, span in planned)
    held = await leave.approved(tx, persons, max(start, now), end) if end > now else {}
    for person, span in planned:
        for away in held.get(person, ()):
            both = span.intersect(Interval(away.starts_at, away.ends_at))
            if both is not None and both.end > now:
                raise OnLeave(away, zone)
