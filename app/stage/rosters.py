"""The demo's rosters: seats, rotations, and three published months of shifts."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlmodel import SQLModel

from app.demo import desks
from app.demo.city import City
from app.duty.reminders.rules import REMIND_BEFORE
from app.duty.roster.actions.post import HANDOVER, month_of
from app.duty.roster.rotations import shifts_of
from app.duty.roster.rules.wall_clock import at
from app.duty.roster.tables import RosterMonth, SeatRotation, Shift
from app.duty.tables import DutySeat

ZONE = ZoneInfo("Asia/Shanghai")
TURNS_BEFORE = 60  # the rotations began that many rounds ago
MONTHS = 3
Rows = dict[type[SQLModel], list[dict[str, Any]]]


def rosters(city: City, units: dict[str, int], people: dict[str, int], stream: str, now: datetime) -> Rows:
    """Return the rows of every desk: this month and the next two stand published."""
    rows: Rows = {DutySeat: [], SeatRotation: [], RosterMonth: [], Shift: []}
    months = _months(now)
    cells: dict[tuple[int, date], list[list[Any]]] = {}
    for number, seat in enumerate(desks.seats(city.units, city.people), start=1):
        post = units[seat.unit_key]
        rows[DutySeat].append(_seat(number, post, seat))
        groups = [[people[key] for key in group] for group in seat.groups]
        rotation = SeatRotation(
            seat_id=number,
            kind="daily",
            starts_at=_begun(now, len(groups)),
            groups=groups,
            made_at=now,
        )
        rows[SeatRotation].append({**rotation.model_dump(), "id": number})
        for month in months:
            for shift in shifts_of(rotation, month_of(month, ZONE), ZONE):
                start, end = shift.interval.start, shift.interval.end
                cell = [number, shift.person, start.isoformat(), end.isoformat()]
                cells.setdefault((post, month), []).append(cell)
                rows[Shift].append(_shift(stream, post, number, shift.person, start, end, now))
    rows[RosterMonth] = [_month(post, month, found, now) for (post, month), found in cells.items()]
    return rows


def _begun(now: datetime, groups: int) -> datetime:
    """Return when a rotation began in which the first group, the people of the logins, is on duty today."""
    today = (now.astimezone(ZONE) - timedelta(hours=HANDOVER.hour)).date()
    return at(ZONE, today - timedelta(days=groups * TURNS_BEFORE), HANDOVER)


def _months(now: datetime) -> list[date]:
    first = now.astimezone(ZONE).date().replace(day=1)
    return [
        date(first.year + (first.month - 1 + n) // 12, (first.month - 1 + n) % 12 + 1, 1)
        for n in range(MONTHS)
    ]


def _seat(number: int, post: int, seat: desks.Seat) -> dict[str, Any]:
    return {
        "id": number,
        "post_id": post,
        "role": seat.role,
        "needed": seat.needed,
        "mode": seat.mode,
        "qualification": desks.REQUIRED.get(seat.role, ""),
        "ordinal": number,
        "deputies": [],
        "days": "always",
    }


def _shift(
    stream: str, post: int, seat: int, person: int, start: datetime, end: datetime, now: datetime
) -> dict[str, Any]:
    return {
        "stream": stream,
        "post_id": post,
        "seat_id": seat,
        "person_id": person,
        "starts_at": start,
        "ends_at": end,
        "source": "roster",
        "state": "planned",
        "made_at": now,
        "told_at": now,
        "reminded_at": now if start - now <= REMIND_BEFORE else None,
    }


def _month(post: int, month: date, cells: list[list[Any]], now: datetime) -> dict[str, Any]:
    return {
        "post_id": post,
        "month": month,
        "draft": None,
        "draft_version": 0,
        "draft_by": "",
        "draft_at": None,
        "published": sorted(cells, key=lambda cell: (cell[2], cell[0], cell[1])),
        "revision": 1,
        "published_by": "值班长 刘海",
        "published_at": now,
    }
