"""Log in, log out, who am I."""

from __future__ import annotations

from datetime import timedelta

from fastapi import APIRouter, Request, Response

from app.api.house import By, House, InHouse
from app.api.late_route import LateRoute
from app.api.route import COOKIE, DeskRoute, address_of, admitted, require_own_page
from app.api.shapes import LoginIn, Me, me_of
from app.dispatch.actions.climb import phones_gone
from app.org import accounts
from app.org.administration.actions import change_own
from app.org.administration.commands import OwnPasswordIn
from app.org.second_factor.due import is_due

door = APIRouter(prefix="/api", tags=["session"], route_class=LateRoute)
router = APIRouter(prefix="/api", tags=["session"], route_class=DeskRoute)

KNOWN = "zhishou_known"  # by which a browser is known again: it only spares it what others' guesses cost


def give_cookie(
    response: Response, house: House, token: str, lifetime: timedelta, name: str = COOKIE
) -> None:
    """Give a browser the cookie of its session, which no page can read."""
    response.set_cookie(
        name,
        token,
        max_age=int(lifetime.total_seconds()),
        httponly=True,
        samesite="strict",
        secure=house.settings.https,
        path="/",
    )


def give_cookies(response: Response, house: House, result: accounts.LoggedIn, lifetime: timedelta) -> None:
    """Give a browser what a login gives it: its session, and by what it is known again."""
    give_cookie(response, house, result.token, lifetime)
    if result.browser:
        give_cookie(response, house, result.browser, accounts.KNOWN_FOR, KNOWN)


async def me_with_due(result: accounts.LoggedIn, house: House) -> Me:
    """Return who has just logged in, and whether a second factor must be set up first."""
    due = False
    if result.viewer.role in house.factor_roles:
        async with house.database.glance() as tx:
            viewer = await accounts.who_is(tx, result.token, house.clock.now())
        due = viewer is not None and is_due(viewer, house.factor_roles)
    return me_of(result.viewer, house.settings.zone, due=due)


@door.post("/login")
async def log_in(told: LoginIn, request: Request, response: Response, house: InHouse) -> Me:
    """Open a session; the cookie is HttpOnly and never readable by a page."""
    require_own_page(request, house)
    lifetime = timedelta(hours=house.settings.session_hours)
    result = await accounts.log_in(
        house.database,
        accounts.Told(
            told.username,
            told.password,
            told.code,
            request.cookies.get(KNOWN, ""),
            request.cookies.get(COOKIE, ""),
        ),
        address_of(request),
        house.clock.now(),
        lifetime,
    )
    give_cookies(response, house, result, lifetime)
    return await me_with_due(result, house)


@door.post("/logout", status_code=204)
async def log_out(request: Request, response: Response, house: InHouse) -> None:
    """End the session; without one this does nothing."""
    token = request.cookies.get(COOKIE, "")
    async with house.database.transaction() as tx:
        viewer = await accounts.who_is(tx, token, house.clock.now())
        await accounts.log_out(tx, token, address_of(request), house.clock.now())
        if viewer:
            await phones_gone(tx, viewer.team_ids, house.clock.now())
    response.delete_cookie(COOKIE, path="/")
    if viewer and house.disconnect:
        await house.disconnect(viewer.account_id)


@door.post("/me/password", status_code=204)
async def change_password(told: OwnPasswordIn, request: Request, house: InHouse) -> None:
    """Change one's own password; the other logins of the account end. Wrong guesses are slowed down."""
    require_own_page(request, house)
    token, now = request.cookies.get(COOKIE, ""), house.clock.now()
    async with house.database.transaction() as tx:
        viewer = await accounts.who_is(tx, token, now)
    viewer = admitted(viewer, house, request.url.path, reading=False)
    await change_own(house.database, viewer, token, told, address_of(request), now)


@router.get("/me")
async def me(by: By, house: InHouse) -> Me:
    """Say who is logged in."""
    return me_of(by, house.settings.zone, due=is_due(by, house.factor_roles))
