"""Writes down whose screens are open: a few statements a second, however many come and go at once."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from app.background import Lookout, Turn, always
from app.clock import Clock
from app.db import Database
from app.org.rules.access import Viewer
from app.org.screen_times import store
from app.realtime.feed import Feed
from app.realtime.pace import DATABASE_TROUBLE

LOOK_EVERY_S = 1.0
SEEN_EVERY_S = 30.0
KEPT_FOR = timedelta(days=400)
FORGET_EVERY_S = 86_400.0
MOST_HELD = 200_000  # while the database is away


class Attendance(Lookout):
    """The screens of this process. What is not written yet is held until the database is back."""

    def __init__(self, database: Database, feed: Feed, clock: Clock) -> None:
        super().__init__("screen_times", LOOK_EVERY_S)
        self._database = database
        self._feed = feed
        self._clock = clock
        self._here: set[UUID] = set()
        self._came: dict[UUID, tuple[int, datetime, int]] = {}
        self._left: dict[UUID, tuple[datetime, int]] = {}
        self._seen_at_s = time.monotonic()
        self._forgot_at_s = float("-inf")

    def came(self, viewer: Viewer) -> UUID:
        """Note a screen that takes part and has all that was passed on; return what to call it."""
        key = uuid4()
        self._here.add(key)
        if len(self._came) < MOST_HELD:
            self._came[key] = (viewer.account_id, self._clock.now(), self._feed.cursor)
        return key

    def left(self, key: UUID) -> None:
        """Note that a screen has left."""
        self._here.discard(key)
        if len(self._left) < MOST_HELD:
            self._left[key] = (self._clock.now(), self._feed.cursor)

    @asynccontextmanager
    async def running(self, turn: Turn = always) -> AsyncIterator[Attendance]:
        """Write while the block lasts, and once more at its end."""
        try:
            async with super().running(turn):
                yield self
        finally:
            with suppress(*DATABASE_TROUBLE):
                await self.look()

    async def look(self) -> None:
        """Write down who came, who left and, now and then, who is still here."""
        came, left = dict(self._came), dict(self._left)
        seen = [key for key in self._here if key not in came] if self._is_due() else []
        if came or left or seen:
            await self._write(came, left, seen)
        if time.monotonic() - self._forgot_at_s > FORGET_EVERY_S:
            async with self._database.transaction() as tx:
                await store.forget(tx, self._feed.stream, self._clock.now() - KEPT_FOR)
            self._forgot_at_s = time.monotonic()

    async def _write(
        self,
        came: Mapping[UUID, tuple[int, datetime, int]],
        left: Mapping[UUID, tuple[datetime, int]],
        seen: Sequence[UUID],
    ) -> None:
        async with self._database.transaction() as tx:
            if came:
                await store.note_opened(tx, self._feed.stream, [(key, *told) for key, told in came.items()])
            if seen:
                await store.note_seen(tx, seen, self._clock.now(), self._feed.cursor)
            if left:
                await store.note_closed(tx, [(key, *told) for key, told in left.items()])
        for key in came:
            del self._came[key]
        for key in left:
            del self._left[key]
        if seen:
            self._seen_at_s = time.monotonic()

    def health(self) -> dict[str, object]:
        """Return how often writing failed in a row, and how much waits to be written."""
        return self._rounds.health(waiting=len(self._came) + len(self._left))

    def _is_due(self) -> bool:
        return time.monotonic() - self._seen_at_s > SEEN_EVERY_S
