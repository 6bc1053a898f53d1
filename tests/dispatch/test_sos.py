"""A call for help after it was seen: the reply, the silence of the caller, the dismissal by two people."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.delivery.rules import width
from app.dispatch.actions import alarms, dismissal, intake
from app.dispatch.actions.dismissal import DismissalNotAsked, SamePerson
from app.dispatch.actions.silence import silence_one
from app.dispatch.commands import AlarmConfirmIn
from app.dispatch.rules.sos import ONE_MESSAGE_BYTES, Search, SosRules, is_silent, radius_m, reply_words
from app.dispatch.settings import shipped
from app.signals import Distress, Fix, Text
from app.tracking import store as tracking
from app.tracking.store import Heard
from tests.dispatch.test_intake import alarm_rows, call, confirm
from tests.world import LONE_CARD, RIVER, STREAM, ZONE, World

MINUTE = timedelta(minutes=1)
NOON = datetime(2025, 6, 18, 4, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("minutes", "radius"),
    [(-5, 200), (0, 200), (30, 2200), (60, 4200), (146, 9933), (147, 10_000), (900, 10_000)],
)
def test_the_circle_grows_at_a_walkers_pace_and_ends(minutes: int, radius: int) -> None:
    assert round(radius_m(Search(), NOON, NOON + minutes * MINUTE)) == radius


@given(
    st.floats(0.1, 20),
    st.floats(0, 5_000),
    st.floats(5_000, 100_000),
    st.integers(-600, 10**6),
    st.integers(0, 10**6),
)
def test_the_circle_never_shrinks_and_keeps_its_bounds(
    speed: float, least: float, most: float, seconds: int, more: int
) -> None:
    search = Search(speed, least, most)
    sooner = radius_m(search, NOON, NOON + timedelta(seconds=seconds))
    later = radius_m(search, NOON, NOON + timedelta(seconds=seconds + more))
    assert least <= sooner <= later <= most


@given(st.text(max_size=200))
def test_a_reply_never_takes_more_than_one_message(template: str) -> None:
    assert width(reply_words(template, NOON, ZONE)) <= ONE_MESSAGE_BYTES


def test_the_shipped_reply_goes_out_whole_with_the_hour_where_it_is_asked_for() -> None:
    assert reply_words(SosRules().reply, NOON, ZONE) == SosRules().reply == shipped().sos.reply
    assert reply_words("{time}收到", NOON, ZONE) == "12:00收到"


@pytest.mark.parametrize(
    ("word", "seen", "now", "silent"),
    [(0, 0, 9, False), (0, 0, 10, True), (0, 5, 14, False), (7, 5, 16, False), (7, 5, 17, True)],
)
def test_silence_counts_from_the_last_word_and_not_before_somebody_saw_the_call(
    word: int, seen: int, now: int, *, silent: bool
) -> None:
    at = [NOON + minutes * MINUTE for minutes in (word, seen, now)]
    assert is_silent(at[0], at[1], SosRules(), at[2]) is silent


@pytest.mark.database
async def test_who_acknowledges_an_sos_lets_one_message_go_back_to_the_card(world: World) -> None:
    alarm_id = await call(world, "1")
    by = world.people["officer"]
    fact = await world.do(lambda tx: alarms.acknowledge(tx, by, alarm_id, world.clock.now()))
    rows = await world.rows(
        "SELECT channel, address, body, state, expires_at - queued_at AS held FROM delivery"
    )
    number = (await world.rows("SELECT number FROM device WHERE id = :id", id=fact.device_id))[0]["number"]
    assert fact.reply == shipped().sos.reply
    assert rows == [
        {"channel": "beidou", "address": number, "body": fact.reply, "state": "queued", "held": 10 * MINUTE}
    ]
    await confirm(world, alarm_id)
    assert len(await world.rows("SELECT id FROM delivery")) == 1, "an opened incident does not answer again"


@pytest.mark.database
async def test_an_sos_of_a_drill_is_answered_in_words_alone(world: World) -> None:
    device = await world.device(LONE_CARD)
    now = world.clock.now()
    alarm_id = await world.do(lambda tx: intake.call_in_drill(tx, device, Distress("1"), 7, now))
    fact = await world.do(lambda tx: alarms.acknowledge(tx, world.people["officer"], alarm_id, now))
    assert fact.reply == "【演练】" + shipped().sos.reply
    assert await world.rows("SELECT id FROM delivery") == []


@pytest.mark.database
async def test_a_call_for_help_is_dismissed_by_two_people_and_never_by_one(world: World) -> None:
    alarm_id, now = await call(world, "1"), world.clock.now()
    officer, second = world.people["officer"], world.people["second"]
    with pytest.raises(DismissalNotAsked):
        await world.do(lambda tx: dismissal.confirm(tx, second, alarm_id, now))
    asked = await world.do(lambda tx: dismissal.dismiss(tx, officer, alarm_id, "误触,本人已核实", now))
    assert asked.state == "open" and asked.dismissal is not None
    with pytest.raises(SamePerson):
        await world.do(lambda tx: dismissal.confirm(tx, officer, alarm_id, now))
    refused = await world.do(lambda tx: dismissal.refuse(tx, second, alarm_id, now))
    assert (refused.state, refused.dismissal) == ("open", None)
    await world.do(lambda tx: dismissal.dismiss(tx, second, alarm_id, "误触", now))
    done = await world.do(lambda tx: dismissal.confirm(tx, officer, alarm_id, now))
    assert (done.state, done.settled_by, done.dismiss_reason) == (
        "dismissed",
        f"{second.name}、{officer.name}",
        "误触",
    )
    told = [(event["type"], (event.get("actor") or {}).get("name")) for event in await world.events()]
    assert told[1:] == [
        ("alarm.dismissal_asked", officer.name),
        ("alarm.dismissal_refused", second.name),
        ("alarm.dismissal_asked", second.name),
        ("alarm.dismissed", officer.name),
    ]


@pytest.mark.database
async def test_a_callers_silence_is_told_once_with_a_circle_and_settled_when_he_speaks(world: World) -> None:
    device = await world.device(LONE_CARD)
    fix = Fix(lon=115.441, lat=28.1123)
    now = world.clock.now()
    alarm_id = await world.do(lambda tx: intake.hear_distress(tx, device, Distress("1", fix=fix), b"", now))
    assert not await world.do(lambda tx: silence_one(tx, now + 60 * MINUTE, shipped())), (
        "nobody saw the call yet"
    )
    by = world.people["officer"]
    await world.do(lambda tx: alarms.acknowledge(tx, by, alarm_id, now + MINUTE))

    async def look(minutes: int) -> list[tuple[str, str]]:
        while await world.do(lambda tx: silence_one(tx, now + minutes * MINUTE, shipped())):
            pass
        return [(row["kind"], row["state"]) for row in await alarm_rows(world)]

    assert await look(10) == [("sos", "acknowledged")]
    assert await look(11) == [("sos", "acknowledged"), ("caller_silent", "open")]
    assert await look(40) == [("sos", "acknowledged"), ("caller_silent", "open")], "once"
    quiet = (await alarm_rows(world))[1]
    assert (quiet["lon"], quiet["search"]["most_m"]) == (115.441, 10_000)
    assert quiet["text"] == f"呼救后10分钟无消息,末次位置{now.astimezone(ZONE):%H:%M},搜索半径约0.9公里"
    with pytest.raises(alarms.BelongsToItsCall):
        await world.do(lambda tx: alarms.confirm(tx, by, quiet["id"], AlarmConfirmIn(), now, ZONE))
    heard = Text("t", "腿伤", b"")
    await world.do(lambda tx: intake.hear_text(tx, device, heard, b"", now + 41 * MINUTE))
    assert (await look(42))[1] == ("caller_silent", "dismissed")
    assert (await alarm_rows(world))[1]["settled_by"] == "系统"
    assert len(await look(51)) == 3, "a new silence is told anew"
    at = now + 52 * MINUTE
    where = Heard(device.id, STREAM, None, device.region_code, 115.4, 28.1, None, None, None, at, at, at)
    await world.do(lambda tx: tracking.write_many(tx, [where]))
    assert (await look(53))[2] == ("caller_silent", "dismissed"), "a position is a sign of life too"


@pytest.mark.database
async def test_nobody_waits_for_a_callers_word_once_a_team_stands_beside_him(world: World) -> None:
    alarm_id = await call(world, "1")
    now = world.clock.now()
    incident_id = await confirm(world, alarm_id)
    assert await world.do(lambda tx: silence_one(tx, now + 10 * MINUTE, shipped()))
    quiet = (await alarm_rows(world))[1]
    assert (quiet["kind"], quiet["incident_id"]) == ("caller_silent", incident_id)
    sent = await world.send(RIVER, incident_id)
    await world.run(f"UPDATE assignment SET state = 'on_scene', on_scene_at = now() WHERE id = {sent.id}")
    assert await world.do(lambda tx: silence_one(tx, now + 11 * MINUTE, shipped()))
    assert (await alarm_rows(world))[1]["dismiss_reason"].startswith("呼救已处置")
    assert not await world.do(lambda tx: silence_one(tx, now + 60 * MINUTE, shipped()))
