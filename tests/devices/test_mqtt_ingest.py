"""What gateways say becomes facts: each once, in order, by whom it may be said."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from structlog.testing import capture_logs

from tests.devices.far_gateway import (
    GATEWAY,
    OTHER,
    RADIO,
    WALKER,
    Centre,
    FarGateway,
    centre_on,
    enlist,
    far_gateway,
)
from tests.devices.mosquitto import Mosquitto, mosquitto
from tests.devices.platform import Platform

pytestmark = pytest.mark.database


@pytest.fixture
async def broker(tmp_path: Path) -> AsyncIterator[Mosquitto]:
    """A broker of this test's own."""
    async with mosquitto(tmp_path) as broker:
        yield broker


@pytest.fixture
async def centre(platform: Platform, broker: Mosquitto) -> AsyncIterator[Centre]:
    """The centre with two gateways and two radios in its register."""
    await enlist(platform.world)
    async with centre_on(platform, broker) as centre:
        yield centre


@pytest.fixture
async def far(centre: Centre) -> AsyncIterator[FarGateway]:
    """A gateway that has come online."""
    async with far_gateway(centre.broker, centre.world.clock.now) as far:
        await far.state()
        await centre.until("SELECT 1 FROM gateway WHERE state = 'online'")
        yield far


async def radio(centre: Centre, number: str = RADIO) -> dict[str, Any]:
    (row,) = await centre.world.rows("SELECT * FROM device WHERE number = :n", n=number)
    return row


async def lost(centre: Centre) -> int:
    await centre.driver._intake.read_roster()
    return centre.driver._intake.roster[GATEWAY].lost


async def test_a_position_is_stored_with_its_own_time_and_the_gateway_it_came_through(
    centre: Centre, far: FarGateway
) -> None:
    at = centre.world.clock.now() - timedelta(seconds=20)
    await far.send(far.event("location", far.place(28.5, at, vel=36, cog=90)))
    (row,) = await centre.until("SELECT * FROM position")
    assert (row["lat"], row["fixed_at"], row["speed_mps"], row["course_deg"]) == (28.5, at, 10.0, 90.0)
    await centre.until("SELECT 1 FROM device WHERE number = '2301' AND heard_via = 'gateway:pdt-cd-01'")


async def test_a_program_that_is_not_ours_raises_an_alarm(centre: Centre, far: FarGateway) -> None:
    """mosquitto_pub stands for whatever an integrator writes."""
    event = far.event("emergency", {"active": True, "kind": 1, "lat": 28.5, "lon": 118.2, "tst": 1750184000})
    topic = f"ecd/v1/gateway/{GATEWAY}/device/{RADIO}/event/emergency"
    await centre.broker.publish(topic, json.dumps(event))
    (raised,) = await centre.events(1)
    assert raised["type"] == "alarm.raised"
    assert (raised["alarm"]["lon"], raised["alarm"]["device_label"]) == (118.2, "hdap 2301")


async def test_words_of_a_radio_reach_the_desk_as_they_were_said(centre: Centre, far: FarGateway) -> None:
    said = "<b>桥断了</b>'; DROP TABLE device; --\x07"
    await far.send(far.event("text", {"text": said, "to": "1001"}))
    (event,) = await centre.events(1)
    assert event["type"] == "text.received"
    assert event["text"]["text"] == "<b>桥断了</b>'; DROP TABLE device; --"
    assert await radio(centre)


async def test_an_event_that_comes_twice_counts_once(centre: Centre, far: FarGateway) -> None:
    event = far.event("text", {"text": "桥断了"})
    for _ in range(3):
        await far.send(event)
    await centre.settled(far)
    assert await centre.world.types() == ["text.received"]


