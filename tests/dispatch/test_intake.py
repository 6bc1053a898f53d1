"""One call for help is one alarm, however often and on however many links it is heard."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from app.clock import SetClock
from app.dispatch.actions import alarms, dismissal, incidents, intake
from app.dispatch.commands import AlarmConfirmIn
from app.signals import Distress, Fix, Text
from app.tracking import store as tracking
from app.tracking.store import Heard
from tests.world import EAST, EAST_HILL, LONE_CARD, SECRET_KIND, STREAM, TRUCK, ZONE, World

pytestmark = pytest.mark.database


async def call(world: World, ref: str, number: str = LONE_CARD, fix: Fix | None = None) -> int:
    device = await world.device(number)
    told = Distress(ref=ref, sent_at=world.clock.now(), fix=fix)
    return await world.do(lambda tx: intake.hear_distress(tx, device, told, b"raw", world.clock.now()))


async def hear(world: World, words: str, ref: str, number: str = LONE_CARD) -> None:
    device = await world.device(number)
    told = Text(ref, words, words.encode())
    await world.do(lambda tx: intake.hear_text(tx, device, told, b"raw", world.clock.now()))


async def alarm_rows(world: World) -> list[dict[str, Any]]:
    return await world.rows("SELECT * FROM alarm ORDER BY id")


async def confirm(world: World, alarm_id: int, **known: Any) -> int:
    told = AlarmConfirmIn(**known)
    by = world.people["officer"]
    fact = await world.do(lambda tx: alarms.confirm(tx, by, alarm_id, told, world.clock.now(), ZONE))
    return fact.id


async def dismiss(world: World, alarm_id: int) -> None:
    now = world.clock.now()
    await world.do(lambda tx: dismissal.dismiss(tx, world.people["officer"], alarm_id, "误触", now))
    await world.do(lambda tx: dismissal.confirm(tx, world.people["second"], alarm_id, now))


async def test_ten_copies_of_one_call_are_one_alarm_with_a_counter_of_ten(world: World) -> None:
    ids = {await call(world, "500301-1") for _ in range(10)}
    (alarm,) = await alarm_rows(world)
    assert ids == {alarm["id"]}
    assert alarm["count"] == 10
    assert await world.types() == ["alarm.raised"] + ["alarm.repeated"] * 9
    assert [event["alarm"]["count"] for event in await world.events()] == list(range(1, 11))
    assert (await world.rows("SELECT count(*) AS n FROM heard_signal"))[0]["n"] == 10


async def test_two_links_that_hear_copies_in_the_same_instant_raise_one_alarm(world: World) -> None:
    for round_ in range(10):
        ids = await asyncio.gather(*(call(world, f"500301-{round_}") for _ in range(4)))
        assert len(set(ids)) == 1
        (alarm,) = [row for row in await alarm_rows(world) if row["state"] == "open"]
        assert alarm["count"] == 4
        await dismiss(world, alarm["id"])


async def test_the_alarm_says_who_calls_from_where_and_which_number_to_ring(world: World) -> None:
    await call(world, "500301-1", fix=Fix(118.2301, 28.5302))
    (event,) = await world.events()
    alarm = event["alarm"]
    assert (alarm["holder_name"], alarm["holder_phone"]) == ("护林员老周", "13800000005")
    assert alarm["region_path"] == "樟川市东镇东山村"
    assert (alarm["lon"], alarm["lat"]) == (118.2301, 28.5302)
    assert event["actor"] is None


async def test_a_call_during_its_open_incident_joins_it(world: World) -> None:
    alarm_id = await call(world, "500301-1")
    incident_id = await confirm(world, alarm_id)
    assert await call(world, "500301-2") == alarm_id
    last = (await world.events())[-1]
    assert (last["type"], last["alarm"]["incident_id"]) == ("alarm.repeated", incident_id)
    assert len(await alarm_rows(world)) == 1


async def test_a_call_after_the_incident_was_closed_is_a_new_alarm(world: World) -> None:
    first = await call(world, "500301-1")
    incident_id = await confirm(world, first)
    by = world.people["officer"]
    await world.do(lambda tx: incidents.close(tx, by, incident_id, "已处置", world.clock.now()))
    assert await call(world, "500301-1") == first  # a copy that was long on its way
    assert await call(world, "500301-2") != first


async def test_a_late_copy_of_a_dismissed_alarm_raises_nothing_but_is_kept(world: World) -> None:
    alarm_id = await call(world, "500301-1")
    await dismiss(world, alarm_id)
    head = await world.head()
    world.later(minutes=9)
    assert await call(world, "500301-1") == alarm_id
    assert await world.types(head) == []
    kept = await world.rows("SELECT alarm_id FROM heard_signal ORDER BY id")
    assert kept == [{"alarm_id": alarm_id}] * 2


async def test_a_new_call_after_a_dismissal_raises_again(world: World) -> None:
    first = await call(world, "500301-1")
    await dismiss(world, first)
    assert await call(world, "500301-2") != first
    assert (await world.types())[-1] == "alarm.raised"


async def test_the_same_words_hours_later_are_a_new_call(world: World) -> None:
    first = await call(world, "500301-1")
    await dismiss(world, first)
    world.later(minutes=11)
    assert await call(world, "500301-1") != first


async def test_a_terminal_that_never_stops_is_told_every_ten_seconds_and_no_call_is_lost(
    world: World,
) -> None:
    for number in range(60):  # two calls a second for thirty seconds
        await call(world, f"t-{number}", TRUCK)
        world.later(milliseconds=500)
    told = [event["alarm"]["count"] for event in await world.events()]
    assert told[:20] == list(range(1, 21))
    assert told[20:] == [40, 60]
    alarm_id = (await alarm_rows(world))[0]["id"]
    for number in range(60, 65):
        await call(world, f"t-{number}", TRUCK)
    by = world.people["officer"]
    fact = await world.do(lambda tx: alarms.acknowledge(tx, by, alarm_id, world.clock.now()))
    assert fact.count == 65


async def test_the_last_five_positions_stand_in_the_alarm_newest_first(world: World, clock: SetClock) -> None:
    device = await world.device(TRUCK)
    start = clock.now()

    def heard(minute: int) -> Heard:
        at = start + timedelta(minutes=minute)
        place = (118 + minute, 28.5)
        return Heard(device.id, STREAM, 1, EAST, *place, None, None, None, at, at, at)

    await world.do(lambda tx: tracking.write_many(tx, [heard(minute) for minute in range(7)]))
    world.later(minutes=10)
    await call(world, "t-1", TRUCK)
    alarm = (await world.events())[0]["alarm"]
    assert [point["lon"] for point in alarm["trail"]] == [124, 123, 122, 121, 120]
    # The call named no place: the last known one stands in, and its age is to be read from the trail.
    assert (alarm["lon"], alarm["fixed_at"]) == (124, None)


async def test_a_text_that_calls_for_help_is_an_alarm_at_the_place_it_names(world: World) -> None:
    await hear(world, "SOS 三人被困 118.2312,28.5321", "500301-0213-aa")
    (event,) = await world.events()
    assert event["type"] == "alarm.raised"
    assert (event["alarm"]["lon"], event["alarm"]["lat"]) == (118.2312, 28.5321)
    assert event["alarm"]["text"] == "SOS 三人被困 118.2312,28.5321"


async def test_a_need_to_know_incidents_repeated_call_is_told_only_to_those_who_may_know(
    world: World,
) -> None:
    alarm_id = await call(world, "500301-1")
    await confirm(world, alarm_id, event_code=SECRET_KIND)
    head = await world.head()
    await call(world, "500301-2")
    rows = await world.rows("SELECT restricted, region_codes FROM journal WHERE seq > :head", head=head)
    assert rows == [{"restricted": True, "region_codes": [EAST_HILL]}]
