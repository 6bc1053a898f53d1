"""Who must be called for a place, and who of them can be: the call book read through the roster and leave.

Who is off duty is not called in the place of who is on duty (design/field.md §7.2); who is on approved leave
is named with the day of his return, so that nobody lets the telephone ring in vain.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from app.db import Tx
from app.duty.leave import store as leave
from app.duty.leave.facts import LeaveKind
from app.duty.roster.on_call import CalledFact, told
from app.duty.roster.store import on_call
from app.org.callbook.facts import ResponsibleOut
from app.org.callbook.responsible import responsible
from app.org.rules.access import Viewer
from app.wire import Fact

AN_INSTANT = timedelta(microseconds=1)
ANSWERING = (
    "leader_in_charge",
    "chief_leader",
    "shift_lead",
    "duty_officer",
    "intake",
    "dispatch_comms",
    "clerk",
    "reporter_a",
    "reporter_b",
)


class OnDutyCall(CalledFact):
    """Somebody on duty for the place, with the number to call; without it for whoever sees no desk."""

    phone: str


class AwayFact(Fact):
    """Somebody of the call list is on approved leave. The reason is between him and his leader."""

    person_id: int
    kind: LeaveKind
    until: datetime
    in_area: bool


class CallList(ResponsibleOut):
    """Whom to call for a place at an instant: those on duty first, then those who answer for it.

    `on_duty_ids` are those of the levels who are on duty themselves at that instant.
    """

    at: datetime
    on_duty: list[OnDutyCall]
    on_duty_ids: list[int]
    away: list[AwayFact]


async def call_list(tx: Tx, by: Viewer, region_code: str, point: str, at: datetime) -> CallList:
    """Return the call list of a place at an aware instant. Raises NotFound."""
    book = await responsible(tx, by, region_code, point)
    rows = (await on_call.leading(tx, by.stream, (region_code,), ANSWERING, at))[region_code]
    numbers = by.may("see_desk")
    people = [call.person.id for level in book.levels for call in level.call]
    on_leave = await leave.approved(tx, people, at, at + AN_INSTANT)
    on_duty = {row["person_id"] for row in rows}
    return CallList(
        **book.model_dump(),
        at=at,
        on_duty=[OnDutyCall(**told(row), phone=row["phone"] if numbers else "") for row in rows],
        on_duty_ids=[person for person in people if person in on_duty],
        away=[
            AwayFact(person_id=person, kind=one.kind, until=one.ends_at, in_area=one.in_area)
            for person, leaves in sorted(on_leave.items())
            for one in leaves[:1]
        ],
    )
