"""The edge gateway at work: a machine on its cable, a broker that comes and goes, the centre far away."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from app.clock import SystemClock
from app.config import Settings
from app.delivery.tables import Delivery
from app.devices.links.serial import SerialLink
from app.gateway import beidou as edge
from app.gateway.beidou import EdgeBeidou
from app.gateway.core import Core
from app.gateway.drivers import CAN
from app.gateway.station import Station
from app.gateway.store import Store
from app.simulators.beidou import CommandMachine
from tests.devices.far_gateway import Centre, centre_on, connected
from tests.devices.mosquitto import Mosquitto, mosquitto
from tests.devices.platform import Platform
from tests.gateway.test_core import answers, command, told
from tests.gateway.test_disk import held as disk_held
from tests.gateway.waiting import until
from tests.world import CARD, COUNTY, HILL, LONE_CARD, STREAM, World

EDGE = "edge-01"


@pytest.fixture
async def broker(tmp_path: Path) -> AsyncIterator[Mosquitto]:
    """A broker of this test's own."""
    async with mosquitto(tmp_path) as broker:
        yield broker


@pytest.fixture(autouse=True)
def _hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(edge, "TICK_S", 0.02)
    monkeypatch.setattr("app.devices.beidou.cable.BACKOFF_S", (0.05,))
    monkeypatch.setattr("app.gateway.station.LOOK_EVERY_S", 0.02)


@asynccontextmanager
async def station_on(broker: Mosquitto, folder: Path, machine: CommandMachine) -> AsyncIterator[Station]:
    settings = Settings(
        gateway_id=EDGE, mqtt_url=broker.url, data=folder, serial_links=f"rdss21={machine.path}"
    )
    async with Station(settings, SystemClock()).running() as station:
        await connected(station.link)
        yield station


async def enlist(world: World) -> None:
    await world.run(
        "INSERT INTO device (stream, family, number, label, region_code, active, facts) VALUES "
        "(:stream, 'gateway', :number, '镇网关', :region, true, '{}')",
        stream=STREAM,
        number=EDGE,
        region=COUNTY,
    )


def card_of(station: Station) -> str:
    (machine,) = station.drivers
    assert isinstance(machine, EdgeBeidou)
    return machine.cable.card.number


async def order(centre: Centre, words: str = "速去东岸") -> None:
    now = centre.world.clock.now()
    row = Delivery(
        stream=STREAM,
        team_id=HILL,
        device_id=2,
        channel="beidou",
        address=CARD,
        body=words,
        queued_at=now,
        expires_at=now + timedelta(minutes=30),
    )

    async def add(tx: Any) -> None:
        tx.add(row)

    await centre.world.do(add)


@pytest.mark.database
async def test_a_card_calls_for_help_and_is_ordered_through_a_gateway_in_the_township(
    platform: Platform, broker: Mosquitto, tmp_path: Path
) -> None:
    """The whole road: pty, gateway, disk, broker, centre, database — and back to the handset."""
    world = platform.world
    world.clock.advance(SystemClock().now() - world.clock.now())
    await enlist(world)
    async with AsyncExitStack() as stack:
        centre = await stack.enter_async_context(centre_on(platform, broker))
        machine = stack.enter_context(CommandMachine(frequency_s=1))
        station = await stack.enter_async_context(station_on(broker, tmp_path, machine))
        await centre.until("SELECT 1 FROM gateway WHERE state = 'online'")
        await until(lambda: card_of(station))
        machine.receive_from(LONE_CARD, "SOS 被困 118.2312,28.5321")
        machine.receive_from(CARD, "桥断了")
        events = await centre.events(3)
        assert [event["type"] for event in events] == ["alarm.raised", "text.received", "intake.received"]
        assert (events[0]["alarm"]["holder_name"], events[0]["alarm"]["lon"]) == ("护林员老周", 118.2312)
        await centre.until("SELECT 1 FROM device WHERE number = :n AND heard_via = 'gateway:edge-01'", n=CARD)
        await order(centre)
        async with asyncio.timeout(60):  # the receipt of its report goes out first
            while (CARD, "速去东岸") not in [(one.dest, one.text) for one in machine.sent]:
                await centre.sender.look()
                await asyncio.sleep(0.05)
    await centre_sees_offline(platform, broker)


