"""Whom a meeting concerns, and the journal's lines of it."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from app.db import Tx
from app.dispatch.meeting.events import MeetingChanged, MeetingMemberChanged
from app.dispatch.meeting.facts import MeetingFact, MeetingMemberFact
from app.dispatch.meeting.store import meetings as store
from app.dispatch.meeting.tables import Meeting, MeetingMember
from app.dispatch.secrecy import store as secrecy
from app.journal import store as journal
from app.journal.concern import Concern
from app.org.rules.access import Viewer, actor

MemberEvent = Literal[
    "meeting.called",
    "meeting.joined",
    "meeting.connected",
    "meeting.video_seen",
    "meeting.declined",
    "meeting.missed",
    "meeting.left",
]


async def concern_of(tx: Tx, meeting: Meeting) -> Concern:
    """Return whom a meeting concerns: the places and teams it calls, as far as they may know its incident."""
    known = await secrecy.of_incident(tx, meeting.incident_id)
    sealed = known.restricted or known.readers
    return Concern(
        tuple(meeting.region_codes),
        () if sealed else tuple(meeting.team_ids),
        known.restricted,
        readers=known.readers,
    )


async def tell_meeting(
    tx: Tx,
    by: Viewer | None,
    meeting: Meeting,
    type_: Literal["meeting.opened", "meeting.closed"],
    now: datetime,
) -> MeetingFact:
    """Tell that a meeting began or ended."""
    await tx.flush()
    assert meeting.id is not None
    fact = await store.fact(tx, meeting.stream, meeting.id)
    assert fact is not None
    called = [one.name for one in await store.member_facts(tx, meeting.id) if one.kind != "account"]
    event = MeetingChanged(type=type_, meeting=fact, called=called)
    await _append(tx, by, meeting, [event], now)
    return fact


async def tell_members(
    tx: Tx, by: Viewer | None, meeting: Meeting, rows: list[MeetingMember], type_: MemberEvent, now: datetime
) -> list[MeetingMemberFact]:
    """Tell what became of these seats."""
    await tx.flush()
    facts = [store.member_fact(row) for row in rows]
    events = [
        MeetingMemberChanged(
            type=type_,
            title=meeting.title,
            kind=meeting.kind,
            drill=meeting.drill,
            member=one,
        )
        for one in facts
    ]
    if events:
        await _append(tx, by, meeting, events, now)
    return facts


async def _append(
    tx: Tx,
    by: Viewer | None,
    meeting: Meeting,
    events: list[MeetingChanged] | list[MeetingMemberChanged],
    now: datetime,
) -> None:
    concern = await concern_of(tx, meeting)
    entries = [journal.Entry(event, concern, meeting.incident_id) for event in events]
    await journal.append(tx, meeting.stream, now, entries, actor(by) if by else None)
