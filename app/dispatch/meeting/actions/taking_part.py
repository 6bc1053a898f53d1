"""A screen comes, says what it sees, declines, goes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from app.db import Tx
from app.dispatch.meeting import rules
from app.dispatch.meeting.actions.access import require_person
from app.dispatch.meeting.actions.opening import ring_next
from app.dispatch.meeting.actions.telling import tell_members
from app.dispatch.meeting.facts import MeetingMemberFact
from app.dispatch.meeting.messages import Described, Over, PeerJoined, PeerLeft, PeerShows, Welcome
from app.dispatch.meeting.refusals import AnsweredElsewhere, MeetingFull, MeetingOver
from app.dispatch.meeting.store import meetings as store
from app.dispatch.meeting.store import peers
from app.dispatch.meeting.tables import Meeting, MeetingMember
from app.org.rules.access import Viewer
from app.refusals import NotFound


@dataclass(frozen=True, slots=True)
class Sends:
    """What a screen sends."""

    camera: bool
    microphone: bool


@dataclass(frozen=True, slots=True)
class Taken:
    """The seat that was taken, and whether its meeting goes through a room of LiveKit."""

    member_id: int
    by_room: bool


async def join(
    tx: Tx, by: Viewer, meeting_id: int, peer_id: str, sends: Sends, now: datetime
) -> tuple[Welcome, Taken]:
    """Sit down in the seat that is for this person: to a call this is the answer.

    Who comes again takes the place of his own screen before. Raises NotPermitted, NotFound when there is no
    seat for him, MeetingOver, AnsweredElsewhere, MeetingFull.
    """
    require_person(by)
    meeting, rows, row = await _own_seat(tx, by, meeting_id)
    await _take_seat(tx, row, by, now)
    present = await peers.present(tx, meeting_id)
    if len(present) >= rules.most_connected(meeting.kind, len(rows)):  # type: ignore[arg-type]
        raise MeetingFull
    come = row.state != "joined"
    if come:
        row.state = rules.after(row.state, "join")  # type: ignore[arg-type]
    row.answered_at, row.answered_by = row.answered_at or now, by.name
    row.camera, row.microphone, row.left_at = sends.camera, sends.microphone, None
    assert row.id is not None
    await tx.flush()
    await peers.come(
        tx,
        peer_id,
        meeting_id,
        row.id,
        by.account_id,
        by.name,
        now,
        camera=sends.camera,
        microphone=sends.microphone,
    )
    here = await peers.present(tx, meeting_id)
    mine = next(one for one in here if one.id == peer_id)
    await peers.post(tx, meeting_id, PeerJoined(peer=mine).model_dump_json(), now, but=peer_id)
    if come:
        await tell_members(tx, by, meeting, [row], "meeting.joined", now)
    welcome = Welcome(
        you=peer_id,
        caller=mine.caller,
        kind=meeting.kind,
        title=meeting.title,
        peers=[one for one in here if one.id != peer_id],
    )
    return welcome, Taken(row.id, rules.by_room(meeting.kind, len(rows)))  # type: ignore[arg-type]


async def decline(tx: Tx, by: Viewer, meeting_id: int, now: datetime) -> MeetingMemberFact:
    """Say no to a call; the next one is rung.

    Raises NotPermitted, NotFound, MeetingOver, MemberStepRefused.
    """
    require_person(by)
    meeting, rows, row = await _own_seat(tx, by, meeting_id)
    row.state = rules.after(row.state, "decline")  # type: ignore[arg-type]
    row.answered_by = by.name
    told = await tell_members(tx, by, meeting, [row], "meeting.declined", now)
    await ring_next(tx, by, meeting, rows, now)
    return told[0]


async def describe(tx: Tx, peer_id: str, to: str, kind: str, sdp: str, now: datetime) -> bool:
    """Pass a description on to one screen of the same meeting; False when it is not there."""
    place = await peers.place_of(tx, peer_id)
    if place is None:
        return False
    told = Described(sender=peer_id, kind=kind, sdp=sdp)
    return await peers.post(tx, place[0], told.model_dump_json(), now, to=to) == 1


async def shows(tx: Tx, peer_id: str, sends: Sends, now: datetime) -> None:
    """Tell the others what a screen sends now."""
    place = await peers.place_of(tx, peer_id)
    if place is not None:
        await peers.show(tx, peer_id, camera=sends.camera, microphone=sends.microphone)
        told = PeerShows(peer_id=peer_id, camera=sends.camera, microphone=sends.microphone)
        await peers.post(tx, place[0], told.model_dump_json(), now, but=peer_id)


async def connected(tx: Tx, stream: str, peer_id: str, now: datetime) -> bool:
    """Stamp when media first came through to a screen; False when that was known, or it is not there."""
    found = await _seat_of(tx, stream, peer_id)
    if found is None or found[1].connected_at is not None:
        return False
    meeting, row = found
    row.connected_at = now
    if row.kind != "account":
        await tell_members(tx, None, meeting, [row], "meeting.connected", now)
    return True


async def saw_video(tx: Tx, stream: str, by_peer: str, peer_id: str, now: datetime) -> bool:
    """Stamp when a picture of a screen was first seen by another of the same meeting; False if known."""
    found, seer = await _seat_of(tx, stream, peer_id), await peers.place_of(tx, by_peer)
    if found is None or seer is None or by_peer == peer_id or seer[0] != found[0].id:
        return False
    meeting, row = found
    if row.video_at is not None:
        return False
    row.video_at = now
    if row.kind != "account":
        await tell_members(tx, None, meeting, [row], "meeting.video_seen", now)
    return True


async def leave(tx: Tx, stream: str, peer_id: str, now: datetime) -> bool:
    """Note that a screen has gone; False when that was known."""
    found = await _seat_of(tx, stream, peer_id)
    if found is None or not await peers.go(tx, peer_id):
        return False
    meeting, row = found
    assert meeting.id is not None
    row.state, row.left_at = rules.after(row.state, "leave"), now  # type: ignore[arg-type]
    await peers.post(tx, meeting.id, PeerLeft(peer_id=peer_id).model_dump_json(), now)
    await tell_members(tx, None, meeting, [row], "meeting.left", now)
    await ring_next(tx, None, meeting, await store.members(tx, meeting.id), now)
    return True


async def _own_seat(
    tx: Tx, by: Viewer, meeting_id: int
) -> tuple[Meeting, list[MeetingMember], MeetingMember]:
    meeting = await store.locked(tx, by.stream, meeting_id)
    own = set(await store.seats_of(tx, by, meeting_id))
    if meeting is None or not own:
        raise NotFound("您的席位:您不在该会商的邀请之列", "seat for you: you were not called to this meeting")
    if meeting.state != "open":
        raise MeetingOver
    rows = await store.members(tx, meeting_id)
    seats = [row for row in rows if row.id in own]
    # Somebody may be called twice, as a person and with his unit: first where it rings.
    seats.sort(key=lambda row: (row.kind != "account", row.state != "ringing", row.ordinal))
    return meeting, rows, seats[0]


async def _take_seat(tx: Tx, row: MeetingMember, by: Viewer, now: datetime) -> None:
    """Make room for this person's new screen. Raises AnsweredElsewhere."""
    assert row.id is not None
    held = await peers.at_seat(tx, row.id)
    if held is None:
        return
    old, account_id, who = held
    if account_id != by.account_id:
        raise AnsweredElsewhere(who)
    await peers.go(tx, old)
    await peers.last_word(tx, [old], Over(reason="replaced").model_dump_json(), now)
    await peers.post(tx, row.meeting_id, PeerLeft(peer_id=old).model_dump_json(), now)


async def _seat_of(tx: Tx, stream: str, peer_id: str) -> tuple[Meeting, MeetingMember] | None:
    """Return where a screen sits, its meeting locked."""
    place = await peers.place_of(tx, peer_id)
    meeting = await store.locked(tx, stream, place[0]) if place else None
    if place is None or meeting is None or await peers.place_of(tx, peer_id) is None:
        return None
    return meeting, next(row for row in await store.members(tx, place[0]) if row.id == place[1])
