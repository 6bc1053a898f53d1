"""Looks at the running rounds every few seconds: who is tried next, who stayed silent, who owes feedback."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from app.background import Lookout
from app.clock import Clock
from app.db import Database
from app.response.call_and_respond.actions import clock as by_clock

LOOK_EVERY_S = 5.0


class Callouts(Lookout):
    """The leader looks; the rows see to it that everything is tried, told and asked once."""

    def __init__(self, database: Database, clock: Clock, stream: str, zone: ZoneInfo) -> None:
        super().__init__("call_and_respond", LOOK_EVERY_S)
        self._database = database
        self._clock = clock
        self._stream = stream
        self._zone = zone

    async def look(self) -> int:
        """Do what is due; return at how many targets something was done."""
        async with self._database.transaction() as tx:
            return await by_clock.look(tx, self._stream, self._clock.now(), self._zone)
