from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from app.dispatch.secrecy import store as secrecy
from app.org import accounts
from app.realtime import together
from app.realtime.together import Together
from tests.county import county, county_url
from tests.world import PASSWORD, World, world

__all__ = ["county", "county_url", "world"]


class Shelf:
    """Something to read, slowly; it remembers what was asked of it."""

    def __init__(self) -> None:
        self.holds: dict[int, str] = {}
        self.asked: list[list[int]] = []
        self.open = asyncio.Event()

    async def read(self, keys: list[int]) -> dict[int, str]:
        self.asked.append(keys)
        found = {key: self.holds[key] for key in keys if key in self.holds}
        await self.open.wait()
        return found


async def test_who_asks_while_a_read_is_under_way_shares_the_next_one() -> None:
    shelf = Shelf()
    gathered = Together(shelf.read)
    first = asyncio.create_task(gathered.ask(1))
    await asyncio.sleep(0.01)
    rest = [asyncio.create_task(gathered.ask(key)) for key in (2, 3, 2)]
    await asyncio.sleep(0.01)
    shelf.holds = {1: "one", 2: "two"}
    shelf.open.set()
    assert await first is None  # read before it stood there
    assert await asyncio.gather(*rest) == ["two", None, "two"]
    assert shelf.asked == [[1], [2, 3]]
    assert gathered.reads == 2


async def test_nobody_is_answered_with_what_was_read_before_he_asked() -> None:
    shelf = Shelf()
    shelf.holds = {1: "old"}
    gathered = Together(shelf.read)
    early = asyncio.create_task(gathered.ask(1))
    await asyncio.sleep(0.01)
    shelf.holds = {1: "new"}
    late = asyncio.create_task(gathered.ask(1))
    await asyncio.sleep(0.01)
    shelf.open.set()
    assert (await early, await late) == ("old", "new")


async def test_a_read_takes_so_many_keys_at_most(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(together, "AT_ONCE", 2)
    shelf = Shelf()
    shelf.open.set()
    gathered = Together(shelf.read)
    await asyncio.gather(*(gathered.ask(key) for key in range(5)))
    assert shelf.asked == [[0, 1], [2, 3], [4]]


async def test_a_read_that_fails_fails_for_those_who_asked_and_not_for_the_next() -> None:
    broken = True

    async def read(keys: list[int]) -> dict[int, str]:
        if broken:
            raise OSError("no database")
        return dict.fromkeys(keys, "found")

    gathered = Together(read)
    answers = await asyncio.gather(gathered.ask(1), gathered.ask(2), return_exceptions=True)
    assert [type(answer) for answer in answers] == [OSError, OSError]
    broken = False
    assert await gathered.ask(1) == "found"


async def test_one_who_leaves_while_he_waits_takes_the_answer_from_nobody() -> None:
    shelf = Shelf()
    shelf.holds = {1: "one", 2: "two"}
    gathered = Together(shelf.read)
    leaver, stayer = asyncio.create_task(gathered.ask(1)), asyncio.create_task(gathered.ask(2))
    await asyncio.sleep(0.01)
    leaver.cancel()
    shelf.open.set()
    assert await stayer == "two"


@pytest.mark.database
async def test_many_sessions_are_recognised_in_one_statement_as_each_would_be_alone(world: World) -> None:
    now = world.clock.now()
    tokens: list[str] = []
    for name in ("officer", "leader"):
        told = await accounts.log_in(
            world.database, accounts.Told(name, PASSWORD), f"10.0.0.{len(tokens)}", now, timedelta(hours=1)
        )
        tokens.append(told.token)
    asked = [*tokens, "forged", ""]
    for at in (now, now + timedelta(hours=2)):
        async with world.database.transaction() as tx:
            together_ = await secrecy.all_logged_in(tx, asked, at)
            alone = {token: await secrecy.logged_in(tx, token, at) for token in asked}
        assert together_ == {token: viewer for token, viewer in alone.items() if viewer is not None}
        assert set(together_) == (set(tokens) if at == now else set())
