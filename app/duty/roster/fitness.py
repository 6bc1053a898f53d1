"""Who could take a duty, and what stands against everybody else."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta
from zoneinfo import ZoneInfo

from app.db import Tx
from app.duty.leave import store as leave
from app.duty.roster.rules.fatigue import Reason, why_not
from app.duty.roster.rules.interval import Interval
from app.duty.roster.rules.plan import FixedShift
from app.duty.roster.rules.training import lacking, said
from app.duty.roster.store import plans, shifts

AROUND = timedelta(days=8)  # rest and nights in seven days are judged within this reach
HARD = frozenset({"untrained", "on_leave", "already_on_duty", "continuous_exceeded"})
"""What nobody may do; the rest (too little rest, a third night in seven) is told and answered for."""


async def obstacles(
    tx: Tx,
    person_ids: Collection[int],
    interval: Interval,
    zone: ZoneInfo,
    *,
    without: Collection[int] = (),
    requires: frozenset[str] = frozenset(),
) -> dict[int, tuple[Reason, ...]]:
    """Return, for each of these persons, what stands against this duty; nothing for who could take it.

    `without` are shifts (by number) that they would give away in return, `requires` is what the seat asks
    them to have been trained for.
    """
    wide = Interval(interval.start - AROUND, interval.end + AROUND)
    held = await shifts.of_persons_around(tx, list(person_ids), wide.start, wide.end)
    away = await leave.approved(tx, list(person_ids), wide.start, wide.end)
    own = [
        FixedShift(one.person_id, Interval(one.starts_at, one.ends_at))
        for one in held
        if one.id not in without
    ]
    trained = await plans.qualifications(tx, person_ids) if requires else {}
    return {
        person: _untrained(lacking(requires, trained.get(person, ())), interval)
        + why_not(
            person,
            interval,
            own,
            [Interval(one.starts_at, one.ends_at) for one in away.get(person, ())],
            zone=zone,
        )
        for person in person_ids
    }


def _untrained(lacks: tuple[str, ...], interval: Interval) -> tuple[Reason, ...]:
    return (Reason("untrained", interval, *said(lacks)),) if lacks else ()
