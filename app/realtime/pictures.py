"""The picture of the duty desk, taken and encoded once for all who see the same.

When thousands of screens come back they all ask for it. Who sees the same gets the same bytes: of the same
audience, and named (or not) for the same incidents. Whoever asks while pictures are taken waits for the next
ones, as with logins; a picture is good for as long as the journal stands where it stood, and for a second.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from app.db import Database, Tx
from app.desk import snapshot as desk
from app.dispatch.secrecy import store as secrecy
from app.journal import store as journal
from app.org.rules.access import Viewer
from app.realtime.audience import Audience
from app.realtime.together import Together

FRESH_S = (
    1.0  # positions are no rows of the journal: so old they may be, and a screen that joins is shown the rest
)


@dataclass(frozen=True, slots=True)
class Sight:
    """Whose picture is the same: what they may see, and the names by which that differs among them."""

    audience: Audience
    names: frozenset[str]


@dataclass(frozen=True, slots=True)
class Taken:
    """A picture at one number of the journal: the members of its JSON object, without the braces."""

    seq: int
    members: str
    at_s: float


class Pictures:
    """The pictures of one process. `built` counts those that were taken."""

    def __init__(self, database: Callable[[], Database], *, fresh_s: float = FRESH_S) -> None:
        self.built = 0
        self._database = database
        self._fresh_s = fresh_s
        self._held: dict[Sight, Taken] = {}
        self._shared = Together(self._look)

    async def of(self, viewer: Viewer) -> Taken:
        """Return what this person sees now. Raises what the database raises."""
        found = await self._shared.ask(Sight(Audience.of(viewer), frozenset(viewer.names)))
        assert found is not None
        return found

    async def _look(self, asked: list[Sight]) -> Mapping[Sight, Taken]:
        found: dict[Sight, Taken] = {}
        async with self._database().snapshot() as tx:
            for stream in {sight.audience.stream for sight in asked}:
                seq, named = await journal.head(tx, stream), await secrecy.named(tx, stream)
                for sight in asked:
                    if sight.audience.stream == stream:
                        found[sight] = await self._same(tx, Sight(sight.audience, sight.names & named), seq)
        now_s = time.monotonic()
        self._held = {sight: held for sight, held in self._held.items() if now_s - held.at_s < self._fresh_s}
        return found

    async def _same(self, tx: Tx, sight: Sight, seq: int) -> Taken:
        held = self._held.get(sight)
        if held is None or held.seq != seq or time.monotonic() - held.at_s >= self._fresh_s:
            held = self._held[sight] = await self._take(tx, sight.audience.viewer)
        return held

    async def _take(self, tx: Tx, viewer: Viewer) -> Taken:
        """Take a picture: anybody's of its sight is everybody's."""
        self.built += 1
        at_s = time.monotonic()
        seq, picture, positions = await desk.take(tx, viewer)
        went = ",".join(position.model_dump_json() for position in positions)
        return Taken(seq, f'{picture.model_dump_json()[1:-1]},"positions":[{went}]', at_s)
