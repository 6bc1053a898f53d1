"""Each morning the leader writes down where the journal ended."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from app.background import Lookout
from app.clock import Clock
from app.db import Database
from app.journal.anchor import store
from app.journal.anchor.rules import Anchor, day_to_anchor
from app.journal.anchor.seal import Seal
from app.journal.chain import End
from app.journal.ends import store as ends

LOOK_EVERY_S = 300.0


class AnchorWatch(Lookout):
    """One anchor a day and stream: the first look after midnight writes it, however late that is."""

    def __init__(
        self, database: Database, clock: Clock, stream: str, zone: ZoneInfo, seal: Seal | None
    ) -> None:
        super().__init__("anchors", LOOK_EVERY_S)
        self._database = database
        self._clock = clock
        self._stream = stream
        self._zone = zone
        self._seal = seal

    async def look(self) -> Anchor | None:
        """Write the anchor of yesterday unless it stands; return it when it is new."""
        now = self._clock.now()
        day = day_to_anchor(now, self._zone)
        async with self._database.transaction() as tx:
            if await store.exists(tx, self._stream, day):
                return None
            end = (await ends.streams(tx)).get(self._stream, End())
            anchor = Anchor(self._stream, day, end.seq, end.hash, now, algorithm=end.algorithm)
            if self._seal is not None:
                anchor = self._seal.sign(anchor)
            return anchor if await store.put(tx, anchor) else None
