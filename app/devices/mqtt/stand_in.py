"""Hear what the broker gave to a node that is not there.

A shared subscription gives each event to one node; what it gave to a node that was killed, paused or taken
away would wait in that node's session until it is back. So every node notes every two seconds that it serves
its session, and another connects in the name of one that was silent for ten: the broker hands over what was
never acknowledged, and what it chooses that session for from then on. A node that wakes up takes its session
back, and the stand-in leaves it at its next look; what both heard counts once.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager

import structlog

from app.background import Rounds
from app.db import Database
from app.devices.mqtt import store
from app.devices.mqtt.link import MqttLink

log = structlog.get_logger()
LOOK_EVERY_S = 2.0
SILENT_S = 10.0


class StandIns:
    """The sessions that this node hears for others. `open_link` makes a link in another node's name."""

    def __init__(
        self, database: Database, stream: str, client_id: str, open_link: Callable[[str], MqttLink]
    ) -> None:
        self._database = database
        self._stream = stream
        self._client_id = client_id
        self._open_link = open_link
        self._links: dict[str, AsyncExitStack] = {}
        self._rounds = Rounds("mqtt_stand_ins", LOOK_EVERY_S)

    @property
    def heard_for(self) -> list[str]:
        """The nodes this one stands in for."""
        return sorted(self._links)

    @asynccontextmanager
    async def running(self) -> AsyncIterator[StandIns]:
        """Serve the own session and those of silent nodes while the block lasts; then leave them."""
        try:
            async with self._rounds.walked(self.look):
                yield self
        finally:
            for name in self.heard_for:
                await self._leave(name)
            async with self._database.transaction() as tx:
                await store.be_gone(tx, self._stream, self._client_id)

    async def look(self) -> None:
        """Note that this node is here, and hear for those that are not."""
        async with self._database.transaction() as tx:
            await store.be_here(tx, self._stream, self._client_id)
        async with self._database.transaction() as tx:
            silent = await store.orphans(tx, self._stream, self._client_id, SILENT_S)
        for name in self.heard_for:
            if name not in silent:
                await self._leave(name)
        for name in silent:
            if name not in self._links:
                await self._take(name)

    async def _take(self, name: str) -> None:
        log.warning("mqtt_stands_in", node=name)
        stack = AsyncExitStack()
        await stack.enter_async_context(self._open_link(name).running())
        self._links[name] = stack

    async def _leave(self, name: str) -> None:
        log.info("mqtt_stands_back", node=name)
        await self._links.pop(name).aclose()
