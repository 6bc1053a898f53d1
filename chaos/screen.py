"""A screen that watches through whichever node answers and resumes behind the last it was told."""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import WebSocketException

from chaos.person import Person

SILENT_S = 9.0  # the heart beats every five seconds
Heard = Callable[[dict[str, Any]], None]


class Screen:
    """One WebSocket after the other. `after` is the last number it knows, None before the first greeting."""

    def __init__(self, person: Person, on_event: Heard | None = None) -> None:
        self.person = person
        self.after: int | None = None
        self.visits = 0
        self._on_event = on_event

    async def watch(self) -> None:
        """Watch for ever."""
        await self.person.log_in()
        while True:
            with suppress(OSError, WebSocketException, TimeoutError):
                await self._visit()
            self.person.at += 1
            await asyncio.sleep(self.person.draw.uniform(0.05, 0.5))

    async def _visit(self) -> None:
        address = self.person.address.replace("http", "ws") + "/ws"
        if self.after is not None:
            address += f"?after={self.after}"
        headers = {"Cookie": f"zhishou_session={self.person.cookie}"}
        async with connect(
            address, additional_headers=headers, proxy=None, open_timeout=6, close_timeout=0.2, max_size=None
        ) as line:
            self.visits += 1
            while True:
                async with asyncio.timeout(SILENT_S):
                    self._hear(await _text(line))

    def _hear(self, text: str) -> None:
        told = json.loads(text)
        kind = told["type"]
        note = self.person.notes.note
        if "." in kind:
            digest = hashlib.sha256(text.encode()).hexdigest()
            note("event", seq=told["seq"], type=kind, sha256=digest)
            self.after = told["seq"]
            if self._on_event is not None:
                self._on_event(told)
        elif kind == "hello" and self.after is None:
            self.after = told["head"]
            note("begin", after=self.after)
        elif kind == "head":
            self.after = told["seq"]
            note("head", seq=told["seq"])
        elif kind == "resync":
            note("resync", after=self.after)
            self.after = None


async def _text(line: ClientConnection) -> str:
    message = await line.recv()
    return message if isinstance(message, str) else message.decode()
