"""uvicorn's HTTP protocol with an end to its patience: who connects and asks nothing is let go.

uvicorn waits for ever for the head of a request. Half-open sockets, by mistake or with intent, would use up
the open files of the process, and with them the lines of terminals and screens.
"""

from __future__ import annotations

import asyncio
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

HEAD_WITHIN_S = 10.0  # for the whole head of a request, from the connection or its first byte


class PatientHttp(HttpToolsProtocol):
    """Closes a connection whose request's head does not come in time."""

    _out_of_patience: asyncio.TimerHandle | None = None

    def connection_made(self, transport: Any) -> None:
        """Begin to wait for the first head."""
        super().connection_made(transport)
        self._wait_for_head()

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait no longer."""
        self._head_came()
        super().connection_lost(exc)

    def on_message_begin(self) -> None:
        """Begin to wait for the rest of a head."""
        super().on_message_begin()
        if self._out_of_patience is None:
            self._wait_for_head()

    def on_headers_complete(self) -> None:
        """Wait no longer: what the body may take, the routes decide."""
        self._head_came()
        super().on_headers_complete()

    def _wait_for_head(self) -> None:
        self._out_of_patience = self.loop.call_later(HEAD_WITHIN_S, self._let_go)

    def _head_came(self) -> None:
        if self._out_of_patience is not None:
            self._out_of_patience.cancel()
            self._out_of_patience = None

    def _let_go(self) -> None:
        self._out_of_patience = None
        if not self.transport.is_closing():
            self.transport.close()
