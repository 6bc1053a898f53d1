"""The way in: a screen goes straight to its endpoint, everything else to the application.

What stands around the routes (refusals as problems, headers, limits of a body) is for requests; for thousands
of screens that come back at once it would be a quarter of the work.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from starlette.types import ASGIApp, Receive, Scope, Send
from starlette.websockets import WebSocket


class Front:
    """The ASGI application of a node."""

    def __init__(
        self, app: ASGIApp, serve: Callable[[WebSocket], Awaitable[None]], path: str = "/ws"
    ) -> None:
        self._app = app
        self._serve = serve
        self._path = path

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection."""
        if scope["type"] == "websocket" and scope["path"] == self._path:
            scope["app"] = self._app
            await self._serve(WebSocket(scope, receive, send))
        else:
            await self._app(scope, receive, send)
