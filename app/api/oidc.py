"""Log in by the county's identity provider (统一身份认证), where one is configured."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from fastapi import APIRouter, Request, Response

from app.api.house import House, InHouse
from app.api.late_route import LateRoute
from app.api.route import COOKIE, address_of, require_own_page
from app.api.session import KNOWN, give_cookie, give_cookies, me_with_due
from app.api.shapes import Me
from app.org.oidc import actions
from app.org.oidc.commands import OidcReturnIn
from app.org.oidc.facts import OidcBegun, OidcOffer
from app.org.oidc.provider import Provider
from app.org.oidc.refusals import SsoAway, SsoRefused, SsoSpent, SsoUnknown
from app.org.oidc.rules import LIFETIME, Flow
from app.refusals import NotFound, Refusal

door = APIRouter(prefix="/api/login/oidc", tags=["session"], route_class=LateRoute)

OIDC_STATUS: Mapping[type[Refusal], int] = {SsoAway: 503, SsoRefused: 401, SsoSpent: 401, SsoUnknown: 403}
FLOW = "zhishou_oidc"  # the secret of a login that was begun


@door.get("")
async def offer(house: InHouse) -> OidcOffer:
    """Say whether one may log in by a provider, and what its button is called."""
    return OidcOffer(name=house.oidc.terms.name if house.oidc else None)


@door.post("")
async def begin(request: Request, response: Response, house: InHouse) -> OidcBegun:
    """Begin a login: the browser keeps its secret in a cookie and goes to the address."""
    require_own_page(request, house)
    flow = actions.begun()
    url = await _provider(house).login_url(flow)
    give_cookie(response, house, flow.secret, LIFETIME, FLOW)
    return OidcBegun(url=url)


@door.post("/session")
async def come_back(told: OidcReturnIn, request: Request, response: Response, house: InHouse) -> Me:
    """Open a session with what the provider gave the browser; `factor` where the account asks for a code."""
    require_own_page(request, house)
    lifetime = timedelta(hours=house.settings.session_hours)
    brought = actions.Brought(
        told,
        Flow(request.cookies.get(FLOW, "")),
        request.cookies.get(KNOWN, ""),
        request.cookies.get(COOKIE, ""),
    )
    result = await actions.log_in(
        house.database, _provider(house), brought, address_of(request), house.clock.now(), lifetime
    )
    give_cookies(response, house, result, lifetime)
    response.delete_cookie(FLOW, path="/")
    return await me_with_due(result, house)


def _provider(house: House) -> Provider:
    if house.oidc is None:
        raise NotFound("统一身份认证", "identity provider")
    return house.oidc
