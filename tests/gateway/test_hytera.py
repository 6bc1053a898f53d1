"""370 MHz radios behind a gateway: a repeater by UDP, a mobile radio on a cable, a broker, the centre."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from app.clock import SetClock
from app.devices.hytera import cable as cable_rules
from app.devices.hytera import mobile, repeater, session
from app.devices.hytera.links import CableLink, RepeaterLink, parse_links
from app.devices.hytera.mobile import MobileRadio
from app.devices.hytera.repeater import Repeater
from app.gateway import hytera as edge
from app.gateway.core import Core
from app.gateway.drivers import CAN
from app.gateway.hytera import EdgeRadios
from app.gateway.station import Station
from app.gateway.store import Store
from app.simulators.hytera import Radio, RepeaterMachine
from tests.devices.far_gateway import centre_on
from tests.devices.hytera_frames import frame
from tests.devices.mosquitto import Mosquitto, mosquitto
from tests.devices.platform import Platform
from tests.devices.test_hytera_mobile import FarRadio
from tests.gateway.edge import enlist, listening, order, station_on
from tests.gateway.test_core import answers, command, told
from tests.gateway.test_disk import held as disk_held
from tests.gateway.waiting import until
from tests.world import EAST, HILL, STREAM, World

HANDHELD = 370_101
NUMBER = str(HANDHELD)
LINK = "hstrp://127.0.0.1?listen=127.0.0.1&renew=600&rrs=0;0&lp=0;0&tmp=0;0&rcp=0;0"


@pytest.fixture(autouse=True)
def _hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(edge, "TICK_S", 0.02)
    monkeypatch.setattr(repeater, "TICK_S", 0.02)
    monkeypatch.setattr(session, "RESEND_AFTER_S", 0.1)
    monkeypatch.setattr(mobile, "TICK_S", 0.02)
    monkeypatch.setattr(mobile, "IDLE_S", 0.05)
    monkeypatch.setattr(cable_rules, "CONNECT_EVERY_S", 0.05)
    monkeypatch.setattr(cable_rules, "RESEND_AFTER_S", 0.1)
    monkeypatch.setattr("app.devices.inbox.BACKOFF_S", (0.02,))
    monkeypatch.setattr("app.gateway.keeper.FLUSH_EVERY_S", 0.02)
    monkeypatch.setattr("app.gateway.station.LOOK_EVERY_S", 0.02)
    monkeypatch.setattr("app.gateway.store.LOCKED_FOR_S", 0.0)


@pytest.fixture
async def broker(tmp_path: Path) -> AsyncIterator[Mosquitto]:
    """A broker of this test's own."""
    async with mosquitto(tmp_path) as broker:
        yield broker


@asynccontextmanager
async def on_air(radios: EdgeRadios) -> AsyncIterator[RepeaterMachine]:
    """Switch a repeater on that knows where the gateway listens."""
    driver = radios.driver
    assert isinstance(driver, Repeater)
    await until(lambda: all(port.transport for port in driver.ports.values()))
    numbers = {key: port.number for key, port in driver.ports.items()}
    async with RepeaterMachine(numbers, heartbeat_s=0.05, resend_s=0.3) as machine:
        await until(lambda: machine.met and all(p.session.connected for p in driver.ports.values()))
        yield machine


def radios_of(station: Station) -> EdgeRadios:
    (driver,) = station.drivers
    assert isinstance(driver, EdgeRadios)
    return driver


async def enlist_radio(world: World) -> None:
    await world.run(
        "INSERT INTO device (id, stream, family, number, label, region_code, team_id, active, facts) "
        "VALUES (9, :stream, 'hdap', :number, '山一手台', :region, :team, true, '{}')",
        stream=STREAM,
        number=NUMBER,
        region=EAST,
        team=HILL,
    )


