"""Limits and headers that every answer gets."""

from __future__ import annotations

import re
from collections.abc import Mapping

from fastapi import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.api.problems import problem
from app.broadcast.wire.door import MOST_BODY, PREFIX

MAX_BODY_BYTES = 1024 * 1024
LARGER: Mapping[str, int] = {  # a whole register in one sheet
    "/api/devices/import": 2 * MAX_BODY_BYTES,
    "/api/people/import": 2 * MAX_BODY_BYTES,
    # A report with its papers, from another house or as a file.
    "/api/exchange/reports": 12 * MAX_BODY_BYTES,
    "/api/exchange/received/file": 12 * MAX_BODY_BYTES,
    "/api/warnings/file": 3 * MAX_BODY_BYTES,  # the route itself takes two
}
# Files come whole in one body; the setting decides within this (app/config.py).
_FILES = re.compile(r"^/api/((incidents|intake)/\d+/attachments|broadcasts/(voices|\d+/proofs))$")
_WARNINGS = "/api/warnings/intake/"
MAX_FILE_BYTES = 100 * MAX_BODY_BYTES
_Headers = list[tuple[bytes, bytes]]  # as ASGI has them: names in lower case
_SPOKEN_TO = "connect-src 'self'"
_IMAGES = "img-src 'self' data: blob:"
_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'self'; script-src 'self'; style-src 'self'; "
        f"{_IMAGES}; media-src 'self' blob:; "  # blob: what hls.js puts together
        f"{_SPOKEN_TO}; "
        "worker-src 'self'; manifest-src 'self'; object-src 'none'; "
        "base-uri 'none'; frame-ancestors 'none'; form-action 'self'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "geolocation=(self), camera=(self), microphone=(self)",
    "Cross-Origin-Opener-Policy": "same-origin",
}


class Shield:
    """Refuses oversized bodies before they are read into memory and sets the security headers."""

    def __init__(self, app: ASGIApp, images: str = "", spoken_to: str = "") -> None:
        """`images`: a further origin whose pictures pages may show; `spoken_to`: with which they speak."""
        self._app = app
        told = dict(_HEADERS)
        if images:
            name = "Content-Security-Policy"
            told[name] = _HEADERS[name].replace(_IMAGES, f"{_IMAGES} {images}")
        if spoken_to:
            name = "Content-Security-Policy"
            told[name] = told[name].replace(_SPOKEN_TO, f"{_SPOKEN_TO} {spoken_to}")
        self._headers = _raw(told)
        self._of_the_api = _raw({**told, "Cache-Control": "no-store"})

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        most = most_bytes(scope["path"])
        if _announced_length(scope) > most:
            mib = most // MAX_BODY_BYTES
            answer = problem(
                413, "too_large", f"请求内容过大(上限 {mib} MiB)", f"the request is larger than {mib} MiB"
            )
            await answer(scope, receive, send)
        else:
            told = self._of_the_api if scope["path"].startswith("/api/") else self._headers
            await self._app(scope, _limited(receive, most), _with_headers(send, told))


def most_bytes(path: str) -> int:
    """Return how large a body of a request to this path may be."""
    if path.startswith(f"{PREFIX}/"):
        return MOST_BODY
    if path.startswith(_WARNINGS):
        return LARGER["/api/warnings/file"]
    return MAX_FILE_BYTES if _FILES.match(path) else LARGER.get(path, MAX_BODY_BYTES)


def _limited(receive: Receive, most: int) -> Receive:
    """Cut a chunked body that never announced its length."""
    seen = 0

    async def limited() -> Message:
        nonlocal seen
        message = await receive()
        seen += len(message.get("body", b""))
        if seen > most:
            raise HTTPException(413)
        return message

    return limited


def _raw(told: Mapping[str, str]) -> _Headers:
    return [(name.lower().encode(), value.encode()) for name, value in told.items()]


def _with_headers(send: Send, told: _Headers) -> Send:
    async def with_headers(message: Message) -> None:
        if message["type"] == "http.response.start":
            own = message.get("headers", ())
            known = {name for name, _ in own}
            message["headers"] = [*own, *(header for header in told if header[0] not in known)]
        await send(message)

    return with_headers


def _announced_length(scope: Scope) -> int:
    for name, value in scope["headers"]:
        if name == b"content-length" and value.isdigit():
            return int(value)
    return 0
