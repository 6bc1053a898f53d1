"""Meetings in the database: who is rung, who may sit, what is measured, what the journal holds."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from app.dispatch.actions import incidents
from app.dispatch.commands import IncidentIn
from app.dispatch.meeting.actions import clock, opening, taking_part
from app.dispatch.meeting.actions.access import may_take_part
from app.dispatch.meeting.actions.taking_part import Sends
from app.dispatch.meeting.commands import MeetingIn
from app.dispatch.meeting.facts import MeetingDetail
from app.dispatch.meeting.refusals import AnsweredElsewhere, MeetingFull, MeetingOver
from app.dispatch.meeting.rules import EMPTY_FOR, RINGS_FOR, MemberStepRefused
from app.dispatch.meeting.store import meetings as store
from app.dispatch.meeting.store import peers
from app.refusals import InvalidInput, NotFound, NotPermitted
from tests.world import EAST, EAST_BANK, HILL, LAKE, RIVER, SECRET_KIND, STREAM, WEST, ZONE, World

pytestmark = pytest.mark.database
BOTH = Sends(camera=True, microphone=True)
LISTENS = Sends(camera=False, microphone=False)


def _peer(letter: str) -> str:
    return letter * 32


async def _open(world: World, by: str = "officer", **told: object) -> MeetingDetail:
    asked = MeetingIn.model_validate({"title": "防汛会商", "team_ids": [RIVER, LAKE], **told})
    return await world.do(lambda tx: opening.open_meeting(tx, world.people[by], asked, world.clock.now()))


async def _join(world: World, who: str, meeting: int, peer: str, sends: Sends = BOTH) -> object:
    return await world.do(
        lambda tx: taking_part.join(tx, world.people[who], meeting, peer, sends, world.clock.now())
    )


async def _states(world: World, meeting: int) -> dict[str, tuple[str, float | None]]:
    found = await world.do(lambda tx: store.member_facts(tx, meeting))
    return {one.name: (one.outcome, one.seconds) for one in found if one.kind != "account"}


async def test_seconds_from_ringing_to_media_are_measured_by_the_servers_clock(world: World) -> None:
    meeting = await _open(world, kind="roll_call")
    await _join(world, "officer", meeting.id, _peer("d"))
    world.later(seconds=4)
    await _join(world, "crew", meeting.id, _peer("c"), LISTENS)
    assert await _states(world, meeting.id) == {
        "江河救援队": ("connecting", None),
        "西湖救援队": ("ringing", None),
    }
    world.later(seconds=2.5)
    now = world.clock.now()
    assert await world.do(lambda tx: taking_part.connected(tx, STREAM, _peer("c"), now))
    assert not await world.do(lambda tx: taking_part.connected(tx, STREAM, _peer("c"), now))
    # It sends nothing: no picture, and the table says so.
    assert (await _states(world, meeting.id))["江河救援队"] == ("no_video", 6.5)
    # Nobody vouches for a picture of his own, nor does a stranger to the meeting.
    for seer in (_peer("c"), _peer("x")):
        assert not await world.do(
            lambda tx, seer=seer: taking_part.saw_video(tx, STREAM, seer, _peer("c"), now)  # type: ignore[misc]
        )
    assert await world.do(lambda tx: taking_part.saw_video(tx, STREAM, _peer("d"), _peer("c"), now))
    assert (await _states(world, meeting.id))["江河救援队"] == ("connected", 6.5)

    boatman = world.people["boatman"]
    await world.do(lambda tx: taking_part.decline(tx, boatman, meeting.id, world.clock.now()))
    with pytest.raises(MemberStepRefused):
        await world.do(lambda tx: taking_part.decline(tx, boatman, meeting.id, world.clock.now()))
    closed = await world.do(
        lambda tx: opening.close(tx, world.people["officer"], meeting.id, world.clock.now())
    )
    assert (closed.total, closed.answered, closed.missing, closed.waiting) == (2, 1, 1, 0)
    assert (closed.connected, closed.no_video, closed.median_s) == (1, 0, 6.5)
    assert await world.types() == [
        "meeting.opened",
        "meeting.called",
        "meeting.called",
        "meeting.joined",
        "meeting.joined",
        "meeting.connected",
        "meeting.video_seen",
        "meeting.declined",
        "meeting.left",
        "meeting.left",
        "meeting.closed",
    ]
    with pytest.raises(MeetingOver):
        await _join(world, "crew", meeting.id, _peer("e"))


async def test_a_roll_call_rings_five_at_a_time_and_the_next_when_one_is_let_go_declines_or_is_silent(
    world: World,
) -> None:
    persons = [1, 2, 3, 4, 5]
    meeting = await _open(world, kind="roll_call", team_ids=[RIVER, HILL], person_ids=persons)
    rung = [one for one in meeting.members if one.state == "ringing"]
    waiting = [one for one in meeting.members if one.state == "waiting" and one.kind != "account"]
    assert (len(rung), len(waiting)) == (5, 2)
    officer = world.people["officer"]
    with pytest.raises(MeetingFull):
        await world.do(
            lambda tx: opening.ring_again(tx, officer, meeting.id, waiting[0].id, world.clock.now())
        )
    await _join(world, "crew", meeting.id, _peer("c"))
    await world.do(lambda tx: opening.release(tx, officer, meeting.id, rung[0].id, world.clock.now()))
    sent = await world.do(lambda tx: peers.take(tx, [_peer("c")]))
    assert sent == [(_peer("c"), '{"type":"over","reason":"released"}')]
    seats = await world.do(lambda tx: store.member_facts(tx, meeting.id))
    assert [one.state for one in seats if one.kind != "account"] == [
        "left",
        *["ringing"] * 5,
        "waiting",
    ]
    world.later(seconds=RINGS_FOR.total_seconds())
    await world.do(lambda tx: clock.look(tx, STREAM, meeting.id, world.clock.now()))
    outcomes = [outcome for outcome, _ in (await _states(world, meeting.id)).values()]
    assert outcomes == ["no_media", *["missed"] * 5, "ringing"]


async def test_a_seat_is_for_whom_it_is_meant_and_for_one_screen(world: World) -> None:
    meeting = await _open(world)
    for stranger in ("second", "west", "leader"):
        with pytest.raises(NotFound):
            await _join(world, stranger, meeting.id, _peer("x"))
    for nobody in ("auditor", "admin"):
        with pytest.raises(NotPermitted):
            await _join(world, nobody, meeting.id, _peer("x"))
    crew = world.people["crew"]
    assert not may_take_part(replace(crew, granted=frozenset({"answer"}), maker_id=9))
    await _join(world, "crew", meeting.id, _peer("c"))
    other = replace(crew, account_id=99, name="江队副队长")
    with pytest.raises(AnsweredElsewhere):
        await world.do(
            lambda tx: taking_part.join(tx, other, meeting.id, _peer("o"), BOTH, world.clock.now())
        )
    # The same person comes again, from another screen: the first is told.
    await _join(world, "crew", meeting.id, _peer("b"))
    assert await world.do(lambda tx: peers.take(tx, [_peer("c")])) == [
        (_peer("c"), '{"type":"over","reason":"replaced"}')
    ]
    assert (await world.types()).count("meeting.joined") == 1


async def test_a_description_reaches_the_one_screen_it_names_and_no_other_meeting(world: World) -> None:
    one, two = await _open(world), await _open(world, by="east", team_ids=[HILL])
    await _join(world, "officer", one.id, _peer("d"))
    await _join(world, "crew", one.id, _peer("c"))
    await _join(world, "east", two.id, _peer("e"))
    everybody = [_peer(letter) for letter in "dce"]
    await world.do(lambda tx: peers.take(tx, everybody))
    now = world.clock.now()
    assert await world.do(lambda tx: taking_part.describe(tx, _peer("c"), _peer("d"), "offer", "v=0", now))
    assert not await world.do(
        lambda tx: taking_part.describe(tx, _peer("c"), _peer("e"), "offer", "v=0", now)
    )
    ((to, body),) = await world.do(lambda tx: peers.take(tx, everybody))
    assert to == _peer("d") and '"sdp":"v=0"' in body and _peer("c") in body
    assert await world.do(lambda tx: peers.take(tx, everybody)) == []
    assert not [event for event in await world.events() if "v=0" in str(event)]


async def test_who_may_open_and_whom_he_may_call(world: World) -> None:
    for nobody in ("crew", "auditor", "admin"):
        with pytest.raises(NotPermitted):
            await _open(world, by=nobody)
    with pytest.raises(InvalidInput):
        await _open(world, by="east", team_ids=[RIVER, LAKE])  # the lake is in the west
    west = world.people["west"]
    meeting = await _open(world, by="east", team_ids=[RIVER])
    assert await world.do(lambda tx: store.latest(tx, west)) == []
    # Of a roll call of both townships each reads its own result, and hears its own events.
    both = await _open(world, kind="roll_call")
    row = await world.do(lambda tx: store.row(tx, STREAM, both.id))
    assert row is not None
    read = await world.do(lambda tx: opening.detail(tx, west, row))
    assert [one.name for one in read.members] == ["值班员甲", "西湖救援队"]
    rung = await world.rows(
        "SELECT region_codes, team_ids FROM journal WHERE type = 'meeting.called' ORDER BY seq"
    )
    assert [(one["region_codes"], one["team_ids"]) for one in rung[1:]] == [
        ([EAST], [RIVER]),
        ([WEST], [LAKE]),
    ]
    await world.do(lambda tx: opening.close(tx, world.people["officer"], both.id, world.clock.now()))
    with pytest.raises(NotFound):
        await world.do(lambda tx: opening.close(tx, west, meeting.id, world.clock.now()))
    mine = await world.do(lambda tx: store.mine(tx, world.people["crew"]))
    assert [(one.meeting_id, one.state) for one in mine] == [(meeting.id, "ringing")]
    assert await world.do(lambda tx: store.mine(tx, world.people["boatman"])) == []


async def test_of_a_secret_incident_only_those_hear_who_may_know(world: World) -> None:
    told = IncidentIn(event_code=SECRET_KIND, region_code=EAST_BANK, lon=118.21, lat=28.51, title="聚集")
    officer = world.people["officer"]
    secret = await world.do(lambda tx: incidents.open_by_hand(tx, officer, told, world.clock.now(), ZONE))
    await _open(world, incident_id=secret.id, team_ids=[RIVER])
    assert await world.do(lambda tx: store.mine(tx, world.people["crew"])) == []
    assert await world.do(lambda tx: store.latest(tx, world.people["east"])) == []
    rows = await world.rows(
        "SELECT restricted, team_ids, region_codes FROM journal WHERE type = 'meeting.opened'"
    )
    assert rows == [{"restricted": True, "team_ids": [], "region_codes": [EAST, EAST_BANK]}]


async def test_of_a_drill_a_meeting_is_a_drill_and_the_empty_one_is_closed(world: World) -> None:
    incident = await world.incident()
    await world.run("UPDATE incident SET drill_id = 1 WHERE id = :id", id=incident.id)
    meeting = await _open(world, incident_id=incident.id)
    assert meeting.drill and meeting.title == "【演练】防汛会商"
    await _join(world, "officer", meeting.id, _peer("d"))
    await world.do(lambda tx: taking_part.leave(tx, STREAM, _peer("d"), world.clock.now()))
    world.clock.advance(EMPTY_FOR - timedelta(seconds=1))
    await world.do(lambda tx: clock.look(tx, STREAM, meeting.id, world.clock.now()))
    assert (await world.types())[-1] == "meeting.missed"
    world.later(seconds=1)
    await world.do(lambda tx: clock.look(tx, STREAM, meeting.id, world.clock.now()))
    last = (await world.events())[-1]
    assert (last["type"], last["meeting"]["closed_by"], last["actor"]) == ("meeting.closed", "", None)