async def test_yesterdays_queue_replayed_doubles_nothing_and_stays_of_yesterday(
    centre: Centre, far: FarGateway
) -> None:
    old = centre.world.clock.now()
    queue = [
        far.event("join", {"renew_s": 300}),
        far.event("location", far.place(28.51, old)),
        far.event("text", {"text": "昨天的话"}),
        far.event("emergency", {"active": True}),
    ]
    for event in queue:
        await far.send(event)
    await centre.events(2)
    centre.world.later(days=1)
    await far.send(far.event("location", far.place(28.6)))
    await centre.until("SELECT 1 FROM track", 2)
    before = await centre.world.types()
    for event in queue:
        await far.send(event)
    await centre.settled(far)
    assert await centre.world.types() == before
    (latest,) = await centre.world.rows("SELECT lat FROM position")
    assert latest["lat"] == 28.6
    assert len(await centre.world.rows("SELECT 1 FROM track")) == 2
    assert await lost(centre) == 0


async def test_an_alarm_out_of_a_gateways_store_is_raised_with_the_time_it_was_called(
    centre: Centre, far: FarGateway
) -> None:
    at = centre.world.clock.now() - timedelta(hours=20)
    await far.send(far.event("emergency", {"active": True}, ts=at.isoformat()))
    (event,) = await centre.events(1)
    assert event["alarm"]["sent_at"].startswith(at.isoformat()[:16])


async def test_a_talk_of_an_hour_ago_is_not_on_the_air_now(centre: Centre, far: FarGateway) -> None:
    call = {"state": "start", "call_id": "7", "to": "101"}
    at = centre.world.clock.now() - timedelta(hours=1)
    await far.send(far.event("call", call, ts=at.isoformat()))
    await far.send(far.event("call", {**call, "call_id": "8"}))
    (talk,) = await centre.until("SELECT * FROM radio_talk")
    await centre.settled(far)
    assert (talk["ref"], talk["talker"], talk["target"], talk["via"]) == (
        "8",
        RADIO,
        "101",
        f"gateway:{GATEWAY}",
    )
    assert len(await centre.world.rows("SELECT 1 FROM radio_talk")) == 1


async def test_two_gateways_that_hear_one_radio_make_one_alarm(centre: Centre, far: FarGateway) -> None:
    frame = "b003aa"
    async with far_gateway(centre.broker, centre.world.clock.now, OTHER) as other:
        await other.state()
        for gateway in (far, other):
            await gateway.send(gateway.event("emergency", {"active": True}, raw=frame))
            await gateway.send(gateway.event("text", {"text": "桥断了"}, raw="aa01"))
        await centre.settled(far)
    assert sorted(await centre.world.types()) == ["alarm.raised", "alarm.repeated", "text.received"]
    assert len(await centre.world.rows("SELECT 1 FROM alarm")) == 1


async def test_a_gateway_of_no_register_is_noted_and_not_believed(centre: Centre, far: FarGateway) -> None:
    far.name = "stranger"
    await far.state()
    for _ in range(3):
        await far.send(far.event("emergency", {"active": True}))
    (row,) = await centre.until("SELECT number, count FROM unknown_device WHERE family = 'gateway'")
    await centre.settled()
    assert row == {"number": "stranger", "count": 1}
    assert await centre.world.types() == []


async def test_a_radio_of_no_register_is_noted_and_its_call_is_heard_all_the_same(
    centre: Centre, far: FarGateway
) -> None:
    await far.send(far.event("location", far.place()), device="9999")
    await centre.until("SELECT 1 FROM unknown_device WHERE number = '9999'")
    assert await centre.world.rows("SELECT 1 FROM device WHERE number = '9999'") == []
    await far.send(far.event("emergency", {"active": True}), device="9999")
    (event,) = await centre.events(1)
    assert event["alarm"]["device_label"] == "未登记设备 9999"


async def test_a_hole_in_the_numbers_is_seen_and_closed_when_the_event_comes_late(
    centre: Centre, far: FarGateway
) -> None:
    await far.send(far.event("location", far.place()))
    late = far.event("location", far.place())
    far.seq += 2
    await far.send(far.event("location", far.place()))
    await centre.settled(far)
    assert await lost(centre) == 3
    await far.send(late)
    await centre.settled(far)
    assert await lost(centre) == 2


