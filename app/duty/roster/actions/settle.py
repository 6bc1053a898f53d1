"""Bring the shifts of a post into line with what is planned. What is past is never touched."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy.exc import IntegrityError

from app.db import Tx
from app.duty.roster.actions.away import refuse_away
from app.duty.roster.commands import LONGEST
from app.duty.roster.facts import ShiftFact
from app.duty.roster.rules.interval import Interval, subtract, union
from app.duty.roster.rules.resolve import FixedShift, Override, ResolvedShift, SeatPlan, Temporary, resolve
from app.duty.roster.rules.settle import Held, Step, cut, steps
from app.duty.roster.store import plans, shifts
from app.duty.roster.tables import RosterMonth, RosterOverride, Shift, TemporarySchedule
from app.refusals import Refusal

REACH = timedelta(days=40)  # longer than any shift: what touches a span ends within its reach
_SOURCES = {"recorded": "roster", "rotation": "roster", "fixed": "roster"}


class DoubleBooked(Refusal):
    """A person would be in two places at once."""

    code = "double_booked"

    def __init__(self, clash: ShiftFact | None = None, zone: ZoneInfo | None = None) -> None:
        if clash is None or zone is None:
            super().__init__(
                "有人在同一时段被排了两个岗位,请刷新后重试",
                "somebody would hold two seats at once: reload and try again",
            )
            return
        start, end = (t.astimezone(zone) for t in (clash.starts_at, clash.ends_at))
        super().__init__(
            f"{clash.person_name}在 {start:%m-%d %H:%M} 至 {end:%m-%d %H:%M} 已在其他岗位值班",
            f"{clash.person_name} holds another seat from {start:%m-%d %H:%M} to {end:%m-%d %H:%M}",
        )


@dataclass
class Settled:
    """What changed: shifts that hold from now on, and shifts that no longer do (or end earlier)."""

    added: list[int] = field(default_factory=list)
    dropped: list[ShiftFact] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Change:
    seat_id: int
    step: Step


async def settle(
    tx: Tx,
    stream: str,
    post_id: int,
    seat_ids: Sequence[int],
    window: Interval,
    now: datetime,
    zone: ZoneInfo,
) -> Settled:
    """Resolve these seats over a window and write the difference. The caller holds the post's lock.

    Raises DoubleBooked, OnLeave.
    """
    wide = Interval(window.start - REACH, window.end + REACH)
    rows = await shifts.rows_touching(tx, seat_ids, wide.start, wide.end)
    changes: list[_Change] = []
    for seat_id, plan in (await seat_plans(tx, post_id, seat_ids, wide, zone)).items():
        own = [
            _held(row) for row in rows if row.seat_id == seat_id and _whole(row.starts_at, row.ends_at, wide)
        ]
        wanted = [
            w for w in resolve_shifts(plan, wide, zone) if _whole(w.interval.start, w.interval.end, wide)
        ]
        changes += [_Change(seat_id, step) for step in steps(own, wanted, window, now)]
    longer = [(c.step.person_id, c.step.interval) for c in changes if c.step.kind in {"add", "extend"}]
    await refuse_away(tx, longer, now, zone)
    await _refuse_two_places(tx, changes, seat_ids, zone)
    return await _write(tx, stream, post_id, {r.id: r for r in rows}, changes, now)


def _whole(start: datetime, end: datetime, wide: Interval) -> bool:
    """Whether a shift is seen whole; one at the edge of what was loaded is left alone."""
    return wide.start < start and end < wide.end


def _held(row: Shift) -> Held:
    return Held(row.id or 0, row.person_id, Interval(row.starts_at, row.ends_at))


def resolve_shifts(plan: SeatPlan, wide: Interval, zone: ZoneInfo) -> list[ResolvedShift]:
    """Resolve a seat into shifts: as planned, one for each planned shift, also for who stands in for several.

    What several changes by hand make longer than a shift may be is cut where each of them begins and ends.
    """
    marks: dict[int, set[datetime]] = defaultdict(set)
    for shift in (*plan.fixed, *(s for t in plan.temporaries for s in t.shifts)):
        marks[shift.person] |= {shift.interval.start, shift.interval.end}
    planned = sorted({edge for shift in plan.fixed for edge in (shift.interval.start, shift.interval.end)})
    changed: dict[int, set[datetime]] = defaultdict(set)
    for one in plan.overrides:
        if one.add is not None:
            changed[one.add] |= {one.interval.start, one.interval.end}
            marks[one.add].update(edge for edge in planned if one.interval.contains(edge))
    return [
        piece
        for shift in cut(resolve(plan, wide, zone), marks)
        for piece in (
            cut([shift], changed) if shift.interval.end - shift.interval.start > LONGEST else [shift]
        )
    ]


async def seat_plans(
    tx: Tx, post_id: int, seat_ids: Sequence[int], wide: Interval, zone: ZoneInfo
) -> dict[int, SeatPlan]:
    """Load what was planned for these seats within a span."""
    first, last = (t.astimezone(zone).date().replace(day=1) for t in (wide.start - REACH, wide.end))
    cells = cells_of(await plans.months_between(tx, post_id, first, last))
    overrides = await plans.overrides_touching(tx, seat_ids, wide.start, wide.end)
    temporaries = await plans.temporaries_touching(tx, seat_ids, wide.start, wide.end)
    return {
        seat_id: SeatPlan(
            fixed=tuple(shift for seat, shift in cells if seat == seat_id),
            overrides=tuple(
                Override(Interval(o.starts_at, o.ends_at), add=o.add_person_id, remove=o.remove_person_id)
                for o in overrides
                if o.seat_id == seat_id
            ),
            temporaries=tuple(
                Temporary(
                    Interval(t.starts_at, t.ends_at),
                    tuple(_staying(t, overrides)),
                )
                for t in temporaries
                if t.seat_id == seat_id
            ),
        )
        for seat_id in seat_ids
    }


def cells_of(months: Sequence[RosterMonth]) -> list[tuple[int, FixedShift]]:
    """Return the published cells of months with their seats."""
    return [
        (seat, FixedShift(person, _span(start, end)))
        for month in months
        for seat, person, start, end in month.published or ()
    ]


def _staying(row: TemporarySchedule, overrides: Sequence[RosterOverride]) -> Iterator[FixedShift]:
    """Yield the shifts of a temporary schedule without the times for which leave takes somebody off."""
    for person, start, end in row.shifts:
        off = union(
            Interval(one.starts_at, one.ends_at)
            for one in overrides
            if one.kind == "leave" and one.seat_id == row.seat_id and one.remove_person_id == person
        )
        yield from (FixedShift(person, piece) for piece in subtract((_span(start, end),), off))


def _span(start: str, end: str) -> Interval:
    return Interval(datetime.fromisoformat(start), datetime.fromisoformat(end))


async def _refuse_two_places(
    tx: Tx, changes: Sequence[_Change], seat_ids: Sequence[int], zone: ZoneInfo
) -> None:
    """Name the clash before the database refuses it without a name."""
    new = [(c.step.person_id, c.step.interval) for c in changes if c.step.kind == "add"]
    if not new:
        return
    start, end = min(span.start for _, span in new), max(span.end for _, span in new)
    elsewhere = await shifts.of_persons_elsewhere(tx, [p for p, _ in new], seat_ids, start, end)
    for person, span in new:
        for held in elsewhere:
            if held.person_id == person and span.overlaps(Interval(held.starts_at, held.ends_at)):
                raise DoubleBooked(held, zone)


async def _write(
    tx: Tx,
    stream: str,
    post_id: int,
    rows: dict[int | None, Shift],
    changes: Sequence[_Change],
    now: datetime,
) -> Settled:
    """Take away first, then add: a person may move from one seat to another in one breath."""
    done = Settled()
    gone = [c.step.shift_id for c in changes if c.step.kind in {"cancel", "end"} and c.step.shift_id]
    done.dropped = await shifts.facts(tx, gone)
    for change in changes:
        row = rows.get(change.step.shift_id)
        if row is None:
            continue
        if change.step.kind == "cancel":
            row.state, row.cancelled_at = "cancelled", now
        elif change.step.kind in {"end", "extend"}:
            row.ends_at = change.step.interval.end
    try:
        await tx.flush()
        new = [
            Shift(
                stream=stream,
                post_id=post_id,
                seat_id=change.seat_id,
                person_id=change.step.person_id,
                starts_at=change.step.interval.start,
                ends_at=change.step.interval.end,
                source=_SOURCES.get(change.step.source, change.step.source),
                made_at=now,
            )
            for change in changes
            if change.step.kind == "add"
        ]
        tx.add_all(new)
        await tx.flush()
    except IntegrityError as error:
        if "shift_one_person_one_place" in str(error):
            raise DoubleBooked from error
        raise
    done.added = [row.id for row in new if row.id is not None]
    done.added += [c.step.shift_id for c in changes if c.step.kind == "extend" and c.step.shift_id]
    return done
