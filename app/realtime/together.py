"""One read of the database for all who ask at the same time: a storm of screens costs a few statements.

Nobody is answered with what was read before he asked: whoever comes while a read is under way waits for the
next one. So the answer is as fresh as if each had asked alone.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Generic, TypeVar

K = TypeVar("K")
V = TypeVar("V")
AT_ONCE = 250  # keys a read: so that no read holds up the loop for long


class Together(Generic[K, V]):
    """Gathers keys while a read runs and reads them together; a key that is not found is None."""

    def __init__(self, read: Callable[[list[K]], Awaitable[Mapping[K, V]]]) -> None:
        self.reads = 0
        self._read = read
        self._reading = asyncio.Lock()
        self._gathering: _Batch[K, V] | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    async def ask(self, key: K) -> V | None:
        """Return what is found for the key. Raises what the read raises."""
        batch = self._gathering
        if batch is None or len(batch.keys) >= AT_ONCE:
            batch = self._gathering = _Batch()
            task = asyncio.create_task(self._answer(batch))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        batch.keys[key] = None
        return (await asyncio.shield(batch.found)).get(key)

    async def _answer(self, batch: _Batch[K, V]) -> None:
        async with self._reading:
            if self._gathering is batch:
                self._gathering = None
            self.reads += 1
            try:
                batch.found.set_result(await self._read(list(batch.keys)))
            except Exception as error:  # noqa: BLE001  each who asked raises it
                batch.found.set_exception(error)
                batch.found.exception()  # whoever asked may have left


class _Batch(Generic[K, V]):
    def __init__(self) -> None:
        self.keys: dict[K, None] = {}
        self.found: asyncio.Future[Mapping[K, V]] = asyncio.get_running_loop().create_future()
