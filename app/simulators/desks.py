"""Township desks whose consoles stay open: an open screen tells the centre that a township is there."""

from __future__ import annotations

import asyncio

import httpx
import structlog
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import WebSocketException

log = structlog.get_logger()
AGAIN_S = 2.0


class TownshipDesk:
    """One desk: logs in, looks, and comes back when the service was away."""

    def __init__(self, address: str, username: str, password: str) -> None:
        self._address = address
        self._username = username
        self._password = password

    async def run(self, lost_after_s: float | None = None) -> None:
        """Look until cancelled; with `lost_after_s` its line goes dead then, without a farewell."""
        try:
            async with asyncio.timeout(lost_after_s):
                while True:
                    try:
                        await self._look()
                    except (OSError, httpx.HTTPError, WebSocketException) as error:
                        log.info("simulated_desk_waits", desk=self._username, reason=type(error).__name__)
                        await asyncio.sleep(AGAIN_S)
        except TimeoutError:
            log.info("simulated_desk_lost", desk=self._username)

    async def _look(self) -> None:
        async with httpx.AsyncClient(base_url=self._address, timeout=20) as client:
            told = {"username": self._username, "password": self._password}
            (await client.post("/api/login", json=told)).raise_for_status()
            cookie = "; ".join(f"{name}={value}" for name, value in client.cookies.items())
        address = f"ws{self._address.removeprefix('http')}/ws"
        # Nothing that is pushed is kept: a desk of the demo only has to be there.
        line = await connect(address, additional_headers={"Cookie": cookie}, max_size=None, close_timeout=0)
        try:
            await _read(line)
        finally:
            line.transport.abort()


async def _read(line: ClientConnection) -> None:
    async for _ in line:
        pass


async def run_desks(address: str, usernames: tuple[str, ...], password: str, lost_after_s: float) -> None:
    """Keep the desks open until cancelled; the last one's line goes dead after `lost_after_s`."""
    async with asyncio.TaskGroup() as desks:
        for username in usernames[:-1]:
            desks.create_task(TownshipDesk(address, username, password).run())
        desks.create_task(TownshipDesk(address, usernames[-1], password).run(lost_after_s))
