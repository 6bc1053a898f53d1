from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import text

from app.clock import SetClock
from app.db import Database
from app.org.screen_times import store
from app.realtime import attendance
from app.realtime.attendance import Attendance
from app.realtime.hub import Hub
from tests.realtime.floor import AT, STREAM, note, served, until, viewer

pytestmark = pytest.mark.database


@pytest.fixture
async def somebody(journal: Database) -> int:
    """An account whose screens are written down."""
    async with journal.transaction() as tx:
        found = await tx.scalar(
            text(
                "INSERT INTO account (stream, username, name_zh, password_hash, role, scope, team_ids, "
                "active) VALUES (:s, 'chen', '陈洁', 'x', 'duty_officer', :s, '{}', true) RETURNING id"
            ),
            {"s": STREAM},
        )
    return int(found)


async def stays(database: Database, clock: SetClock) -> list[store.Stay]:
    async with database.transaction() as tx:
        return await store.within(tx, STREAM, AT, clock.now() + timedelta(days=1), 100)


async def test_a_screen_is_written_down_with_when_it_came_and_left_and_how_far_it_was(
    hub: Hub, journal: Database, clock: SetClock, somebody: int
) -> None:
    await note(journal, 2)
    await hub.feed.open()
    book = Attendance(journal, hub.feed, clock)
    key = book.came(viewer(account_id=somebody))
    await book.look()
    (here,) = await stays(journal, clock)
    assert (here.viewer.name, here.from_seq, here.closed_at) == ("陈洁", 2, None)
    await note(journal)
    await hub.pass_on()
    clock.advance(timedelta(minutes=5))
    book.left(key)
    await book.look()
    (gone,) = await stays(journal, clock)
    assert (gone.opened_at, gone.closed_at) == (here.opened_at, clock.now())
    assert (gone.from_seq, gone.to_seq) == (2, 3)


async def test_a_screen_that_came_and_left_between_two_looks_is_not_lost(
    hub: Hub, journal: Database, clock: SetClock, somebody: int
) -> None:
    book = Attendance(journal, hub.feed, clock)
    book.left(book.came(viewer(account_id=somebody)))
    await book.look()
    (found,) = await stays(journal, clock)
    assert found.closed_at == clock.now()
    assert book.health() == {"ok": True, "waiting": 0, "failures": 0}


async def test_what_could_not_be_written_is_written_when_the_database_is_back(
    hub: Hub, journal: Database, clock: SetClock, somebody: int
) -> None:
    book = Attendance(Database("postgresql://nobody@127.0.0.1:1/none"), hub.feed, clock)
    book.came(viewer(account_id=somebody))
    with pytest.raises(OSError, match="Connect call failed"):
        await book.look()
    assert book.health()["waiting"] == 1
    book._database = journal
    await book.look()
    assert len(await stays(journal, clock)) == 1


async def test_an_open_screen_is_seen_again_and_again_and_forgotten_long_after_it_left(
    hub: Hub, journal: Database, clock: SetClock, somebody: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(attendance, "SEEN_EVERY_S", -1.0)
    monkeypatch.setattr(attendance, "FORGET_EVERY_S", -1.0)
    book = Attendance(journal, hub.feed, clock)
    key = book.came(viewer(account_id=somebody))
    await book.look()
    clock.advance(timedelta(minutes=1))
    await book.look()
    (here,) = await stays(journal, clock)
    assert here.seen_at == clock.now()
    book.left(key)
    await book.look()
    clock.advance(timedelta(days=401))
    await book.look()
    assert await stays(journal, clock) == []


async def test_every_screen_of_the_floor_is_written_down_even_when_its_node_stops(
    journal: Database, clock: SetClock, somebody: int
) -> None:
    async with served(journal, clock, attended=True) as floor:
        floor.logins["officer"] = viewer(account_id=somebody)
        async with floor.screen():
            await until(lambda: floor.hub.screens())
    (found,) = await stays(journal, clock)
    assert found.closed_at is not None
