from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from app.clock import SetClock
from app.db import Database
from app.realtime import telemetry
from app.realtime.hub import Hub
from app.realtime.messages import Positions
from app.realtime.telemetry import Telemetry
from app.tracking import store
from app.tracking.store import Heard
from tests.realtime.floor import AT, ELSEWHERE, PLACE, STREAM, Line, told, until, viewer

pytestmark = pytest.mark.database

SECOND = timedelta(seconds=1)


@pytest.fixture
def lane(hub: Hub, database: Database, clock: SetClock) -> Telemetry:
    return Telemetry(hub, database, clock)


async def watching(hub: Hub, **who: Any) -> Line:
    line = Line()
    await hub.join(hub.screen(viewer(**who), None, line))
    line.written = b""
    return line


async def hear(database: Database, heard_at: datetime, *devices: int, place: str = PLACE) -> None:
    """Store a position of each device, committed now, heard then."""
    batch = [
        Heard(device, STREAM, None, place, 115.9, 28.7, None, 1.5, None, None, heard_at, heard_at)
        for device in devices
    ]
    async with database.raw() as connection:
        await store.write_batch(connection, batch)


def shown(line: Line) -> list[list[int]]:
    """The devices of each positions message since the last call."""
    messages = [Positions.model_validate(message) for message in told(line.written)]
    line.written = b""
    return [sorted(fact.device_id for fact in message.positions) for message in messages]


async def test_each_look_shows_what_changed_since_the_last(
    hub: Hub, lane: Telemetry, database: Database, clock: SetClock
) -> None:
    line = await watching(hub)
    await hear(database, clock.now(), 1, 2)
    assert await lane.look() == 2
    assert shown(line) == [[1, 2]]
    clock.advance(SECOND)
    assert await lane.look() == 0
    assert shown(line) == []
    await hear(database, clock.now(), 2)
    await lane.look()
    assert shown(line) == [[2]]


async def test_a_message_carries_the_whole_fact_and_its_time(
    hub: Hub, lane: Telemetry, database: Database
) -> None:
    line = await watching(hub)
    await hear(database, AT, 7)
    await lane.look()
    fact = {
        "device_id": 7,
        "team_id": None,
        "region_code": PLACE,
        "lon": 115.9,
        "lat": 28.7,
        "speed_mps": 1.5,
        "course_deg": None,
        "fixed_at": None,
        "heard_at": "2025-06-17T18:13:20Z",
    }
    assert line.told == [{"type": "positions", "at": "2025-06-17T18:13:20Z", "positions": [fact]}]


async def test_a_batch_committed_late_is_not_missed(
    hub: Hub, lane: Telemetry, database: Database, clock: SetClock
) -> None:
    line = await watching(hub)
    heard_at = clock.now()
    for _ in range(2):
        await lane.look()
        clock.advance(SECOND)
    await hear(database, heard_at + timedelta(milliseconds=10), 1)  # two seconds on its way to the database
    await lane.look()
    assert shown(line) == [[1]]


async def test_without_anybody_watching_nothing_is_read(
    lane: Telemetry, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def forbidden(*_: object) -> None:
        raise AssertionError

    monkeypatch.setattr(store, "heard_since", forbidden)
    assert await lane.look() == 0


async def test_a_newcomer_gets_what_the_others_were_shown_while_it_loaded_its_snapshot(
    hub: Hub, lane: Telemetry, database: Database, clock: SetClock
) -> None:
    early = await watching(hub)
    await hear(database, clock.now(), 1)
    await lane.look()
    assert shown(early) == [[1]]
    clock.advance(30 * SECOND)
    late = await watching(hub)
    await hear(database, clock.now(), 2)
    await lane.look()
    assert (shown(early), shown(late)) == ([[2]], [[2], [1]])
    clock.advance(SECOND)
    await lane.look()
    newest = await watching(hub)
    await lane.look()
    assert shown(early) == shown(late) == []
    assert shown(newest) == [[1, 2]]


async def test_everybody_is_shown_only_what_is_theirs(hub: Hub, lane: Telemetry, database: Database) -> None:
    county = await watching(hub)
    township = await watching(hub, role="township_officer", scope=ELSEWHERE[:9])
    stranger = await watching(hub, role="responder", teams=[3])
    await hear(database, AT, 1)
    await hear(database, AT, 2, place=ELSEWHERE)
    await lane.look()
    assert (shown(county), shown(township), shown(stranger)) == ([[1, 2]], [[2]], [])


async def test_many_positions_come_in_several_messages(
    hub: Hub, lane: Telemetry, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(telemetry, "_POSITIONS_A_FRAME", 2)
    line = await watching(hub)
    await hear(database, AT, 1, 2, 3, 4, 5)
    await lane.look()
    assert sorted(map(len, shown(line))) == [1, 2, 2]


async def test_the_lane_looks_by_itself_while_it_runs(hub: Hub, lane: Telemetry, database: Database) -> None:
    line = await watching(hub)
    await hear(database, AT, 1)
    async with lane.running():
        await until(lambda: line.written)
    assert shown(line) == [[1]]


async def test_after_the_clock_was_set_back_positions_are_shown_at_once(
    hub: Hub, lane: Telemetry, database: Database, clock: SetClock
) -> None:
    line = await watching(hub)
    await hear(database, clock.now(), 1)
    await lane.look()
    assert shown(line) == [[1]]
    clock.advance(-timedelta(hours=1))
    await hear(database, clock.now(), 2)
    await lane.look()
    assert [2] in [[device for device in devices if device == 2] for devices in shown(line)]
