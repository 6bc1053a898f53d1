"""One route, one transaction: authenticated before, committed before the answer leaves.

A FastAPI `yield` dependency would commit after the response (architecture, rule 2); here the commit
stands between the handler and the return. Commands with an `Idempotency-Key` are carried out once.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Callable, Coroutine
from contextlib import nullcontext
from datetime import datetime
from functools import partial
from typing import Any, cast
from urllib.parse import urlsplit

import structlog
from fastapi import Request, Response

from app import tracing
from app.api import once
from app.api.bearer import COOKIE as COOKIE
from app.api.bearer import secret_of
from app.api.exports import Exported, told_of, with_its_proof
from app.api.house import FOUND, Afterwards, House
from app.api.late_route import LateRoute
from app.api.readings import LISTS
from app.api.short_road import short_app, short_handler
from app.api.veil import read_by, veiled
from app.db import Tx
from app.dispatch.secrecy import store as secrecy
from app.org.rules.access import READ_ONLY, Viewer
from app.org.second_factor.due import SecondFactorDue, is_due, is_open_to_due
from app.org.walls.store import only_read
from app.refusals import FieldFault, InvalidInput, NotPermitted, Refusal

log = structlog.get_logger()
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
MAX_KEY = 100
BODY_WITHIN_S = 10
SLOWEST_BYTES_PER_S = 50_000  # a photo over a weak network takes minutes


class NotLoggedIn(Refusal):
    """No session, or it has ended."""

    code = "not_logged_in"

    def __init__(self) -> None:
        super().__init__("请先登录", "log in first")


class ForeignOrigin(Refusal):
    """A page of another site tried to act with this browser's session."""

    code = "foreign_origin"

    def __init__(self) -> None:
        super().__init__("请求来源不被允许", "requests from this origin are not allowed")


class TooSlow(Refusal):
    """The request did not arrive in time."""

    code = "too_slow"

    def __init__(self) -> None:
        super().__init__("请求未能及时传完,请检查网络后重试", "the request did not arrive in time: try again")


class KeyReused(Refusal):
    """An Idempotency-Key came back with another request."""

    code = "idempotency_key_reused"

    def __init__(self) -> None:
        super().__init__(
            "同一请求编号被用于不同的操作,请重新提交", "this Idempotency-Key was used for another request"
        )


def origin_allowed(origin: str | None, host: str | None, house: House) -> bool:
    """Whether a browser page of this origin may act here. Programs send no Origin and may."""
    if origin is None:
        return True
    allowed = {item.strip() for item in house.settings.allowed_origins.split(",") if item.strip()}
    try:
        return origin in allowed or urlsplit(origin).netloc == host
    except ValueError:  # not even a URL
        return False


def require_own_page(request: Request, house: House) -> None:
    """Raise ForeignOrigin for what a page of another site asks with this browser's session."""
    if not origin_allowed(request.headers.get("origin"), request.headers.get("host"), house):
        raise ForeignOrigin


class DeskRoute(LateRoute):
    """A route for logged-in people: `request.state` holds `tx`, `viewer` and what is for `afterwards`."""

    _is_short = False

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Wrap the route's handler into session, transaction and idempotency."""
        full = super().get_route_handler()
        short = short_handler(self, full, FOUND)
        inner, self._is_short = short or full, short is not None

        async def handler(request: Request) -> Response:
            house = cast("House", request.app.state.house)
            reading = request.method in SAFE
            if not reading:
                require_own_page(request, house)
                await whole_body(request)
            # A reader sees one instant throughout, and needs one connection only.
            opened = house.database.snapshot() if reading else house.database.transaction()
            afterwards: list[Afterwards] = []
            request.state.afterwards = afterwards
            with nullcontext() if reading else tracing.span("request", route=f"{request.method} {self.path}"):
                async with opened as tx:
                    viewer, now = await self._admit(request, house, tx, reading=reading)
                    with read_by(viewer, self.path) as hides:
                        response = await (
                            inner(request) if reading else _once(request, tx, viewer, now, inner)
                        )
                        exported = isinstance(response, Exported)
                        told = await told_of(request, tx, viewer, now, house.settings) if exported else None
            if viewer.per_minute is not None:
                afterwards.append(partial(house.tokens.note, viewer, address_of(request), now))
            await _carry_out(afterwards, request)
            if reading and self.path in LISTS and not hides:
                await house.readings.note(request, response, viewer, now)
            answer = veiled(response) if hides else response
            return await with_its_proof(answer, told, house.settings) if told else answer

        self._handler = handler
        return handler

    def _build(self, told: dict[str, Any]) -> None:
        super()._build(told)
        if self._is_short:
            self.app = short_app(self._handler)

    async def _admit(
        self, request: Request, house: House, tx: Tx, *, reading: bool
    ) -> tuple[Viewer, datetime]:
        """Note who asks. Raises NotLoggedIn, SecondFactorDue, NotPermitted, TooManyRequests."""
        now = house.clock.now()
        viewer = await secrecy.logged_in(tx, secret_of(request.headers, request.cookies), now)
        viewer = admitted(viewer, house, self.path, reading=reading)
        house.people.admit(viewer, reading=reading)
        if viewer.role in READ_ONLY:
            await only_read(tx)
        request.state.tx, request.state.viewer = tx, viewer
        return viewer, now


