"""The history by days: carried over, made ahead, sorted, archived, dropped, and never lost."""

from __future__ import annotations

import asyncio
import csv
import gzip
import hashlib
import subprocess
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import asyncpg
import pytest
from sqlalchemy import Connection, text

from alembic import command
from app import migrations
from app.clock import SetClock
from app.db import Database
from app.devices.recorder import Recorder
from app.tracking import store as tracking
from app.tracking.history import archive, store
from app.tracking.history.keeper import HistoryKeeper
from app.tracking.history.rules import Part, Terms
from app.tracking.store import Heard
from tests.tracking.reading import nodes_of, planned

pytestmark = pytest.mark.database
NOW = datetime(2026, 11, 28, 4, tzinfo=UTC)
DAY = timedelta(days=1)


def heard(device: int, at: datetime, heard_at: datetime = NOW, lat: float = 28.5) -> Heard:
    return Heard(device, "990181", None, "990181100000", 115.5, lat, None, 3.0, None, at, at, heard_at)


async def write(database: Database, rows: Sequence[Heard]) -> None:
    async with database.transaction() as tx:
        await tracking.write_many(tx, rows)


async def test_where_a_unit_is_now_is_updated_in_place(database: Database) -> None:
    await write(database, [heard(device, NOW) for device in range(1, 51)])
    async with database.transaction() as tx:
        later = [
            heard(device, NOW + timedelta(seconds=9), NOW + timedelta(seconds=9)) for device in range(1, 51)
        ]
        await tracking.write_many(tx, later)
        told = await tx.execute(
            text("SELECT n_tup_upd, n_tup_hot_upd FROM pg_stat_xact_user_tables WHERE relname = 'position'")
        )
        assert tuple(told.one()) == (50, 50), "an index holds a column that every position changes"


async def tables(database: Database) -> dict[str, int]:
    """The tables of the history and how many rows each has."""
    async with database.raw() as connection:
        names = [row["relname"] for row in await connection.fetch(store._PARTS)]
        return {name: await connection.fetchval(f"SELECT count(*) FROM {name}") for name in names}


async def departures(database: Database) -> list[Any]:
    async with database.raw() as connection:
        return list(await connection.fetch("SELECT * FROM track_departure ORDER BY id"))


def keeper(database: Database, clock: SetClock, keep: int = 60, folder: Path | None = None) -> HistoryKeeper:
    return HistoryKeeper(database, clock, Terms(keep), folder)


async def test_days_are_made_ahead_and_whatever_came_before_them_is_sorted_in(database: Database) -> None:
    clock = SetClock(NOW)
    old = [heard(1, NOW - n * DAY) for n in range(30)]
    await write(database, old)
    assert await tables(database) == {"track_other": 30}
    look = keeper(database, clock)
    await look.look()
    held = await tables(database)
    assert held.pop("track_other") == 0
    ahead = [Part.of((NOW + n * DAY).date()).name for n in (1, 2, 3)]
    assert {name: held.pop(name) for name in ahead} == dict.fromkeys(ahead, 0)
    assert list(held.values()) == [1] * 30
    assert look.health() == {"ok": True, "failures": 0, "days": 33, "ahead": 3, "outside": 0, "leaving": 0}
    await write(database, [*old, heard(1, NOW + timedelta(seconds=1))])  # repeated: still one row an instant
    assert sum((await tables(database)).values()) == 31
    clock.advance(DAY)
    await look.look()
    assert Part.of((NOW + 4 * DAY).date()).name in await tables(database)


