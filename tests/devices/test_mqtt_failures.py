"""What goes wrong between gateway, broker and centre: nothing that was acknowledged is lost or doubled."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from app.devices.driver import Rig
from app.devices.mqtt import driver as driving
from app.devices.mqtt import store
from app.devices.mqtt.broker import parse_broker
from app.devices.mqtt.driver import Gateways, drivers, subscriptions
from app.devices.mqtt.link import Heard, MqttLink, Refused
from app.devices.mqtt.rules import CONNECTION_STEPS, command_id, next_connection, seconds_left, still_true
from app.devices.start import all_drivers
from app.signals import Fix, Health, Presence
from tests.devices.far_gateway import (
    GATEWAY,
    OTHER,
    RADIO,
    Centre,
    FarGateway,
    centre_on,
    connected,
    enlist,
    far_gateway,
    settings,
)
from tests.devices.mosquitto import Mosquitto, mosquitto
from tests.devices.platform import Platform

pytestmark = pytest.mark.database
ACCOUNTS = {"centre": "c-secret", GATEWAY: "g-secret", OTHER: "o-secret"}


@pytest.fixture
async def broker(tmp_path: Path) -> AsyncIterator[Mosquitto]:
    """A broker with an account and its own topics for each gateway."""
    async with mosquitto(tmp_path, ACCOUNTS) as broker:
        yield broker


@pytest.fixture
async def known(platform: Platform) -> Platform:
    """The register knows the gateways and radios."""
    await enlist(platform.world)
    return platform


@pytest.fixture
async def centre(known: Platform, broker: Mosquitto) -> AsyncIterator[Centre]:
    """The centre at that broker."""
    async with centre_on(known, broker) as centre:
        yield centre


@pytest.fixture
async def far(centre: Centre) -> AsyncIterator[FarGateway]:
    """A gateway that came online."""
    async with far_gateway(centre.broker, centre.world.clock.now) as far:
        await far.state()
        await centre.until("SELECT 1 FROM gateway WHERE state = 'online'")
        yield far


async def test_a_gateway_cannot_speak_for_another(centre: Centre, far: FarGateway) -> None:
    """The broker refuses by its access list; the refusal is told to whoever sent."""
    far.name = OTHER
    with pytest.raises(Refused, match="Not authorized"):
        await far.send(far.event("text", {"text": "假的"}))
    far.name = GATEWAY
    await far.send(far.event("text", {"text": "真的"}))
    (event,) = await centre.events(1)
    assert event["text"]["text"] == "真的"


async def test_a_wrong_password_is_no_session_and_stands_in_no_log(
    broker: Mosquitto, capsys: pytest.CaptureFixture[str]
) -> None:
    where = parse_broker(f"mqtt://centre:wr0ng-pass@127.0.0.1:{broker.port}")
    link = MqttLink(where, "centre", lambda _: None, ["#"])
    async with link.running():
        await asyncio.sleep(0.5)
        assert link.connected is False
        assert link.health()["ok"] is False
    assert "wr0ng-pass" not in capsys.readouterr().out + repr(where) + str(link.health())


# paho leaves the socket of a handshake that failed to the garbage collector.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
async def test_over_tls_a_broker_is_believed_by_its_certificate_only(tmp_path: Path) -> None:
    """More than one TLS record is read at once: what waits decrypted must not wait for the next packet."""
    heard: list[Heard] = []
    async with mosquitto(tmp_path, ACCOUNTS, tls=True) as broker:
        stranger = MqttLink(parse_broker(broker.url), "stranger", heard.append, ["#"])
        async with stranger.running():
            await asyncio.sleep(0.5)
            assert stranger.connected is False
        where = parse_broker(broker.url, ca=tmp_path / "server.pem")
        link = MqttLink(where, "reader", heard.append, [f"ecd/v1/gateway/{GATEWAY}/#"])
        async with link.running():
            await connected(link)
            for number in range(50):
                link.publish(f"ecd/v1/gateway/{GATEWAY}/device/1/event/log", b"%d" % number * 500)
            await _until(lambda: len(heard) == 50)


async def test_what_was_heard_and_not_committed_when_the_node_died_comes_again(
    known: Platform, broker: Mosquitto, monkeypatch: pytest.MonkeyPatch
) -> None:
    reached = asyncio.Event()

    async def never(*_: Any) -> None:
        reached.set()
        await asyncio.Event().wait()

    async with far_gateway(broker, known.world.clock.now) as far:
        async with AsyncExitStack() as node:
            centre = await node.enter_async_context(centre_on(known, broker))
            await far.state()
            await centre.until("SELECT 1 FROM gateway WHERE state = 'online'")
            monkeypatch.setattr(centre.driver._intake, "take", never)
            await far.send(far.event("emergency", {"active": True}))
            await reached.wait()
        assert await known.world.types() == []
        async with centre_on(known, broker) as again:
            await again.events(1)
            assert await known.world.types() == ["alarm.raised"]


async def test_a_node_that_dies_between_commit_and_acknowledgement_counts_nothing_twice(
    known: Platform, broker: Mosquitto, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with far_gateway(broker, known.world.clock.now) as far:
        async with centre_on(known, broker) as centre:
            await far.state()
            await centre.until("SELECT 1 FROM gateway WHERE state = 'online'")
            monkeypatch.setattr(centre.driver.link, "ack", lambda _: None)
            await far.send(far.event("text", {"text": "桥断了"}))
            await far.send(far.event("location", far.place()))
            await centre.until("SELECT 1 FROM position")
            await centre.settled(far)
        async with centre_on(known, broker) as again:
            await again.settled(far)
            assert await known.world.types() == ["text.received"]
            assert len(await known.world.rows("SELECT 1 FROM track")) == 1


async def test_a_broker_that_restarts_loses_nothing_that_it_acknowledged(
    known: Platform, broker: Mosquitto
) -> None:
    """Events are sent while the centre is away, and the broker goes down before the centre is back."""
    async with centre_on(known, broker) as centre, far_gateway(broker, known.world.clock.now) as far:
        await far.state()
        await centre.until("SELECT 1 FROM gateway WHERE state = 'online'")
    async with far_gateway(broker, known.world.clock.now) as far:
        for number in range(50):
            await far.send(far.event("text", {"text": f"第{number}条"}))
    await broker.stop()
    await broker.start()
    async with centre_on(known, broker) as centre:
        events = await centre.events(50)
    assert [event["text"]["text"] for event in events] == [f"第{number}条" for number in range(50)]


async def test_a_broker_that_restarts_under_way_is_found_again_by_both_sides(
    centre: Centre, far: FarGateway
) -> None:
    await far.send(far.event("text", {"text": "前"}))
    await centre.events(1)
    await centre.broker.stop()
    waiting = asyncio.create_task(far.send(far.event("text", {"text": "后"})))
    await asyncio.sleep(0.2)
    await centre.broker.start()
    async with asyncio.timeout(30):
        await waiting
    assert [event["text"]["text"] for event in await centre.events(2)] == ["前", "后"]


async def test_while_the_database_is_away_events_wait_unacknowledged(
    centre: Centre, far: FarGateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.devices.mqtt.intake.BACKOFF_S", (0.05,))
    real = centre.world.database.transaction
    monkeypatch.setattr(centre.world.database, "transaction", _gone)
    await far.send(far.event("emergency", {"active": True}))
    await asyncio.sleep(0.3)
    monkeypatch.setattr(centre.world.database, "transaction", real)
    assert [event["type"] for event in await centre.events(1)] == ["alarm.raised"]


async def test_a_fact_that_was_stored_when_the_database_went_is_noted_once_it_is_back(
    centre: Centre, far: FarGateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Found by `make chaos`: else the same event, sent again next week, would count as a new one."""
    monkeypatch.setattr("app.devices.mqtt.intake.BACKOFF_S", (0.05,))
    real, gone = store.remember, [ConnectionResetError(), ConnectionResetError()]

    async def remember(*told: Any) -> None:
        if gone:
            raise gone.pop()
        await real(*told)

    monkeypatch.setattr(store, "remember", remember)
    event = await far.send(far.event("text", {"text": "桥断了"}))
    await centre.until("SELECT 1 FROM gateway_event WHERE id = CAST(:id AS uuid)", id=UUID(event["id"]))
    await far.send(event)
    await centre.settled(far)
    assert [one["text"]["text"] for one in await centre.events(1)] == ["桥断了"]


