"""Reads the list of gateways' passwords every minute: what was renewed while we were away is noted too."""

from __future__ import annotations

import asyncio
from pathlib import Path

from app.background import Lookout
from app.clock import Clock
from app.db import Database
from app.devices.credentials import actions, rules, store

LOOK_EVERY_S = 60.0


class CredentialWatcher(Lookout):
    """Every node that was given the list reads it; the rows see to it that a renewal is told once."""

    def __init__(self, database: Database, clock: Clock, stream: str, listed: Path) -> None:
        super().__init__("credentials", LOOK_EVERY_S)
        self._database = database
        self._clock = clock
        self._stream = stream
        self._listed = listed

    async def look(self) -> int:
        """Note what is new; return how much that was. Raises OSError, ValueError for a list that is none."""
        written = rules.read(await asyncio.to_thread(self._listed.read_text, encoding="utf-8"))
        async with self._database.transaction() as tx:
            known = await store.known(tx, self._stream, [one.gateway for one in written])
        noted = 0
        for one in rules.news(written, known, self._clock.now()):
            async with self._database.transaction() as tx:
                noted += await actions.note(tx, self._stream, one, self._clock.now(), "list")
        return noted
