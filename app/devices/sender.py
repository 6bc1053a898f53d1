"""Whoever holds the channel sends: waiting rows leave after their commit, silence is dealt with."""

from __future__ import annotations

from collections.abc import Sequence

import structlog

from app.background import Lookout
from app.clock import Clock
from app.db import Database
from app.delivery import actions as delivery
from app.devices.driver import Driver
from app.devices.links.serial import LinkLost

log = structlog.get_logger()
LOOK_EVERY_S = 0.5


class Sender(Lookout):
    """Looks twice a second for messages that this process can carry."""

    def __init__(self, database: Database, clock: Clock, drivers: Sequence[Driver]) -> None:
        super().__init__("sender", LOOK_EVERY_S)
        self._database = database
        self._clock = clock
        self._drivers = drivers

    async def look(self) -> None:
        """Send what can be sent now and deal with what got no answer."""
        async with self._database.transaction() as tx:
            await delivery.give_up_waiting(tx, self._clock.now())
        for driver in self._drivers:
            await self._let_send(driver)

    async def _let_send(self, driver: Driver) -> None:
        try:
            await driver.send_waiting()
        except LinkLost:
            pass  # the message stays "submitted" and is tried again after 15 s
        except Exception as error:  # one driver's trouble is not another's
            log.error("driver_cannot_send", driver=driver.name, error=repr(error), exc_info=error)
