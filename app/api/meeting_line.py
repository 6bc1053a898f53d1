"""Who comes in through a WebSocket, and the line of meetings by video: switchboard and seats of a node."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack

from starlette.websockets import WebSocket

from app.api.bearer import secret_of
from app.api.house import House
from app.api.route import origin_allowed
from app.db import Database
from app.org.rules.access import Viewer
from app.org.second_factor.due import is_due
from app.realtime.endpoint import AllowedOrigin, Authenticate, Due, Screens
from app.realtime.signalling.endpoint import Seats
from app.realtime.signalling.switchboard import Switchboard


def door_of(house: House) -> tuple[Authenticate, AllowedOrigin, Due]:
    """Return who is behind a login, whether a page is ours, whether a second factor is due."""

    async def authenticate(websocket: WebSocket) -> Viewer | None:
        return await house.logins.ask(secret_of(websocket.headers, websocket.cookies))

    def allowed(websocket: WebSocket) -> bool:
        return origin_allowed(websocket.headers.get("origin"), websocket.headers.get("host"), house)

    def due(viewer: Viewer) -> bool:
        return is_due(viewer, house.factor_roles)

    return authenticate, allowed, due


async def start_meetings(stack: AsyncExitStack, house: House, database: Database) -> Seats:
    """Let the switchboard run, LiveKit be looked at and logins asked about until the stack is closed."""
    stream = house.settings.stream
    switchboard = Switchboard(database, house.clock, stream)
    seats = Seats(database, house.clock, stream, switchboard, *door_of(house), livekit=house.livekit)
    house.parts["meetings"] = await stack.enter_async_context(switchboard.running())
    if house.livekit is not None:
        house.parts[house.livekit.name] = await stack.enter_async_context(house.livekit.running(database))
    return await stack.enter_async_context(seats.watched())


def both(screens: Screens, seats: Seats) -> Callable[[int], Awaitable[None]]:
    """Return what is done when a login has ended: screens and seats of the account are asked about."""

    async def recheck(account_id: int) -> None:
        await screens.recheck(account_id)
        await seats.recheck(account_id)

    return recheck