async def test_fifty_thousand_buffered_positions_and_a_clock_in_1980_lose_nothing(database: Database) -> None:
    clock = SetClock(NOW)
    look = keeper(database, clock)
    await look.look()
    buffered = [heard(n % 50, NOW - 29 * DAY + timedelta(minutes=n // 50 * 20)) for n in range(50_000)]
    then = datetime(1980, 1, 6, tzinfo=UTC)  # our own clock, after a battery died
    async with Recorder(database, clock).running() as recorder:
        for at in range(0, 50_000, 5_000):
            await (await recorder.record(buffered[at : at + 5_000]))
        await (await recorder.record([heard(99, then, then)]))
    assert sum((await tables(database)).values()) == 50_001
    clock.advance(then - NOW)
    await look.look()  # it makes no days of 1980, and takes nothing away
    assert sum((await tables(database)).values()) == 50_001
    clock.advance(NOW - then)
    await look.look()
    held = await tables(database)
    assert held.pop("track_other") == 1  # belongs to no day: kept, and told
    assert sum(held.values()) == 50_000
    assert look.health()["outside"] == 1
    async with database.transaction() as tx:
        assert len(await tracking.trail(tx, 99)) == 1


async def test_old_days_are_written_to_a_file_that_is_read_back_before_they_are_dropped(
    database: Database, tmp_path: Path
) -> None:
    clock = SetClock(NOW - 61 * DAY)
    folder = tmp_path / "archive"
    look = keeper(database, clock, folder=folder)
    await look.look()
    await write(
        database,
        [heard(d, clock.now() + timedelta(seconds=s), lat=28 + d / 7) for d in (2, 1) for s in (1, 0)],
    )
    clock.advance(61 * DAY)
    await look.look()
    assert look.health()["leaving"] == 1  # nothing comes in: nothing goes
    await write(database, [heard(1, NOW - n * DAY) for n in (1, 2)])
    await look.look()
    assert look.health()["leaving"] == 0
    assert await departures(database) != []
    first = (await departures(database))[0]
    day = (NOW - 61 * DAY).date()
    assert (first["part"], first["rows"], first["first"]) == (Part.of(day).name, 4, day)
    assert first["dropped_at"] is not None and Part.of(day).name not in await tables(database)
    path = folder / first["file"]
    assert path.name == f"track-{day}.csv.gz" and path.stat().st_mode & 0o777 == 0o600
    assert hashlib.sha256(path.read_bytes()).hexdigest() == first["sha256"]
    checked = await asyncio.to_thread(
        subprocess.run, ["sha256sum", "-c", f"{path.name}.sha256"], cwd=folder, check=False
    )
    assert checked.returncode == 0
    with gzip.open(path, "rt") as text:
        rows = list(csv.DictReader(text))
    assert [row["device_id"] for row in rows] == ["1", "1", "2", "2"]
    assert [float(row["lat"]) for row in rows] == [28 + 1 / 7] * 2 + [28 + 2 / 7] * 2  # to the last digit
    assert datetime.fromisoformat(rows[0]["true_at"]) == NOW - 61 * DAY


async def test_what_cannot_be_archived_is_not_dropped_and_a_late_row_is_in_the_archive_that_counts(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    day = (NOW - 100 * DAY).date()
    folder = tmp_path / "archive"
    await write(database, [heard(1, NOW - n * DAY) for n in (1, 2, 100)])
    folder.write_text("a file where a folder should be")
    look = keeper(database, SetClock(NOW), folder=folder)
    await look.look()
    assert look.health()["ok"] is False and "ZHISHOU_POSITIONS_ARCHIVE" in str(look.health()["trouble"])
    assert Part.of(day).name in await tables(database)
    folder.unlink()

    whole = archive._rows_in
    monkeypatch.setattr(archive, "_rows_in", lambda path: whole(path) - 1)  # the disk gives back less
    await look.look()
    assert "1970" not in str(look.health()["trouble"]) and look.health()["ok"] is False
    assert Part.of(day).name in await tables(database) and list(folder.iterdir()) == []
    monkeypatch.undo()

    async with database.raw() as connection:
        await look._write_out(connection, Part.of(day))
    await write(database, [heard(2, NOW - 100 * DAY)])  # between the archive and the drop
    await look.look()
    assert (await tables(database))[Part.of(day).name] == 2
    await look.look()
    assert Part.of(day).name not in await tables(database) and look.health()["ok"] is True
    (gone,) = await departures(database)
    assert (gone["rows"], gone["file"]) == (2, f"track-{day}-2.csv.gz")


async def test_without_an_archive_a_day_goes_with_a_word(database: Database) -> None:
    await write(database, [heard(1, NOW - n * DAY) for n in (1, 2, 100)])
    await keeper(database, SetClock(NOW)).look()
    (gone,) = await departures(database)
    assert (gone["rows"], gone["file"], gone["dropped_at"]) == (1, None, NOW)


async def test_a_dump_under_way_is_waited_for_and_nobody_who_writes_waits_for_it(database: Database) -> None:
    await write(database, [heard(1, NOW - n * DAY) for n in (1, 2, 100)])
    look = keeper(database, SetClock(NOW))
    async with database.raw() as reader:
        dump = reader.transaction(isolation="repeatable_read", readonly=True)
        await dump.start()
        await reader.execute("LOCK TABLE track IN ACCESS SHARE MODE")  # as pg_dump does, for hours
        await look.look()
        async with asyncio.timeout(5):
            await write(database, [heard(2, NOW)])
        await dump.rollback()
    assert look.health()["failures"] == 0
    await look.look()
    assert [gone["rows"] for gone in await departures(database)] == [1]


async def test_two_counties_on_one_database_make_each_day_once(database: Database) -> None:
    await write(database, [heard(1, NOW - n * DAY) for n in range(10)])
    looks = [keeper(database, SetClock(NOW)) for _ in range(2)]
    await asyncio.gather(*(look.look() for look in looks))
    held = await tables(database)
    assert held.pop("track_other") == 0
    assert sum(held.values()) == 10


@asynccontextmanager
async def as_it_was(database: Database) -> AsyncIterator[asyncpg.Connection[Any]]:
    """The schema of before, then brought up to date."""

    def back(connection: Connection) -> None:
        config = migrations._config()
        config.attributes["connection"] = connection
        command.downgrade(config, "0490_named_areas")

    await migrations._with_connection(database.url, back)
    async with database.raw() as connection:
        yield connection
    await migrations.upgrade_async(database.url)


async def test_the_migration_carries_every_row_over_whatever_clock_wrote_it(database: Database) -> None:
    before = [heard(1, NOW - 3 * DAY), heard(2, NOW - 200 * DAY), heard(3, datetime(1980, 1, 6, tzinfo=UTC))]
    before.append(heard(4, datetime(2036, 1, 1, tzinfo=UTC)))
    await write(database, before)
    async with as_it_was(database) as connection:
        assert await connection.fetchval("SELECT count(*) FROM track") == 4
        await connection.execute("DELETE FROM track WHERE device_id = 4 AND false")
        everything = await connection.fetch("SELECT * FROM track ORDER BY device_id")
    async with database.raw() as connection:
        assert await connection.fetch("SELECT * FROM track ORDER BY device_id") == everything
        held = await tables(database)
        assert held.pop("track_other") == 2  # 1980 and 2036
        ((name, rows),) = held.items()
        assert name.startswith("track_before_") and rows == 2
    await write(database, [heard(1, NOW - 3 * DAY), heard(1, NOW - 2 * DAY)])
    assert (await tables(database))[name] == 3
    async with as_it_was(database) as connection:
        assert await connection.fetchval("SELECT count(*) FROM track") == 5
    part = Part.named(name)
    assert part is not None
    clock = SetClock(datetime.combine(part.end, datetime.min.time(), UTC))
    look = keeper(database, clock, keep=31)
    await look.look()
    clock.advance(35 * DAY)
    await write(database, [heard(1, clock.now() - n * DAY) for n in (1, 2)])
    await look.look()
    gone = (await departures(database))[0]
    assert (gone["part"], gone["rows"]) == (name, 3)


async def test_the_last_points_and_a_window_read_the_index_of_few_days(database: Database) -> None:
    async with database.raw() as connection:
        for n in range(200):
            await store.create(connection, (NOW - n * DAY).date())
        await connection.execute(
            "INSERT INTO track (device_id, true_at, lon, lat, heard_at) "
            "SELECT d, $1::timestamptz - make_interval(mins => 30 * n), 115.5, 28.0, $1 "
            "FROM generate_series(1, 20) d, generate_series(0, 9599) n",
            NOW,
        )
        await connection.execute("ANALYZE track")
    await write(database, [heard(1, NOW)])
    async with database.transaction() as tx:
        assert len(await tracking.trail(tx, 1, 40)) == 40
        assert len(await tracking.trail(tx, 1, 500)) == 500  # over ten days
        assert len(await tracking.trail(tx, 7, 500)) == 500  # a device without a latest position
        (track,) = await tracking.tracks(tx, [1], NOW - 2 * DAY, NOW + timedelta(minutes=5), 1000)
        assert len(track.points) == 97
    last = {"d": 1, "n": 40, "a": NOW - DAY, "b": NOW}
    window = {"ids": [1], "a": NOW - 2 * DAY, "b": NOW, "n": 1000}
    async with database.transaction() as tx:
        # A day of a few rows is read whole all the same; what counts is that a full one would not be.
        await tx.execute(text("SET LOCAL enable_seqscan = off"))
        for statement, told, most in ((tracking._LAST_DAY, last, 2), (tracking._TRACKS, window, 3)):
            plan = await planned(tx, statement, told)
            read = nodes_of(plan)
            assert 0 < len(read) <= most and "Seq Scan" not in read.values(), read
