"""Whoever holds the channel sends: waiting rows leave after their commit, silence is dealt with."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

import structlog

from app.background import alongside
from app.clock import Clock
from app.db import Database
from app.delivery import actions as delivery
from app.delivery import store as deliveries
from app.devices.adapters.jt808 import encode
from app.devices.beidou import BeidouMachine
from app.devices.jt808_session import CHANNEL as JT808
from app.devices.jt808_session import Jt808Session
from app.devices.links.serial import LinkLost
from app.devices.links.tcp import Jt808Server
from app.devices.metrics import SENT

log = structlog.get_logger()
LOOK_EVERY_S = 0.5


class Sender:
    """Looks twice a second for messages that this process can carry."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        terminals: Jt808Server | None,
        machines: Sequence[BeidouMachine],
    ) -> None:
        self._database = database
        self._clock = clock
        self._terminals = terminals
        self._machines = machines
        self._lines: dict[int, Jt808Session | None] = {}  # as they were at the last look
        self.failures = 0

    @asynccontextmanager
    async def running(self) -> AsyncIterator[Sender]:
        """Send while the block lasts."""
        async with alongside(self._run()):
            yield self

    async def look(self) -> None:
        """Send what can be sent now and deal with what got no answer."""
        async with self._database.transaction() as tx:
            await delivery.give_up_waiting(tx, self._clock.now())
        await self._to_terminals()
        for machine in self._machines:
            await self._let_send(machine)

    async def _let_send(self, machine: BeidouMachine) -> None:
        try:
            await machine.send_next()
        except LinkLost:
            pass  # the message stays "submitted" and is tried again after 15 s
        except Exception as error:  # one machine's trouble is not another's
            log.error("machine_cannot_send", url=machine.link.url, error=repr(error), exc_info=error)

    def health(self) -> dict[str, object]:
        """Return how often looking failed in a row."""
        return {"ok": self.failures < 5, "failures": self.failures}

    async def _to_terminals(self) -> None:
        if self._terminals is None or not (ids := self._terminals.device_ids()):
            return
        leaving: list[tuple[Jt808Session, bytes]] = []
        lines = {key: self._terminals.session(key) for key in ids}
        back = [key for key, session in lines.items() if self._lines.get(key) is not session]
        async with self._database.transaction() as tx:
            now = self._clock.now()
            if back:  # out of the tunnel: what was to be tried later is tried now
                await deliveries.hurry(tx, JT808, back)
            for row in await deliveries.next_for_devices(tx, JT808, ids, now):
                session = self._terminals.session(row.device_id or 0)
                if session is None or session.terminal is None:
                    continue
                body = encode.text(row.body, to=session.terminal, urgent=True)
                ref, frames = session.reserve(encode.TEXT, body)
                await delivery.submit(tx, row, ref, 1, now)
                leaving.append((session, frames))
        self._lines = lines
        for session, frames in leaving:
            session.write(frames)
            SENT.labels(JT808).inc()

    async def _run(self) -> None:
        while True:
            try:
                await self.look()
                self.failures = 0
            except Exception as error:  # noqa: BLE001  the database may be away; the rows are not
                self.failures += 1
                log.error("sender_failed", error=repr(error))
            await asyncio.sleep(LOOK_EVERY_S)
