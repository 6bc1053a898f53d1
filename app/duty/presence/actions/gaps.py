"""Gaps: told a day ahead, two hours ahead and when they are open; filled by a substitute; never deleted."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Awaitable, Iterable
from dataclasses import replace
from datetime import datetime
from typing import Literal
from zoneinfo import ZoneInfo

from app.db import Tx
from app.duty import store as duty
from app.duty.county_days import store as county_days
from app.duty.presence import store
from app.duty.presence.actions.warnings import warn
from app.duty.presence.commands import StandInIn
from app.duty.presence.events import CoverageTold
from app.duty.presence.facts import GapFact, SubstituteFact
from app.duty.presence.refusals import GapClosed
from app.duty.presence.rules import AHEAD, STAGES, Empty, SeatNow, empties, filled, minutes_open
from app.duty.presence.substitutes import TOLD, substitutes
from app.duty.presence.tables import CoverageGap
from app.duty.roster.actions.changes import apply_override, require_persons, tell_override
from app.duty.roster.actions.post import post_for_planning, seat_of
from app.duty.roster.actions.rest import reason_despite
from app.duty.roster.actions.training import require_trained
from app.duty.roster.facts import OverrideFact
from app.duty.roster.rules.interval import Interval
from app.duty.roster.rules.manned import manned
from app.duty.roster.rules.plan import FixedShift
from app.duty.roster.store import shifts
from app.duty.roster.tables import RosterOverride
from app.journal import store as journal
from app.org.rules.access import Concern, Viewer
from app.refusals import NotFound

_Key = tuple[int, str, datetime, int]
MOST_AT_ONCE = 20  # of new gaps a round tells: the rest in the next


async def look(
    tx: Tx, stream: str, now: datetime, zone: ZoneInfo, failed: list[Exception] | None = None
) -> int:
    """Tell of every gap that opened, came nearer or was filled; return how many. One node at a time.

    Each is noted behind a savepoint of its own: what went wrong with one is put into `failed` and loses no
    other. Raises it where nobody gave a list.
    """
    held = {_key(row): row for row in await store.open_gaps(tx, stream)}
    seats = await _seats(tx, stream, now, zone)
    judged = [empty for seat in seats.values() for empty in empties(seat, now)]
    found = {_of(empty): empty for empty in (since(one, held, now) for one in judged)}
    entries: list[journal.Entry] = []
    fresh: list[CoverageGap] = []
    for key, row in held.items():
        if key not in found and filled(row.kind, row.ends_at, seats.get(row.seat_id), now):
            entries += await _alone(tx, _filled(tx, row, now, zone), failed)
    most = len(entries) + MOST_AT_ONCE
    for key, empty in found.items():
        if len(entries) >= most:
            break
        entries += await _alone(tx, _opened(tx, stream, held.get(key), empty, now, zone, fresh), failed)
    if entries:
        await journal.append(tx, stream, now, entries)
    await warn(tx, stream, [await _told(tx, row) for row in fresh], now, zone)
    return len(entries)


async def _alone(
    tx: Tx, work: Awaitable[list[journal.Entry]], failed: list[Exception] | None
) -> list[journal.Entry]:
    """Do what concerns one gap; when it fails, nothing of it stands."""
    try:
        async with tx.begin_nested():
            return await work
    except Exception as error:
        if failed is None:
            raise
        failed.append(error)
        return []


async def _filled(tx: Tx, row: CoverageGap, now: datetime, zone: ZoneInfo) -> list[journal.Entry]:
    row.filled_at = now
    row.minutes = minutes_open(row.starts_at, min(now, row.ends_at))
    return [await _entry(tx, row, "coverage.filled", zone)]


async def _opened(
    tx: Tx,
    stream: str,
    held: CoverageGap | None,
    empty: Empty,
    now: datetime,
    zone: ZoneInfo,
    fresh: list[CoverageGap],
) -> list[journal.Entry]:
    changed = await _noted(tx, stream, held, empty, now)
    if changed is None:
        return []
    entry = await _entry(tx, changed, "coverage.gap", zone)
    fresh.append(changed)
    return [entry]


async def stand_in(
    tx: Tx, by: Viewer, post_id: int, told: StandInIn, now: datetime, zone: ZoneInfo
) -> OverrideFact:
    """Fill a gap with a person.

    Raises NotFound, GapClosed, DoubleBooked, OnLeave, Untrained, ChangeOverlaps, OverContinuous,
    NotPermitted.
    """
    post = await post_for_planning(tx, by, post_id)
    gap = await store.gap(tx, told.gap_id)
    if gap is None or gap.post_id != post_id:
        raise NotFound("该缺岗", "gap")
    if gap.filled_at is not None or gap.ends_at <= now:
        raise GapClosed
    await require_persons(tx, by, post, [told.person_id])
    await require_trained(tx, by.stream, await seat_of(tx, post, gap.seat_id), [told.person_id])
    start = max(now, gap.starts_at)
    # Who is not on the roster any more cannot be replaced: the other is added then.
    planned = {
        shift.person_id for shift in await shifts.at(tx, [post_id], start) if shift.seat_id == gap.seat_id
    }
    kept = await reason_despite(tx, by, told.person_id, Interval(start, gap.ends_at), zone, told.despite)
    row = RosterOverride(
        stream=by.stream,
        seat_id=gap.seat_id,
        starts_at=start,
        ends_at=gap.ends_at,
        add_person_id=told.person_id,
        remove_person_id=gap.person_id if gap.person_id in planned else None,
        kind="substitution",
        reason=(told.note or _why(gap)) + kept,
        made_by=by.name,
        made_at=now,
    )
    settled = await apply_override(tx, post, row, now, zone)
    return await tell_override(tx, by, post, row, settled, now)


def _why(gap: GapFact) -> str:
    return {"unplanned": "缺岗补位", "not_arrived": "未到岗替班", "left": "离岗替班"}[gap.kind]


def _key(row: CoverageGap) -> _Key:
    return row.seat_id, row.kind, row.starts_at, row.person_id


def since(empty: Empty, held: Iterable[_Key], now: datetime) -> Empty:
    """Give a gap that began before we look back its recorded beginning, so that it stays the same gap."""
    if empty.interval.start > now - AHEAD:
        return empty
    starts = [
        start
        for seat, kind, start, person in held
        if (seat, kind, person) == (empty.seat_id, empty.kind, empty.person) and start <= empty.interval.start
    ]
    if not starts:
        return empty
    return replace(empty, interval=Interval(max(starts), empty.interval.end))


def _of(empty: Empty) -> _Key:
    return empty.seat_id, empty.kind, empty.interval.start, empty.person


async def _seats(tx: Tx, stream: str, now: datetime, zone: ZoneInfo) -> dict[int, SeatNow]:
    """Load every seat with its shifts and people; a post that plans nothing at all keeps no roster yet."""
    planned: dict[int, list[FixedShift]] = defaultdict(list)
    for row in await store.shifts_around(tx, stream, now - AHEAD, now + AHEAD):
        planned[row.seat_id].append(FixedShift(row.person_id, Interval(row.starts_at, row.ends_at)))
    there: dict[int, set[int]] = defaultdict(set)
    left: dict[int, list[tuple[int, datetime]]] = defaultdict(list)
    for row in await store.comings_and_goings(tx, stream, now - AHEAD):
        if row.left_at is None:
            there[row.seat_id].add(row.person_id)
        else:
            left[row.seat_id].append((row.person_id, row.left_at))
    seats = await store.seats_watched(tx, stream)
    asks = any(seat.days == "holidays" for seat in seats)
    own = await county_days.extra_days(tx, stream) if asks else ()
    planning = {seat.post_id for seat in seats if planned[seat.seat_id]}
    return {
        seat.seat_id: SeatNow(
            seat.seat_id,
            seat.post_id,
            seat.needed,
            seat.watched,
            tuple(planned[seat.seat_id]),
            frozenset(there[seat.seat_id]),
            tuple(left[seat.seat_id]),
            manned(seat.days, Interval(now - AHEAD, now + AHEAD), zone, own),
        )
        for seat in seats
        if seat.post_id in planning
    }


async def _noted(
    tx: Tx, stream: str, row: CoverageGap | None, empty: Empty, now: datetime
) -> CoverageGap | None:
    """Write a gap down; None when there is nothing new to tell of it."""
    if row is None:
        row = await store.filled_again(
            tx, empty.seat_id, empty.kind, empty.interval.start, empty.person
        ) or CoverageGap(
            stream=stream,
            post_id=empty.post_id,
            seat_id=empty.seat_id,
            person_id=empty.person,
            kind=empty.kind,
            starts_at=empty.interval.start,
            ends_at=empty.interval.end,
            stage=empty.stage,
            noticed_at=now,
        )
        row.filled_at, row.minutes = None, 0
    elif STAGES.index(empty.stage) <= STAGES.index(row.stage):
        row.ends_at, row.missing = empty.interval.end, empty.missing
        return None
    row.stage, row.ends_at, row.missing = empty.stage, empty.interval.end, empty.missing
    tx.add(row)
    await tx.flush()
    return row


async def _entry(
    tx: Tx, row: CoverageGap, type_: Literal["coverage.gap", "coverage.filled"], zone: ZoneInfo
) -> journal.Entry:
    await tx.flush()
    fact, region_code = await _told(tx, row)
    could: list[SubstituteFact] = []
    if type_ == "coverage.gap":
        could = await substitutes(tx, row.post_id, row.seat_id, row.starts_at, row.ends_at, zone)
    return journal.Entry(
        CoverageTold(type=type_, gap=fact, substitutes=could[:TOLD]), Concern((region_code,))
    )


async def _told(tx: Tx, row: CoverageGap) -> tuple[GapFact, str]:
    """Return a gap as it is told, and its place."""
    fact = await store.gap(tx, row.id or 0)
    post = await duty.row(tx, row.stream, row.post_id)
    assert fact is not None and post is not None
    return fact, post.region_code