@pytest.mark.database
async def test_a_radio_calls_for_help_and_is_ordered_through_a_gateway(
    platform: Platform, broker: Mosquitto, tmp_path: Path
) -> None:
    """The whole road: UDP, gateway, disk, broker, centre, database — and the radio's own receipt back."""
    await enlist(platform.world)
    await enlist_radio(platform.world)
    async with (
        centre_on(platform, broker) as centre,
        station_on(broker, tmp_path, hytera_links=LINK) as station,
        on_air(radios_of(station)) as machine,
    ):
        await centre.until("SELECT 1 FROM gateway WHERE state = 'online'")
        radio = machine.add(Radio(HANDHELD))
        machine.register(radio)
        machine.press_sos(radio)
        machine.text(radio, "桥断了")
        machine.talk(radio)
        events = await centre.events(2)
        assert {event["type"] for event in events} == {"alarm.raised", "text.received"}
        await centre.until("SELECT 1 FROM position WHERE device_id = 9")
        await centre.until(
            "SELECT 1 FROM radio_talk WHERE talker = :n AND device_id = 9 AND target = '101'", n=NUMBER
        )
        await centre.until("SELECT 1 FROM device WHERE id = 9 AND heard_via = 'gateway:edge-01'")
        assert radio.renew_s == 600
        await order(centre, "radio", 9, NUMBER)
        await centre.until("SELECT 1 FROM delivery WHERE state = 'delivered'")
        assert list(radio.read) == ["速去东岸"]


@pytest.mark.database
async def test_what_radios_say_while_the_broker_is_away_arrives_in_its_order_after_a_restart_too(
    platform: Platform, broker: Mosquitto, tmp_path: Path
) -> None:
    await enlist(platform.world)
    await enlist_radio(platform.world)
    await broker.stop()
    async with (
        station_on(broker, tmp_path, away=True, hytera_links=LINK) as station,
        on_air(radios_of(station)) as machine,
    ):
        radio = machine.add(Radio(HANDHELD))
        for number in range(4):
            machine.text(radio, f"断网第{number}条", request=number + 1)
        await until(lambda: station.store.waiting_events == 4 and machine.waiting == 0)
    async with station_on(broker, tmp_path, away=True, hytera_links=LINK) as station:
        async with on_air(radios_of(station)) as machine:
            machine.text(machine.add(Radio(HANDHELD)), "断网第4条", request=9)
            await until(lambda: station.store.waiting_events == 5)
        await broker.start()
        async with listening(broker) as heard, centre_on(platform, broker) as centre:
            events = await centre.events(5)
            await until(lambda: len(heard) == 5)
    words = [f"断网第{number}条" for number in range(5)]
    assert [event["text"]["text"] for event in events] == words
    assert [event["data"]["text"] for event in heard] == words


@dataclass
class Air:
    """A gateway's radios without a broker; time is set by hand."""

    radios: EdgeRadios
    machine: RepeaterMachine
    radio: Radio
    core: Core
    store: Store
    clock: SetClock
    folder: Path

    def answered(self, *last: Any) -> Callable[[], bool]:
        """Tell whether the last answer to the centre is this one."""
        return lambda: bool(answers(self.store)) and answers(self.store)[-1] == last

    def order(self, device: str = NUMBER, **more: Any) -> None:
        """Let the centre order."""
        self.core.take(*command(self.clock, device=device, **more))


@asynccontextmanager
async def running(folder: Path, clock: SetClock, link: str = LINK) -> AsyncIterator[Air]:
    store = Store(folder / "gateway.sqlite")
    (place,) = parse_links(link)
    assert isinstance(place, RepeaterLink)
    core = Core("gw", store, clock.now, CAN, ("hytera:127.0.0.1",))
    radios = EdgeRadios(place, core, clock)
    async with radios.running(), on_air(radios) as machine:
        radio = machine.add(Radio(HANDHELD))
        yield Air(radios, machine, radio, core, store, clock, folder)
    store.close()


@pytest.fixture
async def air(tmp_path: Path, clock: SetClock) -> AsyncIterator[Air]:
    """The radios' side of a gateway."""
    async with running(tmp_path, clock) as air:
        yield air


async def test_a_text_is_acknowledged_when_it_stands_on_disk_and_not_before(air: Air) -> None:
    with disk_held(air.folder):
        air.machine.text(air.radio, "桥断了")
        await asyncio.sleep(0.2)
        assert air.machine.waiting == 1
    await until(lambda: air.machine.waiting == 0)
    await until(lambda: [event["data"].get("text") for event in told(air.store)] == ["桥断了"])


