"""Meetings of more than six: who is let into LiveKit, what it is asked, what is said when it is silent."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from datetime import UTC, datetime
from typing import Any

import pytest
from pydantic import SecretStr

from app.clock import SystemClock
from app.config import Settings
from app.dispatch.meeting import rules
from app.dispatch.meeting.actions import opening
from app.dispatch.meeting.commands import MeetingIn
from app.dispatch.meeting.refusals import RoomNeeded
from app.dispatch.meeting.room.livekit import LiveKit
from app.dispatch.meeting.room.start import livekit, origins_of
from tests.media_double import MediaDouble
from tests.world import FOREST, HILL, LAKE, RIVER, World

pytestmark = pytest.mark.database

KEY, SECRET = "zhishou", "a secret of thirty-two letters or more"
ASKED = "POST /twirp/livekit.RoomService/"


def _claims(token: str) -> dict[str, Any]:
    """Return what a pass says, its signature checked by hand (RFC 7515, HS256)."""
    head, body, signature = token.split(".")
    made = hmac.new(SECRET.encode(), f"{head}.{body}".encode(), hashlib.sha256).digest()
    assert base64.urlsafe_b64encode(made).rstrip(b"=").decode() == signature
    told: dict[str, Any] = json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)))
    return told


def _of(double: MediaDouble, patience_s: float = 5.0) -> LiveKit:
    return LiveKit("wss://lk:7880", double.address, KEY, SECRET, "990181", SystemClock(), patience_s)


def test_a_pass_opens_one_room_for_one_seat_for_two_minutes_and_to_see_and_speak_alone() -> None:
    seat = _of(MediaDouble()).seat(7, 31, "林溪")
    told, now = _claims(seat.token), datetime.now(UTC).timestamp()
    assert seat.url == "wss://lk:7880" and (told["iss"], told["sub"], told["name"]) == (KEY, "31", "林溪")
    assert told["nbf"] <= now < told["exp"] <= now + 121
    assert told["video"] == {
        "roomJoin": True,
        "room": "zhishou-990181-7",
        "canPublish": True,
        "canSubscribe": True,
        "canPublishData": False,
        "canPublishSources": ["camera", "microphone"],
    }


async def test_rooms_whose_meeting_is_over_are_ended_and_those_of_others_left_alone() -> None:
    names = ["zhishou-990181-7", "zhishou-990181-8", "zhishou-990182-7", "choir"]
    async with MediaDouble().serving() as double:
        double.says[ASKED] = (200, {}, b"{}")
        rooms = json.dumps({"rooms": [{"name": name} for name in names]}).encode()
        double.says[f"{ASKED}ListRooms"] = (200, {}, rooms)
        server = _of(double)
        await server.look({"zhishou-990181-8"})
        await server.put_out(8, 31)
        assert server.health() == {"ok": True, "trouble": "", "rooms": 2}
    asked = [(target.rpartition("/")[2], json.loads(body)) for _, target, body in double.asked]
    assert asked == [
        ("ListRooms", {}),
        ("DeleteRoom", {"room": "zhishou-990181-7"}),
        ("RemoveParticipant", {"identity": "31", "room": "zhishou-990181-8"}),
    ]
    (own,) = {
        "roomAdmin" in _claims(head.split("Bearer ")[1].split()[0])["video"] for head in double.heads[1:]
    }
    assert own  # who asks about a room says so of that room alone


@pytest.mark.parametrize(
    ("says", "trouble"),
    [((401, {}, b""), "refuses"), ((200, {}, b"<html>"), "nonsense"), ((500, {}, b"{}"), "nonsense")],
)
async def test_what_is_wrong_with_it_is_told_by_a_word(
    says: tuple[int, dict[str, str], bytes], trouble: str
) -> None:
    async with MediaDouble(says={ASKED: says}).serving() as double:
        server = _of(double)
        await server.look(set())
        assert server.health() == {"ok": False, "trouble": trouble, "rooms": 0}
        double.says[ASKED] = (200, {}, b"{}")
        await server.look(set())
        assert server.trouble == ""


async def test_it_may_hang_or_be_gone_and_ending_a_meeting_raises_nothing() -> None:
    async with MediaDouble(silent=True).serving() as double:
        server = _of(double, patience_s=0.05)
        await server.end(7)
        await server.look(set())
        assert server.trouble == "silent"
    gone = _of(double)
    await gone.look(set())
    assert gone.trouble == "unreachable"


async def test_more_than_six_need_a_livekit_that_answers_and_a_roll_call_none(world: World) -> None:
    assert [rules.by_room("meeting", n) for n in (6, 7)] == [False, True] and not rules.by_room(
        "roll_call", 41
    )
    assert [rules.most_connected("meeting", n) for n in (2, 6, 7)] == [6, 6, rules.MOST_IN_ROOM]
    told = MeetingIn(title="七方会商", team_ids=[RIVER, HILL, LAKE, FOREST], person_ids=[1, 2])
    officer, now = world.people["officer"], world.clock.now()
    down = _of(MediaDouble())
    await down.look(set())
    for room, word in ((None, "ZHISHOU_LIVEKIT_URL"), (down, "LiveKit 现在不可用")):
        with pytest.raises(RoomNeeded) as no:
            await world.do(lambda tx, room=room: opening.open_meeting(tx, officer, told, now, room))  # type: ignore[misc]
        assert word in no.value.zh and "5 方,其余用电话" in no.value.zh
    made = await world.do(lambda tx: opening.open_meeting(tx, officer, told, now, _of(MediaDouble())))
    assert [one.state for one in made.members].count("ringing") == 6  # all at once: there are seats


@pytest.mark.parametrize(
    ("told", "word"),
    [
        ({"livekit_url": "http://10.1.2.3:7880"}, "wss://"),
        ({"livekit_url": "wss://10.1.2.3:7880/x"}, "wss://"),
        ({"livekit_url": "wss://10.1.2.3:7880", "livekit_api_secret": SecretStr("short")}, "32"),
        ({"livekit_api_key": "k"}, "ZHISHOU_LIVEKIT_URL"),
    ],
)
def test_settings_that_cannot_be_meant_stop_the_start(told: dict[str, Any], word: str) -> None:
    with pytest.raises(ValueError, match=word):
        livekit(Settings(**{"livekit_api_key": KEY, **told}), SystemClock())


def test_a_page_may_speak_with_that_one_origin_besides_ours() -> None:
    told = Settings(
        livekit_url="wss://10.1.2.3:7880", livekit_api_key=KEY, livekit_api_secret=SecretStr(SECRET)
    )
    assert origins_of(livekit(told, SystemClock())) == "wss://10.1.2.3:7880 https://10.1.2.3:7880"
    assert origins_of(None) == "" and livekit(Settings(), SystemClock()) is None
