"""`WS /ws?after=SEQ`: who may look, and for how long.

A browser cannot read the status of a refused handshake, so refusals are spoken as close codes.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress

from starlette.responses import Response
from starlette.websockets import WebSocket, WebSocketDisconnect

from app.background import alongside
from app.org.rules.access import Viewer
from app.realtime.attendance import Attendance
from app.realtime.audience import Audience
from app.realtime.connection import connection_of
from app.realtime.hub import Hub, Screen
from app.realtime.kept import Kept
from app.realtime.messages import Resync
from app.realtime.pace import steadily
from app.realtime.session import BAD_ORIGIN, FACTOR_DUE, NOT_LOGGED_IN, POLICY, RESTARTS

Authenticate = Callable[[WebSocket], Awaitable[Viewer | None]]
"""Return the account behind the WebSocket's login (cookie), None when there is none or it ended."""

AllowedOrigin = Callable[[WebSocket], bool]
"""Whether the page that opens the WebSocket is ours: cookies travel with foreign pages' requests too."""

Due = Callable[[Viewer], bool]
"""Whether an account must set a second factor up before it may look."""

_SEQ = re.compile(r"[0-9]{1,18}")  # fits a bigint


class Screens:
    """The endpoint, and the watch over the logins behind the open screens."""

    def __init__(
        self,
        hub: Hub,
        authenticate: Authenticate,
        allowed_origin: AllowedOrigin,
        due: Due = lambda _: False,
        attendance: Attendance | None = None,
    ) -> None:
        self._hub = hub
        self._authenticate = authenticate
        self._allowed_origin = allowed_origin
        self._due = due
        self._attendance = attendance
        self._open: dict[Screen, WebSocket] = {}
        self._leaving = False

    @asynccontextmanager
    async def running(self) -> AsyncIterator[Screens]:
        """Ask again about every login once a minute, and keep what lives, while the block lasts."""
        pace = self._hub.pace
        with Kept().watching():
            async with alongside(steadily(self.recheck, pace.recheck_s, pace)):
                yield self

    async def move_on(self, within_s: float) -> None:
        """Let nobody in any more and send every screen to another node, one after the other within a time."""
        self._leaving = True
        screens = list(self._open)
        for screen in screens:
            self._hub.dismiss(screen, RESTARTS, "this node restarts")
            await asyncio.sleep(within_s / len(screens))
        for screen in list(self._open):  # who came in while the door was closed
            self._hub.dismiss(screen, RESTARTS, "this node restarts")

    def present(self) -> list[Viewer]:
        """Return the accounts whose screens are open at this process."""
        return [screen.viewer for screen in self._open]

    async def serve(self, websocket: WebSocket) -> None:
        """Serve one screen until either side ends it."""
        if self._leaving:  # as an answer of HTTP: a proxy asks the next node, and the browser notices nothing
            await websocket.send_denial_response(Response(status_code=503, headers={"Retry-After": "1"}))
            return
        allowed = self._allowed_origin(websocket)
        viewer = await self._authenticate(websocket) if allowed else None
        await websocket.accept()
        after = websocket.query_params.get("after")
        if not allowed:
            await _refuse(websocket, BAD_ORIGIN, "bad origin")
        elif viewer is None:
            await _refuse(websocket, NOT_LOGGED_IN, "not logged in")
        elif self._due(viewer):
            await _refuse(websocket, FACTOR_DUE, "second factor due")
        elif after is not None and not _SEQ.fullmatch(after):
            await _refuse(websocket, POLICY, "after is not a sequence number")
        else:
            await self._serve(websocket, viewer, None if after is None else int(after))

    async def recheck(self, account_id: int | None = None) -> None:
        """Ask again about the logins of one account, or of all: after a logout or a change of rights."""
        asked = [
            (screen, websocket)
            for screen, websocket in self._open.items()
            if account_id is None or screen.viewer.account_id == account_id
        ]
        viewers = await asyncio.gather(*(self._authenticate(websocket) for _, websocket in asked))
        for (screen, _), viewer in zip(asked, viewers, strict=True):
            if screen not in self._open:
                continue
            if viewer is None:
                self._hub.dismiss(screen, NOT_LOGGED_IN, "login ended")
            elif self._due(viewer):
                self._hub.dismiss(screen, FACTOR_DUE, "second factor due")
            elif Audience.of(viewer) != screen.audience or viewer.names != screen.viewer.names:
                # What it knows was filtered for other eyes.
                self._hub.resync(screen, Resync(reason="access_changed"))

    async def _serve(self, websocket: WebSocket, viewer: Viewer, after: int | None) -> None:
        async with connection_of(websocket) as connection:
            screen = self._hub.screen(viewer, after, connection)
            self._open[screen] = websocket
            try:
                if await self._hub.join(screen):
                    with self._written_down(viewer):
                        await self._hear(websocket, screen)
            finally:
                del self._open[screen]
                self._hub.leave(screen)

    @contextmanager
    def _written_down(self, viewer: Viewer) -> Iterator[None]:
        """Note from when until when a screen took part."""
        if self._attendance is None:
            yield
            return
        key = self._attendance.came(viewer)
        try:
            yield
        finally:
            self._attendance.left(key)

    async def _hear(self, websocket: WebSocket, screen: Screen) -> None:
        while True:
            event = await websocket.receive()
            if event["type"] == "websocket.disconnect":
                return
            text = event.get("text")
            if not self._hub.hear(screen, event["bytes"] if text is None else text):
                return


async def _refuse(websocket: WebSocket, code: int, reason: str) -> None:
    with suppress(WebSocketDisconnect):  # it did not wait for the answer
        await websocket.close(code, reason)
