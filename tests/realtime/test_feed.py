from __future__ import annotations

import asyncio

import pytest
from sqlalchemy import text

from app.clock import SetClock
from app.db import Database, Tx
from app.journal import store
from app.realtime.hub import Hub
from app.realtime.pace import Pace
from app.realtime.session import DONE
from tests.realtime.floor import STREAM, Line, joined, note, until, viewer

pytestmark = pytest.mark.database

NEVER = Pace(poll_s=3600, heartbeat_s=3600)


async def test_a_notice_of_another_node_wakes_the_hub_long_before_the_poll(
    journal: Database, clock: SetClock, another_node: Database
) -> None:
    hub = Hub(journal, STREAM, clock, pace=NEVER)
    async with hub.running():
        await until(lambda: hub.feed.listening)
        _, line = await joined(hub)
        await note(another_node)
        await until(lambda: line.seqs == [1])


async def test_rows_come_without_any_notice_because_the_poll_is_the_promise(
    hub: Hub, journal: Database
) -> None:
    _, line = await joined(hub)
    await note(journal)
    await hub.pass_on()
    assert line.seqs == [1]


async def test_a_notice_that_comes_while_the_hub_reads_is_not_lost(
    journal: Database, clock: SetClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    hub = Hub(journal, STREAM, clock, pace=NEVER)
    _, line = await joined(hub)
    read_after = store.read_after

    async def read_and_be_overtaken(tx: Tx, stream: str, after: int, limit: int) -> list[store.JournalRow]:
        rows = await read_after(tx, stream, after, limit)
        if not line.seqs:
            await note(journal)
            hub.feed.wake()
        return rows

    monkeypatch.setattr(store, "read_after", read_and_be_overtaken)
    await note(journal)
    hub.feed.wake()
    async with asyncio.timeout(30):  # the second look does not wait for the poll, an hour away
        await hub.pass_on()
        await hub.pass_on()
    assert line.seqs == [1, 2]


async def test_the_hub_listens_again_after_the_database_hung_up(
    journal: Database, clock: SetClock, another_node: Database
) -> None:
    pace = Pace(poll_s=3600, heartbeat_s=3600, first_retry_s=0.01, last_retry_s=0.05)
    hub = Hub(journal, STREAM, clock, pace=pace)
    async with hub.running():
        await until(lambda: hub.feed.listening)
        _, line = await joined(hub)
        async with journal.transaction() as tx:
            await tx.execute(
                text(
                    # … and wait until it is gone.
                    "SELECT pg_terminate_backend(pid, 1000) FROM pg_stat_activity "
                    "WHERE query LIKE 'LISTEN%' AND datname = current_database()"
                )
            )
        await note(another_node)  # nobody may have heard this notice
        await until(lambda: line.seqs == [1])
        await until(lambda: hub.health().listening)
        await note(another_node)
        await until(lambda: line.seqs == [1, 2])


async def test_the_hub_outlives_a_database_that_refuses_to_be_read(
    hub: Hub, journal: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def refuse(*_: object) -> int:
        raise ConnectionRefusedError

    async with hub.running():
        _, line = await joined(hub)
        with monkeypatch.context() as patch:
            patch.setattr(store, "head", refuse)
            await note(journal)
            await asyncio.sleep(0.1)
        await until(lambda: line.seqs == [1])


async def test_a_screen_that_another_node_brought_further_waits_until_this_node_is_there(
    hub: Hub, journal: Database
) -> None:
    await note(journal, 3)
    line = Line()
    joining = asyncio.create_task(hub.join(hub.screen(viewer(), 2, line)))
    await asyncio.sleep(0.05)
    assert line.told == []
    await hub.pass_on()
    assert await joining
    assert [message["type"] for message in line.told] == ["hello", "test.noted"]
    assert line.seqs == [3]


async def test_everybody_starts_over_when_the_database_was_restored(hub: Hub, journal: Database) -> None:
    await note(journal, 5)
    await hub.feed.open()
    _, line = await joined(hub)
    async with journal.transaction() as tx:
        await tx.execute(text("ALTER TABLE journal DISABLE TRIGGER USER"))
        await tx.execute(text("DELETE FROM journal WHERE seq > 2"))
        await tx.execute(text("UPDATE journal_head SET seq = 2"))
    await hub.pass_on()
    assert line.closed == (DONE, "resync")
    _, again = await joined(hub, after=2)
    await note(journal)
    await hub.pass_on()
    assert again.seqs == [3]


async def test_everybody_starts_over_at_a_hole_in_the_journal(hub: Hub, journal: Database) -> None:
    _, line = await joined(hub)
    async with journal.transaction() as tx:
        await tx.execute(text("UPDATE journal_head SET seq = 2"))
    await note(journal)
    await hub.pass_on()
    assert line.closed == (DONE, "resync")
    assert hub.feed.cursor == 3
