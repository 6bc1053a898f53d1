from __future__ import annotations

import asyncio
from typing import Any

import pytest
from app.clock import SetClock
from app.db import Database, Tx
from app.journal import store
from app.realtime.hub import Hub, Screen
from app.realtime.pace import Pace
from app.realtime.session import DONE, NOT_LOGGED_IN, TRY_LATER, Limits
from sqlalchemy import text

from tests.realtime.floor import BRISK, STREAM, Line, note, opened, row, told, until, viewer

pytestmark = pytest.mark.database

NEVER = Pace(poll_s=3600, heartbeat_s=3600)


@pytest.fixture
async def journal(database: Database) -> Database:
    """The database with an opened stream."""
    await opened(database)
    return database


@pytest.fixture
def hub(journal: Database, clock: SetClock) -> Hub:
    """A hub that stands still until the test moves it."""
    return Hub(journal, STREAM, clock, pace=BRISK)


async def joined(hub: Hub, after: int | None = None, **who: Any) -> tuple[Screen, Line]:
    line = Line()
    screen = hub.screen(viewer(**who), after, line)
    await hub.join(screen)
    return screen, line


async def test_screens_that_come_and_go_lose_nothing_and_get_nothing_twice_while_twenty_people_write(
    journal: Database, clock: SetClock
) -> None:
    # A short memory and short pages, so that screens catch up from memory, the database and both.
    hub = Hub(journal, STREAM, clock, limits=Limits(ring_rows=16, page_rows=3), pace=BRISK)

    async def visit(after: int) -> list[int]:
        """Come back from `after`, stay for some forty rows, leave again."""
        screen, line = await joined(hub, after=after)
        await until(lambda: len(line.seqs) >= min(40, 200 - after))
        hub.leave(screen)
        return line.seqs

    async def watch() -> list[int]:
        seen: list[int] = []
        while len(seen) < 200:
            seen += await visit(len(seen))
        return seen

    async with hub.running():
        *_, first, second, third = await asyncio.gather(
            *(note(journal, 10, writer=writer) for writer in range(20)), watch(), watch(), watch()
        )
        late = await watch()
    assert first == second == third == late == list(range(1, 201))


async def test_a_notice_wakes_the_hub_long_before_the_poll(journal: Database, clock: SetClock) -> None:
    hub = Hub(journal, STREAM, clock, pace=NEVER)
    async with hub.running():
        await until(lambda: hub.feed.listening)
        _, line = await joined(hub)
        await note(journal)
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
    async with asyncio.timeout(5):  # the second look does not wait for the poll, an hour away
        await hub.pass_on()
        await hub.pass_on()
    assert line.seqs == [1, 2]


async def test_the_hub_listens_again_after_the_database_hung_up(journal: Database, clock: SetClock) -> None:
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
        await note(journal)  # nobody may have heard this notice
        await until(lambda: line.seqs == [1])
        await until(lambda: hub.health().listening)
        await note(journal)
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


async def test_a_screen_ahead_of_the_journal_starts_over(hub: Hub) -> None:
    _, line = await joined(hub, after=7)
    assert line.told[-1] == {"type": "resync", "reason": "too_far_behind"}
    assert line.closed == (DONE, "resync")
    assert hub.health().screens == 0


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


async def test_a_slow_screen_is_dropped_and_the_others_go_on(hub: Hub) -> None:
    (_, slow), (_, quick) = await joined(hub), await joined(hub)
    slow.waiting = hub.limits.events_pending + 1
    quick.waiting = hub.limits.events_pending
    hub.deliver([row(1)])
    assert (slow.closed, slow.seqs) == ((TRY_LATER, "too slow"), [])
    assert (quick.closed, quick.seqs) == (None, [1])
    assert (hub.health().slow_dropped, hub.health().screens) == (1, 1)


async def test_a_busy_line_goes_without_positions_but_never_without_events(hub: Hub) -> None:
    (screen, busy), (_, quick) = await joined(hub), await joined(hub)
    busy.waiting = hub.limits.positions_pending + 1
    before = busy.told
    hub.show(screen.audience, row(0, text='{"type":"positions"}').frame)
    assert busy.told == before
    assert quick.told[-1] == {"type": "positions"}
    hub.deliver([row(1)])
    assert busy.seqs == quick.seqs == [1]
    assert hub.health().positions_skipped == 1


