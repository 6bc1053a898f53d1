from __future__ import annotations

import asyncio
import json
import socket
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import replace

import pytest
from websockets.asyncio.client import ClientConnection
from websockets.exceptions import ConnectionClosed

from app.clock import SetClock
from app.db import Database
from app.realtime.protocol import DirectConnection, DirectProtocol
from app.realtime.session import Limits
from tests.realtime.floor import Floor, hear, note, opened, row, served, until, viewer

pytestmark = pytest.mark.database

HANDSHAKE = (
    b"GET /ws HTTP/1.1\r\nHost: ours\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
    b"Origin: http://ours\r\nCookie: login=officer\r\n\r\n"
)


@pytest.fixture
async def floor(database: Database, clock: SetClock) -> AsyncIterator[Floor]:
    await opened(database)
    async with served(database, clock) as floor:
        yield floor


@pytest.fixture(params=[DirectProtocol, "websockets-sansio"], ids=["direct", "through ASGI"])
async def either_floor(
    request: pytest.FixtureRequest, database: Database, clock: SetClock
) -> AsyncIterator[Floor]:
    """The floor on our protocol class, and on a server that does not show its transport."""
    await opened(database)
    async with served(database, clock, protocol=request.param) as floor:
        yield floor


def deaf_socket(port: int) -> socket.socket:
    """A screen that opens and then never reads."""
    deaf = socket.create_connection(("127.0.0.1", port))
    deaf.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    deaf.sendall(HANDSHAKE)
    return deaf


async def rest(screen: ClientConnection) -> list[str | bytes]:
    """Everything the screen is told until it is closed."""
    messages = []
    with suppress(ConnectionClosed):
        async with asyncio.timeout(10):
            while True:
                messages.append(await screen.recv())
    return messages


async def ending(screen: ClientConnection) -> tuple[int | None, str]:
    """Read to the end and say how it ended."""
    await rest(screen)
    return screen.close_code, screen.close_reason or ""


async def test_a_screen_is_greeted_then_told_what_it_missed_then_what_happens(
    either_floor: Floor, database: Database
) -> None:
    await note(database, 3)
    await until(lambda: either_floor.hub.feed.cursor == 3)
    async with either_floor.screen(after=1) as screen:
        assert await hear(screen) == {"type": "hello", "head": 3, "at": "2025-06-17T18:13:20Z"}
        await note(database)
        assert [(await hear(screen))["seq"] for _ in range(3)] == [2, 3, 4]


async def test_a_screen_without_a_cursor_begins_with_what_happens_now(
    floor: Floor, database: Database
) -> None:
    await note(database, 3)
    await until(lambda: floor.hub.feed.cursor == 3)
    async with floor.screen() as screen:
        assert (await hear(screen))["type"] == "hello"
        await note(database)
        assert (await hear(screen))["seq"] == 4


async def test_screens_resume_without_loss_or_doubles_while_twenty_people_write(
    floor: Floor, database: Database
) -> None:
    async def watch(stay: int) -> list[int]:
        """Read some rows, hang up, come back with the last seq, until all 200 are seen."""
        seen: list[int] = []
        while len(seen) < 200:
            async with floor.screen(after=seen[-1] if seen else 0) as screen:
                assert (await hear(screen))["type"] == "hello"
                seen += [(await hear(screen))["seq"] for _ in range(min(stay, 200 - len(seen)))]
        return seen

    *_, often, seldom, once = await asyncio.gather(
        *(note(database, 10, writer=writer) for writer in range(20)), watch(7), watch(60), watch(200)
    )
    assert often == seldom == once == list(range(1, 201))


async def test_a_screen_that_does_not_read_is_dropped_and_the_others_are_not_kept_waiting(
    database: Database, clock: SetClock
) -> None:
    await opened(database)
    async with served(database, clock, limits=Limits(events_pending=64 << 10)) as floor:
        deaf = deaf_socket(floor.port)
        async with floor.screen(max_size=None) as screen:
            await until(lambda: len(floor.hub.screens()) == 2)
            assert (await hear(screen))["type"] == "hello"
            rows = [row(seq, text=json.dumps({"seq": seq, "padding": "x" * 200_000})) for seq in range(1, 61)]
            for one in rows:  # 12 MB: more than the kernel keeps for the deaf one
                floor.hub.deliver([one])
                assert (await hear(screen))["seq"] == one.seq
            assert floor.hub.health().slow_dropped == 1
            assert floor.hub.screens()[0].connection.pending() == 0
        deaf.close()
        await until(lambda: not floor.hub.screens())


@pytest.mark.parametrize("after", [0, 99])
async def test_a_screen_that_cannot_be_brought_up_to_date_starts_over(
    database: Database, clock: SetClock, after: int
) -> None:
    await opened(database)
    await note(database, 5)
    async with (
        served(database, clock, limits=Limits(resume_rows=4)) as floor,
        floor.screen(after=after) as screen,
    ):
        assert (await hear(screen))["type"] == "hello"
        assert await hear(screen) == {"type": "resync", "reason": "too_far_behind"}
        assert await ending(screen) == (1000, "resync")


async def test_who_is_not_logged_in_sees_nothing(either_floor: Floor, database: Database) -> None:
    await note(database, 3)
    async with either_floor.screen(after=0, login="nobody") as screen:
        assert await rest(screen) == []
        assert (screen.close_code, screen.close_reason) == (4401, "not logged in")