class SharedRoute(DeskRoute):
    """A route without a transaction: who asks is looked up with the others.

    For answers that many share, and for what waits for others (a media server, a speaker): no connection of
    the database is held meanwhile.
    """

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Wrap the route's handler into the session alone; it reads nothing by itself."""
        inner = LateRoute.get_route_handler(self)

        async def handler(request: Request) -> Response:
            house = cast("House", request.app.state.house)
            reading = request.method in SAFE
            if not reading:
                require_own_page(request, house)
                await whole_body(request)
            viewer = await house.logins.ask(secret_of(request.headers, request.cookies))
            viewer = admitted(viewer, house, self.path, reading=reading)
            house.people.admit(viewer, reading=reading)
            request.state.viewer = viewer
            with read_by(viewer, self.path) as hides:
                response = await inner(request)
            await house.tokens.note(viewer, address_of(request), house.clock.now())
            return veiled(response) if hides else response

        return handler


def admitted(viewer: Viewer | None, house: House, path: str, *, reading: bool) -> Viewer:
    """Return who may ask this at all. Raises NotLoggedIn, SecondFactorDue, NotPermitted,
    TooManyRequests.
    """
    if viewer is None:
        raise NotLoggedIn
    if is_due(viewer, house.factor_roles) and not is_open_to_due(path):
        raise SecondFactorDue
    if viewer.role in READ_ONLY and not reading:
        raise NotPermitted
    house.tokens.admit(viewer, path)
    return viewer


def address_of(request: Request) -> str:
    """Return the network address somebody asks from."""
    return request.client.host if request.client else "local"


async def _carry_out(afterwards: list[Afterwards], request: Request) -> None:
    """Do what a command left for after its commit. It stands whatever becomes of these."""
    for work in afterwards:
        try:
            await work()
        except Exception:
            log.exception("afterwards_failed", path=request.url.path)


async def whole_body(request: Request) -> None:
    """Have the body in hand before a connection is taken: a phone that loses coverage holds up nobody."""
    try:
        length = request.headers.get("content-length", "")
        large_s = int(length) / SLOWEST_BYTES_PER_S if length.isdigit() else 0
        async with asyncio.timeout(BODY_WITHIN_S + large_s):
            await request.body()
    except TimeoutError:
        raise TooSlow from None


async def _once(
    request: Request,
    tx: Tx,
    viewer: Viewer,
    now: datetime,
    inner: Callable[[Request], Coroutine[Any, Any, Response]],
) -> Response:
    """Carry the command out, or give the answer of the first time again."""
    key = request.headers.get("idempotency-key")
    if key is None:
        return await inner(request)
    if not 0 < len(key) <= MAX_KEY:
        raise InvalidInput(
            FieldFault("Idempotency-Key", f"长度应为 1–{MAX_KEY}", f"must have 1 to {MAX_KEY} characters")
        )
    digest = hashlib.sha256(
        b"\n".join(
            (
                request.method.encode(),
                f"{request.url.path}?{request.url.query}".encode(),
                await request.body(),
            )
        )
    ).hexdigest()
    if not await once.claim(tx, viewer.account_id, key, digest, now):
        first = await once.first_answer(tx, viewer.account_id, key)
        if first.request_hash != digest:
            raise KeyReused
        return Response(
            first.body,
            status_code=first.status,
            media_type="application/json",
            headers={"Idempotency-Replayed": "true"},
        )
    response = await inner(request)
    await once.keep(tx, viewer.account_id, key, response.status_code, bytes(response.body).decode())
    return response
