from __future__ import annotations

import asyncio
from datetime import UTC, datetime

import pytest
from pydantic import BaseModel
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from app.db import Database
from app.journal import store
from app.journal.store import Entry, JournalRow
from app.org.rules.access import Concern
from app.wire import Actor

STREAM = "990181"
AT = datetime(2025, 6, 17, 18, 13, 20, tzinfo=UTC)

pytestmark = pytest.mark.database


class Noted(BaseModel):
    """Something that happened, for these tests."""

    type: str = "test.noted"
    writer: int
    number: int
    words: str = "水库水位超汛限"


class Raised(BaseModel):
    """An alarm, before anybody knows of an incident."""

    type: str = "alarm.raised"
    alarm: dict[str, int]


def noted(writer: int, number: int) -> Entry:
    return Entry(Noted(writer=writer, number=number), Concern(("990181100000",), (7,)), incident_id=writer)


def raised(alarm_id: int) -> Entry:
    return Entry(Raised(alarm={"id": alarm_id}), Concern(("990181100000",)))


async def opened(database: Database) -> None:
    async with database.transaction() as tx:
        await store.open_stream(tx, STREAM)


async def write(database: Database, writer: int, numbers: range) -> list[int]:
    seqs: list[int] = []
    for number in numbers:
        async with database.transaction() as tx:
            seqs += await store.append(tx, STREAM, AT, [noted(writer, number)])
    return seqs


async def everything(database: Database, page: int = 1000) -> list[JournalRow]:
    rows: list[JournalRow] = []
    while True:
        async with database.transaction() as tx:
            found = await store.read_after(tx, STREAM, rows[-1].seq if rows else 0, page)
        if not found:
            return rows
        rows += found


async def test_a_reader_that_follows_its_cursor_loses_nothing_while_twenty_people_write(
    database: Database,
) -> None:
    await opened(database)
    writers = asyncio.gather(*(write(database, writer, range(10)) for writer in range(20)))
    seen: list[int] = []
    while not (writers.done() and seen and seen[-1] == 200):
        async with database.transaction() as tx:
            seen += [row.seq for row in await store.read_after(tx, STREAM, seen[-1] if seen else 0, 50)]
        await asyncio.sleep(0)
    written = [seq for seqs in await writers for seq in seqs]
    # The reader never met a later number before an earlier one: sequence order is commit order.
    assert seen == list(range(1, 201))
    assert sorted(written) == seen


async def test_a_rolled_back_action_leaves_no_gap(database: Database) -> None:
    await opened(database)
    await write(database, 1, range(2))

    async def think_better_of_it() -> None:
        async with database.transaction() as tx:
            await store.append(tx, STREAM, AT, [noted(1, 9)])
            raise RuntimeError("changed my mind")

    with pytest.raises(RuntimeError, match="changed my mind"):
        await think_better_of_it()
    await write(database, 1, range(2, 3))
    assert [row.seq for row in await everything(database)] == [1, 2, 3]
    async with database.transaction() as tx:
        assert await store.head(tx, STREAM) == 3


async def test_the_hash_chain_finds_a_tampered_row(database: Database) -> None:
    await opened(database)
    await write(database, 1, range(5))
    assert store.first_broken(await everything(database)) is None
    async with database.transaction() as tx:
        await tx.execute(text("ALTER TABLE journal DISABLE TRIGGER USER"))
        await tx.execute(
            text("UPDATE journal SET body = replace(body::text, '水库', '山塘')::json WHERE seq = 3")
        )
    assert store.first_broken(await everything(database)) == 3


async def test_the_hash_chain_finds_a_missing_row(database: Database) -> None:
    await opened(database)
    await write(database, 1, range(5))
    rows = await everything(database)
    assert store.first_broken([*rows[:2], *rows[3:]]) == 4


@pytest.mark.parametrize(
    "statement",
    ["UPDATE journal SET type = 'x'", "DELETE FROM journal", "TRUNCATE journal"],
    ids=["update", "delete", "truncate"],
)
async def test_what_happened_cannot_be_changed_or_taken_back(database: Database, statement: str) -> None:
    await opened(database)
    await write(database, 1, range(1))
    with pytest.raises(DBAPIError, match="append-only"):
        async with database.transaction() as tx:
            await tx.execute(text(statement))
    assert len(await everything(database)) == 1


async def test_pages_join_without_seam(database: Database) -> None:
    await opened(database)
    await write(database, 1, range(7))
    assert [row.seq for row in await everything(database, page=3)] == [1, 2, 3, 4, 5, 6, 7]


async def test_one_incident_is_read_alone_and_in_order(database: Database) -> None:
    await opened(database)
    for number in range(3):
        await write(database, 1, range(number, number + 1))
        await write(database, 2, range(number, number + 1))
    async with database.transaction() as tx:
        rows = await store.read_incident(tx, STREAM, 2, [])
    assert [row.seq for row in rows] == [2, 4, 6]


async def test_an_incident_is_read_with_the_alarms_that_led_to_it(database: Database) -> None:
    await opened(database)
    async with database.transaction() as tx:
        await store.append(tx, STREAM, AT, [raised(5), raised(6), noted(2, 0)])
        rows = await store.read_incident(tx, STREAM, 2, [5])
    assert [row.seq for row in rows] == [1, 3]


async def test_a_row_comes_back_as_it_was_told(database: Database) -> None:
    await opened(database)
    actor = Actor(id=4, name="李四", role="duty_officer")
    async with database.transaction() as tx:
        await store.append(tx, STREAM, AT, [noted(1, 1)], actor)
    (row,) = await everything(database)
    assert (row.stream, row.type, row.at) == (STREAM, "test.noted", AT)
    assert row.concern == Concern(("990181100000",), (7,))
    assert row.wire == (
        '{"seq":1,"type":"test.noted","at":"2025-06-17T18:13:20+00:00",'
        '"actor":{"id":4,"name":"李四","role":"duty_officer"},'
        '"writer":1,"number":1,"words":"水库水位超汛限"}'
    )


async def test_a_county_that_was_never_set_up_is_refused(database: Database) -> None:
    with pytest.raises(store.UnknownStream, match="990999"):
        async with database.transaction() as tx:
            await store.append(tx, "990999", AT, [noted(1, 1)])


async def test_opening_a_stream_twice_changes_nothing(database: Database) -> None:
    await opened(database)
    await write(database, 1, range(2))
    await opened(database)
    async with database.transaction() as tx:
        assert await store.head(tx, STREAM) == 2
        assert await store.head(tx, "990999") == 0
