"""JT/T 808 terminals that call a gateway: real TCP, a broker that comes and goes, the centre behind it."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from app.clock import SetClock, SystemClock
from app.config import Settings
from app.demo.movement import Motion
from app.devices.adapters.jt808 import Terminal, encode
from app.gateway import jt808 as edge
from app.gateway.core import Core
from app.gateway.directory import AllowedTerminals
from app.gateway.drivers import CAN
from app.gateway.jt808 import EdgeTerminals
from app.gateway.station import Station
from app.gateway.store import Store
from app.simulators.terminal import Pace, TypePlate
from app.simulators.terminal import Terminal as Vehicle
from tests.devices.far_gateway import centre_on
from tests.devices.mosquitto import Mosquitto, mosquitto
from tests.devices.platform import Platform
from tests.devices.terminal import SOS, Peer, connected, on_duty
from tests.gateway.edge import enlist, listening, order, station_on
from tests.gateway.test_core import answers, command, told
from tests.gateway.test_disk import held as disk_held
from tests.gateway.waiting import until
from tests.world import RIVER, TRUCK

TERMINAL = Terminal.v2013(TRUCK)
OTHER = "13900000009"
PACE = Pace(period_s=5, sos_s=0.2, heartbeat_s=5, patience_s=5, retry_s=0.02, retry_most_s=0.1)
HERE = Motion(118.2, 28.5, 0, 0)


@pytest.fixture(autouse=True)
def _hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(edge, "TICK_S", 0.02)
    monkeypatch.setattr("app.gateway.keeper.FLUSH_EVERY_S", 0.02)
    monkeypatch.setattr("app.gateway.station.LOOK_EVERY_S", 0.02)
    monkeypatch.setattr("app.gateway.store.LOCKED_FOR_S", 0.0)


@pytest.fixture
async def broker(tmp_path: Path) -> AsyncIterator[Mosquitto]:
    """A broker of this test's own."""
    async with mosquitto(tmp_path) as broker:
        yield broker


@pytest.fixture
def allowed(tmp_path: Path) -> Path:
    """The file of the terminals that may call."""
    file = tmp_path / "terminals.txt"
    file.write_text(f"# 江一车载\n{TRUCK}\n", "utf-8")
    return file


def driver_of(station: Station) -> EdgeTerminals:
    (driver,) = station.drivers
    assert isinstance(driver, EdgeTerminals)
    return driver


@asynccontextmanager
async def vehicle(port: int, read: list[str] | None = None) -> AsyncIterator[Vehicle]:
    """Drive a simulated vehicle while the block lasts."""
    on_text: Callable[[str], None] = ([] if read is None else read).append
    car = Vehicle(TypePlate(TRUCK, "赣A12345"), "127.0.0.1", port, lambda: HERE, pace=PACE, on_text=on_text)
    life = asyncio.create_task(car.run())
    try:
        yield car
    finally:
        await car.close()
        await life


@pytest.mark.database
async def test_a_vehicle_calls_for_help_and_is_ordered_through_a_gateway(
    platform: Platform, broker: Mosquitto, tmp_path: Path, allowed: Path
) -> None:
    """The whole road: TCP, gateway, disk, broker, centre, database — and the receipt of the terminal back."""
    await enlist(platform.world)
    read: list[str] = []
    async with (
        centre_on(platform, broker) as centre,
        station_on(broker, tmp_path, gateway_terminals=allowed, jt808_port=0) as station,
        vehicle(driver_of(station).server.port, read) as car,
    ):
        await centre.until("SELECT 1 FROM gateway WHERE state = 'online'")
        await car.online.wait()
        car.press_sos()
        (event,) = await centre.events(1)
        assert (event["type"], event["alarm"]["lon"]) == ("alarm.raised", 118.2)
        await until(lambda: not car.sos)
        await centre.until(
            "SELECT 1 FROM device WHERE number = :n AND heard_via = 'gateway:edge-01'", n=TRUCK
        )
        await centre.until("SELECT 1 FROM position WHERE device_id = 1")
        await order(centre, "jt808", 1, TRUCK, team_id=RIVER)
        await centre.until("SELECT 1 FROM delivery WHERE state = 'delivered'")
        assert read == ["速去东岸"]


