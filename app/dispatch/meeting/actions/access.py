"""Who may open a meeting, who may sit where, who may look."""

from __future__ import annotations

from app.db import Tx
from app.dispatch.meeting.refusals import MeetingOver
from app.dispatch.meeting.store import meetings as store
from app.dispatch.meeting.tables import Meeting, MeetingMember
from app.dispatch.secrecy import store as secrecy
from app.org.rules.access import READ_ONLY, Viewer, require
from app.refusals import NotFound, NotPermitted


def may_take_part(by: Viewer) -> bool:
    """Whether an account can sit in a meeting: a person who commands or answers, no program, no display."""
    return by.granted is None and by.role not in READ_ONLY and (by.may("command") or by.may("answer"))


def require_person(by: Viewer) -> None:
    """Raise NotPermitted for a program: a meeting is between people."""
    if not may_take_part(by):
        raise NotPermitted


async def visible(tx: Tx, by: Viewer, meeting: Meeting | None) -> Meeting:
    """Return a meeting that this person may read: of his scope, or one in which there is a seat for him.

    Raises NotFound.
    """
    if meeting is not None and meeting.id is not None and await secrecy.knows(tx, by, meeting.incident_id):
        if by.may("see_desk") and any(by.covers(code) for code in meeting.region_codes):
            return meeting
        if await store.seats_of(tx, by, meeting.id):
            return meeting
    raise NotFound("该会商", "meeting")


async def led(tx: Tx, by: Viewer, meeting_id: int) -> Meeting:
    """Return a meeting, locked, that this person runs: who opened it, or a desk that covers all of it.

    Raises NotFound, NotPermitted.
    """
    require(by, "command")
    require_person(by)
    meeting = await visible(tx, by, await store.locked(tx, by.stream, meeting_id))
    own = await store.seats_of(tx, by, meeting_id)
    caller = next(one for one in await store.members(tx, meeting_id) if one.kind == "account")
    if caller.id not in own and not all(by.covers(code) for code in meeting.region_codes):
        raise NotPermitted
    return meeting


async def led_seat(
    tx: Tx, by: Viewer, meeting_id: int, member_id: int
) -> tuple[Meeting, MeetingMember, list[MeetingMember]]:
    """Return an open meeting that this person runs, one of its called seats and all of them.

    Raises NotFound, NotPermitted, MeetingOver.
    """
    meeting = await led(tx, by, meeting_id)
    if meeting.state != "open":
        raise MeetingOver
    rows = await store.members(tx, meeting_id)
    found = next((one for one in rows if one.id == member_id and one.kind != "account"), None)
    if found is None:
        raise NotFound("该参会方", "member")
    return meeting, found, rows
