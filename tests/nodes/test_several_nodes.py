"""Real nodes on one PostgreSQL are killed, paused and restarted; screens and clocks go on without them."""

from __future__ import annotations

import asyncio
import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.node import Service
from tests.nodes.cluster import Person, Wanderer, compared, head, leads, nodes, session, until, watching

pytestmark = [pytest.mark.database, pytest.mark.long]


@contextmanager
def paused(service: Service) -> Iterator[None]:
    """Stop a process where it stands; let it go on at the end."""
    os.kill(service.pid, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(service.pid, signal.SIGCONT)


async def test_screens_wander_between_nodes_that_are_killed_paused_and_restarted(
    city_url: str, tmp_path: Path
) -> None:
    async with nodes(city_url, tmp_path, 3) as services:
        first, second, third = services
        cookie = await session(first)
        begun = await head(city_url)
        screens = [Wanderer(services, cookie, begun, at) for at in range(6)]
        people = [Person(services[at:] + services[:at], cookie, f"person-{at}") for at in range(3)]
        async with watching(screens):
            writing = asyncio.gather(*(person.write(30) for person in people))

            async def half_way() -> bool:
                return sum(len(person.done) for person in people) >= 30

            await until(half_way)
            await first.kill()
            with paused(second):
                await asyncio.sleep(1)  # the others go on meanwhile
                await first.start()
            await third.stop()
            await third.start()
            await writing
            await compared(city_url, screens, begun, people)
        assert sum(screen.visits for screen in screens) > len(screens)  # some did wander


@pytest.mark.parametrize("how", ["killed", "paused"])
async def test_a_leader_that_fails_is_followed_within_five_seconds(
    city_url: str, tmp_path: Path, how: str
) -> None:
    async with nodes(city_url, tmp_path, 2) as (first, second):

        async def first_leads() -> bool | None:
            return await leads(first)

        async def second_leads() -> bool | None:
            return await leads(second)

        await until(first_leads)
        assert await leads(second) is False
        began = time.monotonic()
        if how == "killed":
            await first.kill()
            await until(second_leads)
        else:
            with paused(first):
                await until(second_leads)
                took = time.monotonic() - began
            await until(lambda: _answers(first))
            assert await leads(first) is False
            assert took < 5
        assert time.monotonic() - began < (5 if how == "killed" else 30)


async def _answers(service: Service) -> bool:
    return await leads(service) is not None
