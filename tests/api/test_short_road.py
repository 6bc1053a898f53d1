"""The short road answers as FastAPI's own does, and leaves to it whatever is not good."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any

import httpx
import pytest
from fastapi import APIRouter, Depends, FastAPI, Query, Request, Response
from fastapi.routing import APIRoute

from app.api import problems
from app.api.house import FOUND
from app.api.short_road import short_app, short_handler
from app.commands import Command, RowId
from app.refusals import NotPermitted
from app.wire import Fact


class Asked(Command):
    """What is sent."""

    word: str
    times: int = 1


class Said(Fact):
    """What is answered."""

    id: int
    words: list[str]
    house: str


async def house(request: Request) -> str:
    """Return something that only the request knows."""
    return str(request.headers["host"])


KNOWN = {**FOUND, house: lambda request: str(request.headers["host"])}
House = Annotated[str, Depends(house)]
walked: list[str] = []


class Short(APIRoute):
    """A route by the short road where there is one."""

    def __init__(self, *told: Any, **named: Any) -> None:
        super().__init__(*told, **named)
        short = short_handler(self, super().get_route_handler(), KNOWN)
        if short is not None:
            walked.append(self.path)
            self.app = short_app(short)


def routes(kind: type[APIRoute]) -> APIRouter:
    """Return the same operations as routes of a kind."""
    router = APIRouter(route_class=kind)

    @router.get("/words/{id}")
    async def read(id: RowId, house: House, times: Annotated[int, Query(ge=1, le=3)] = 1) -> Said:  # noqa: A002
        return Said(id=id, words=["水"] * times, house=house)

    @router.post("/words/{id}", status_code=201)
    async def write(id: RowId, asked: Asked, house: House) -> Said:  # noqa: A002
        return Said(id=id, words=[asked.word] * asked.times, house=house)

    @router.get("/raw")
    async def raw(request: Request) -> Said:
        return Response(request.url.path, media_type="text/plain")  # type: ignore[return-value]

    @router.get("/refused")
    async def refused(house: House) -> Said:
        raise NotPermitted

    @router.get("/none", status_code=204)
    async def none(house: House) -> None: ...

    @router.get("/heads")
    async def heads(response: Response) -> Said:
        response.headers["X-Word"] = "1"
        return Said(id=1, words=[], house="")

    return router


def app_of(kind: type[APIRoute]) -> FastAPI:
    app = FastAPI()
    problems.install(app)
    app.router.routes.extend(routes(kind).routes)
    return app


Ask = Callable[[httpx.AsyncClient], Any]
JSON = {"content-type": "application/json"}
ASKED: dict[str, Ask] = {
    "read": lambda c: c.get("/words/7"),
    "read with a parameter": lambda c: c.get("/words/7?times=3&other=1"),
    "a parameter out of bounds": lambda c: c.get("/words/7?times=9"),
    "a path that is no number": lambda c: c.get("/words/x"),
    "both at fault": lambda c: c.post("/words/x", json={"times": "many"}),
    "write": lambda c: c.post("/words/7", json={"word": "水", "times": 2}),
    "write, its kind with a charset": lambda c: c.post(
        "/words/7", content=b'{"word":"a"}', headers={"content-type": "application/json; charset=utf-8"}
    ),
    "a kind of JSON": lambda c: c.post(
        "/words/7", content=b'{"word":"a"}', headers={"content-type": "application/merge-patch+json"}
    ),
    "another kind": lambda c: c.post(
        "/words/7", content=b'{"word":"a"}', headers={"content-type": "text/plain"}
    ),
    "no kind": lambda c: c.post("/words/7", content=b'{"word":"a"}'),
    "no body": lambda c: c.post("/words/7"),
    "null": lambda c: c.post("/words/7", content=b"null", headers=JSON),
    "a list": lambda c: c.post("/words/7", json=[1]),
    "a field too many": lambda c: c.post("/words/7", json={"word": "a", "more": 1}),
    "broken JSON": lambda c: c.post("/words/7", content=b'{"word":', headers=JSON),
    "no UTF-8": lambda c: c.post("/words/7", content=b'{"word":"\xff"}', headers=JSON),
    "a ready response": lambda c: c.get("/raw"),
    "a refusal": lambda c: c.get("/refused"),
    "nothing": lambda c: c.get("/none"),
    "a header of its own": lambda c: c.get("/heads"),
    "another method": lambda c: c.put("/words/7"),
}


@pytest.mark.parametrize("what", ASKED)
async def test_both_roads_give_the_same_answer(what: str) -> None:
    answers = []
    for kind in (APIRoute, Short):
        transport = httpx.ASGITransport(app=app_of(kind), raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://house") as client:
            answer = await ASKED[what](client)
            answers.append((answer.status_code, sorted(answer.headers.items()), answer.content))
    assert answers[0] == answers[1]


def test_only_plain_routes_go_the_short_road() -> None:
    walked.clear()
    routes(Short)
    assert walked == ["/words/{id}", "/words/{id}", "/raw", "/refused"]
