"""Who keeps the clocks: one at a time, and never nobody for long."""

from __future__ import annotations

import asyncio
import struct
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, suppress

import asyncpg
import pytest
from sqlalchemy import make_url, text
from sqlalchemy.exc import DBAPIError

from app.background import Lookout
from app.clock import SystemClock
from app.db import Database, Tx
from app.journal import store
from app.journal.store import Entry
from app.leader import leadership
from app.leader import store as lock
from app.leader.leadership import Leadership
from app.org.rules.access import Concern
from tests.realtime.floor import AT, PLACE, STREAM, Noted, note, opened

pytestmark = pytest.mark.database


class Clockwork(Lookout):
    """Counts its rounds."""

    def __init__(self) -> None:
        super().__init__("clockwork", 0.01)
        self.rounds = 0

    async def look(self) -> None:
        self.rounds += 1


@pytest.fixture
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """A tenth of the times."""
    for name, value in (("SILENT_S", 0.6), ("SPEAK_EVERY_S", 0.1), ("ASK_EVERY_S", 0.05)):
        monkeypatch.setattr(leadership, name, value)


async def _within(seconds: float, met: object) -> None:
    async with asyncio.timeout(seconds):
        while not met():  # type: ignore[operator]  # noqa: ASYNC110
            await asyncio.sleep(0.01)


@pytest.fixture
async def other(database_url: str) -> AsyncIterator[Database]:
    """The pool of another node."""
    database = Database(database_url)
    yield database
    await database.close()


async def test_one_node_keeps_the_clocks_and_the_next_takes_them_over(
    database: Database, other: Database, hurried: None
) -> None:
    first, second = Leadership(database, STREAM, SystemClock()), Leadership(other, STREAM, SystemClock())
    mine, theirs = Clockwork(), Clockwork()
    async with AsyncExitStack() as later:
        async with AsyncExitStack() as sooner:
            await sooner.enter_async_context(first.running())
            await sooner.enter_async_context(mine.running(first.turn))
            await _within(10, lambda: mine.rounds)
            await later.enter_async_context(second.running())
            await later.enter_async_context(theirs.running(second.turn))
            before = mine.rounds
            await _within(10, lambda: mine.rounds > before + 20)
            assert (first.held, second.held, theirs.rounds) == (True, False, 0)
            health = second.health()
            assert (health["ok"], health["leads"]) == (True, False)
            assert abs(float(str(health["clock_off_s"]))) < 1  # one machine, one clock
        await _within(10, lambda: theirs.rounds)
        assert (first.held, second.held) == (False, True)


async def test_counties_on_one_database_have_leaders_of_their_own(
    database: Database, other: Database, hurried: None
) -> None:
    first, second = Leadership(database, STREAM, SystemClock()), Leadership(other, "990182", SystemClock())
    async with first.running(), second.running():
        await _within(10, lambda: first.held and second.held)


async def test_a_leader_that_is_silent_loses_its_lock_though_its_connection_stands(
    database: Database, other: Database, hurried: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = Leadership(database, STREAM, SystemClock()), Leadership(other, STREAM, SystemClock())
    async with first.running():
        await _within(10, lambda: first.held)
        monkeypatch.setattr(leadership, "SPEAK_EVERY_S", 30)
        await asyncio.sleep(0.2)  # its last word under the old rule
        async with second.running():
            began = time.monotonic()
            await _within(10, lambda: second.held)
            assert not first.held
            assert time.monotonic() - began < 5


async def test_a_leader_whose_database_hangs_up_stands_again(database: Database, hurried: None) -> None:
    leader = Leadership(database, STREAM, SystemClock())
    async with leader.running():
        await _within(10, lambda: leader.held)
        async with database.transaction() as tx:
            await tx.execute(
                text("SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND granted")
            )
        await _within(10, lambda: not leader.held)
        await _within(10, lambda: leader.held)


async def test_without_a_database_nobody_leads_and_health_says_so(
    database_url: str, monkeypatch: pytest.MonkeyPatch, hurried: None
) -> None:
    nowhere = Database(make_url(database_url).set(database="nowhere").render_as_string(hide_password=False))
    monkeypatch.setattr(leadership, "UNHEARD_S", 0.2)
    leader = Leadership(nowhere, STREAM, SystemClock())
    async with leader.running():
        await _within(10, lambda: not leader.health()["ok"])
        assert not leader.held
    await nowhere.close()


async def test_a_node_that_stops_amid_a_transaction_holds_up_the_county_for_a_moment_only(
    database: Database, other: Database
) -> None:
    await opened(database)
    with suppress(DBAPIError):  # its connection is gone when it wakes up
        async with database.transaction() as paused:
            entry = Entry(Noted(), Concern((PLACE,)))
            await store.append(paused, STREAM, AT, [entry])
            # A tenth of what the journal asks for, so that nobody waits for seconds here.
            held = await paused.scalar(text("SHOW idle_in_transaction_session_timeout"))
            whole = await paused.scalar(text("SHOW transaction_timeout"))
            await paused.execute(text("SET LOCAL idle_in_transaction_session_timeout = 800"))
            async with asyncio.timeout(10):
                await note(other)
    assert (held, whole) == ("8s", "30s")
    async with other.transaction() as tx:
        assert await store.head(tx, STREAM) == 1  # what was not committed never was
        assert await tx.scalar(text("SHOW idle_in_transaction_session_timeout")) == "1min"
        assert await tx.scalar(text("SHOW transaction_timeout")) == "0"


async def test_half_a_statement_holds_up_the_county_for_a_moment_only(
    database: Database, other: Database
) -> None:
    await opened(database)
    with suppress(DBAPIError):
        async with database.transaction() as cut:
            await store.append(cut, STREAM, AT, [Entry(Noted(), Concern((PLACE,)))])
            await cut.execute(text("SET LOCAL transaction_timeout = 0"))
            await cut.execute(text("SET LOCAL transaction_timeout = 800"))
            await _say_half(await _bare(cut))
            async with asyncio.timeout(10):
                await note(other)
    async with other.transaction() as tx:
        assert await store.head(tx, STREAM) == 1


async def test_half_a_statement_does_not_keep_the_lock_of_a_leader(
    database: Database, other: Database, hurried: None
) -> None:
    async with database.apart() as cut:
        await lock.end_when_silent(cut, leadership.SILENT_S)
        assert await lock.take(cut, STREAM)
        await _say_half(cut)
        second = Leadership(other, STREAM, SystemClock())
        async with second.running():
            await _within(5, lambda: second.held)


async def _bare(tx: Tx) -> asyncpg.Connection:
    connection = await (await tx.connection()).get_raw_connection()
    return connection.driver_connection


async def _say_half(connection: asyncpg.Connection) -> None:
    """Send a Parse message without the Sync that ends it, as a cable does that is cut amid a statement."""
    body = b"half\0SELECT 1\0" + struct.pack("!H", 0)
    connection._transport.write(b"P" + struct.pack("!I", len(body) + 4) + body)
    await asyncio.sleep(0)
