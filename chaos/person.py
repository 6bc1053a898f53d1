"""A person who commands through whichever node answers, each command under one key until it is settled."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import httpx

from chaos.county import PASSWORD
from chaos.line import Line
from chaos.transcript import Transcript

PATIENCE_S = 180.0
ANSWER_S = 8.0
_LATER = frozenset({408, 429, 500, 502, 503, 504})


@dataclass
class Watch:
    """When the clients have to come to an end, and what servers answered in trouble."""

    over: asyncio.Event = field(default_factory=asyncio.Event)
    statuses: dict[int, int] = field(default_factory=dict)
    unreachable: int = 0


@dataclass
class Person:
    """One account with its line to every node."""

    username: str
    lines: Sequence[Line]
    notes: Transcript
    watch: Watch
    draw: random.Random
    cookie: str = ""
    at: int = 0
    sent: int = 0

    @property
    def address(self) -> str:
        """The node that is asked now."""
        return f"http://127.0.0.1:{self.lines[self.at % len(self.lines)].port}"

    async def log_in(self) -> None:
        """Log in, wherever that works; the cookie is good at every node."""
        async with asyncio.timeout(PATIENCE_S):
            while not self.cookie:
                told = {"username": self.username, "password": PASSWORD}
                answer = await self._once("POST", "/api/login", told, {})
                if answer is not None and answer.status_code < 400:
                    self.cookie = answer.cookies["zhishou_session"]
                    return
                await self._elsewhere()

    async def ask(self, path: str) -> Any:
        """Return what a GET answers, None when nobody answered it well."""
        for _ in range(12):
            answer = await self._once("GET", path, None, {})
            if answer is not None and answer.status_code == 200:
                return answer.json()
            if answer is not None and answer.status_code not in _LATER:
                return None
            await self._elsewhere()
        return None

    def key(self) -> str:
        """Return a new key, unlike any other of the run: it travels as a word in the command too."""
        self.sent += 1
        return f"{self.notes.who}-{self.sent:05d}"

    async def command(
        self, kind: str, path: str, told: dict[str, Any], key: str, method: str = "POST", **about: Any
    ) -> dict[str, Any] | None:
        """Command until a node says yes or no; note what was said. None for no and for nobody knows."""
        tries = 0
        until = asyncio.get_running_loop().time() + PATIENCE_S
        while True:
            tries += 1
            answer = await self._once(method, path, told, {"Idempotency-Key": key})
            if answer is not None and answer.status_code not in _LATER:
                return self._settled(kind, key, tries, answer, about)
            if asyncio.get_running_loop().time() > until:
                self.notes.note("command", kind=kind, key=key, outcome="unknown", tries=tries, **about)
                return None
            await self._elsewhere()

    def _settled(
        self, kind: str, key: str, tries: int, answer: httpx.Response, about: dict[str, Any]
    ) -> dict[str, Any] | None:
        body = answer.json() if answer.content else {}
        well = answer.status_code < 300
        what = {"id": body.get("id")} if well else {"code": body.get("code")}
        self.notes.note(
            "command",
            kind=kind,
            key=key,
            outcome="acknowledged" if well else "refused",
            status=answer.status_code,
            tries=tries,
            **what,
            **about,
        )
        return body if well else None

    async def _once(
        self, method: str, path: str, told: dict[str, Any] | None, headers: dict[str, str]
    ) -> httpx.Response | None:
        cookies = {"zhishou_session": self.cookie} if self.cookie else {}
        try:
            async with httpx.AsyncClient(base_url=self.address, timeout=ANSWER_S, cookies=cookies) as client:
                answer = await client.request(method, path, json=told, headers=headers)
        except httpx.TransportError:
            self.watch.unreachable += 1
            return None
        self.watch.statuses[answer.status_code] = self.watch.statuses.get(answer.status_code, 0) + 1
        return answer

    async def _elsewhere(self) -> None:
        self.at += 1
        await asyncio.sleep(self.draw.uniform(0.05, 0.4))
