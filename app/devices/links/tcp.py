"""The TCP server for JT/T 808 terminals: bounded in connections, bytes, time and garbage."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import structlog

from app.background import alongside
from app.devices.adapters.jt808 import ADAPTER
from app.devices.jt808.session import Jt808Session
from app.devices.links.terminal_link import TerminalLink
from app.devices.metrics import LINK_ENDS, LINKS

log = structlog.get_logger()
FAMILY = ADAPTER.family
LOOK_EVERY_S = 1.0
LOOKED_AT_ONCE = 500  # links looked at before others get their turn
BACKLOG = 4096

NewSession = Callable[[Callable[[bytes], None], Callable[[Jt808Session], None]], Jt808Session]


class Jt808Server:
    """Listens for terminals; knows which device is on which connection."""

    def __init__(self, host: str, port: int, new_session: NewSession, max_links: int) -> None:
        self.host, self.port = host, port
        self.max_links = max_links
        self._new_session = new_session
        self._links: set[TerminalLink] = set()
        self._by_device: dict[int, TerminalLink] = {}

    @asynccontextmanager
    async def running(self) -> AsyncIterator[Jt808Server]:
        """Listen while the block lasts; then close every connection."""
        loop = asyncio.get_running_loop()
        server = await loop.create_server(lambda: TerminalLink(self), self.host, self.port, backlog=BACKLOG)
        self.port = server.sockets[0].getsockname()[1]
        try:
            async with alongside(self._look_after()):
                yield self
        finally:
            server.close()
            links = list(self._links)
            await asyncio.gather(*(link.stop() for link in links))
            await server.wait_closed()

    def device_ids(self) -> list[int]:
        """Return the devices that are connected and have proved who they are."""
        return list(self._by_device)

    def session(self, device_id: int) -> Jt808Session | None:
        """Return the live session of a device, or None."""
        link = self._by_device.get(device_id)
        return link.session if link else None

    def cut(self, device_id: int, reason: str) -> None:
        """End the line of a device that may no longer speak."""
        if link := self._by_device.pop(device_id, None):
            link.close(reason)

    def health(self) -> dict[str, object]:
        """Return how many lines are open and how many terminals have proved themselves."""
        full = len(self._links) >= self.max_links
        return {
            "ok": not full,
            "port": self.port,
            "links": len(self._links),
            "terminals": len(self._by_device),
            "trouble": "too_many_links" if full else "",
        }

    def opened(self, link: TerminalLink) -> Jt808Session | None:
        """Take a new connection in; None when there are too many already."""
        if len(self._links) >= self.max_links:
            LINK_ENDS.labels(FAMILY, "too_many").inc()
            return None
        self._links.add(link)
        LINKS.labels(FAMILY).inc()
        return self._new_session(link.write, lambda session: self._joined(session, link))

    def closed(self, link: TerminalLink, reason: str) -> None:
        """Let a connection go that was taken in."""
        self._links.discard(link)
        LINKS.labels(FAMILY).dec()
        LINK_ENDS.labels(FAMILY, reason).inc()
        device = link.session.device if link.session else None
        if device and self._by_device.get(device.id) is link:
            del self._by_device[device.id]

    def _joined(self, session: Jt808Session, link: TerminalLink) -> None:
        """Let a new connection of the same terminal take the place of the old one."""
        assert session.device is not None
        old = self._by_device.get(session.device.id)
        self._by_device[session.device.id] = link
        if old is not None and old is not link:
            old.close("superseded")

    async def _look_after(self) -> None:
        """Look at every link once a second: who is silent, half, unknown or waited for in vain."""
        while True:
            await asyncio.sleep(LOOK_EVERY_S)
            for number, link in enumerate(list(self._links), 1):
                link.look()
                if number % LOOKED_AT_ONCE == 0:
                    await asyncio.sleep(0)
