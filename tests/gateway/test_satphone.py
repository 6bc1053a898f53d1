"""A satellite phone on a gateway's cable (a pty): texts both ways, calls, a broker, the centre behind it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from app.clock import SetClock, SystemClock
from app.devices import modem as modem_module
from app.devices.links import keep
from app.devices.links.serial import SerialLink
from app.devices.satphone import driver as satphone_module
from app.gateway import satphone as edge
from app.gateway.core import Core
from app.gateway.drivers import CAN
from app.gateway.satphone import EdgePhone
from app.gateway.store import Store
from app.simulators.satphone import NUMBER, SatellitePhone
from tests.devices.far_gateway import centre_on
from tests.devices.mosquitto import Mosquitto, mosquitto
from tests.devices.platform import Platform
from tests.gateway.edge import enlist, listening, order, station_on
from tests.gateway.test_core import answers, command, told
from tests.gateway.test_disk import held as disk_held
from tests.gateway.waiting import until
from tests.world import COUNTY, EAST, HILL, STREAM, World

HILL_PHONE = "17400000005"


@pytest.fixture(autouse=True)
def _hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(modem_module, "TICK_S", 0.02)
    monkeypatch.setattr(satphone_module, "LOOK_EVERY_S", 0.02)
    monkeypatch.setattr(keep, "BACKOFF_S", (0.02,))
    monkeypatch.setattr(edge, "TICK_S", 0.02)
    monkeypatch.setattr("app.gateway.keeper.FLUSH_EVERY_S", 0.02)
    monkeypatch.setattr("app.gateway.station.LOOK_EVERY_S", 0.02)
    monkeypatch.setattr("app.gateway.store.LOCKED_FOR_S", 0.0)


@pytest.fixture
async def broker(tmp_path: Path) -> AsyncIterator[Mosquitto]:
    """A broker of this test's own."""
    async with mosquitto(tmp_path) as broker:
        yield broker


async def enlist_phones(world: World) -> None:
    for key, number, team in ((10, HILL_PHONE, HILL), (11, NUMBER[3:], None)):
        await world.run(
            "INSERT INTO device (id, stream, family, number, label, region_code, team_id, active, facts) "
            "VALUES (:id, :stream, 'satphone', :number, '卫星电话', :region, :team, true, '{}')",
            id=key,
            stream=STREAM,
            number=number,
            region=EAST if team else COUNTY,
            team=team,
        )


@pytest.mark.database
async def test_a_village_calls_for_help_by_text_and_is_ordered_through_a_gateway(
    platform: Platform, broker: Mosquitto, tmp_path: Path
) -> None:
    """The register writes numbers without 86, the network with it: they are one phone."""
    await enlist(platform.world)
    await enlist_phones(platform.world)
    with SatellitePhone(now=SystemClock().now) as phone:
        async with (
            centre_on(platform, broker) as centre,
            station_on(broker, tmp_path, serial_links=f"satphone={phone.path}") as station,
        ):
            await centre.until("SELECT 1 FROM gateway WHERE state = 'online'")
            await until(lambda: station.drivers[0].health()["ok"])
            phone.receive(f"+86{HILL_PHONE}", "SOS 被困 118.2312,28.5321")
            (event,) = await centre.events(1)
            assert (event["type"], event["alarm"]["device_id"]) == ("alarm.raised", 10)
            await centre.until("SELECT 1 FROM device WHERE id = 10 AND heard_via = 'gateway:edge-01'")
            await centre.until("SELECT 1 FROM device WHERE id = 11 AND signal_pct = 80.6")
            await order(centre, "satellite_phone", 10, HILL_PHONE)
            await centre.until("SELECT 1 FROM delivery WHERE state = 'delivered'")
            assert [(sent.number, sent.text) for sent in phone.sent] == [(HILL_PHONE, "速去东岸")]
            phone.call_from(f"+86{HILL_PHONE}")
            await centre.until("SELECT 1 FROM alarm WHERE kind = 'call' AND subject = :n", n=HILL_PHONE)


@pytest.mark.database
async def test_texts_that_come_while_the_broker_is_away_arrive_in_their_order_after_a_restart_too(
    platform: Platform, broker: Mosquitto, tmp_path: Path
) -> None:
    await enlist(platform.world)
    await enlist_phones(platform.world)
    await broker.stop()

    def texts(station: Any) -> int:
        return sum(event["type"] == "text" for event in told(station.store))

    with SatellitePhone(now=SystemClock().now) as phone:
        links = f"satphone={phone.path}"
        async with station_on(broker, tmp_path, away=True, serial_links=links) as station:
            await until(lambda: station.drivers[0].health()["ok"])
            for number in range(3):
                phone.receive(f"+86{HILL_PHONE}", f"断网第{number}条")
            await until(lambda: texts(station) == 3 and not phone.card.slots)
        phone.receive(f"+86{HILL_PHONE}", "断网第3条")  # kept on the SIM until a gateway reads it
        async with station_on(broker, tmp_path, away=True, serial_links=links) as station:
            await until(lambda: texts(station) == 4)
            await broker.start()
            async with listening(broker) as heard, centre_on(platform, broker) as centre:
                events = await centre.events(4)
                await until(lambda: station.store.waiting_events == 0)
    words = [f"断网第{number}条" for number in range(4)]
    assert [event["text"]["text"] for event in events] == words
    assert [event["data"]["text"] for event in heard if event["type"] == "text"] == words


