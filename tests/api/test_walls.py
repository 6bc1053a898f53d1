"""Wall screens: a token opens a session that reads and never writes, until somebody takes the wall down."""

from __future__ import annotations

import re
from typing import Any

import httpx
import pytest

from app.api.route import COOKIE, SAFE, DeskRoute
from tests.api.desk import Desk, problem
from tests.world import EAST, OPEN_KIND, SECRET_KIND, WEST_LAKE

pytestmark = pytest.mark.database


async def made(desk: Desk, who: str = "leader", **told: Any) -> dict[str, Any]:
    answer = await desk.post(who, "/api/walls", {"name": "大厅", **told})
    assert answer.status_code == 201, answer.text
    wall: dict[str, Any] = answer.json()
    return wall


async def opened(desk: Desk, wall: dict[str, Any]) -> str:
    token = wall["path"].removeprefix("/wall?token=")
    answer = await desk.post(None, "/api/walls/session", {"token": token})
    assert answer.status_code == 200, answer.text
    assert answer.json()["role"] == "wall"
    assert "HttpOnly" in answer.headers["set-cookie"]
    return answer.headers["set-cookie"].split(";")[0].removeprefix(f"{COOKIE}=")


async def on_wall(desk: Desk, cookie: str, method: str, path: str, told: Any = None) -> httpx.Response:
    return await desk.client.request(method, path, json=told, headers={"Cookie": f"{COOKIE}={cookie}"})


async def test_a_wall_reads_the_desk_of_its_place_and_no_secret_matter(desk: Desk) -> None:
    here = await desk.world.incident()
    await desk.world.incident(region_code=WEST_LAKE)
    await desk.world.incident(event_code=SECRET_KIND)
    cookie = await opened(desk, await made(desk, region_code=EAST))
    picture = (await on_wall(desk, cookie, "GET", "/api/snapshot")).json()
    assert [row["id"] for row in picture["incidents"]] == [here.id]
    assert picture["me"]["permissions"] == ["see_desk"]


async def test_no_route_that_writes_lets_a_wall_through(desk: Desk) -> None:
    cookie = await opened(desk, await made(desk))
    before = len(await desk.world.events())
    writing = [
        (method, route.path_format)
        for route in desk.app.routes
        if isinstance(route, DeskRoute)
        for method in (route.methods or set()) - SAFE
    ]
    assert len(writing) > 150  # the whole house
    for method, path in writing:
        answer = await on_wall(desk, cookie, method, re.sub(r"{.*?}", "1", path), {})
        assert answer.status_code == 403, f"{method} {path}: {answer.status_code}"
    told = {"event_code": OPEN_KIND, "region_code": EAST}
    problem(await on_wall(desk, cookie, "POST", "/api/incidents", told), 403, "not_permitted")
    assert len(await desk.world.events()) == before


async def test_a_wall_that_was_taken_down_sees_nothing_from_that_moment(desk: Desk) -> None:
    wall = await made(desk)
    cookie = await opened(desk, wall)
    assert (await on_wall(desk, cookie, "GET", "/api/me")).status_code == 200
    answer = await desk.post("lead", f"/api/walls/{wall['id']}/revoke", {})
    assert answer.json()["revoked_by"] == "值班长"
    problem(await on_wall(desk, cookie, "GET", "/api/me"), 401, "not_logged_in")
    token = wall["path"].removeprefix("/wall?token=")
    document = problem(await desk.post(None, "/api/walls/session", {"token": token}), 401, "no_such_wall")
    assert (document["zh"][:4], "revoked" in document["en"]) == ("大屏地址", True)
    problem(await desk.post("lead", f"/api/walls/{wall['id']}/revoke", {}), 404, "not_found")


async def test_making_opening_and_revoking_stand_in_the_journal_without_the_token(desk: Desk) -> None:
    wall = await made(desk)
    await opened(desk, wall)
    await desk.post("leader", f"/api/walls/{wall['id']}/revoke", {})
    told = await desk.world.events()
    assert [e["type"] for e in told] == ["wall.made", "account.logged_in", "wall.revoked"]
    token = wall["path"].removeprefix("/wall?token=")
    assert token not in str(told)
    assert token not in str(await desk.world.rows("SELECT * FROM wall_screen"))
    (listed,) = await desk.read("leader", "/api/walls")
    assert (listed["name"], listed["made_by"], listed["opened_at"] is None) == ("大厅", "带班领导", False)


async def test_only_who_manages_accounts_makes_walls_and_only_of_the_own_place(desk: Desk) -> None:
    problem(await desk.post("officer", "/api/walls", {"name": "大厅"}), 403, "not_permitted")
    problem(await desk.post("crew", "/api/walls", {"name": "大厅"}), 403, "not_permitted")
    problem(
        await desk.post("leader", "/api/walls", {"name": "大厅", "region_code": "110101001000"}),
        422,
        "invalid_input",
    )
    problem(await desk.post("leader", "/api/walls", {"name": " "}), 422, "invalid_input")
