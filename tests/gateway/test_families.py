"""One gateway, several families: a number is what its driver says, an order leaves where it belongs."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from app.clock import SystemClock
from app.config import Settings
from app.gateway import station as working
from app.simulators.beidou import CommandMachine
from app.simulators.satphone import SatellitePhone
from tests.devices.far_gateway import centre_on
from tests.devices.mosquitto import Mosquitto, mosquitto
from tests.devices.platform import Platform
from tests.gateway.edge import enlist, order, station_on
from tests.gateway.waiting import until
from tests.world import CARD, LONE_CARD

STRANGER = "17400000099"


@pytest.fixture(autouse=True)
def _hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("beidou", "satphone"):
        monkeypatch.setattr(f"app.gateway.{name}.TICK_S", 0.02)
    monkeypatch.setattr("app.devices.modem.TICK_S", 0.02)
    monkeypatch.setattr("app.devices.satphone.driver.LOOK_EVERY_S", 0.02)
    monkeypatch.setattr(working, "LOOK_EVERY_S", 0.02)


@pytest.fixture
async def broker(tmp_path: Path) -> AsyncIterator[Mosquitto]:
    """A broker of this test's own."""
    async with mosquitto(tmp_path) as broker:
        yield broker


@pytest.mark.database
async def test_a_stranger_who_texts_is_admitted_as_a_telephone_and_an_order_to_a_card_leaves_by_the_card(
    platform: Platform, broker: Mosquitto, tmp_path: Path
) -> None:
    await enlist(platform.world)
    with CommandMachine(frequency_s=1) as machine, SatellitePhone(now=SystemClock().now) as phone:
        links = f"rdss21={machine.path},satphone={phone.path}"
        async with (
            centre_on(platform, broker) as centre,
            station_on(broker, tmp_path, serial_links=links) as station,
        ):
            await centre.until("SELECT 1 FROM gateway WHERE protocol = 'rdss21,satphone'")
            await until(lambda: all(driver.health()["ok"] for driver in station.drivers))
            phone.receive(f"+86{STRANGER}", "SOS 被困")
            await centre.until(
                "SELECT 1 FROM device WHERE family = 'satphone' AND number = :n", n=f"86{STRANGER}"
            )
            machine.receive_from(CARD, "桥断了")
            machine.receive_from(LONE_CARD, "SOS")
            await centre.events(3)
            await centre.until("SELECT 1 FROM device WHERE number = :n AND heard_via IS NOT NULL", n=CARD)
            await order(centre, "beidou", 2, CARD)
            await until(lambda: machine.sent)
            assert (machine.sent[0].dest, len(phone.sent)) == (CARD, 0)


async def test_a_gateway_says_what_it_drives_when_it_starts(
    broker: Mosquitto, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "terminals.txt"
    file.write_text("13900000001\n", "utf-8")
    settings = Settings(
        gateway_id="gw",
        mqtt_url=broker.url,
        data=tmp_path,
        serial_links="rdss21=/dev/none,satphone=/dev/none2",
        hytera_links="hrnp:///dev/none3",
        gateway_terminals=file,
        jt808_port=0,
    )
    monkeypatch.setattr("app.logs.configure", lambda **_: None)
    monkeypatch.setattr(working, "_stop_signals", lambda stop: stop.set())
    with capture_logs() as logged:
        await working.run(settings, SystemClock())
    (said,) = [line for line in logged if line["event"] == "gateway"]
    assert said["drives"] == [
        "beidou:/dev/none",
        "hytera:/dev/none3",
        "satphone:/dev/none2",
        "jt808:127.0.0.1:0",
    ]
