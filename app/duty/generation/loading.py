"""Put the problem of a month together from what the house knows; and a draft from what was found."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Row

from app.db import Tx
from app.duty import store as duty
from app.duty.generation import store
from app.duty.generation.commands import GenerationIn
from app.duty.generation.facts import WishFact
from app.duty.generation.rules.problem import (
    Around,
    Candidate,
    Carried,
    Fixed,
    Interval,
    Limits,
    Post,
    Problem,
    Slot,
    Wish,
)
from app.duty.leave import store as leave
from app.duty.roster.actions.post import HANDOVER, month_of
from app.duty.roster.facts import PostFact, SeatFact
from app.duty.roster.rules.calendar import ExtraDay, day_kind
from app.duty.roster.rules.training import required
from app.duty.roster.rules.wall_clock import at
from app.duty.roster.store import plans

CARRIED = timedelta(days=92)  # as far back as loads count towards fairness
EDGE = timedelta(days=8)  # shifts so near the month bear on rest and nights
NIGHT_FROM, NIGHT_TO = 0, 6  # R13: the early hours


@dataclass(frozen=True, slots=True)
class _Knowledge:
    """What was loaded: the posts with their seats, and who may sit where."""

    posts: Sequence[PostFact]
    seats: dict[int, list[SeatFact]]
    names: dict[int, str]
    trained: dict[int, frozenset[str]]
    fills: dict[int, set[tuple[str, str]]]


async def load_problem(
    tx: Tx,
    posts: Sequence[PostFact],
    first_day: date,
    told: GenerationIn,
    zone: ZoneInfo,
    own_days: tuple[ExtraDay, ...] = (),
) -> Problem:
    """Return what has to be filled, with whom, within which limits. Times carry the county's zone.

    `own_days` are those the county settles otherwise than the state's calendar.
    """
    span = month_of(first_day, zone)
    known = await _known(tx, posts, span.start - CARRIED)
    slots = [
        slot
        for post in posts
        for seat in known.seats[post.id]
        for slot in _slots(post, seat, first_day, told, zone, own_days)
    ]
    ids = sorted(known.fills)
    before = await store.shifts_of(tx, ids, span.start - CARRIED, span.start)
    after = await store.shifts_of(tx, ids, span.end, span.end + EDGE)
    own = {seat.id for seats in known.seats.values() for seat in seats}
    inside = [r for r in await store.shifts_of(tx, ids, span.start, span.end) if r.seat_id not in own]
    away = await leave.approved(tx, ids, span.start, span.end + EDGE)
    last = (span.end - timedelta(days=1)).astimezone(zone).date()
    earlier, later, elsewhere = _by_person(before), _by_person(after), _by_person(inside)
    wishes: dict[int, list[WishFact]] = defaultdict(list)
    for wish in await store.wishes(tx, ids, first_day, last):
        wishes[wish.person_id].append(wish)
    candidates = [
        Candidate(
            person=person,
            name=known.names[person],
            fills=frozenset(known.fills[person]),
            qualifications=known.trained[person],
            leave=tuple(
                Interval(one.starts_at.astimezone(zone), one.ends_at.astimezone(zone))
                for one in (*away.get(person, ()), *elsewhere[person])
            ),
            wishes=tuple(Wish(w.kind, on=w.day, weight=w.weight) for w in wishes[person]),
            carried=_carried(earlier[person], zone, own_days),
            around=tuple(
                Around(Interval(r.starts_at.astimezone(zone), r.ends_at.astimezone(zone)), _night(r, zone))
                for r in (*earlier[person], *later[person])
                if r.ends_at > span.start - EDGE
            ),
        )
        for person in ids
    ]
    return Problem(
        posts=tuple(_post(post, known.seats[post.id]) for post in posts),
        slots=tuple(slots),
        candidates=tuple(candidates),
        fixed=tuple(await _fixed(tx, posts, first_day, slots, set(ids))) if told.keep_draft else (),
        limits=Limits(nights_hard=told.nights_hard),
        seed=first_day.year * 12 + first_day.month,
    )


def _by_person(rows: Iterable[Row[Any]]) -> defaultdict[int, list[Row[Any]]]:
    found: defaultdict[int, list[Row[Any]]] = defaultdict(list)
    for row in rows:
        found[row.person_id].append(row)
    return found


async def _known(tx: Tx, posts: Sequence[PostFact], since: datetime) -> _Knowledge:
    """Who takes turns at a seat, or held it lately, may fill it; where nobody does, the whole unit may."""
    seats = await duty.seats(tx, [post.id for post in posts])
    people = await store.people(tx, [post.unit_id for post in posts])
    names = {row.id: row.name for row in people}
    by_unit: dict[int, list[int]] = defaultdict(list)
    for row in people:
        by_unit[row.unit_id].append(row.id)
    holders: dict[int, set[int]] = defaultdict(set)
    every = [seat.id for them in seats.values() for seat in them]
    for row in await store.seat_holders(tx, every, since):
        if row.person_id in names:
            holders[row.seat_id].add(row.person_id)
    fills: dict[int, set[tuple[str, str]]] = defaultdict(set)
    for post in posts:
        for seat in seats[post.id]:
            for person in holders[seat.id] or by_unit[post.unit_id]:
                fills[person].add((str(post.id), str(seat.id)))
    trained = {row.id: frozenset(row.qualifications) for row in people}
    return _Knowledge(posts, seats, names, trained, fills)


def _post(post: PostFact, seats: Iterable[SeatFact]) -> Post:
    return Post(str(post.id), post.name, post.name, frozenset(str(seat.id) for seat in seats))


def _slots(
    post: PostFact,
    seat: SeatFact,
    first_day: date,
    told: GenerationIn,
    zone: ZoneInfo,
    own_days: tuple[ExtraDay, ...],
) -> Iterator[Slot]:
    """Cut every day of the month into the shifts of a seat."""
    if seat.needed == 0:
        return
    span = month_of(first_day, zone)
    day = first_day
    while (morning := at(zone, day, HANDOVER)) < span.end:
        end = at(zone, day + timedelta(days=1), HANDOVER)
        kind = day_kind(day, own_days)
        if seat.days == "holidays" and kind != "statutory_holiday":
            day += timedelta(days=1)
            continue
        holiday = kind in {"weekend", "statutory_holiday"}
        for part in range(24 // told.shift_hours):
            start = morning + timedelta(hours=part * told.shift_hours)
            # The last of a day ends at the hand-over, also when the clocks give the day 25 hours.
            until = end if part == 24 // told.shift_hours - 1 else start + timedelta(hours=told.shift_hours)
            local = Interval(start.astimezone(zone), until.astimezone(zone))
            yield Slot(
                id=_slot_id(seat.id, start),
                post=str(post.id),
                seat=str(seat.id),
                start=local.start,
                end=local.end,
                night=_in_the_night(local),
                holiday=holiday,
                needed=seat.needed,
                requires=required(seat.qualification),
            )
        day += timedelta(days=1)


def _slot_id(seat_id: int, start: datetime) -> str:
    return f"{seat_id}@{start.astimezone(UTC).isoformat()}"


def _in_the_night(span: Interval) -> bool:
    """Whether a shift covers any of the early hours of a day."""
    midnight = span.start.replace(hour=NIGHT_FROM, minute=0, second=0, microsecond=0)
    days = (midnight, midnight + timedelta(days=1))
    return any(span.overlaps(Interval(day, day + timedelta(hours=NIGHT_TO - NIGHT_FROM))) for day in days)


def _night(row: object, zone: ZoneInfo) -> bool:
    start, end = row.starts_at.astimezone(zone), row.ends_at.astimezone(zone)  # type: ignore[attr-defined]
    return _in_the_night(Interval(start, end))


def _carried(rows: Sequence[object], zone: ZoneInfo, own_days: tuple[ExtraDay, ...]) -> Carried | None:
    """Count the loads of earlier months; None for who has never stood duty."""
    if not rows:
        return None
    days = [row.starts_at.astimezone(zone).date() for row in rows]  # type: ignore[attr-defined]
    return Carried(
        total=len(rows),
        nights=sum(_night(row, zone) for row in rows),
        holidays=sum(day_kind(day, own_days) in {"weekend", "statutory_holiday"} for day in days),
    )


async def _fixed(
    tx: Tx, posts: Sequence[PostFact], first_day: date, slots: Sequence[Slot], known: set[int]
) -> list[Fixed]:
    """Return what stands in the drafts and fits a slot: it stays as it is."""
    ids = {slot.id for slot in slots}
    found = []
    for post in posts:
        month = await plans.month(tx, post.id, first_day)
        for seat, person, start, _ in month.draft or ():
            slot_id = _slot_id(seat, datetime.fromisoformat(start))
            if slot_id in ids and person in known:
                found.append(Fixed(slot_id, person))
    return found