@pytest.mark.database
async def test_what_terminals_say_while_the_broker_is_away_arrives_in_its_order_after_a_restart_too(
    platform: Platform, broker: Mosquitto, tmp_path: Path, allowed: Path
) -> None:
    await enlist(platform.world)
    start = SystemClock().now() - timedelta(minutes=1)
    await broker.stop()
    more: dict[str, Any] = {"gateway_terminals": allowed, "jt808_port": 0}
    async with (
        station_on(broker, tmp_path, away=True, **more) as station,
        on_duty(driver_of(station).server.port, TERMINAL) as peer,
    ):
        for number in range(3):
            serial = peer.position(start + timedelta(seconds=number))
            assert await peer.ack_of(serial) == 0
        assert await peer.ack_of(peer.position(start + timedelta(seconds=10), alarm=SOS)) == 0
        code = peer.code
        assert station.store.waiting_events >= 5
    async with station_on(broker, tmp_path, away=True, **more) as station:
        async with connected(driver_of(station).server.port, TERMINAL) as again:
            assert await again.authenticate(code) == 0  # the code outlives the gateway's restart
            assert await again.ack_of(again.position(start + timedelta(seconds=20))) == 0
        await broker.start()
        async with listening(broker) as heard, centre_on(platform, broker) as centre:
            await until(lambda: station.store.waiting_events == 0)
            (event,) = await centre.events(1)
            await centre.until("SELECT 1 FROM track WHERE device_id = 1", 5)
            await until(lambda: len(heard) == 6)
    assert event["type"] == "alarm.raised"
    kinds = ["location", "location", "location", "location", "emergency", "location"]
    assert [one["type"] for one in heard] == kinds
    times = [one["data"]["tst"] - int(start.timestamp()) for one in heard if one["type"] == "location"]
    assert times == [0, 1, 2, 10, 20]


@dataclass
class Bench:
    """A gateway's terminals without a broker; time is set by hand."""

    driver: EdgeTerminals
    core: Core
    store: Store
    clock: SetClock
    folder: Path
    file: Path
    peers: list[Peer] = field(default_factory=list)

    @property
    def port(self) -> int:
        """Where terminals call."""
        return self.driver.server.port

    def answered(self, *last: Any) -> Callable[[], bool]:
        """Tell whether the last answer to the centre is this one."""
        return lambda: bool(answers(self.store)) and answers(self.store)[-1] == last


@asynccontextmanager
async def running(folder: Path, file: Path, clock: SetClock) -> AsyncIterator[Bench]:
    store = Store(folder / "gateway.sqlite")
    core = Core("gw", store, clock.now, CAN, ("jt808",))
    driver = EdgeTerminals(Settings(jt808_port=0), core, AllowedTerminals(file, store), clock)
    async with driver.running():
        yield Bench(driver, core, store, clock, folder, file)
    store.close()


@pytest.fixture
async def bench(tmp_path: Path, allowed: Path, clock: SetClock) -> AsyncIterator[Bench]:
    """The terminals' side of a gateway."""
    async with running(tmp_path, allowed, clock) as bench:
        yield bench


async def test_a_report_is_answered_when_it_stands_on_disk_and_not_before(bench: Bench) -> None:
    async with on_duty(bench.port, TERMINAL) as peer:
        with disk_held(bench.folder):
            peer.position(bench.clock.now())
            assert await peer.silent(0.2)
            assert bench.driver._keeper.failures == 1
        assert told(bench.store) == []
        assert await peer.ack_of(peer.position(bench.clock.now())) == 0
        assert [event["type"] for event in told(bench.store)] == ["location"]


async def test_a_call_for_help_that_finds_no_disk_is_not_answered_and_counts_once_when_repeated(
    bench: Bench,
) -> None:
    at = bench.clock.now()
    async with on_duty(bench.port, TERMINAL) as peer:
        with disk_held(bench.folder):
            peer.position(at, alarm=SOS)
            assert await peer.cut()
    async with connected(bench.port, TERMINAL) as again:
        assert await again.authenticate(peer.code) == 0
        for _ in range(2):
            assert await again.ack_of(again.position(at, alarm=SOS)) == 0
    calls = [event for event in told(bench.store) if event["type"] == "emergency"]
    assert len({event["raw"] for event in calls}) == 1


async def test_a_text_is_told_as_delivered_when_the_terminal_has_it(bench: Bench) -> None:
    async with on_duty(bench.port, TERMINAL) as peer:
        bench.core.take(*command(bench.clock, device=TRUCK))
        heard = await peer.hear("0x8300")
        assert heard["body"]["text"] == "撤离"
        peer.say(encode.TERMINAL_ACK, encode.terminal_ack(heard["serial"], encode.TEXT))
        await until(bench.answered("ack", {"result": "ok"}))


async def test_a_text_that_the_terminal_refuses_has_failed(bench: Bench) -> None:
    async with on_duty(bench.port, TERMINAL) as peer:
        bench.core.take(*command(bench.clock, device=TRUCK))
        heard = await peer.hear("0x8300")
        peer.say(encode.TERMINAL_ACK, encode.terminal_ack(heard["serial"], encode.TEXT, 3))
        await until(bench.answered("ack", {"result": "failed", "reason": "unsupported"}))


