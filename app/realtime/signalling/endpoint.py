"""`WS /ws/meeting?meeting=7&camera=1&microphone=1`: the seat, and all that is signalled there."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from uuid import uuid4

from starlette.websockets import WebSocket, WebSocketDisconnect

from app.background import alongside
from app.clock import Clock
from app.db import Database
from app.dispatch.meeting.actions import taking_part
from app.dispatch.meeting.actions.access import may_take_part
from app.dispatch.meeting.actions.taking_part import Sends
from app.dispatch.meeting.messages import Asked, Connected, Describe, Leave, Refused, SawVideo, Shows, Welcome
from app.dispatch.meeting.refusals import RoomNeeded
from app.dispatch.meeting.room.livekit import LiveKit
from app.org.rules.access import Viewer
from app.realtime.connection import Connection, connection_of
from app.realtime.endpoint import AllowedOrigin, Authenticate, Due
from app.realtime.frames import frame
from app.realtime.pace import DATABASE_TROUBLE, Pace, steadily
from app.realtime.session import BAD_ORIGIN, DONE, FACTOR_DUE, NOT_LOGGED_IN, POLICY, RESTARTS, Close
from app.realtime.signalling.switchboard import Switchboard
from app.realtime.signalling.talk import Talk
from app.refusals import NotPermitted, Refusal

NOT_SEATED = 4404
RECHECK_S = 15.0  # a login may end at another node
_ROW = re.compile(r"[1-9][0-9]{0,17}")


class Seats:
    """The endpoint, and the watch over the logins behind the seats."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        stream: str,
        switchboard: Switchboard,
        authenticate: Authenticate,
        allowed_origin: AllowedOrigin,
        due: Due,
        livekit: LiveKit | None = None,
    ) -> None:
        self._database = database
        self._clock = clock
        self._stream = stream
        self._switchboard = switchboard
        self._authenticate = authenticate
        self._allowed_origin = allowed_origin
        self._due = due
        self._livekit = livekit
        self._open: dict[str, tuple[WebSocket, Connection, Viewer]] = {}

    async def serve(self, websocket: WebSocket) -> None:
        """Serve one seat until either side ends it."""
        allowed = self._allowed_origin(websocket)
        viewer = await self._authenticate(websocket) if allowed else None
        await websocket.accept()
        meeting = websocket.query_params.get("meeting", "")
        if not allowed:
            await _close(websocket, BAD_ORIGIN, "bad origin")
        elif viewer is None:
            await _close(websocket, NOT_LOGGED_IN, "not logged in")
        elif self._due(viewer):
            await _close(websocket, FACTOR_DUE, "second factor due")
        elif not _ROW.fullmatch(meeting):
            await _close(websocket, POLICY, "meeting is not a number")
        else:
            async with connection_of(websocket) as connection:
                await self._seat(websocket, connection, viewer, int(meeting))

    async def recheck(self, account_id: int | None = None) -> None:
        """Ask again about the logins behind the seats of one account, or of all: who may not sit rises."""
        asked = [
            (peer_id, *held)
            for peer_id, held in self._open.items()
            if account_id is None or held[2].account_id == account_id
        ]
        viewers = await asyncio.gather(*(self._authenticate(websocket) for _, websocket, _, _ in asked))
        for (_, _, connection, _), viewer in zip(asked, viewers, strict=True):
            if viewer is None or not may_take_part(viewer):
                connection.close(NOT_LOGGED_IN, "login ended")

    @asynccontextmanager
    async def watched(self) -> AsyncIterator[Seats]:
        """Ask again about every login now and then while the block lasts."""
        async with alongside(steadily(self.recheck, RECHECK_S, Pace())):
            yield self

    def move_on(self) -> None:
        """Send every seat to another node."""
        for _, connection, _ in list(self._open.values()):
            connection.close(RESTARTS, "this node restarts")

    async def _seat(self, websocket: WebSocket, connection: Connection, viewer: Viewer, meeting: int) -> None:
        peer_id = uuid4().hex
        query = websocket.query_params
        sends = Sends(camera=query.get("camera") == "1", microphone=query.get("microphone") == "1")
        try:
            async with self._database.transaction() as tx:
                now = self._clock.now()
                welcome, seat = await taking_part.join(tx, viewer, meeting, peer_id, sends, now)
                if seat.by_room:
                    welcome = self._with_room(welcome, meeting, seat.member_id, viewer.name)
        except Refusal as no:
            told = Refused(code=no.code, zh=no.zh, en=no.en)
            connection.write(frame(told.model_dump_json()))
            connection.close(NOT_SEATED if not isinstance(no, NotPermitted) else POLICY, no.code)
            return
        self._open[peer_id] = websocket, connection, viewer
        try:
            connection.write(frame(welcome.model_dump_json()))
            self._switchboard.sit(peer_id, connection)
            await self._hear(websocket, connection, peer_id)
        finally:
            del self._open[peer_id]
            self._switchboard.rise(peer_id)
            # A task that is cancelled still says that its screen has gone; else the clock does.
            await asyncio.shield(asyncio.ensure_future(self._leave(peer_id)))

    def _with_room(self, welcome: Welcome, meeting: int, member_id: int, name: str) -> Welcome:
        """Add the pass to a large meeting's room. Raises RoomNeeded where there is no LiveKit any more."""
        if self._livekit is None:
            raise RoomNeeded(there=False)
        return welcome.model_copy(update={"room": self._livekit.seat(meeting, member_id, name)})

    async def _hear(self, websocket: WebSocket, connection: Connection, peer_id: str) -> None:
        talk = Talk()
        while True:
            event = await websocket.receive()
            if event["type"] == "websocket.disconnect":
                return
            text = event.get("text")
            asked = talk.received(event["bytes"] if text is None else text, time.monotonic())
            if isinstance(asked, Close):
                connection.close(asked.code, asked.reason)
                return
            if isinstance(asked, Leave):
                connection.close(DONE, "left")
                return
            await self._do(peer_id, asked)
            self._switchboard.wake()

    async def _do(self, peer_id: str, asked: Asked) -> None:
        now = self._clock.now()
        async with self._database.transaction() as tx:
            match asked:
                case Describe():
                    await taking_part.describe(tx, peer_id, asked.to, asked.kind, asked.sdp, now)
                case Shows():
                    sends = Sends(asked.camera, asked.microphone)
                    await taking_part.shows(tx, peer_id, sends, now)
                case Connected():
                    await taking_part.connected(tx, self._stream, peer_id, now)
                case SawVideo():
                    await taking_part.saw_video(tx, self._stream, peer_id, asked.peer_id, now)

    async def _leave(self, peer_id: str) -> None:
        with suppress(*DATABASE_TROUBLE):
            async with self._database.transaction() as tx:
                await taking_part.leave(tx, self._stream, peer_id, self._clock.now())
            self._switchboard.wake()


async def _close(websocket: WebSocket, code: int, reason: str) -> None:
    with suppress(WebSocketDisconnect):  # it did not wait for the answer
        await websocket.close(code, reason)