async def test_a_new_epoch_is_a_restart_and_no_hole(centre: Centre, far: FarGateway) -> None:
    far.seq = 1000
    await far.send(far.event("location", far.place()))
    far.epoch, far.seq = str(uuid4()), 0
    await far.send(far.event("location", far.place()))
    await centre.until("SELECT 1 FROM gateway_epoch", 2)
    assert await lost(centre) == 0


async def test_numbers_at_random_do_not_fill_the_register(
    centre: Centre, far: FarGateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.devices.mqtt.store.MOST_HOLES", 5)
    for number in range(0, 100, 10):
        far.seq = number
        await far.send(far.event("location", far.place()))
    await centre.settled(far)
    (row,) = await centre.world.rows(
        "SELECT (SELECT count(*) FROM unnest(seen)) AS pieces, forgiven FROM gateway_epoch"
    )
    assert row["pieces"] <= 5
    assert await lost(centre) == 81


GARBAGE = [
    (b"", "no JSON"),
    (b"\xff\x00\x01", "no JSON"),
    (b"[" * 5000, "too deep"),
    (b'{"v":2}', "invalid v"),
    (b"x" * (66 * 1024), "oversized"),
]


async def test_garbage_is_counted_and_the_next_event_is_heard(centre: Centre, far: FarGateway) -> None:
    with capture_logs() as logged:
        for payload, _ in GARBAGE:
            await far.raw(RADIO, "text", payload)
        await far.raw(RADIO, "status", json.dumps(far.event("text", {"text": "x"})).encode())
        await far.raw(RADIO, "reboot", b"{}")
        await far.send(far.event("text", {"text": "还在"}))
        await centre.events(1)
    reasons = [line["reason"] for line in logged if line["event"] == "garbage"]
    assert reasons[:5] == [reason for _, reason in GARBAGE]


async def test_a_retained_event_is_refused_for_it_would_come_with_every_connection(
    centre: Centre, far: FarGateway
) -> None:
    topic = f"ecd/v1/gateway/{GATEWAY}/device/{RADIO}/event/text"
    await far.link.publish(topic, json.dumps(far.event("text", {"text": "总在"})).encode(), retain=True)
    await centre.events(1)
    async with centre_on(centre.platform, centre.broker, mqtt_client_id="another-node") as another:
        await another.settled(far)
    assert await centre.world.types() == ["text.received"]


async def test_the_last_will_of_a_gateway_marks_it_offline_until_it_is_back(
    centre: Centre, far: FarGateway
) -> None:
    await far.state("OFFLINE")
    await centre.until("SELECT 1 FROM gateway WHERE state = 'offline'")
    await far.state("OFFLINE")
    await far.state()
    await centre.until("SELECT 1 FROM gateway WHERE state = 'online'")
    await centre.settled(far)
    told = centre.driver.health()["gateways"]
    assert isinstance(told, dict)
    assert set(told) == {GATEWAY, OTHER}
    assert centre.driver.health()["ok"] is True
    topic = f"ecd/v1/gateway/{GATEWAY}/state/conn"
    await far.link.publish(topic, b"", retain=True)
    await centre.until("SELECT 1 FROM gateway WHERE state = 'unknown'")


async def test_what_a_radio_tells_of_itself_stands_in_the_register(centre: Centre, far: FarGateway) -> None:
    await far.send(far.event("status", {"battery_pct": 15, "firmware": "R8.5", "trouble": "low_battery"}))
    (event,) = await centre.events(1)
    assert event["alarm"]["kind"] == "low_battery"
    await centre.until("SELECT 1 FROM device WHERE number = '2301' AND battery_pct = 15")


async def test_a_stranger_of_another_family_is_found_by_what_its_gateway_carries(
    centre: Centre, far: FarGateway
) -> None:
    await centre.world.run(
        """UPDATE device SET facts = '{"carries": ["hdap", "rdss21"]}' WHERE number = :n""", n=GATEWAY
    )
    centre.world.later(seconds=6)
    await far.send(far.event("text", {"text": "桥断了"}), device="500201")
    event, filed = await centre.events(2)
    assert (event["type"], filed["type"]) == ("text.received", "intake.received")
    assert await radio(centre, WALKER)
