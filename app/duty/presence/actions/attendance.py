"""Coming and going: nobody is present from afar, nobody leaves an empty desk."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from app.db import Tx
from app.duty import store as duty
from app.duty.county_days import store as county_days
from app.duty.presence import store
from app.duty.presence.commands import AliveIn, ArrivalIn, LeavingIn
from app.duty.presence.events import PresenceChanged
from app.duty.presence.facts import AttendanceFact
from app.duty.presence.refusals import AlreadyHere, EmptyDesk, NotHere, NotRostered, TooFarAway
from app.duty.presence.rules import EARLY, NEAR_M, SILENT
from app.duty.presence.tables import Attendance
from app.duty.roster.actions.changes import store_change
from app.duty.roster.actions.post import concern
from app.duty.roster.facts import ShiftFact
from app.duty.roster.rules.fatigue import CHINA
from app.duty.roster.rules.interval import Interval
from app.duty.roster.rules.manned import manned
from app.duty.roster.store import shifts
from app.duty.tables import DutyPost
from app.journal import store as journal
from app.org.rules.access import Viewer, actor
from app.refusals import FieldFault, InvalidInput, NotFound, NotPermitted
from app.tracking.distance import distance_m
from app.wire import Actor

_Type = Literal["presence.arrived", "presence.left", "presence.left_before_relief", "presence.silent"]


async def arrive(tx: Tx, by: Viewer, told: ArrivalIn, now: datetime) -> AttendanceFact:
    """Note that somebody is at the desk. Raises NotRostered, TooFarAway, AlreadyHere, NotPermitted."""
    person_id = _who(by, told.person_id)
    shift = await _shift_at(tx, by.stream, person_id, now)
    post = await _post(tx, by.stream, shift.post_id)
    typed = person_id != by.person_id
    if typed and not (by.may("command") and by.covers(post.region_code)):
        raise NotPermitted
    if await store.open_of(tx, person_id) is not None:
        raise AlreadyHere
    means = "typed" if typed else told.means
    away = _away(post, told.lon, told.lat)
    if means == "phone" and post.lon is not None and (away is None or away > NEAR_M):
        raise TooFarAway(away)
    row = Attendance(
        stream=by.stream,
        post_id=shift.post_id,
        seat_id=shift.seat_id,
        shift_id=shift.id,
        person_id=person_id,
        arrived_at=now,
        means=means,
        lon=told.lon,
        lat=told.lat,
        away_m=away,
        late_min=max(0, int((now - shift.starts_at).total_seconds() // 60)),
        last_seen_at=now,
        note=told.note,
        noted_by=by.name,
    )
    await store_change(tx, row, "one_open_attendance", AlreadyHere)
    return await _tell(tx, row, post, "presence.arrived", now, actor(by))


async def leave(tx: Tx, by: Viewer, told: LeavingIn, now: datetime, zone: ZoneInfo = CHINA) -> AttendanceFact:
    """Note that somebody goes. Raises EmptyDesk, NotHere, NotPermitted, InvalidInput."""
    person_id = _who(by, told.person_id)
    row, post = await _here(tx, by.stream, person_id)
    if person_id != by.person_id and not (by.may("command") and by.covers(post.region_code)):
        raise NotPermitted
    missing = await _would_miss(tx, row, now, zone)
    if missing:
        _require_excuse(by, told, person_id, missing)
    shift = (await shifts.facts(tx, [row.shift_id]))[0]
    went = max(row.arrived_at, min(told.at or now, now))
    row.left_at, row.before_relief = went, missing > 0
    row.overtime_min = max(0, int((went - shift.ends_at).total_seconds() // 60))
    row.note = told.note or row.note
    type_: _Type = "presence.left_before_relief" if missing else "presence.left"
    return await _tell(tx, row, post, type_, now, actor(by))


def _require_excuse(by: Viewer, told: LeavingIn, person_id: int, missing: int) -> None:
    """Nobody leaves a seat empty unless a leader answers for it; that somebody is gone is noted in words."""
    if person_id == by.person_id and not (told.anyway and by.may("approve_duty")):
        raise EmptyDesk(missing)
    if not told.note:
        raise InvalidInput(FieldFault("note", "请写明原因", "say why"))


async def sign(tx: Tx, by: Viewer, told: AliveIn, now: datetime) -> AttendanceFact:
    """Note that somebody is still there; from afar it is no sign. Raises NotHere, TooFarAway."""
    if by.person_id is None:
        raise NotHere
    row, post = await _here(tx, by.stream, by.person_id)
    away = _away(post, told.lon, told.lat)
    if row.means == "phone" and post.lon is not None and (away is None or away > NEAR_M):
        raise TooFarAway(away)
    row.last_seen_at, row.prompted_at, row.away_m = now, None, away
    await tx.flush()
    assert row.id is not None
    return await store.attendance(tx, row.id)


async def prompt_silent(tx: Tx, stream: str, now: datetime) -> int:
    """Ask those for a sign who gave none for a quarter of an hour (S17.3); return how many."""
    rows = await store.silent(tx, stream, now - SILENT)
    entries = []
    for row in rows:
        post = await duty.row(tx, stream, row.post_id)
        if post is not None:
            row.prompted_at = now
            entries.append(await _entry(tx, row, post, "presence.silent"))
    if entries:
        await journal.append(tx, stream, now, entries)
    return len(entries)


def _who(by: Viewer, person_id: int | None) -> int:
    who = person_id or by.person_id
    if who is None:
        raise InvalidInput(FieldFault("person_id", "请写明是谁", "name the person"))
    return who


async def _shift_at(tx: Tx, stream: str, person_id: int, now: datetime) -> ShiftFact:
    """Return the shift that a person comes for: the running one, or the next within two hours."""
    found = await shifts.of_person(tx, stream, person_id, now, now + EARLY)
    if not found:
        raise NotRostered
    return next((shift for shift in found if shift.left_at is None), found[0])


async def _here(tx: Tx, stream: str, person_id: int) -> tuple[Attendance, DutyPost]:
    """Return the open attendance of a person and its post, locked: the post first, as in `arrive`."""
    post_id = await store.post_of(tx, person_id)
    post = None if post_id is None else await duty.locked(tx, stream, post_id)
    row = None if post is None else await store.open_of(tx, person_id)
    if post is None or row is None or row.post_id != post.id:
        raise NotHere
    return row, post


async def _post(tx: Tx, stream: str, post_id: int) -> DutyPost:
    """Return the post, locked: coming and going at a desk take turns."""
    post = await duty.locked(tx, stream, post_id)
    if post is None:
        raise NotFound("该值班岗位", "duty post")
    return post


def _away(post: DutyPost, lon: float | None, lat: float | None) -> float | None:
    if lon is None or lat is None or post.lon is None or post.lat is None:
        return None
    return distance_m(lon, lat, post.lon, post.lat)


async def _would_miss(tx: Tx, row: Attendance, now: datetime, zone: ZoneInfo) -> int:
    """Return how many would be missing at the seat if this person went now."""
    seat = next(s for s in await duty.seat_rows(tx, row.post_id) if s.id == row.seat_id)
    own = await county_days.extra_days(tx, row.stream) if seat.days == "holidays" else ()
    if seat.mode != "on_site" or not manned(seat.days, Interval(now, now + timedelta(seconds=1)), zone, own):
        return 0
    stay = set(await store.there(tx, row.seat_id)) - {row.person_id}
    return max(0, seat.needed - len(stay))


async def _tell(
    tx: Tx, row: Attendance, post: DutyPost, type_: _Type, now: datetime, by: Actor | None
) -> AttendanceFact:
    entry = await _entry(tx, row, post, type_)
    await journal.append(tx, row.stream, now, [entry], by)
    assert isinstance(entry.payload, PresenceChanged)
    return entry.payload.attendance


async def _entry(tx: Tx, row: Attendance, post: DutyPost, type_: _Type) -> journal.Entry:
    await tx.flush()
    assert row.id is not None
    fact = await store.attendance(tx, row.id)
    return journal.Entry(PresenceChanged(type=type_, attendance=fact), concern(post))
