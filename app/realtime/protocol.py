"""uvicorn's WebSocket protocol with its transport shown to the hub: shared frames are written as they are.

Start uvicorn with `ws="app.realtime.protocol:DirectProtocol"`, `ws_per_message_deflate=False`,
`ws_max_size=65536` (the session refuses anything over 4 KiB in its own words) and `backlog=4096`.
"""

from __future__ import annotations

from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from uvicorn.protocols.utils import ClientDisconnected
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.protocol import Protocol, State

from app.realtime.connection import DIRECT
from app.realtime.handshake import Asked, answer, usual

_ACCEPT: dict[str, Any] = {
    "type": "websocket.accept",
    "subprotocol": None,
    "headers": [],
}  # as Starlette says it
GOODBYE_S = 5.0  # for the peer to answer our close frame and to take what is still pending


class DirectConnection:
    """A screen's transport. Only whole, unfragmented frames are written, so uvicorn's own mix in between."""

    __slots__ = ("_over", "_protocol", "_transport", "pending")

    def __init__(self, protocol: DirectProtocol) -> None:
        self._over = False
        self._protocol = protocol
        self._transport = protocol.transport
        self.pending = protocol.transport.get_write_buffer_size

    def write(self, frames: bytes) -> None:
        """Write the frames to the transport unless it is closing."""
        transport = self._transport
        if not (self._over or transport.is_closing()):
            transport.write(frames)

    def close(self, code: int, reason: str) -> None:
        """Send the close frame behind what is pending; cut the line when it is not answered in time."""
        self._over = True
        self._protocol.say_goodbye(code, reason)

    async def drained(self) -> None:
        """Wait until the transport's buffer falls below its low-water mark."""
        await self._protocol.writable.wait()


class DirectProtocol(WebSocketsSansIOProtocol):
    """Adds to the ASGI scope a `Connection`, which the endpoint uses instead of ASGI's `send`.

    The usual handshake it reads and answers itself (`handshake.py`): of an accept that is a quarter.
    """

    _asked: Asked | None = None

    def connection_made(self, transport: Any) -> None:
        """Take the line over from the protocol that read the upgrade."""
        before = transport.get_protocol()
        super().connection_made(transport)
        if isinstance(before, HttpToolsProtocol):
            # It and its parser know each other: garbage that the collector has to find for each screen.
            # It is still within the parser now, and has nothing more to read afterwards.
            self.loop.call_soon(setattr, before, "parser", None)

    def data_received(self, data: bytes) -> None:
        """Take in the head of the request, or frames."""
        asked = None if self.handshake_initiated else usual(data)
        if asked is None:
            super().data_received(data)
            return
        self._asked, self.handshake_initiated = asked, True
        # From here on frames are read. It may still be refused: then the library answers as ever.
        self.conn.state = State.OPEN
        self.conn.parser = Protocol.parse(self.conn)
        next(self.conn.parser)
        self.scope = self._scope_of(asked)
        self.queue.put_nowait({"type": "websocket.connect"})
        task = self.loop.create_task(self.run_asgi())
        task.add_done_callback(self.on_task_complete)
        self.tasks.add(task)

    async def send(self, message: Any) -> None:
        """Do what the application says; the usual accept is written at once."""
        asked = self._asked
        if asked is None or message != _ACCEPT:
            await super().send(message)
            return
        self._asked = None
        if self.disconnected:
            raise ClientDisconnected
        if not self.transport.is_closing():
            self.handshake_complete = True
            self.transport.write(answer(asked.key, self.default_headers))
            self.start_keepalive()

    def _scope_of(self, asked: Asked) -> Any:
        """Return the same scope as the library's road does."""
        return {
            "type": "websocket",
            "asgi": {"version": self.asgi_version, "spec_version": "2.4"},
            "http_version": "1.1",
            "scheme": self.scheme,
            "server": self.server,
            "client": self.client,
            "root_path": self.root_path,
            "path": self.root_path + asked.path,
            "raw_path": (self.root_path + asked.raw_path).encode("ascii"),
            "query_string": asked.query,
            "headers": asked.fields,
            "subprotocols": [],
            "state": self.app_state.copy(),
            "extensions": {"websocket.http.response": {}},
        }

    extended: dict[object, object] | None = None

    async def run_asgi(self) -> None:
        """Run the application on the extended scope."""
        self.extended = {"connection": DirectConnection(self)}
        self.scope["extensions"] = {**(self.scope["extensions"] or {}), DIRECT: self.extended}
        await super().run_asgi()

    def connection_lost(self, exc: Exception | None) -> None:
        """Part from the connection, which knows us: a circle would wait for the collector of garbage."""
        super().connection_lost(exc)
        if self.extended is not None:
            self.extended.clear()

    def say_goodbye(self, code: int, reason: str) -> None:
        """Close from our side without waiting for a full write buffer, as ASGI's `send` would."""
        if self.close_sent or self.disconnected or self.transport.is_closing():
            return
        self.stop_keepalive()
        self.queue.put_nowait({"type": "websocket.disconnect", "code": code, "reason": reason})
        if self.conn.state is State.OPEN:
            self.conn.send_close(code, reason)
            self.transport.write(b"".join(self.conn.data_to_send()))
        self.close_sent = True
        if self.read_paused:  # or the peer's answer would never be read
            self.read_paused = False
            self.transport.resume_reading()
        self.close_timer = self.loop.call_later(GOODBYE_S, self.transport.abort)

    def keepalive_timeout(self) -> None:
        """Cut a dead line at last: closing alone would wait for its write buffer for ever."""
        super().keepalive_timeout()
        if self.close_timer is None:
            self.close_timer = self.loop.call_later(GOODBYE_S, self.transport.abort)
