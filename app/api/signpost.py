"""Which of hundreds of routes a request is for: found by the shape of its path, not by walking past them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from starlette._utils import get_route_path
from starlette.datastructures import URLPath
from starlette.routing import BaseRoute, Match, NoMatchFound
from starlette.types import Receive, Scope, Send

from app.api.late_route import LateRoute

_Shape = tuple[int, str, str, str]  # how many parts the path has; the first, the second and the last


class Signpost(BaseRoute):
    """Stands in front of the routes it knows and finds the one that the router would come to first.

    Of a request for none of them it says nothing: the router then walks as ever, and finds a page, another
    method or nothing.
    """

    def __init__(self, routes: Iterable[LateRoute]) -> None:
        self._by_path: dict[str, list[tuple[int, LateRoute]]] = defaultdict(list)
        self._by_shape: dict[_Shape, list[tuple[int, LateRoute]]] = defaultdict(list)
        self._anywhere: list[tuple[int, LateRoute]] = []
        for place in enumerate(routes):
            self._put(place)

    def _put(self, place: tuple[int, LateRoute]) -> None:
        path = place[1].path
        if "{" not in path:
            self._by_path[path].append(place)
            return
        parts, first, second, last = _shape(path)
        if ":path}" in path or "{" in first + second:
            self._anywhere.append(place)
        else:
            self._by_shape[parts, first, second, "" if "{" in last else last].append(place)

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """Return the match of the first route that takes the request whole."""
        if scope["type"] == "http":
            path = get_route_path(scope)
            shape = _shape(path)
            known = (
                self._by_path.get(path, ()),
                self._by_shape.get(shape, ()),
                self._by_shape.get((*shape[:3], ""), ()) if shape[3] else (),
                self._anywhere,
            )
            found = sorted((place for places in known for place in places), key=_order)
            for _, route in found:
                match, child_scope = route.matches(scope)
                if match is Match.FULL:
                    return match, child_scope
        return Match.NONE, {}

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hand the request to the route that was found."""
        await scope["route"].handle(scope, receive, send)

    def url_path_for(self, name: str, /, **path_params: object) -> URLPath:
        """Say nothing: the routes themselves know their addresses."""
        raise NoMatchFound(name, path_params)


def _order(place: tuple[int, LateRoute]) -> int:
    return place[0]


def _shape(path: str) -> _Shape:
    parts = path.split("/")
    first, second = (*parts[1:3], "", "")[:2]
    return len(parts), first, second, parts[-1]