@dataclass
class Desk:
    """A gateway's phone without a broker; time is set by hand."""

    driver: EdgePhone
    phone: SatellitePhone
    core: Core
    store: Store
    clock: SetClock
    folder: Path

    def answered(self, *last: Any) -> Callable[[], bool]:
        """Tell whether the last answer to the centre is this one."""
        return lambda: answers(self.store)[-1:] == [last]

    def order(self, device: str = HILL_PHONE, **more: Any) -> None:
        """Let the centre order."""
        assert self.core.take(*command(self.clock, device=device, **more)) == "ok"


@asynccontextmanager
async def running(folder: Path, clock: SetClock, phone: SatellitePhone) -> AsyncIterator[Desk]:
    store = Store(folder / "gateway.sqlite")
    core = Core("gw", store, clock.now, CAN, ("satphone",))
    driver = EdgePhone(SerialLink("satphone", phone.path), core, store, clock, "86")
    async with driver.running():
        await until(lambda: driver.driver.signal_pct)
        yield Desk(driver, phone, core, store, clock, folder)
    store.close()


@pytest.fixture
async def desk(tmp_path: Path, clock: SetClock) -> AsyncIterator[Desk]:
    """The phone's side of a gateway."""
    with SatellitePhone(now=clock.now) as phone:
        async with running(tmp_path, clock, phone) as desk:
            yield desk


async def test_a_text_stays_on_the_card_until_it_stands_on_disk(desk: Desk) -> None:
    with disk_held(desk.folder):
        desk.phone.receive(f"+86{HILL_PHONE}", "桥断了")
        await asyncio.sleep(0.2)
        assert desk.phone.card.slots
    desk.clock.advance(timedelta(seconds=31))  # it looks at the card twice a minute
    await until(lambda: not desk.phone.card.slots)
    (text,) = [event for event in told(desk.store) if event["type"] == "text"]
    assert text["data"]["text"] == "桥断了"


async def test_a_text_is_delivered_when_the_far_phone_reports_every_part(desk: Desk) -> None:
    desk.order(data={"text": "长" * 100})
    await until(desk.answered("ack", {"result": "ok"}))
    assert [sent.text for sent in desk.phone.sent] == ["长" * 100]


async def test_a_report_finds_its_text_in_the_next_gateway(tmp_path: Path, clock: SetClock) -> None:
    with SatellitePhone(now=clock.now) as phone:
        phone.receipts = False
        async with running(tmp_path, clock, phone) as desk:
            desk.order()
            await until(lambda: desk.store.noted("satphone"))
        async with running(tmp_path, clock, phone) as desk:
            phone.report(1, f"+86{HILL_PHONE}")
            await until(desk.answered("ack", {"result": "ok"}))


async def test_a_text_that_the_network_does_not_take_is_tried_three_times(desk: Desk) -> None:
    desk.phone.refusal = 42
    desk.order()
    for count in (1, 2, 3):
        await until(lambda count=count: sum("CMGS" in one for one in desk.phone.heard) == count)
        await asyncio.sleep(0.05)
        desk.clock.advance(timedelta(seconds=21))
    await until(desk.answered("ack", {"result": "failed", "reason": "congestion"}))


async def test_a_number_that_is_barred_is_given_up_at_once(desk: Desk) -> None:
    desk.phone.refusal = 10
    desk.order()
    await until(desk.answered("ack", {"result": "failed", "reason": "barred"}))


async def test_a_far_phone_that_reports_failure_takes_it_back(desk: Desk) -> None:
    desk.phone.receipt_status = 0x46
    desk.order()
    await until(lambda: answers(desk.store)[-1][1]["result"] == "failed")


async def test_a_text_whose_time_is_over_while_there_is_no_network_is_not_sent(desk: Desk) -> None:
    desk.phone.registered = False
    desk.clock.advance(timedelta(seconds=31))
    await until(lambda: desk.driver.driver.registered is False)
    desk.order()
    desk.clock.advance(timedelta(minutes=6))
    desk.core.tasks()
    desk.phone.registered = True
    desk.clock.advance(timedelta(seconds=31))
    await until(lambda: desk.driver.driver.registered)
    await until(desk.answered("ack", {"result": "expired"}))
    assert not desk.phone.sent


async def test_who_calls_the_phone_is_told(desk: Desk) -> None:
    desk.phone.call_from(f"+86{HILL_PHONE}")
    await until(lambda: any(event["type"] == "call" for event in told(desk.store)))
    (call,) = [event for event in told(desk.store) if event["type"] == "call"]
    assert (call["data"]["state"], call["data"]["from"]) == ("ringing", HILL_PHONE)


async def test_what_is_no_telephone_number_is_rejected(desk: Desk) -> None:
    desk.order("1")
    await until(lambda: answers(desk.store)[-1][1]["result"] == "rejected")


def test_a_phone_heard_with_its_country_is_ordered_without_it(tmp_path: Path, clock: SetClock) -> None:
    store = Store(tmp_path / "gateway.sqlite")
    core = Core("gw", store, clock.now, CAN, ("satphone", "jt808"))
    core.ways = lambda device: edge.ways_of("86", device)
    store.heard(f"86{HILL_PHONE}", "satphone", clock.now())
    assert core.take(*command(clock, device=HILL_PHONE)) == "ok"
    assert core.take(*command(clock, device="17400000006")) == "rejected"
    assert [task.channel for task in core.tasks()] == ["satphone"]
    store.close()


async def test_a_text_whose_time_is_over_while_the_cable_is_out_is_answered_all_the_same(desk: Desk) -> None:
    desk.phone.refusal = 42
    desk.order()
    await until(lambda: any("CMGS" in one for one in desk.phone.heard))
    desk.phone.pull_out()
    await until(lambda: not desk.driver.driver.connected)
    desk.clock.advance(timedelta(minutes=6))
    await until(desk.answered("ack", {"result": "expired"}))