async def test_a_terminal_that_does_not_answer_is_told_three_times(bench: Bench) -> None:
    async with on_duty(bench.port, TERMINAL) as peer:
        bench.core.take(*command(bench.clock, device=TRUCK))
        for _ in range(3):
            await peer.hear("0x8300")
            bench.clock.advance(timedelta(seconds=16))
        await until(bench.answered("ack", {"result": "timeout", "reason": "no_feedback"}))


async def test_a_text_waits_for_its_terminal_and_leaves_once_over_a_broken_line(bench: Bench) -> None:
    bench.core.take(*command(bench.clock, device=TRUCK))
    async with on_duty(bench.port, TERMINAL) as peer:
        await peer.hear("0x8300")
    async with connected(bench.port, TERMINAL) as again:
        assert await again.authenticate(peer.code) == 0
        heard = await again.hear("0x8300")
        again.say(encode.TERMINAL_ACK, encode.terminal_ack(heard["serial"], encode.TEXT))
        await until(bench.answered("ack", {"result": "ok"}))
        assert await again.silent(0.1)


async def test_a_text_too_old_is_not_sent_to_a_terminal_that_comes_late_after_a_restart(
    bench: Bench, tmp_path: Path, clock: SetClock
) -> None:
    late, fresh = (
        command(clock, device=TRUCK, data={"text": "旧令"}),
        command(
            clock,
            device=TRUCK,
            data={"text": "新令"},
            expires_at=(clock.now() + timedelta(hours=1)).isoformat(),
        ),
    )
    bench.core.take(*late)
    bench.core.take(*fresh)
    clock.advance(timedelta(minutes=40))
    async with running(tmp_path, bench.file, clock) as again, on_duty(again.port, TERMINAL) as peer:
        assert (await peer.hear("0x8300"))["body"]["text"] == "新令"
        assert ("ack", {"result": "expired"}) in answers(again.store)


async def test_a_group_is_no_terminal(bench: Bench) -> None:
    bench.core.take(*command(bench.clock, device="g12"))
    await until(bench.answered("ack", {"result": "rejected", "reason": "no_terminal"}))


async def test_a_terminal_that_stands_in_no_file_is_not_heard(bench: Bench) -> None:
    async with connected(bench.port, Terminal.v2013(OTHER)) as stranger:
        assert await stranger.register() == 4
        assert await stranger.authenticate("guess") == 1
        assert await stranger.ack_of(stranger.position(bench.clock.now())) == 1
    assert told(bench.store) == []


async def test_a_number_belongs_to_the_terminal_that_registered_first_until_the_file_names_another(
    bench: Bench,
) -> None:
    async with on_duty(bench.port, TERMINAL) as first:
        async with connected(bench.port, TERMINAL) as thief:
            assert await thief.register(terminal_id="X000001") == 3
        bench.file.write_text(f"{TRUCK} X000001\n", "utf-8")
        os.utime(bench.file, (1, 1))
        assert await first.cut()
        async with connected(bench.port, TERMINAL) as old:
            assert await old.authenticate(first.code) == 1
            assert await old.register() == 3
        async with connected(bench.port, TERMINAL) as new:
            assert await new.register(terminal_id="X000001") == 0
            assert await new.authenticate() == 0


async def test_a_file_that_went_wrong_changes_nothing(bench: Bench) -> None:
    async with on_duty(bench.port, TERMINAL) as peer:
        bench.file.write_text("nonsense here and there\n", "utf-8")
        os.utime(bench.file, (1, 1))
        await asyncio.sleep(0.1)
        assert await peer.ack_of(peer.position(bench.clock.now())) == 0


@pytest.mark.parametrize(("text", "sentence"), [("abc\n", "第 1 行"), (None, "无法读取")])
def test_a_file_that_is_none_is_refused(tmp_path: Path, text: str | None, sentence: str) -> None:
    file = tmp_path / "terminals.txt"
    if text is not None:
        file.write_text(text, "utf-8")
    with pytest.raises(ValueError, match=sentence):
        Station(
            Settings(gateway_id="a", mqtt_url="mqtt://a", data=tmp_path, gateway_terminals=file),
            SystemClock(),
        )


async def test_a_port_that_is_taken_is_said_so(bench: Bench, tmp_path: Path) -> None:
    settings = Settings(jt808_port=bench.port)
    second = EdgeTerminals(settings, bench.core, AllowedTerminals(bench.file, bench.store), bench.clock)
    with pytest.raises(ValueError, match="无法在"):
        async with second.running():
            pass
