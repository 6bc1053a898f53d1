"""A meeting is opened, somebody is rung again or let go, it is closed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from app.db import Tx
from app.dispatch.actions.permission import incident_for_command
from app.dispatch.meeting import rules
from app.dispatch.meeting.actions.access import led, led_seat, require_person
from app.dispatch.meeting.actions.telling import tell_meeting, tell_members
from app.dispatch.meeting.commands import MeetingIn
from app.dispatch.meeting.facts import MeetingDetail, MeetingFact, MeetingMemberFact
from app.dispatch.meeting.messages import Over, PeerLeft
from app.dispatch.meeting.refusals import MOST_OPEN, MeetingFull, RoomNeeded, TooManyMeetings
from app.dispatch.meeting.store import meetings as store
from app.dispatch.meeting.store import peers
from app.dispatch.meeting.store.meetings import Called
from app.dispatch.meeting.tables import Meeting, MeetingMember
from app.org.rules.access import Viewer, require
from app.refusals import FieldFault, InvalidInput


class RoomService(Protocol):
    """Who carries meetings of more than six."""

    @property
    def trouble(self) -> str:
        """What is wrong with it; empty: nothing."""
        ...


async def open_meeting(
    tx: Tx, by: Viewer, told: MeetingIn, now: datetime, room: RoomService | None = None
) -> MeetingDetail:
    """Open a meeting and ring as many of those called as there are seats.

    `room` carries those of more than six. Raises NotPermitted, NotFound for an incident, TooManyMeetings,
    RoomNeeded, InvalidInput for who cannot be called.
    """
    require(by, "command")
    require_person(by)
    if await store.open_count(tx, by.stream) >= MOST_OPEN:
        raise TooManyMeetings
    incident = None
    if told.incident_id is not None:
        incident = await incident_for_command(tx, by, told.incident_id)
    called = await _called(tx, by, told)
    if rules.by_room(told.kind, len(called) + 1) and (room is None or room.trouble):
        raise RoomNeeded(there=room is not None)
    hearing = await store.hearing_teams(tx, by.stream, told.unit_ids, told.person_ids)
    places = [one.region_code for one in called]
    meeting = Meeting(
        stream=by.stream,
        kind=told.kind,
        title=told.title,
        incident_id=told.incident_id,
        region_codes=sorted({*places, *([incident.region_code] if incident else [])}),
        team_ids=sorted({*told.team_ids, *hearing}),
        opened_at=now,
        opened_by=by.name,
    )
    tx.add(meeting)
    await tx.flush()
    assert meeting.id is not None
    caller = Called("account", by.account_id, by.name, by.scope.ljust(12, "0"))
    tx.add_all(
        [
            MeetingMember(
                meeting_id=meeting.id,
                ordinal=ordinal,
                kind=one.kind,
                ref_id=one.ref_id,
                name=one.name,
                region_code=one.region_code,
            )
            for ordinal, one in enumerate([caller, *called])
        ]
    )
    await tell_meeting(tx, by, meeting, "meeting.opened", now)
    await ring_next(tx, by, meeting, await store.members(tx, meeting.id), now)
    return await detail(tx, by, meeting)


async def ring_next(
    tx: Tx, by: Viewer | None, meeting: Meeting, rows: Sequence[MeetingMember], now: datetime
) -> None:
    """Ring those for whom there is a seat now. The meeting is locked."""
    called = [row for row in rows if row.kind != "account"]
    states = [row.state for row in called]
    most = rules.most_connected(meeting.kind, len(rows))  # type: ignore[arg-type]
    rung = [called[at] for at in rules.next_to_ring(states, most)]  # type: ignore[arg-type]
    for row in rung:
        row.state, row.rang_at = rules.after(row.state, "ring"), now  # type: ignore[arg-type]
    await tell_members(tx, by, meeting, rung, "meeting.called", now)


async def ring_again(tx: Tx, by: Viewer, meeting_id: int, member_id: int, now: datetime) -> MeetingMemberFact:
    """Ring somebody once more, or before his turn. What was measured of him stays.

    Raises NotFound, NotPermitted, MeetingOver, MeetingFull, MemberStepRefused.
    """
    meeting, row, rows = await led_seat(tx, by, meeting_id, member_id)
    busy = sum(one.state in ("ringing", "joined") for one in rows if one.kind != "account")
    if busy >= rules.most_connected(meeting.kind, len(rows)) - 1:  # type: ignore[arg-type]
        raise MeetingFull
    row.state = rules.after(row.state, "ring")  # type: ignore[arg-type]
    if row.connected_at is None:
        row.rang_at = now
    return (await tell_members(tx, by, meeting, [row], "meeting.called", now))[0]


async def release(tx: Tx, by: Viewer, meeting_id: int, member_id: int, now: datetime) -> MeetingMemberFact:
    """Let somebody go who was heard: the next one is rung. Raises as `ring_again`."""
    meeting, row, rows = await led_seat(tx, by, meeting_id, member_id)
    row.state, row.left_at = rules.after(row.state, "leave"), now  # type: ignore[arg-type]
    gone = await peers.clear_seat(tx, member_id)
    await peers.last_word(tx, gone, Over(reason="released").model_dump_json(), now)
    for peer_id in gone:
        await peers.post(tx, meeting_id, PeerLeft(peer_id=peer_id).model_dump_json(), now)
    told = await tell_members(tx, by, meeting, [row], "meeting.left", now)
    await ring_next(tx, by, meeting, rows, now)
    return told[0]


async def close(tx: Tx, by: Viewer, meeting_id: int, now: datetime) -> MeetingDetail:
    """End a meeting for everybody. Closing twice changes nothing. Raises NotFound, NotPermitted."""
    meeting = await led(tx, by, meeting_id)
    if meeting.state == "open":
        await end(tx, by, meeting, now)
    return await detail(tx, by, meeting)


async def end(tx: Tx, by: Viewer | None, meeting: Meeting, now: datetime) -> MeetingFact:
    """Close an open meeting: who still rings is missing, who is there has left. The meeting is locked."""
    assert meeting.id is not None
    rows = await store.members(tx, meeting.id)
    missed = [row for row in rows if row.state in ("waiting", "ringing") and row.kind != "account"]
    left = [row for row in rows if row.state == "joined"]
    for row in missed:
        row.state = rules.after(row.state, "expire")  # type: ignore[arg-type]
    for row in left:
        row.state, row.left_at = rules.after(row.state, "leave"), now  # type: ignore[arg-type]
    meeting.state, meeting.closed_at, meeting.closed_by = "closed", now, by.name if by else ""
    over = Over(reason="closed").model_dump_json()
    await peers.last_word(tx, await peers.clear(tx, meeting.id), over, now)
    await tell_members(tx, by, meeting, missed, "meeting.missed", now)
    await tell_members(tx, by, meeting, left, "meeting.left", now)
    return await tell_meeting(tx, by, meeting, "meeting.closed", now)


async def detail(tx: Tx, by: Viewer, meeting: Meeting) -> MeetingDetail:
    """Return a meeting with its seats; of a roll call with those of the reader's scope, and his own."""
    assert meeting.id is not None
    await tx.flush()
    fact = await store.fact(tx, meeting.stream, meeting.id)
    assert fact is not None
    seats = await store.member_facts(tx, meeting.id)
    if meeting.kind == "roll_call":
        own = await store.seats_of(tx, by, meeting.id)
        desk = by.may("see_desk")
        seats = [
            one
            for one in seats
            if one.kind == "account" or one.id in own or (desk and by.covers(one.region_code))
        ]
    return MeetingDetail(**dict(fact), members=seats)


async def _called(tx: Tx, by: Viewer, told: MeetingIn) -> list[Called]:
    found: list[Called] = []
    asked = (
        ("unit", "unit_ids", told.unit_ids),
        ("team", "team_ids", told.team_ids),
        ("person", "person_ids", told.person_ids),
    )
    for kind, name, ids in asked:
        some = await store.called(tx, by.stream, by.scope, kind, ids)
        if len(some) != len(set(ids)):
            fault = FieldFault(
                name,
                "所选单位、队伍或人员不在岗或不在您的管辖范围,请重新选择",
                "some of these are not in service or not in your scope: choose again",
            )
            raise InvalidInput(fault)
        found += some
    return found
