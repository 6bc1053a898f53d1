"""Where broadcast platforms post packets: no session; address, sender and signature let in (GD/J 083)."""

from __future__ import annotations

from typing import cast

from fastapi import APIRouter, Request, Response

from app.api.house import House
from app.api.late_route import LateRoute
from app.api.route import whole_body
from app.broadcast.wire import door as wire
from app.broadcast.wire.rules.trouble import Trouble, trouble_words

door = APIRouter(prefix=wire.PREFIX, tags=["broadcast"], route_class=LateRoute)


@door.post("/{path:path}", include_in_schema=False)
async def take_packet(path: str, request: Request) -> Response:
    """Take a packet and answer its receipt, with HTTP 200 also when it is refused (broadcast-wire.md)."""
    house = cast("House", request.app.state.house)
    address = request.client.host if request.client else ""
    stream = house.settings.stream
    async with house.database.transaction() as tx:
        who = await wire.who_may(tx, stream, path, address)
    if not who:
        said = f"{address} 未登记为应急广播平台地址 / is no registered address of a broadcast platform\n"
        return Response(said, 403, media_type="text/plain; charset=utf-8")
    await whole_body(request)
    knock = wire.Knock(path, address, await request.body(), request.headers.get("content-type", ""))
    try:
        reply = await wire.answer(house.database, stream, house.wire, who, knock, house.clock.now())
    except Trouble as trouble:
        zh, en = trouble_words(trouble.code, trouble.detail)
        return Response(f"{zh} / {en}\n", 503, media_type="text/plain; charset=utf-8")
    headers = {"Content-Disposition": f'attachment; filename="{reply.name}"'}
    return Response(reply.data, 200, headers, "application/x-tar")
