"""Endless work beside a block of code."""

from __future__ import annotations

import asyncio
from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import asynccontextmanager, suppress
from typing import Any, Self

import structlog

log = structlog.get_logger()
MANY_FAILURES = 5
Turn = Callable[[], Awaitable[object]]
"""Returns when it is this node's turn to look."""


async def always() -> None:
    """Let every node look."""


@asynccontextmanager
async def alongside(*works: Coroutine[Any, Any, None]) -> AsyncIterator[None]:
    """Run endless works while the block lasts; cancel them at its end."""
    tasks = [asyncio.create_task(work) for work in works]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        for task in tasks:
            with suppress(asyncio.CancelledError):
                await task


class Rounds:
    """A small work done again and again: what it looks at are rows, so a round that fails loses nothing.

    `failures` counts failed rounds in a row; from five on the part of the house is not well.
    """

    def __init__(self, name: str, every_s: float) -> None:
        self.name = name
        self.every_s = every_s
        self.failures = 0

    @asynccontextmanager
    async def walked(self, look: Callable[[], Awaitable[object]], turn: Turn = always) -> AsyncIterator[None]:
        """Look every so often while the block lasts, whenever it is this node's turn."""
        async with alongside(self._walk(look, turn)):
            yield

    def health(self, **facts: object) -> dict[str, object]:
        """Return whether the rounds go well, with further facts of who walks them."""
        return {"ok": self.failures < MANY_FAILURES, **facts, "failures": self.failures}

    async def _walk(self, look: Callable[[], Awaitable[object]], turn: Turn) -> None:
        while True:
            await turn()
            try:
                await look()
                self.failures = 0
            except Exception as error:  # noqa: BLE001  the database may be away; the rows are not
                self.failures += 1
                log.error("round_failed", who=self.name, error=repr(error))
            await asyncio.sleep(self.every_s)


class Lookout(ABC):
    """A part of the house that looks every so often; how often that failed in a row is its health.

    The rows it looks at see to it that each thing is done and told once, however many nodes look. Only the
    leader looks where `running` is given its turn; what belongs to a node (its lines, its screens, its
    folder) runs on every one.
    """

    def __init__(self, name: str, every_s: float) -> None:
        self._rounds = Rounds(name, every_s)

    @abstractmethod
    async def look(self) -> object:
        """Do what is due now. Raises: the next look comes all the same."""

    @asynccontextmanager
    async def running(self, turn: Turn = always) -> AsyncIterator[Self]:
        """Look while the block lasts, whenever it is this node's turn."""
        async with self._rounds.walked(self.look, turn):
            yield self

    def health(self) -> dict[str, object]:
        """Return how often looking failed in a row: what is not looked at goes by unnoticed."""
        return self._rounds.health()


class Handful:
    """A few tasks at once, never more; those that still run at the end are cancelled."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._tasks: set[asyncio.Task[None]] = set()

    def __len__(self) -> int:
        """Return how many run."""
        return len(self._tasks)

    @property
    def room(self) -> int:
        """How many more may begin now."""
        return max(0, self._most - len(self._tasks))

    def begin(self, work: Coroutine[Any, Any, None]) -> None:
        """Let a work run beside the others. The caller has seen to it that there is room."""
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def settled(self) -> None:
        """Wait until all that have begun are done."""
        await asyncio.gather(*self._tasks)

    @asynccontextmanager
    async def held(self) -> AsyncIterator[None]:
        """Hold them while the block lasts; then cancel what still runs."""
        try:
            yield
        finally:
            tasks = list(self._tasks)
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
