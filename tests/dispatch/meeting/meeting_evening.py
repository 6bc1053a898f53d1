"""A meeting and a roll call by video, as far as the journal hears of them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from app.db import Tx
from app.dispatch.meeting.actions import clock, opening, taking_part
from app.dispatch.meeting.actions.taking_part import Sends
from app.dispatch.meeting.commands import MeetingIn
from tests.world import HILL, LAKE, RIVER, STREAM, World

DESK, CREW = "d" * 32, "c" * 32
Do = Callable[[Callable[[Tx], Awaitable[Any]]], Awaitable[Any]]


async def meeting_evening(world: World, do: Do) -> None:
    """Call three teams: one comes and is seen, one declines, one does not answer; the desk closes."""
    by, crew, boatman = (world.people[name] for name in ("officer", "crew", "boatman"))
    now = world.clock.now
    told = MeetingIn(kind="roll_call", title="防汛视频点名", team_ids=[RIVER, LAKE, HILL])
    meeting = await do(lambda tx: opening.open_meeting(tx, by, told, now()))
    both = Sends(camera=True, microphone=True)
    await do(lambda tx: taking_part.join(tx, by, meeting.id, DESK, both, now()))
    await do(lambda tx: taking_part.join(tx, crew, meeting.id, CREW, both, now()))
    await do(lambda tx: taking_part.connected(tx, STREAM, CREW, now()))
    await do(lambda tx: taking_part.saw_video(tx, STREAM, DESK, CREW, now()))
    await do(lambda tx: taking_part.decline(tx, boatman, meeting.id, now()))
    await do(lambda tx: taking_part.leave(tx, STREAM, CREW, now()))
    world.later(seconds=50)
    await do(lambda tx: clock.look(tx, STREAM, meeting.id, now()))
    await do(lambda tx: opening.close(tx, by, meeting.id, now()))
