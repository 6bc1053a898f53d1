"""Reveal masked personal data (查看脱敏信息): one record at a time, for a reason, journalled."""

from __future__ import annotations

import json
from typing import Any

from fastapi import APIRouter, Request
from starlette.types import Message

from app.api.house import By, InHouse, InTx
from app.api.route import DeskRoute
from app.api.veil import revealed
from app.org.personal import actions
from app.org.personal.commands import RevealIn
from app.org.personal.facts import Revealed
from app.org.rules.access import require
from app.refusals import NotFound

router = APIRouter(prefix="/api/personal-data", tags=["accounts"], route_class=DeskRoute)
_CREDENTIALS = frozenset({b"cookie", b"authorization"})


@router.post("/reveals")
async def reveal(told: RevealIn, request: Request, by: By, tx: InTx, house: InHouse) -> Revealed:
    """Show what is masked in one record that the reader may see. Auditors read who did, whose, what for."""
    require(by, "reveal_personal")
    record = await _read(request, told.source)
    return await actions.reveal(tx, by, told, record, house.clock.now())


async def _read(request: Request, path: str) -> Any:
    """Read a record as its reader would, by the house's own route with its own rights, whole.

    Raises NotFound for what this reader does not see.
    """
    asked = request.scope
    scope = {key: asked[key] for key in ("type", "asgi", "http_version", "scheme", "server", "client")}
    scope |= {
        "method": "GET",
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "root_path": "",
        "headers": [one for one in asked["headers"] if one[0] in _CREDENTIALS],
    }
    status, body = 0, b""

    async def receive() -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Message) -> None:
        nonlocal status, body
        status = message.get("status", status)
        body += message.get("body", b"")

    with revealed():
        await request.app(scope, receive, send)
    if status != 200:
        raise NotFound("该记录", "record")
    return json.loads(body)
