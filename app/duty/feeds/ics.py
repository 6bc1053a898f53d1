"""Shifts as an iCalendar document (RFC 5545), written by the `icalendar` library (BSD)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from app.duty.feeds.facts import CalendarShift
from app.duty.roster.rules.examine import ROLES

if TYPE_CHECKING:
    from icalendar import Event

READ_AGAIN = timedelta(hours=1)


def calendar(name: str, shifts: Iterable[CalendarShift], stream: str, *, mine: bool) -> bytes:
    """Return the document. One shift is one event with a lasting UID; a cancelled one says so.

    Personal telephone numbers are left out (domain/rules R21): a feed lives outside the house.
    """
    from icalendar import Calendar

    found = Calendar()
    found.add("prodid", "-//zhishou//duty roster//ZH")
    found.add("version", "2.0")
    found.add("method", "PUBLISH")  # RFC 5546, 3.2.1
    found.add("x-wr-calname", name)
    found.add("refresh-interval", READ_AGAIN, parameters={"VALUE": "DURATION"})  # RFC 7986, 5.7
    for shift in shifts:
        found.add_component(_event(shift, stream, mine=mine))
    return bytes(found.to_ical())


def _event(shift: CalendarShift, stream: str, *, mine: bool) -> Event:
    from icalendar import Event  # a library that few starts need

    role = ROLES.get(shift.role, (shift.role, shift.role))[0]
    event = Event()
    event.add("uid", f"shift-{shift.id}@{stream}.zhishou")
    event.add("dtstamp", _utc(shift.told_at))
    event.add("sequence", shift.revision)  # 3.8.7.4: grows with every change, never shrinks
    event.add("dtstart", _utc(shift.starts_at))
    event.add("dtend", _utc(shift.ends_at))
    event.add("summary", f"值班 {role}" if mine else f"{role} {shift.person_name}")
    event.add("location", shift.post_name)
    event.add("description", f"{shift.post_name} 值班电话 {shift.post_phone}")
    event.add("status", "CANCELLED" if shift.cancelled else "CONFIRMED")
    event.add("transp", "TRANSPARENT" if shift.cancelled else "OPAQUE")
    return event


def _utc(at: datetime) -> datetime:
    return at.astimezone(UTC)
