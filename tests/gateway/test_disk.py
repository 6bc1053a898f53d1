"""The disk is full, or somebody else holds the file: nothing is acknowledged, nothing ends for good."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

import pytest

from app.clock import SetClock, SystemClock
from app.config import Settings
from app.devices.adapters.mqtt_gateway.topics import ALL_EVENTS
from app.devices.mqtt.broker import parse_broker
from app.devices.mqtt.link import MqttLink
from app.gateway import station as working
from app.gateway.core import Core
from app.gateway.station import Station
from app.gateway.store import Store
from tests.devices.far_gateway import connected
from tests.devices.mosquitto import Mosquitto, mosquitto
from tests.gateway.test_core import CAN, answers, command, told
from tests.gateway.waiting import until


@pytest.fixture(autouse=True)
def _hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(working, "LOOK_EVERY_S", 0.01)
    monkeypatch.setattr(working, "DISK_PAUSE_S", 0.01)
    monkeypatch.setattr("app.gateway.store.LOCKED_FOR_S", 0.0)


@contextmanager
def held(folder: Path) -> Iterator[None]:
    """Let somebody else hold the file while the block lasts."""
    other = sqlite3.connect(folder / "gateway.sqlite", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    yield
    other.execute("ROLLBACK")
    other.close()


@asynccontextmanager
async def station_on(broker: Mosquitto, folder: Path) -> AsyncIterator[Station]:
    settings = Settings(gateway_id="gw", mqtt_url=broker.url, data=folder, serial_links="rdss21=/dev/none")
    async with Station(settings, SystemClock()).running() as station:
        await connected(station.link)
        yield station


@asynccontextmanager
async def _centre(broker: Mosquitto) -> AsyncIterator[None]:
    """Somebody who takes events: what nobody takes is not told and waits."""
    link = MqttLink(parse_broker(broker.url), "centre", lambda heard: link.ack(heard), [ALL_EVENTS])
    async with link.running():
        await connected(link)
        yield


@pytest.fixture
async def broker(tmp_path: Path) -> AsyncIterator[Mosquitto]:
    """A broker of this test's own."""
    async with mosquitto(tmp_path) as broker:
        yield broker


async def test_events_are_sent_on_after_the_file_was_held(broker: Mosquitto, tmp_path: Path) -> None:
    async with _centre(broker), station_on(broker, tmp_path) as station:
        station.core.tell("1", "text", {"text": "一"})
        with held(tmp_path):
            await until(lambda: station.troubles > 2)
            assert station.store.waiting_events == 1
        await until(lambda: station.store.waiting_events == 0)
        station.core.tell("1", "text", {"text": "二"})
        await until(lambda: station.store.waiting_events == 0)


async def test_a_command_that_is_not_on_disk_is_not_acknowledged_and_is_judged_when_it_can_be(
    broker: Mosquitto, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with station_on(broker, tmp_path) as station:
        acknowledged: list[str] = []
        monkeypatch.setattr(station.link, "ack", lambda heard: acknowledged.append(heard.topic))
        clock = SetClock(SystemClock().now())
        orders = [command(clock, data={"text": str(number)}) for number in range(3)]
        with held(tmp_path):
            for order in orders:
                station.link.publish(*order)
            await until(lambda: station.troubles > 2)
            assert acknowledged == []
        await until(lambda: len(acknowledged) == 3)
        bodies = [json.loads(task.body)["text"] for task in station.core.tasks()]
        assert bodies == ["0", "1", "2"]


def test_what_a_full_disk_does_not_take_was_not_said(tmp_path: Path, clock: SetClock) -> None:
    """Neither half of it: a command is taken and answered at once, a number is not used up."""
    store = Store(tmp_path / "gateway.sqlite")
    core = Core("gw", store, clock.now, CAN)
    core.tell("1", "text", {"text": "一"})
    (pages,) = store._file.execute("PRAGMA page_count").fetchone()
    store._file.execute(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(sqlite3.OperationalError, match="full"):
        core.tell("1", "log", {"text": "长" * 9000})
    orders = (command(clock, data={"text": "长" * 1900}) for _ in range(20))
    with pytest.raises(sqlite3.OperationalError, match="full"):
        [core.take(*order) for order in orders]
    taken = len(core.tasks())
    assert len(answers(store)) == taken
    store._file.execute("PRAGMA max_page_count = 10000")
    core.tell("1", "text", {"text": "二"})
    assert [event["seq"] for event in told(store)] == list(range(1, taken + 3))
    assert store.waiting_events == taken + 2
    store.close()


def test_a_file_of_an_earlier_version_is_read_on(tmp_path: Path, clock: SetClock) -> None:
    old = sqlite3.connect(tmp_path / "gateway.sqlite")
    old.execute(
        "CREATE TABLE command (key INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, "
        "device TEXT NOT NULL, type TEXT NOT NULL, body BLOB NOT NULL, expires_at REAL NOT NULL, "
        "taken_at REAL NOT NULL, result TEXT NOT NULL DEFAULT '')"
    )
    at = clock.now().timestamp()
    old.execute("INSERT INTO command VALUES (1, 'a', '500201', 'cmd.text', '{}', ?, ?, '')", (at + 60, at))
    old.commit()
    old.close()
    store = Store(tmp_path / "gateway.sqlite")
    (task,) = Core("gw", store, clock.now, CAN).tasks()
    assert (task.device, task.channel) == ("500201", "beidou")
    store.close()
