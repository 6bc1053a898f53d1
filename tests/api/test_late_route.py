"""Routes are built when they are first wanted: a start builds none, and nobody notices a difference."""

from __future__ import annotations

import httpx
import pytest
from fastapi import APIRouter, FastAPI

from app.api.late_route import LateRoute
from app.api.routers import ROUTERS
from app.commands import Command


class Wish(Command):
    """What is wished for."""

    words: str


@pytest.fixture
def app() -> FastAPI:
    """An application with two late routes."""
    router = APIRouter(prefix="/wishes", route_class=LateRoute)

    @router.post("/{number}", status_code=201)
    async def wish(number: int, told: Wish) -> str:
        return f"{number} {told.words}"

    @router.get("")
    async def wishes() -> list[str]:
        return []

    app = FastAPI()
    app.router.routes.extend(router.routes)
    return app


def built(app: FastAPI) -> list[str]:
    return [one.name for one in app.routes if isinstance(one, LateRoute) and "dependant" in vars(one)]


async def ask(app: FastAPI, method: str, path: str, body: object = None) -> httpx.Response:
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://127.0.0.1") as client:
        return await client.request(method, path, json=body)


async def test_a_request_builds_its_own_route_and_no_other(app: FastAPI) -> None:
    assert built(app) == []
    assert (await ask(app, "GET", "/wishes")).json() == []
    assert built(app) == ["wishes"]
    answer = await ask(app, "POST", "/wishes/7", {"words": "rain"})
    assert (answer.status_code, answer.json()) == (201, "7 rain")
    assert built(app) == ["wish", "wishes"]


async def test_what_is_wrong_is_told_by_a_route_that_was_not_built_yet(app: FastAPI) -> None:
    assert (await ask(app, "POST", "/wishes/seven", {"words": "rain"})).status_code == 422
    assert (await ask(app, "POST", "/wishes/7", {"words": "rain", "more": 1})).status_code == 422
    assert (await ask(app, "GET", "/wish")).status_code == 404


async def test_a_method_that_is_not_allowed_builds_nothing(app: FastAPI) -> None:
    refused = await ask(app, "DELETE", "/wishes")
    assert (refused.status_code, refused.headers["allow"]) == (405, "GET")


def test_a_route_has_nothing_that_no_route_has(app: FastAPI) -> None:
    route = next(one for one in app.routes if isinstance(one, LateRoute))
    with pytest.raises(AttributeError):
        _ = route.no_such_thing


def test_every_router_of_the_house_is_late() -> None:
    early = [route for router in ROUTERS for route in router.routes if not isinstance(route, LateRoute)]
    assert early == []
