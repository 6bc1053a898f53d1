"""The telemetry lane: once a second the positions that changed, one shared frame per audience.

Nothing is kept for anybody: what a screen misses is healed by the device's next position or by the
snapshot.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from datetime import datetime, timedelta

from app import tracing
from app.background import alongside
from app.clock import Clock
from app.db import Database
from app.realtime.audience import Audience, position_visible
from app.realtime.frames import frame
from app.realtime.hub import Hub, Screen
from app.realtime.metrics import POSITION_PUSHED, seconds_since
from app.realtime.pace import steadily
from app.tracking import store
from app.tracking.facts import PositionFact

# A batch is heard first and committed later, perhaps by another node: look back further than that takes.
OVERLAP = timedelta(seconds=2)
# About 50 KB: so that one message never fills a write buffer by itself.
_POSITIONS_A_FRAME = 250
# A screen loads its snapshot first and joins later: what was shown to the others in between, it gets late.
NEWCOMERS_OVERLAP = timedelta(seconds=60)

Encoded = Sequence[tuple[PositionFact, str]]


class Telemetry:
    """Reads what was heard since the last look and shows it to the hub's audiences."""

    def __init__(self, hub: Hub, database: Database, clock: Clock) -> None:
        self._hub = hub
        self._database = database
        self._clock = clock
        self._looked_at: datetime | None = None
        self._shown: dict[int, datetime] = {}  # device → heard_at, as far back as we look

    @asynccontextmanager
    async def running(self) -> AsyncIterator[Telemetry]:
        """Look once a second while the block lasts."""
        async with alongside(steadily(self.look, self._hub.pace.positions_s, self._hub.pace)):
            yield self

    async def look(self) -> int:
        """Show the positions that changed; return how many. Without a listener nothing is read."""
        if not self._hub.audiences():
            self._looked_at = None
            return 0
        now = self._clock.now()
        newcomers = self._hub.take_newcomers()
        looked_at = min(self._looked_at or now, now)  # the clock may have been set back
        since = looked_at - (NEWCOMERS_OVERLAP if newcomers else OVERLAP)
        async with self._database.transaction() as tx:
            heard = await store.heard_since(tx, self._hub.feed.stream, since)
        self._looked_at = now
        changed: list[tuple[PositionFact, str]] = []
        known: list[tuple[PositionFact, str]] = []
        for fact in heard:
            text = fact.model_dump_json()  # once, for every audience
            (known if self._shown.get(fact.device_id) == fact.heard_at else changed).append((fact, text))
        self._shown.update((fact.device_id, fact.heard_at) for fact in heard)
        oldest = now - OVERLAP - NEWCOMERS_OVERLAP
        self._shown = {device: at for device, at in self._shown.items() if at > oldest}
        with tracing.pushed([tracing.POSITIONS] if changed else [], positions=len(changed)):
            for audience in self._hub.audiences():
                self._show(audience, changed, now)
        if changed:
            oldest_heard = min(fact.heard_at for fact, _ in changed)
            POSITION_PUSHED.observe(seconds_since(oldest_heard, self._clock.now()))
        for audience, screens in newcomers.items():
            self._show(audience, known, now, screens)
        return len(changed)

    def _show(
        self, audience: Audience, positions: Encoded, now: datetime, only: Sequence[Screen] | None = None
    ) -> None:
        seen = [text for fact, text in positions if position_visible(audience, fact)]
        for message in _messages(seen, now):
            self._hub.show(audience, frame(message), only)


def _messages(positions: Sequence[str], now: datetime) -> Iterator[str]:
    """Yield `Positions` messages around positions that are JSON already."""
    at = now.isoformat().replace("+00:00", "Z")
    for start in range(0, len(positions), _POSITIONS_A_FRAME):
        some = ",".join(positions[start : start + _POSITIONS_A_FRAME])
        yield f'{{"type":"positions","at":"{at}","positions":[{some}]}}'
