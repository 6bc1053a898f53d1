"""Looks over all devices four times a minute; what it finds is told once, whichever node sees it first."""

from __future__ import annotations

import structlog

from app.background import Lookout
from app.clock import Clock
from app.db import Database
from app.devices.drones.rules import DroneLimits
from app.devices.watch import actions, repairs, store
from app.devices.watch.judgement import DRONE_LIMITS, findings

log = structlog.get_logger()
LOOK_EVERY_S = 15.0


class Watcher(Lookout):
    """The leader looks; the rows see to it that a trouble is told once."""

    def __init__(
        self, database: Database, clock: Clock, stream: str, drones: DroneLimits = DRONE_LIMITS
    ) -> None:
        super().__init__("watcher", LOOK_EVERY_S)
        self._database = database
        self._clock = clock
        self._stream = stream
        self._drones = drones

    async def look(self) -> int:
        """Tell what began and what is over; return how much that was. One failure spoils no other."""
        async with self._database.transaction() as tx:
            devices = await store.watched(tx, self._stream)
        told = 0
        for device in devices:
            for finding in findings(device, self._clock.now(), self._drones):
                try:
                    async with self._database.transaction() as tx:
                        told += await actions.tell(tx, self._stream, finding, self._clock.now())
                except Exception as error:
                    log.error("trouble_not_told", device=finding.device_id, kind=finding.kind, exc_info=error)
        async with self._database.transaction() as tx:
            told += await repairs.of_silent(tx, self._stream, self._clock.now())
        return told
