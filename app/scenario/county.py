"""One county in this process: the application, its set clock, who logs in, watchers that look when told."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
from fastapi import FastAPI

from app.api.house import House
from app.background import Lookout
from app.clock import SetClock
from app.config import Settings
from app.dark import dark_lookouts
from app.db import Database
from app.main import create_app, open_screens
from app.org.accounts import who_is
from app.org.rules.access import Viewer
from app.scenario.devices import Devices
from app.scenario.platform import Platform
from app.scenario.screens import OpenScreen, free_port, served
from app.scenario.terms import BadScript, CannotFind, Script
from app.stage.seed import DEMO_PASSWORD, STREAM
from app.watchers import lookouts

ADDRESS = ("10.0.0.9", 5555)
MINUTE = timedelta(minutes=1)


class County:
    """The house at work. `present` are the accounts whose screens are open."""

    def __init__(self, url: str, folder: Path, script: Script) -> None:
        self.clock = SetClock(script.begins)
        self._url, self._folder, self._script = url, folder, script
        self._stack = AsyncExitStack()
        self._cookies: dict[str, str] = {}
        self._watchers: list[Lookout] = []
        self.present: list[Viewer] = []
        self.devices: Devices | None = None
        self.platform: Platform | None = None
        self.pages: dict[str, OpenScreen] = {}
        self._port = free_port() if script.with_pages else 0
        self.app: FastAPI
        self.client: httpx.AsyncClient

    @asynccontextmanager
    async def at_work(self) -> AsyncIterator[County]:
        """Serve while the block lasts."""
        try:
            await self._start()
            yield self
        finally:
            for page in self.pages.values():
                await page.close()
            await self._stack.aclose()

    async def open_screen(self, who: str) -> None:
        """Open somebody's page: it stays, and comes back when the service was away. Raises CannotFind."""
        if not self._port:
            raise CannotFind("剧本须写 pages: true", "the script must say pages: true")
        await self.viewer(who)
        self.pages[who] = OpenScreen(self._port, self._cookies[who])

    async def restart(self, at: datetime) -> None:
        """End the service, let time pass in which nobody looks, and start it anew on the same rows."""
        await self._stack.aclose()
        self.clock.advance(max(at - self.now, timedelta()))
        await self._start()
        await self.look()

    @property
    def house(self) -> House:
        """What the process consists of."""
        house: House = self.app.state.house
        return house

    @property
    def url(self) -> str:
        """The URL of its database."""
        return self._url

    @property
    def folder(self) -> Path:
        """Its folder of data."""
        return self._folder

    @property
    def now(self) -> datetime:
        """What its clock shows."""
        return self.clock.now()

    async def go(self, to: datetime, every: timedelta = MINUTE) -> None:
        """Let the clock show this instant; whoever watches looks every so often until then, and at it."""
        while self.now < to:
            self.clock.advance(min(every, to - self.now))
            await self.look()

    async def look(self) -> None:
        """Let whoever watches look once."""
        for watcher in self._watchers:
            await watcher.look()

    async def ask(
        self,
        who: str | None,
        method: str,
        path: str,
        *,
        headers: Mapping[str, str] | None = None,
        **sent: Any,
    ) -> httpx.Response:
        """Send one request as somebody, who logs in when his session is none or over; or as a stranger."""
        heads = dict(headers or {})
        if who is None:
            return await self.client.request(method, path, headers=heads, **sent)
        for _ in range(2):
            if who not in self._cookies:
                await self._log_in(who)
            heads["Cookie"] = self._cookies[who]
            answer = await self.client.request(method, path, headers=heads, **sent)
            if answer.status_code != httpx.codes.UNAUTHORIZED:
                return answer
            del self._cookies[who]
        return answer

    async def viewer(self, who: str) -> Viewer:
        """Return who somebody is to the house, logged in. Raises CannotFind."""
        await self.ask(who, "GET", "/api/me")
        async with self.house.database.glance() as tx:
            found = await who_is(tx, self._cookies[who].partition("=")[2], self.now)
        if found is None:
            raise CannotFind(f"{who} 没有登录", f"{who} is not logged in")
        return found

    async def _log_in(self, who: str) -> None:
        told = {"username": who, "password": DEMO_PASSWORD}
        answer = await self.client.post("/api/login", json=told)
        if answer.status_code != httpx.codes.OK:
            raise CannotFind(f"账号 {who} 不能登录:{answer.text}", f"{who} cannot log in: {answer.text}")
        self._cookies[who] = answer.headers["set-cookie"].split(";")[0]
        self.client.cookies.clear()

    async def _start(self) -> None:
        self._stack = AsyncExitStack()
        stack = self._stack
        if self._script.with_platform:
            self.platform = await stack.enter_async_context(Platform(self.clock, self._folder).serving())
        if self._script.with_devices:
            self.devices = await stack.enter_async_context(Devices(self.clock).switched_on())
        settings = self._settings()
        self.app = create_app(settings, self.clock)
        database = Database(self._url)
        stack.push_async_callback(database.close)
        self.house.database = database
        self.house.attend(database)
        transport = httpx.ASGITransport(self.app, raise_app_exceptions=False, client=ADDRESS)
        self.client = await stack.enter_async_context(
            httpx.AsyncClient(transport=transport, base_url="http://desk.scenario", timeout=60)
        )
        found = {
            **lookouts(self.house, database).every(),
            **dark_lookouts(self.house, database, self._at_screens),
        }
        self._watchers = self._named(found)
        self.house.parts.update({name: one for name, one in found.items() if one in self._watchers})
        if self._port:
            await open_screens(stack, self.app, database)
            await stack.enter_async_context(served(self.app, self._port))
        if self.devices is not None:
            await stack.enter_async_context(self.devices.connected(self.house, database))
            self._watchers += self.devices.lookouts
        if self.platform is not None:
            await stack.enter_async_context(self.platform.joined(self.app, found))

    def _named(self, found: Mapping[str, Lookout]) -> list[Lookout]:
        """Return the watchers that look: those the script names, or all but one that prints."""
        if unknown := set(self._script.watchers) - set(found):
            names = "、".join(sorted(found))
            raise BadScript(
                self._script.file,
                1,
                f"没有值守时钟{'、'.join(sorted(unknown))},可用:{names}",
                f"no such watchers: {', '.join(sorted(unknown))}; use {names}",
            )
        wanted = self._script.watchers or [name for name in found if name not in _NOT_HERE]
        return [found[name] for name in wanted]

    def _settings(self) -> Settings:
        """Return settings for this database, whatever the environment says."""
        told = {
            "database_url": self._url,
            "data": self._folder,
            "stream": STREAM,
            "jt808_port": 0,
            "nearby_fresh_s": 0.0,
            **(self.devices.settings() if self.devices else {}),
            **(self.platform.settings() if self.platform else {}),
            **self._script.settings,
        }
        return Settings(_env_file=None, _env_prefix="ZHISHOU_SCENARIO_", **told)

    def _at_screens(self) -> Iterable[Viewer]:
        return self.present


_NOT_HERE = frozenset({"paper_sheet"})
"""Prints into a node's own folder, a second of a core each hour; its door prints on demand."""