async def test_a_screen_too_slow_to_catch_up_is_dropped(journal: Database, clock: SetClock) -> None:
    hub = Hub(journal, STREAM, clock, limits=Limits(page_rows=2, drain_s=0.02), pace=BRISK)
    await note(journal, 5)
    await hub.feed.open()
    line = Line()
    line.drains.clear()
    assert not await hub.join(hub.screen(viewer(), 0, line))
    assert (line.seqs, line.closed) == ([1, 2], (TRY_LATER, "too slow"))


async def test_what_happens_while_a_screen_catches_up_follows_what_it_missed(
    journal: Database, clock: SetClock
) -> None:
    hub = Hub(journal, STREAM, clock, limits=Limits(page_rows=2), pace=BRISK)
    await note(journal, 5)
    await hub.feed.open()
    line = Line()
    line.drains.clear()
    joining = asyncio.create_task(hub.join(hub.screen(viewer(), 0, line)))
    await until(lambda: line.seqs == [1, 2])
    await note(journal)
    await hub.pass_on()
    assert line.seqs == [1, 2]
    line.drains.set()
    assert await joining
    await note(journal)
    await hub.pass_on()
    assert line.seqs == [1, 2, 3, 4, 5, 6, 7]


async def test_a_screen_that_was_dismissed_while_it_caught_up_does_not_join(
    journal: Database, clock: SetClock
) -> None:
    hub = Hub(journal, STREAM, clock, limits=Limits(page_rows=2), pace=BRISK)
    await note(journal, 5)
    await hub.feed.open()
    line = Line()
    line.drains.clear()
    screen = hub.screen(viewer(), 0, line)
    joining = asyncio.create_task(hub.join(screen))
    await until(lambda: line.seqs)
    hub.dismiss(screen, NOT_LOGGED_IN, "login ended")
    line.drains.set()
    assert not await joining
    assert hub.screens() == []


async def test_a_screen_is_asked_to_come_later_when_the_database_is_lost(
    hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def refuse(*_: object) -> int:
        raise ConnectionRefusedError

    monkeypatch.setattr(store, "head", refuse)
    _, line = await joined(hub, after=1)
    assert line.closed == (TRY_LATER, "no database")


async def test_each_audience_gets_its_own_rows(hub: Hub, journal: Database) -> None:
    (_, desk), (_, mate), (_, admin) = (
        await joined(hub),
        await joined(hub, role="responder", teams=[3]),
        await joined(hub, role="device_admin"),
    )
    await note(journal)
    await hub.pass_on()
    assert (desk.seqs, mate.seqs, admin.seqs) == ([1], [], [])
    assert hub.health().audiences == 3


async def test_the_heart_beat_says_how_far_everybody_is(hub: Hub, journal: Database, clock: SetClock) -> None:
    _, admin = await joined(hub, role="device_admin")
    await note(journal, 2)
    await hub.pass_on()
    hub.beat()
    assert admin.told[-1] == {"type": "head", "seq": 2, "at": "2025-06-17T18:13:20Z"}


async def test_an_account_that_may_no_longer_look_is_disconnected_everywhere(hub: Hub) -> None:
    (_, gone), (_, gone_too), (_, stays) = (
        await joined(hub, account_id=1),
        await joined(hub, account_id=1, role="responder"),
        await joined(hub, account_id=2),
    )
    hub.disconnect(1)
    assert gone.closed == gone_too.closed == (NOT_LOGGED_IN, "login ended")
    assert stays.closed is None


async def test_a_screen_may_leave_twice(hub: Hub) -> None:
    screen, _ = await joined(hub)
    hub.leave(screen)
    hub.leave(screen)
    assert hub.audiences() == []


async def test_lag_is_what_is_known_but_not_passed_on(hub: Hub, journal: Database) -> None:
    assert hub.lag() == 0
    await note(journal, 2)
    await hub.pass_on()
    assert (hub.lag(), hub.health().head, hub.health().cursor) == (0, 2, 2)
    hub.feed.head = 5
    assert (hub.lag(), hub.health().lag) == (3, 3)
    assert hub.health().read_age_s < 5


async def test_one_row_is_encoded_once_for_all(hub: Hub, journal: Database) -> None:
    lines = [(await joined(hub, account_id=n))[1] for n in range(3)]
    await note(journal)
    await hub.pass_on()
    greeting = len(lines[0].written) - len(hub.feed._ring.after(0, 1)[0].frame)  # type: ignore[index]
    assert {line.written[greeting:] for line in lines} == {hub.feed._ring.after(0, 1)[0].frame}  # type: ignore[index]
    assert told(lines[0].written)[-1]["seq"] == 1
