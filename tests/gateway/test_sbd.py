"""An Iridium SBD modem on a gateway's cable (a pty): short data both ways, a broker, the centre behind it."""

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
from app.devices import modem as modem_module
from app.devices.links import keep
from app.devices.links.serial import SerialLink
from app.devices.sbd import driver as sbd_module
from app.gateway import sbd as edge
from app.gateway.core import Core
from app.gateway.drivers import CAN
from app.gateway.sbd import EdgeSbd
from app.gateway.store import Store
from app.simulators.sbd import SbdModem
from tests.devices.far_gateway import centre_on
from tests.devices.mosquitto import Mosquitto, mosquitto
from tests.devices.platform import Platform
from tests.gateway.edge import enlist, order, station_on
from tests.gateway.test_core import answers, command, told
from tests.gateway.test_disk import held as disk_held
from tests.gateway.waiting import until
from tests.world import EAST, HILL, STREAM, World

FAR = "300000000000099"


@pytest.fixture(autouse=True)
def _hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(modem_module, "TICK_S", 0.02)
    monkeypatch.setattr(sbd_module, "LOOK_EVERY_S", 0.02)
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


async def enlist_modem(world: World) -> None:
    await world.run(
        "INSERT INTO device (id, stream, family, number, label, region_code, team_id, active, facts) "
        "VALUES (20, :stream, 'sbd', :number, '山一铱星', :region, :team, true, '{}')",
        stream=STREAM,
        number=FAR,
        region=EAST,
        team=HILL,
    )


@pytest.mark.database
async def test_a_far_modem_calls_for_help_and_is_ordered_through_a_gateway_that_was_started_again(
    platform: Platform, broker: Mosquitto, tmp_path: Path
) -> None:
    """The calls come while the broker is away, before and after the restart; their order is kept."""
    await enlist(platform.world)
    await enlist_modem(platform.world)
    await broker.stop()
    with SbdModem() as modem:
        links = f"sbd={modem.path}"
        async with station_on(broker, tmp_path, away=True, serial_links=links) as station:
            modem.send_down(f"@{FAR} SOS 被困 118.2312,28.5321".encode())
            await until(lambda: any(event["type"] == "text" for event in told(station.store)))
        modem.send_down(f"@{FAR} 桥断了".encode())
        async with station_on(broker, tmp_path, away=True, serial_links=links) as station:
            await until(lambda: sum(event["type"] == "text" for event in told(station.store)) == 2)
            await broker.start()
            async with centre_on(platform, broker) as centre:
                events = await centre.events(3)
                kinds = [event["type"] for event in events]
                assert kinds == ["alarm.raised", "text.received", "intake.received"]
                assert events[0]["alarm"]["device_id"] == 20
                await centre.until("SELECT 1 FROM device WHERE id = 20 AND heard_via = 'gateway:edge-01'")
                await order(centre, "sbd", 20, FAR)
                await until(lambda: modem.sent)
                await centre.until("SELECT 1 FROM delivery WHERE state = 'accepted'")
                assert modem.sent[0].decode() == f"@{FAR} 速去东岸"


@dataclass
class Desk:
    """A gateway's modem without a broker; time is set by hand."""

    driver: EdgeSbd
    modem: SbdModem
    core: Core
    store: Store
    clock: SetClock
    folder: Path

    def rests(self) -> bool:
        """Tell whether no session is under way."""
        return not self.driver._texts._outbox.under_way()

    def answered(self, *last: Any) -> Callable[[], bool]:
        """Tell whether the last answer to the centre is this one."""
        return lambda: answers(self.store)[-1:] == [last]


@asynccontextmanager
async def running(folder: Path, clock: SetClock) -> AsyncIterator[Desk]:
    store = Store(folder / "gateway.sqlite")
    core = Core("gw", store, clock.now, CAN, ("sbd",))
    with SbdModem() as modem:
        driver = EdgeSbd(SerialLink("sbd", modem.path), core, clock)
        async with driver.running():
            await until(lambda: modem.sessions and modem.heard[-1] == "AT+SBDD0")
            yield Desk(driver, modem, core, store, clock, folder)
    store.close()


@pytest.fixture
async def desk(tmp_path: Path, clock: SetClock) -> AsyncIterator[Desk]:
    """The modem's side of a gateway."""
    async with running(tmp_path, clock) as desk:
        yield desk


async def test_what_came_stays_in_the_modem_until_it_stands_on_disk(desk: Desk) -> None:
    with disk_held(desk.folder):
        desk.modem.send_down(f"@{FAR} 桥断了".encode())
        await asyncio.sleep(0.3)
        assert "AT+SBDD1" not in desk.modem.heard
    await until(lambda: "AT+SBDD1" in desk.modem.heard)
    assert [event["data"]["text"] for event in told(desk.store) if event["type"] == "text"] == ["桥断了"]


async def test_a_text_leaves_when_a_session_goes_well_and_costs_no_try_before(desk: Desk) -> None:
    desk.modem.status = 32
    desk.core.take(*command(desk.clock, device=FAR, data={"text": "撤离" * 100}))
    for count in (2, 3, 4, 5):  # one more than a message is tried where each try costs a slot
        await until(lambda count=count: len(desk.modem.sessions) >= count and desk.rests())
        desk.clock.advance(timedelta(seconds=31))
    desk.modem.status = 0
    desk.clock.advance(timedelta(seconds=31))
    await until(lambda: len(desk.modem.sent) == 2)
    await until(lambda: not desk.core.tasks() and not desk.core.under_way)
    assert answers(desk.store) == [("txack", {"result": "ok", "code": "queued"})]


async def test_a_text_whose_time_is_over_while_the_sky_is_hidden_is_not_sent(desk: Desk) -> None:
    desk.modem.status = 32
    desk.core.take(*command(desk.clock, device=FAR))
    await until(lambda: len(desk.modem.sessions) >= 2)
    desk.clock.advance(timedelta(minutes=6))
    desk.modem.status = 0
    await until(desk.answered("ack", {"result": "expired"}))
    assert not desk.modem.sent


async def test_what_is_no_imei_is_rejected(desk: Desk) -> None:
    desk.core.take(*command(desk.clock, device="12345"))
    await until(lambda: answers(desk.store)[-1][1]["result"] == "rejected")