async def centre_sees_offline(platform: Platform, broker: Mosquitto) -> None:
    async with centre_on(platform, broker) as centre:
        await centre.until("SELECT 1 FROM gateway WHERE state = 'offline'")


@pytest.mark.database
async def test_what_is_heard_while_the_broker_is_away_arrives_in_its_order_after_a_restart_too(
    platform: Platform, broker: Mosquitto, tmp_path: Path
) -> None:
    world = platform.world
    world.clock.advance(SystemClock().now() - world.clock.now())
    await enlist(world)
    with CommandMachine() as machine:
        async with station_on(broker, tmp_path, machine) as station:
            await until(lambda: card_of(station))
            await broker.stop()
            await until(lambda: not station.link.connected)
            for number in range(5):
                machine.receive_from(CARD, f"断网第{number}条")
            await until(lambda: sum(event["type"] == "text" for event in told(station.store)) == 5)
        await broker.start()
        async with centre_on(platform, broker) as centre, station_on(broker, tmp_path, machine) as station:
            events = await centre.events(10)  # each is read by the desk and filed as a report
            await until(lambda: station.store.waiting_events == 0)
    words = [event["text"]["text"] for event in events if event["type"] == "text.received"]
    assert words == [f"断网第{number}条" for number in range(5)]


async def test_the_cable_may_be_pulled_out_and_put_back(broker: Mosquitto, tmp_path: Path) -> None:
    with CommandMachine() as machine:
        path = tmp_path / "tty"
        path.symlink_to(machine.path)
        settings = Settings(
            gateway_id=EDGE, mqtt_url=broker.url, data=tmp_path, serial_links=f"rdss21={path}"
        )
        async with Station(settings, SystemClock()).running() as station:
            edge_machine = station.drivers[0]
            assert isinstance(edge_machine, EdgeBeidou)
            await until(lambda: edge_machine.cable.card.number)
            machine.close()
            path.unlink()
            await until(lambda: not edge_machine.cable.line)
            machine.open()
            path.symlink_to(machine.path)
            await until(lambda: edge_machine.cable.line)


@pytest.fixture
async def held(clock: Any, tmp_path: Path) -> AsyncIterator[tuple[EdgeBeidou, CommandMachine, Store]]:
    """A machine on a gateway's cable whose time is set by hand."""
    store = Store(tmp_path / "gateway.sqlite")
    with CommandMachine(frequency_s=60, now=clock.now) as machine:
        core = Core(EDGE, store, clock.now, CAN, ("beidou",))
        driver = EdgeBeidou(SerialLink("rdss21", machine.path), core, clock)
        async with driver.running():
            await until(lambda: driver.cable.card.number)
            yield driver, machine, store
    store.close()


async def test_commands_leave_in_the_pace_of_the_card(held: Any, clock: Any) -> None:
    driver, machine, _ = held
    for words in ("第一条", "第二条"):
        driver._core.take(*command(clock, data={"text": words}))
    await until(lambda: len(machine.sent) == 1)
    await asyncio.sleep(0.1)
    clock.advance(timedelta(seconds=61))
    await asyncio.sleep(0.1)
    assert len(machine.sent) == 1
    clock.advance(timedelta(seconds=2))
    await until(lambda: len(machine.sent) == 2)
    assert machine.refused == 0


async def test_a_machine_that_never_answers_ends_a_command_as_unknown(held: Any, clock: Any) -> None:
    driver, machine, store = held
    machine.mute = True
    driver._core.take(*command(clock))
    for count in (1, 2, 3):
        await until(lambda count=count: len(machine.sent) == count)
        clock.advance(timedelta(seconds=63))
        await asyncio.sleep(0.05)
    await until(lambda: answers(store)[-1] == ("ack", {"result": "timeout", "reason": "no_feedback"}))


