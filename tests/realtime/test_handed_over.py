"""Rows this process commits go to its screens without being read; what is not surely committed never does."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text

from app.clock import SetClock
from app.db import Database, Tx
from app.journal import store
from app.journal.store import Entry, JournalRow
from app.org.rules.access import Concern
from app.realtime.feed import Feed
from app.realtime.hub import Hub
from app.realtime.pace import Pace
from app.realtime.session import DONE
from tests.realtime.floor import AT, PLACE, STREAM, Noted, joined, note, until

pytestmark = pytest.mark.database
NEVER = Pace(poll_s=3600, heartbeat_s=3600)


@pytest.fixture
async def running(journal: Database, clock: SetClock) -> AsyncIterator[Hub]:
    """A hub that runs and listens, and polls in an hour."""
    async with Hub(journal, STREAM, clock, pace=NEVER).running() as hub:
        await until(lambda: hub.feed.listening)
        yield hub


async def write(tx: Tx, number: int = 0) -> None:
    entry = Entry(Noted(number=number, padding="救援🚤𠮷"), Concern((PLACE,)), incident_id=7)
    await store.append(tx, STREAM, AT, [entry])


async def undone(opened: AbstractAsyncContextManager[Tx]) -> None:
    async with opened as tx:
        await write(tx, 1)
        raise RuntimeError("undone")


@asynccontextmanager
async def nested(tx: Tx) -> AsyncIterator[Tx]:
    async with tx.begin_nested():
        yield tx


async def refused(journal: Database) -> None:
    async with journal.transaction() as tx:
        await write(tx, 1)
        await tx.execute(text("INSERT INTO late VALUES (1, 99)"))


async def test_a_committed_row_reaches_the_screens_without_being_read(
    running: Hub, journal: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def unread(*_: object) -> list[JournalRow]:
        raise AssertionError("the row was read")

    _, line = await joined(running)
    monkeypatch.setattr(store, "read_after", unread)
    await note(journal, 3)
    await until(lambda: line.seqs == [1, 2, 3])


async def test_what_is_handed_over_is_what_would_be_read(running: Hub, journal: Database) -> None:
    _, line = await joined(running)
    async with journal.transaction() as tx:
        await write(tx)
    await until(lambda: line.seqs == [1])
    handed = (await running.feed.page(0, 10))[0]
    async with journal.transaction() as tx:
        (read,) = await store.read_after(tx, STREAM, 0, 10)
    assert handed == type(handed).of(read)


async def test_a_transaction_that_is_rolled_back_reaches_nobody_and_its_number_is_the_next_ones(
    running: Hub, journal: Database
) -> None:
    _, line = await joined(running)
    with pytest.raises(RuntimeError, match="undone"):
        await undone(journal.transaction())
    async with journal.transaction() as tx:
        await write(tx, 2)
    await until(lambda: line.seqs == [1])
    assert [message["number"] for message in line.told if message["type"] == "test.noted"] == [2]


async def test_what_a_savepoint_took_back_reaches_nobody(running: Hub, journal: Database) -> None:
    _, line = await joined(running)
    async with journal.transaction() as tx:
        with pytest.raises(RuntimeError, match="undone"):
            await undone(nested(tx))
        await write(tx, 2)
    await until(lambda: line.seqs == [1])
    assert line.told[-1]["number"] == 2


async def test_a_commit_that_failed_is_not_taken_for_one(running: Hub, journal: Database) -> None:
    _, line = await joined(running)
    async with journal.transaction() as tx:  # a table that refuses at the commit only
        await tx.execute(
            text("CREATE TABLE late (n int PRIMARY KEY, o int REFERENCES late DEFERRABLE INITIALLY DEFERRED)")
        )
    with pytest.raises(Exception, match="late"):
        await refused(journal)
    await note(journal)
    await until(lambda: line.seqs == [1])
    assert line.told[-1]["padding"] == ""


async def test_rows_of_this_node_and_of_another_come_in_their_order(
    running: Hub, journal: Database, another_node: Database
) -> None:
    _, line = await joined(running)
    await asyncio.gather(
        *(note(one, 20, writer=at) for at, one in enumerate((journal, another_node, journal)))
    )
    await until(lambda: len(line.seqs) == 60)
    assert line.seqs == list(range(1, 61))


async def test_a_transaction_of_very_many_rows_is_read_instead(running: Hub, journal: Database) -> None:
    _, line = await joined(running)
    async with journal.transaction() as tx:
        entries = [Entry(Noted(number=at), Concern((PLACE,))) for at in range(300)]
        await store.append(tx, STREAM, AT, entries)
    await until(lambda: len(line.seqs) == 300)
    assert line.seqs == list(range(1, 301))


async def test_after_a_restored_copy_new_rows_do_not_hide_that_everybody_must_start_over(
    journal: Database, clock: SetClock
) -> None:
    await note(journal, 5)
    async with Hub(journal, STREAM, clock, pace=Pace(poll_s=0.05, heartbeat_s=60)).running() as hub:
        _, line = await joined(hub)
        async with journal.transaction() as tx:
            await tx.execute(text("ALTER TABLE journal DISABLE TRIGGER USER"))
            await tx.execute(text("DELETE FROM journal WHERE seq > 2"))
            await tx.execute(text("UPDATE journal_head SET seq = 2"))
        await note(journal)
        await until(lambda: line.closed == (DONE, "resync"))


@given(st.permutations(range(1, 9)), st.lists(st.integers(1, 4), min_size=1, max_size=8))
async def test_however_commits_return_no_row_is_passed_over_and_none_comes_twice(
    order: Sequence[int], sizes: Sequence[int]
) -> None:
    feed = Feed(Database("postgresql://nowhere"), STREAM, ring_rows=64, pace=NEVER)
    rows = [JournalRow(STREAM, seq, AT, "test.noted", Concern((PLACE,)), "{}") for seq in order]
    passed: list[int] = []
    for size in sizes:
        feed.hand(rows[:size])
        del rows[:size]
        passed += [row.seq for row in feed._advance(feed._take_handed())]
    assert passed == list(range(1, len(passed) + 1))
    assert feed._unread or len(passed) == 8 - len(rows)
