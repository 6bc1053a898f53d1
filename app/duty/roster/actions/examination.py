"""Load what the rules need to know of a draft, and let them judge it."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from app.db import Tx
from app.duty import store as duty
from app.duty.county_days import store as county_days
from app.duty.leave import store as leave
from app.duty.roster.actions.post import month_of
from app.duty.roster.actions.settle import REACH
from app.duty.roster.facts import FindingFact, PostFact
from app.duty.roster.rules.examine import Draft, Finding, Known, Seat, examine
from app.duty.roster.rules.interval import Interval
from app.duty.roster.rules.resolve import FixedShift
from app.duty.roster.rules.training import required
from app.duty.roster.store import plans, shifts
from app.duty.roster.tables import RosterMonth
from app.duty.tables import DutyPost, DutySeat


async def examine_draft(
    tx: Tx, stream: str, post: DutyPost | PostFact, month: RosterMonth, now: datetime, zone: ZoneInfo
) -> list[FindingFact]:
    """Return what the rules say of a month's draft (of the published roster when there is no draft)."""
    assert post.id is not None
    span = month_of(month.month, zone)
    cells = month.published if month.draft is None else month.draft
    planned = [
        (seat, FixedShift(person, Interval(datetime.fromisoformat(start), datetime.fromisoformat(end))))
        for seat, person, start, end in cells or ()
    ]
    rows = await duty.seat_rows(tx, post.id)
    persons = sorted({shift.person for _, shift in planned})
    people = await plans.persons(tx, stream, persons)
    wide = Interval(span.start - REACH, span.end + REACH)
    held = await shifts.of_persons_around(tx, persons, wide.start, wide.end)
    own_seats = {row.id for row in rows}
    away = await leave.approved(tx, persons, span.start, wide.end)
    known = Known(
        names={person: name for person, (name, _) in people.items()},
        of_unit=frozenset(person for person, (_, unit) in people.items() if unit == post.unit_id),
        departed=frozenset(await plans.departed(tx, persons)),
        leave={p: tuple(Interval(one.starts_at, one.ends_at) for one in spans) for p, spans in away.items()},
        trained=await plans.qualifications(tx, persons),
        elsewhere=tuple(
            FixedShift(s.person_id, Interval(s.starts_at, s.ends_at))
            for s in held
            if s.seat_id not in own_seats
        ),
        around=tuple(
            (s.seat_id, FixedShift(s.person_id, Interval(s.starts_at, s.ends_at)))
            for s in await shifts.between(tx, post.id, wide.start, wide.end)
            if not span.start <= s.starts_at < span.end
        ),
        extra=await county_days.extra_days(tx, stream),
    )
    seats = tuple(_seat(row) for row in rows)
    draft = Draft(span, seats, tuple(planned))
    return [_fact(finding) for finding in examine(draft, known, zone, now)]


def _seat(row: DutySeat) -> Seat:
    return Seat(
        row.id or 0,
        row.role,
        row.needed,
        on_site=row.mode == "on_site",
        days=row.days,
        requires=required(row.qualification),
    )


def _fact(finding: Finding) -> FindingFact:
    return FindingFact(
        code=finding.code,
        rule=finding.rule,
        severity=finding.severity,
        seat_id=finding.seat,
        person_id=finding.person,
        starts_at=finding.interval.start if finding.interval else None,
        ends_at=finding.interval.end if finding.interval else None,
        zh=finding.zh,
        en=finding.en,
    )
