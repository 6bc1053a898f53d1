"""Which units to look at first: the register and the positions of one county, kept in memory as arrays.

A cache, no truth: it is a second or a few behind and only narrows down whom the database is asked about. A
node that starts, or loses it, reads it again. While people ask, a keeper reads what changed beside them.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from importlib import import_module
from typing import Any

from app.background import Rounds
from app.db import Database, Tx
from app.dispatch.forces.rules.fitness import Needs, fitness
from app.dispatch.forces.store import equipment
from app.dispatch.recommendation.rules.nearest import (
    Nearest,
    Units,
    at_place,
    lacking_near,
    mask_of,
    nearest,
)
from app.dispatch.recommendation.rules.travel import RoadModel
from app.dispatch.recommendation.store import register

# A batch is heard first and committed later, perhaps by another node: look back further than that takes.
OVERLAP = timedelta(seconds=2)
KEPT_S = 120.0
"""So long after the last question positions are still followed: who asks again waits for nothing."""
LATE = 5
"""So many times older than fresh: the keeper is behind or dead, and the question reads for itself."""


class Nearby:
    """The units of one county by place. `fresh_s`: so long an answer may be behind.

    What a unit's equipment lets it bring is worked out when teams or equipment change, not when it is asked.
    """

    def __init__(self, stream: str, fresh_s: float = 1.0, needs: Needs | None = None) -> None:
        self._stream = stream
        self._needs = needs or {}
        self._fresh_s = fresh_s
        self._read: Units | None = None
        self._cursor = -1
        self._heard: datetime | None = None
        self._looked_at = float("-inf")
        self._asked_at = float("-inf")
        self._kept = False
        self._turn = asyncio.Lock()

    @property
    def _units(self) -> Units:
        return self._read or Units.of([])

    async def refresh(self, tx: Tx) -> None:
        """Read what changed since the last look, unless that was just now or the keeper does it."""
        self._asked_at = time.monotonic()
        await self._look(tx, self._fresh_s * (LATE if self._kept else 1))

    @asynccontextmanager
    async def running(self, database: Database) -> AsyncIterator[Nearby]:
        """Keep up with what changes while the block lasts, as long as somebody asked lately."""

        async def look() -> None:
            # It takes a while to load, which neither the start nor who asks first shall wait for.
            await asyncio.to_thread(import_module, "numpy")
            if time.monotonic() - self._asked_at < KEPT_S:
                async with database.transaction() as tx:
                    await self._look(tx, 0.0)

        self._rounds = Rounds("nearby", max(0.2, self._fresh_s))
        async with self._rounds.walked(look):
            self._kept = True
            try:
                yield self
            finally:
                self._kept = False

    def health(self) -> dict[str, object]:
        """Return how often looking failed in a row."""
        return self._rounds.health()

    async def _look(self, tx: Tx, fresh_s: float) -> None:
        if time.monotonic() - self._looked_at < fresh_s:
            return
        async with self._turn:
            if time.monotonic() - self._looked_at < fresh_s:
                return  # another request looked while this one waited
            head, changed = await register.changed_after(tx, self._stream, self._cursor)
            if changed or self._cursor < 0:
                rows = [tuple(row) for row in await register.teams(tx, self._stream)]
                lacking = await self._lacking(tx, rows)
                self._read = Units.of([row[:6] for row in rows], lacking, [row[6] for row in rows])
                self._heard = None
            self._cursor = head
            await self._move(tx)
            self._looked_at = time.monotonic()

    async def _lacking(self, tx: Tx, rows: Sequence[Any]) -> dict[int, Iterable[str]]:
        kept = await equipment.by_team(tx, self._stream)
        return {row[0]: fitness(row[3], kept[row[0]], self._needs).lacking for row in rows if row[0] in kept}

    async def _move(self, tx: Tx) -> None:
        since = None if self._heard is None else self._heard - OVERLAP
        heard = await register.positions(tx, self._stream, since)
        if heard.head is not None:
            self._units.move(heard.ids, heard.lon, heard.lat)
            self._heard = heard.head

    def at_place(self, place9: str, wanted: Iterable[str], most: int) -> list[int]:
        """Return units at home in a 9-digit place with one of the capabilities, at most so many."""
        return at_place(self._units, place9, mask_of(wanted), most)

    def lacking(self, lon: float, lat: float, wanted: Iterable[str], scope: str, count: int) -> list[int]:
        """Return the nearest units of a scope that hold one of the capabilities without ready equipment."""
        return lacking_near(self._units, lon, lat, mask_of(wanted), scope, count)

    def nearest(
        self,
        lon: float,
        lat: float,
        wanted: Iterable[str],
        scope: str,
        count: int,
        roads: RoadModel,
        *,
        night: bool,
    ) -> Nearest:
        """Return the units of a scope with one of the capabilities that could be there first."""

        def turnout_s(kind: str) -> float:
            return roads.turnout_s(kind, night=night)

        mask, fastest = mask_of(wanted), roads.best_factor
        return nearest(self._units, lon, lat, mask, scope, count, fastest, turnout_s)