async def test_a_position_that_finds_no_disk_is_repeated_by_the_repeater(air: Air) -> None:
    with disk_held(air.folder):
        air.machine.report(air.radio)
        await until(lambda: air.radios._keeper.failures == 1)
        assert air.machine.waiting == 1


async def test_a_radio_that_has_a_text_says_so(air: Air) -> None:
    air.order()
    await until(air.answered("ack", {"result": "ok"}))
    assert list(air.radio.read) == ["撤离"]


async def test_a_radio_that_is_switched_off_is_tried_three_times(air: Air) -> None:
    air.radio.mute = True
    air.order()
    for count in (1, 2, 3):
        await until(lambda count=count: len(air.machine.spoken) == count)
        air.clock.advance(timedelta(seconds=16))
        await asyncio.sleep(0.05)
        air.clock.advance(timedelta(seconds=21))
    await until(air.answered("ack", {"result": "timeout", "reason": "no_ack"}))


async def test_a_radio_behind_the_hill_is_tried_again_and_others_need_not_wait_for_it(air: Air) -> None:
    air.radio.result = 8
    other = air.machine.add(Radio(HANDHELD + 1))
    air.order()
    await until(lambda: len(air.machine.spoken) == 1)
    air.order(str(HANDHELD + 1))
    await until(lambda: list(other.read) == ["撤离"])
    air.radio.result = 0
    air.clock.advance(timedelta(seconds=21))
    await until(lambda: list(air.radio.read) == ["撤离"])
    await until(
        lambda: [data for kind, data in answers(air.store) if kind == "ack"] == [{"result": "ok"}] * 2
    )


async def test_a_long_text_leaves_in_parts_and_is_delivered_with_the_last(air: Air) -> None:
    air.order(data={"text": "长" * 150})
    await until(air.answered("ack", {"result": "ok"}))
    assert len(air.radio.read) == 2


async def test_a_text_whose_time_is_over_while_the_repeater_is_away_is_not_sent(
    tmp_path: Path, clock: SetClock
) -> None:
    """Neither by the gateway that took it nor by the one that was started again."""
    store = Store(tmp_path / "gateway.sqlite")
    core = Core("gw", store, clock.now, CAN, ("hytera:127.0.0.1",))
    core.take(*command(clock, device=NUMBER))
    store.close()
    clock.advance(timedelta(minutes=6))
    async with running(tmp_path, clock) as air:
        await until(air.answered("ack", {"result": "expired"}))
        assert not air.machine.spoken


async def test_a_number_that_no_radio_has_is_rejected(air: Air) -> None:
    air.order("99999999999")
    await until(air.answered("ack", {"result": "rejected", "reason": "no_radio"}))


async def test_a_group_is_told(air: Air) -> None:
    air.order("g101")
    await until(lambda: list(air.radio.read) == ["撤离"])
    await until(lambda: answers(air.store)[-1][1]["result"] == "ok")


async def test_a_mobile_radio_on_a_cable_hears_and_tells(
    tmp_path: Path, clock: SetClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mobile, "BACKOFF_S", (0.01,))
    far = FarRadio(tmp_path / "ttyUSB0")
    far.plug_in()
    (link,) = parse_links(f"hrnp://{far.path}")
    assert isinstance(link, CableLink)
    store = Store(tmp_path / "gateway.sqlite")
    core = Core("gw", store, clock.now, CAN, (f"hytera:{far.path}",))
    radios = EdgeRadios(link, core, clock)
    async with radios.running():
        driver = radios.driver
        assert isinstance(driver, MobileRadio)
        await until(lambda: driver.own_id)
        far.write(frame("ok-hrnp-group-text"))
        await until(lambda: told(store))
        assert told(store)[0]["data"] == {"text": "ahoj"}
        core.take(*command(clock, device="2101"))
        await until(lambda: answers(store)[-1] == ("ack", {"result": "ok"}))
        far.pull_out()
        await until(lambda: not driver.connected)
        core.take(*command(clock, device="2101", data={"text": "第二条"}))
        far.plug_in()
        await until(
            lambda: [data for kind, data in answers(store) if kind == "ack"] == [{"result": "ok"}] * 2
        )
    store.close()
    far.pull_out()
