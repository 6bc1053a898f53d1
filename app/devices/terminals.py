"""The driver of all JT/T 808 terminals: they call us by TCP, orders go down their lines."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from app.delivery import actions as delivery
from app.delivery import store as deliveries
from app.devices.adapters.jt808 import encode
from app.devices.driver import Driver, Probed, Rig
from app.devices.jt808_session import CHANNEL, FAMILY, Jt808Session
from app.devices.links.tcp import Jt808Server
from app.devices.metrics import SENT
from app.org.store import DeviceFact


class Terminals:
    """Holds the TCP server and sends to whoever is connected."""

    name = FAMILY

    def __init__(self, rig: Rig) -> None:
        self._rig = rig
        self._lines: dict[int, Jt808Session | None] = {}  # as they were at the last look
        self.server = Jt808Server(
            rig.settings.jt808_host,
            rig.settings.jt808_port,
            lambda write, joined: Jt808Session(rig.register, rig.pump, rig.clock, write, joined),
        )

    @asynccontextmanager
    async def running(self) -> AsyncIterator[Terminals]:
        """Listen while the block lasts."""
        async with self.server.running():
            yield self

    def health(self) -> dict[str, object]:
        """Return how many lines are open and how many terminals have proved themselves."""
        return self.server.health()

    async def send_waiting(self) -> None:
        """Send the oldest waiting text of each connected terminal that has none in flight."""
        if not (ids := self.server.device_ids()):
            return
        leaving: list[tuple[Jt808Session, bytes]] = []
        lines = {key: self.server.session(key) for key in ids}
        back = [key for key, session in lines.items() if self._lines.get(key) is not session]
        async with self._rig.database.transaction() as tx:
            now = self._rig.clock.now()
            if back:  # out of the tunnel: what was to be tried later is tried now
                await deliveries.hurry(tx, CHANNEL, back)
            for row in await deliveries.next_for_devices(tx, CHANNEL, ids, now):
                session = self.server.session(row.device_id or 0)
                if session is None or session.terminal is None:
                    continue
                body = encode.text(row.body, to=session.terminal, urgent=True)
                ref, frames = session.reserve(encode.TEXT, body)
                await delivery.submit(tx, row, ref, 1, now)
                leaving.append((session, frames))
        self._lines = lines
        for session, frames in leaving:
            session.write(frames)
            SENT.labels(CHANNEL).inc()

    async def probe(self, device: DeviceFact) -> Probed | None:
        """Terminals report by themselves; none is asked."""
        return None


def drivers(rig: Rig) -> list[Driver]:
    """Return the one driver of all terminals."""
    return [Terminals(rig)]