async def test_a_machine_that_refuses_ends_a_command_as_failed(held: Any, clock: Any) -> None:
    driver, machine, store = held
    machine.suppressed = True
    driver._core.take(*command(clock))
    for count in (1, 2, 3):
        await until(lambda count=count: machine.refused == count)
        clock.advance(timedelta(seconds=63))
        await asyncio.sleep(0.05)
    await until(lambda: answers(store)[-1][1]["result"] == "failed")


async def test_a_command_whose_turn_comes_too_late_is_not_sent(held: Any, clock: Any) -> None:
    driver, machine, store = held
    driver._core.take(*command(clock, data={"text": "第一条"}))
    await until(lambda: len(machine.sent) == 1)
    driver._core.take(*command(clock, data={"text": "第二条"}))
    clock.advance(timedelta(minutes=6))
    await until(lambda: answers(store)[-1] == ("ack", {"result": "expired"}))
    assert len(machine.sent) == 1


async def test_an_address_that_is_no_card_is_rejected(held: Any, clock: Any) -> None:
    driver, _, store = held
    driver._core.take(*command(clock, device="99999999999"))
    await until(lambda: answers(store)[-1][1]["result"] == "rejected")


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        ({"gateway_id": ""}, "ZHISHOU_GATEWAY_ID"),
        ({"gateway_id": "a/b"}, "ZHISHOU_GATEWAY_ID"),
        ({"gateway_id": "a", "mqtt_url": ""}, "MQTT"),
        ({"gateway_id": "a", "mqtt_url": "mqtt://a", "serial_links": "jt808=/dev/x"}, "jt808"),
    ],
)
async def test_settings_that_name_no_gateway_are_refused(
    settings: dict[str, Any], sentence: str, tmp_path: Path
) -> None:
    with pytest.raises(ValueError, match=sentence):
        Station(Settings(data=tmp_path, **settings), SystemClock())


async def test_a_long_text_leaves_in_parts_each_in_its_turn(held: Any, clock: Any) -> None:
    driver, machine, store = held
    driver._core.take(*command(clock, data={"text": "长" * 100}))
    for count in (1, 2, 3):
        # Its feedback too: a part without one is sent again when its time is up.
        await until(lambda count=count: len(machine.sent) == count and not driver._outbox.under_way())
        clock.advance(timedelta(seconds=63))
    await until(lambda: not driver._core.tasks() and not driver._outbox.under_way())
    assert "".join(one.text for one in machine.sent).count("长") == 100
    assert answers(store) == [("txack", {"result": "ok", "code": "queued"})]


async def test_what_is_heard_while_the_disk_is_full_waits_for_it_in_its_order(
    held: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, machine, store = held
    monkeypatch.setattr("app.devices.inbox.BACKOFF_S", (0.02,))
    monkeypatch.setattr("app.gateway.store.LOCKED_FOR_S", 0.0)
    with disk_held(tmp_path):
        for number in range(3):
            machine.receive_from(CARD, f"满盘第{number}条")
        await asyncio.sleep(0.2)
    await until(lambda: sum(event["type"] == "text" for event in told(store)) == 3)
    words = [event["data"]["text"] for event in told(store) if event["type"] == "text"]
    assert words == [f"满盘第{number}条" for number in range(3)]


async def test_the_signal_of_the_machine_is_told_of_its_own_card_once_a_minute(held: Any, clock: Any) -> None:
    _, machine, store = held

    def told_signals() -> list[Any]:
        return [event["data"]["signal_pct"] for event in told(store) if event["type"] == "status"]

    for _ in range(3):
        machine._tell_status(60)
    await until(told_signals)
    await asyncio.sleep(0.1)
    assert len(told_signals()) == 1
    clock.advance(timedelta(seconds=61))
    machine._tell_status(60)
    await until(lambda: len(told_signals()) == 2)