async def test_a_page_of_another_site_sees_nothing(either_floor: Floor, database: Database) -> None:
    await note(database, 3)
    async with either_floor.screen(after=0, origin="http://theirs") as screen:
        assert await rest(screen) == []
        assert (screen.close_code, screen.close_reason) == (4403, "bad origin")


@pytest.mark.parametrize("after", ["-1", "x", "", "9" * 19, "٣"])
async def test_a_cursor_that_is_no_number_is_refused(floor: Floor, after: str) -> None:
    async with floor.screen(after=f"{after}&more=1") as screen:
        assert await ending(screen) == (1008, "after is not a sequence number")


async def test_a_ping_is_answered(either_floor: Floor) -> None:
    async with either_floor.screen() as screen:
        await hear(screen)
        await screen.send('{"type":"ping","id":7}')
        assert await hear(screen) == {"type": "pong", "id": 7}


@pytest.mark.parametrize(
    ("message", "reason"),
    [
        ("x" * 4_097, "message too long"),
        ("subscribe", "only a ping is understood"),
        (b"\x00", "text messages only"),
    ],
)
async def test_anything_but_a_short_ping_ends_the_conversation(
    either_floor: Floor, message: str | bytes, reason: str
) -> None:
    async with either_floor.screen() as screen:
        await screen.send(message)
        assert await ending(screen) == (1008, reason)


async def test_a_message_in_many_fragments_is_measured_as_a_whole(floor: Floor) -> None:
    async with floor.screen() as screen:
        await screen.send(["x" * 1_000] * 5)
        assert await ending(screen) == (1008, "message too long")


async def test_a_message_no_screen_could_mean_is_not_even_read(floor: Floor) -> None:
    async with floor.screen() as screen:
        await screen.send("x" * 70_000)
        assert (await ending(screen))[0] == 1009


async def test_a_flood_of_messages_ends_the_conversation(either_floor: Floor) -> None:
    async with either_floor.screen() as screen:
        await hear(screen)
        for n in range(21):
            await screen.send(f'{{"type":"ping","id":{n}}}')
        assert await ending(screen) == (1008, "too many messages")


async def test_a_login_that_ended_closes_its_screens_only(either_floor: Floor) -> None:
    either_floor.logins["other"] = viewer(account_id=2)
    async with either_floor.screen() as officer, either_floor.screen(login="other") as other:
        await hear(officer)
        await hear(other)
        del either_floor.logins["officer"], either_floor.logins["other"]
        await either_floor.screens.recheck(account_id=1)
        assert await ending(officer) == (4401, "login ended")
        assert [screen.viewer.account_id for screen in either_floor.hub.screens()] == [2]
        await either_floor.screens.recheck()
        assert await ending(other) == (4401, "login ended")


async def test_a_screen_without_a_factor_its_role_needs_hears_nothing(either_floor: Floor) -> None:
    async with either_floor.screen() as officer:
        await hear(officer)
        either_floor.logins["officer"] = replace(viewer(), factorless=True)
        await either_floor.screens.recheck()
        assert await ending(officer) == (4402, "second factor due")
    async with either_floor.screen() as again:
        assert await ending(again) == (4402, "second factor due")


async def test_a_screen_whose_rights_changed_starts_over(floor: Floor) -> None:
    async with floor.screen() as screen:
        await hear(screen)
        floor.logins["officer"] = replace(viewer(), name="改名")  # makes no difference to what is seen
        await floor.screens.recheck()
        floor.logins["officer"] = viewer("township_officer", scope="990181100")
        await floor.screens.recheck()
        assert await hear(screen) == {"type": "resync", "reason": "access_changed"}
        assert await ending(screen) == (1000, "resync")


async def test_a_screen_that_hangs_up_is_forgotten(either_floor: Floor) -> None:
    async with either_floor.screen() as screen:
        await hear(screen)
        assert either_floor.hub.health().screens == 1
    await until(lambda: either_floor.hub.health().screens == 0)


async def test_a_line_on_which_nobody_answers_our_goodbye_is_cut(
    floor: Floor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.realtime.protocol.GOODBYE_S", 0.05)
    reader, writer = await asyncio.open_connection("127.0.0.1", floor.port)
    writer.write(HANDSHAKE)
    await until(floor.hub.screens)
    floor.hub.disconnect(1)
    async with asyncio.timeout(30):  # we read on, but say nothing
        with suppress(ConnectionResetError):
            assert b"login ended" in await reader.read()
    writer.close()


async def test_a_line_that_went_dead_is_cut_even_with_bytes_pending(
    floor: Floor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.realtime.protocol.GOODBYE_S", 0.05)
    deaf = deaf_socket(floor.port)
    await until(floor.hub.screens)
    (screen,) = floor.hub.screens()
    while screen.connection.pending() == 0:  # until the kernel takes no more
        screen.connection.write(row(1, text="x" * 1_000_000).frame)
        await asyncio.sleep(0)
    assert isinstance(screen.connection, DirectConnection)
    screen.connection._protocol.keepalive_timeout()
    await until(lambda: not floor.hub.screens())
    deaf.close()


async def test_writing_to_a_line_that_is_closing_does_no_harm(floor: Floor) -> None:
    async with floor.screen() as page:
        await hear(page)
        (screen,) = floor.hub.screens()
        floor.hub.disconnect(1)
        screen.connection.write(row(1).frame)
        screen.connection.close(1000, "again")
        assert await rest(page) == []
        assert page.close_code == 4401