async def test_a_fact_whose_note_was_never_written_is_not_carried_out_again_hours_later_elsewhere(
    known: Platform, broker: Mosquitto, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Found by `make chaos`: two nodes, one with a wrong clock, told the desk the same words twice."""

    async def gone(*_: Any) -> None:
        raise ConnectionResetError

    async with far_gateway(broker, known.world.clock.now) as far:
        with monkeypatch.context() as away:
            away.setattr(store, "remember", gone)
            async with centre_on(known, broker) as centre:
                await far.send(far.event("text", {"text": "桥断了"}))
                await far.send(far.event("emergency", {"active": True}))
                await centre.events(2)
        known.world.clock.advance(timedelta(hours=5))  # as a clock that jumps: no copy is known by its time
        async with centre_on(known, broker) as again:
            await again.settled(far)
            assert await known.world.types() == ["text.received", "alarm.raised"]


async def test_an_event_that_the_broker_throws_away_was_not_sent(broker: Mosquitto, known: Platform) -> None:
    """Found by `make chaos`: a broker that restarts forgets for whom a group of nodes had subscribed."""
    shared = {"mqtt_shared": True, "mqtt_client_id": "node-0"}
    topic = f"ecd/v1/gateway/{GATEWAY}/device/{RADIO}/event/text"
    async with far_gateway(broker, known.world.clock.now) as far:
        async with centre_on(known, broker, **shared):
            await far.link.publish(topic, json.dumps(far.event("log")).encode(), to_somebody=True)
        await broker.stop()
        await broker.start()
        await _until(lambda: far.link.connected)
        text = json.dumps(far.event("text", {"text": "桥断了"})).encode()
        with pytest.raises(Refused, match="No matching subscribers"):
            await far.link.publish(topic, text, to_somebody=True)
        async with centre_on(known, broker, **shared) as centre:
            await far.link.publish(topic, text, to_somebody=True)
            assert [one["text"]["text"] for one in await centre.events(1)] == ["桥断了"]


def _gone() -> None:
    raise ConnectionRefusedError


async def test_an_event_that_the_database_cannot_hold_does_not_stop_the_next(
    centre: Centre, far: FarGateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = centre.platform.pump.hear

    async def picky(device: Any, reading: Any, *more: Any) -> Any:
        if b"bad" in reading.raw:
            raise ValueError("not storable")
        return await real(device, reading, *more)

    monkeypatch.setattr(centre.platform.pump, "hear", picky)
    for words in ("一", "bad", "二"):
        await far.send(far.event("text", {"text": words}))
    assert [event["text"]["text"] for event in await centre.events(2)] == ["一", "二"]


async def test_what_is_not_acknowledged_is_bounded_by_the_broker(
    centre: Centre, far: FarGateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(driving, "RECEIVE_MAXIMUM", 10)
    hold = asyncio.Event()

    async with centre_on(centre.platform, centre.broker, mqtt_client_id="slow-node") as slow:
        real = slow.driver._intake.take

        async def held(batch: Any) -> None:
            await hold.wait()
            await real(batch)

        monkeypatch.setattr(slow.driver._intake, "take", held)
        for _ in range(40):
            await far.send(far.event("location", far.place()))
        await asyncio.sleep(0.2)
        assert slow.driver.link._progress <= 15
        hold.set()
        async with asyncio.timeout(30):
            while slow.driver.link._progress < 40:  # noqa: ASYNC110 - it is a number
                await asyncio.sleep(0.01)


async def test_an_acknowledgement_of_an_earlier_connection_is_not_sent_on_the_next(
    broker: Mosquitto,
) -> None:
    """The broker numbers messages anew: it would be taken for one that nobody has read."""
    heard: list[Heard] = []
    link = MqttLink(parse_broker(broker.url), "reader", heard.append, [f"ecd/v1/gateway/{GATEWAY}/#"])
    topic = f"ecd/v1/gateway/{GATEWAY}/device/1/event/log"
    async with link.running():
        await connected(link)
        await broker.publish(topic, "first")
        await _until(lambda: heard)
        await broker.stop()
        await _until(lambda: not link.connected)
        await broker.start()
        await _until(lambda: len(heard) == 2)
        link.ack(heard[0])
        assert heard[0].line != heard[1].line
        await asyncio.sleep(0.1)
    async with link.running():
        await _until(lambda: len(heard) == 3)
        link.ack(heard[2])
        await asyncio.sleep(0.1)
    assert {one.payload for one in heard} == {b"first"}


async def _until(met: Any) -> None:
    async with asyncio.timeout(30):
        while not met():  # noqa: ASYNC110 - the far side has no event to wait on
            await asyncio.sleep(0.005)


async def test_two_nodes_share_the_events_and_both_hear_answers(known: Platform, broker: Mosquitto) -> None:
    async with AsyncExitStack() as nodes:
        centres = [
            await nodes.enter_async_context(
                centre_on(known, broker, mqtt_shared=True, mqtt_client_id=f"node-{number}")
            )
            for number in (1, 2)
        ]
        far = await nodes.enter_async_context(far_gateway(broker, known.world.clock.now))
        await far.state()
        await centres[0].until("SELECT 1 FROM gateway WHERE state = 'online'")
        for number in range(20):
            await far.send(far.event("text", {"text": f"第{number}条"}))
        await centres[0].events(20)
        await centres[0].until("SELECT 1 WHERE (SELECT count(*) FROM gateway_event) = 20")
        (row,) = await known.world.rows("SELECT seen::text FROM gateway_epoch")
        assert row["seen"] == "{[1,21)}"
        await centres[0].until("SELECT 1 FROM device WHERE heard_via = :via", via=f"gateway:{GATEWAY}")
        device = await known.register.find("hdap", RADIO)
        assert device is not None
        for centre in centres:
            count = len(far.commands) + 1
            asking = asyncio.create_task(centre.driver.probe(device))
            await far.answer(await far.command(count), "ack")
            answer = await asking
            assert answer is not None
            assert answer.passed


def test_a_node_without_a_broker_has_no_driver_of_gateways(platform: Platform) -> None:
    assert drivers(platform.rig) == []
    assert all(driver.name != "gateway" for driver in all_drivers(platform.rig))


async def test_a_node_with_a_broker_has_one(platform: Platform, broker: Mosquitto) -> None:
    rig = platform.rig
    (found,) = drivers(Rig(settings(broker), rig.database, rig.clock, rig.register, rig.pump))
    assert isinstance(found, Gateways)
    assert found.name == "gateway"


@pytest.mark.parametrize(
    "url", ["", "mqtt://", "http://a", "mqtt://a:port", "mqtt://u:pa55@a:99999", "mqtt://a?version=4"]
)
def test_an_address_that_names_no_broker_is_refused_without_its_password(url: str) -> None:
    with pytest.raises(ValueError, match="mqtts://用户") as error:
        parse_broker(url)
    assert "pa55" not in str(error.value)


def test_an_address_names_a_broker() -> None:
    broker = parse_broker("mqtts://c:p%40ss@broker.example")
    assert (broker.host, broker.port, broker.tls, broker.username, broker.password) == (
        "broker.example",
        8883,
        True,
        "c",
        "p@ss",
    )
    assert broker.place == "mqtts://broker.example:8883"
    assert parse_broker("mqtt://a?version=3.1.1").version == "3.1.1"


def test_states_follow_the_table_and_nothing_else() -> None:
    for state in ("unknown", "online", "offline"):
        for said in ("ONLINE", "OFFLINE", "GONE"):
            assert next_connection(state, said) == CONNECTION_STEPS.get((state, said))
    assert next_connection("online", "ONLINE") is None


def test_an_old_event_tells_where_and_what_but_not_who_is_on_the_air(centre_now: Any) -> None:
    told = (Fix(1, 2), Presence(online=True), Health((("battery_pct", 5),)))
    assert still_true(told, centre_now, centre_now) == told
    assert still_true(told, centre_now.replace(year=2024), centre_now) == (Fix(1, 2),)


@pytest.fixture
def centre_now(platform: Platform) -> Any:
    """The present."""
    return platform.world.clock.now()


def test_an_id_is_kept_after_silence_only(centre_now: Any) -> None:
    key = "6f1f0f5e-1111-4c1a-9a6b-0123456789ab"
    assert str(command_id(key, 1, "no_feedback")) == key
    assert str(command_id(key, 1, "failed")) != key
    assert str(command_id(key, 0, "no_feedback")) != key
    assert command_id("tty:TXA", 1, "no_feedback")
    assert seconds_left(centre_now, centre_now) == 0


def test_shared_events_and_unshared_states() -> None:
    plain, shared = subscriptions(shared=False), subscriptions(shared=True)
    assert not any(name.startswith("$share") for name in plain)
    assert [name for name in shared if name.startswith("$share")] == [
        "$share/zhishou/ecd/v1/gateway/+/device/+/event/+"
    ]
    assert json.dumps(shared)
