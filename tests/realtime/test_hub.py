from __future__ import annotations

import asyncio
from datetime import UTC, datetime

import pytest

from app.clock import SetClock
from app.db import Database
from app.journal import store
from app.realtime.hub import Hub
from app.realtime.ring import Framed
from app.realtime.session import DONE, NOT_LOGGED_IN, TRY_LATER, Limits
from tests.realtime.floor import BRISK, STREAM, Line, joined, note, row, told, until, viewer

pytestmark = pytest.mark.database


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


async def test_a_screen_ahead_of_the_journal_starts_over(hub: Hub) -> None:
    _, line = await joined(hub, after=7)
    assert line.told[-1] == {"type": "resync", "reason": "too_far_behind"}
    assert line.closed == (DONE, "resync")
    assert hub.health().screens == 0


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


async def test_who_was_locked_out_loses_his_screens_when_the_journal_tells_of_it(hub: Hub) -> None:
    (_, gone), (_, stays) = await joined(hub, account_id=1), await joined(hub, account_id=2)
    body = '{"type":"account.locked","username":"x","account_id":1}'
    told = store.JournalRow(
        STREAM, 1, datetime(2025, 7, 1, tzinfo=UTC), "account.locked", row(1).concern, body
    )
    hub.deliver([Framed.of(told)])
    assert gone.closed == (NOT_LOGGED_IN, "login ended")
    assert stays.closed is None


async def test_screens_of_an_account_one_of_whose_phones_was_ended_show_their_login_anew(hub: Hub) -> None:
    (_, asked), (_, stays) = await joined(hub, account_id=1), await joined(hub, account_id=2)
    body = '{"type":"field_phone.revoked","account_id":1}'
    told = store.JournalRow(
        STREAM, 1, datetime(2025, 7, 1, tzinfo=UTC), "field_phone.revoked", row(1).concern, body
    )
    hub.deliver([Framed.of(told)])
    assert asked.closed == (TRY_LATER, "a login of this account has ended")
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
