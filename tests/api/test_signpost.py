"""The signpost sends every request to the route at which the router's own walk would end."""

from __future__ import annotations

import re

import httpx
import pytest
from fastapi import FastAPI
from hypothesis import given
from hypothesis import strategies as st
from starlette.routing import BaseRoute, Match

from app.api.late_route import LateRoute
from app.api.routers import ROUTERS
from app.api.signpost import Signpost

ROUTES = [route for router in ROUTERS for route in router.routes if isinstance(route, LateRoute)]
SIGNPOST = Signpost(ROUTES)
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS")
WORDS = sorted(
    {part for route in ROUTES for part in route.path.split("/") if "{" not in part} | {"1", "a.pdf"}
)


def scope_of(method: str, path: str) -> dict[str, object]:
    return {"type": "http", "method": method, "path": path, "root_path": "", "headers": []}


def walked(method: str, path: str) -> BaseRoute | None:
    scope = scope_of(method, path)
    return next((route for route in ROUTES if route.matches(scope)[0] is Match.FULL), None)


def shown(method: str, path: str) -> BaseRoute | None:
    match, child = SIGNPOST.matches(scope_of(method, path))
    return child["route"] if match is Match.FULL else None


def test_it_chooses_for_every_route_of_the_house_what_a_walk_chooses() -> None:
    asked = 0
    for route in ROUTES:
        for value in ("1", "word", "2025-06", "值守", "a.pdf"):
            path = re.sub(r"{.*?}", value, route.path)
            for method in METHODS:
                assert shown(method, path) is walked(method, path), (method, path)
                asked += 1
    assert asked > 15_000


@given(st.sampled_from(METHODS), st.lists(st.sampled_from(WORDS), min_size=0, max_size=7))
def test_it_chooses_for_any_words_what_a_walk_chooses(method: str, words: list[str]) -> None:
    for path in ("/".join(words), "/" + "/".join(words), "/api/" + "/".join(words)):
        assert shown(method, path) is walked(method, path)


def test_it_looks_at_few_routes_only(monkeypatch: pytest.MonkeyPatch) -> None:
    looked: list[LateRoute] = []
    matches = LateRoute.matches

    def noted(self: LateRoute, scope: dict[str, object]) -> object:
        looked.append(self)
        return matches(self, scope)

    monkeypatch.setattr(LateRoute, "matches", noted)
    most = 0
    for route in ROUTES:
        looked.clear()
        shown("GET", re.sub(r"{.*?}", "1", route.path))
        most = max(most, len(looked))
    assert most < len(ROUTES) / 50


async def test_what_it_does_not_know_is_found_or_refused_by_the_walk() -> None:
    app = FastAPI()

    async def here() -> str:
        return "here"

    routes = [LateRoute("/things", here), LateRoute("/things/{number}", here, methods=["PUT"])]
    app.router.routes[:] = [Signpost(routes), *routes]
    app.add_api_route("/page", here)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://127.0.0.1") as client:
        told = [
            (await client.request(method, path)).status_code
            for method, path in (
                ("GET", "/things"),
                ("PUT", "/things/7"),
                ("GET", "/page"),
                ("GET", "/things/7"),
                ("GET", "/things/"),
                ("GET", "/nowhere"),
            )
        ]
    assert told == [200, 200, 200, 405, 307, 404]
