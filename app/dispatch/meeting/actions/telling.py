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


async def concern_of(tx: Tx, meeting: Meeting, seat: MeetingMemberFact | None = None) -> Concern:
    """Return whom a meeting, or one seat of it, concerns, as far as they may know its incident.

    A meeting concerns the places and teams it calls, a seat its own: no township reads another's result.
    """
    known = await secrecy.of_incident(tx, meeting.incident_id)
    sealed = known.restricted or known.readers
    places, teams = meeting.region_codes, meeting.team_ids
    if seat is not None:
        places = [seat.region_code]
        teams = [seat.ref_id] if seat.kind == "team" else teams
    return Concern(
        tuple(places),
        () if sealed else tuple(teams),
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
    entry = journal.Entry(event, await concern_of(tx, meeting), meeting.incident_id)
    await journal.append(tx, meeting.stream, now, [entry], actor(by) if by else None)
    return fact


async def tell_members(
    tx: Tx, by: Viewer | None, meeting: Meeting, rows: list[MeetingMember], type_: MemberEvent, now: datetime
) -> list[MeetingMemberFact]:
    """Tell what became of these seats."""
    await tx.flush()
    facts = [store.member_fact(row) for row in rows]
    entries = [
        journal.Entry(
            MeetingMemberChanged(
                type=type_, title=meeting.title, kind=meeting.kind, drill=meeting.drill, member=seat
            ),
            await concern_of(tx, meeting, seat),
            meeting.incident_id,
        )
        for seat in facts
    ]
    if entries:
        await journal.append(tx, meeting.stream, now, entries, actor(by) if by else None)
    return facts
