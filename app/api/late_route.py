"""A route that is built when it is first wanted: hundreds of them would cost every start a second."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import Any

from fastapi.routing import APIRoute
from pydantic.warnings import UnsupportedFieldAttributeWarning
from starlette._utils import get_route_path
from starlette.routing import Match, compile_path, get_name
from starlette.types import Scope

_OF_THE_PATH = frozenset({"path_regex", "path_format", "param_convertors"})


class LateRoute(APIRoute):
    """Knows its path, methods and name; parameters, body and answer are looked at with the first request.

    What is wrong with a route shows when the OpenAPI document is made, which a test does.
    """

    def __init__(self, path: str, endpoint: Callable[..., Any], **told: Any) -> None:
        self.path, self.endpoint = path, endpoint
        self.methods = {method.upper() for method in told.get("methods") or ("GET",)}
        self.name = told.get("name") or get_name(endpoint)
        self.include_in_schema = told.get("include_in_schema", True)
        self._fixed = path.partition("{")[0]
        self._told: dict[str, Any] | None = told

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """Return whether a request is for this route; most are told apart by how their path begins."""
        if not get_route_path(scope).startswith(self._fixed):
            return Match.NONE, {}
        return super().matches(scope)

    def __getattr__(self, name: str) -> Any:
        """Build the route when something of it is wanted that is not there yet."""
        told = self.__dict__.get("_told")
        if name in _OF_THE_PATH:
            self.path_regex, self.path_format, self.param_convertors = compile_path(self.path)
        elif told is not None:
            self._told = None
            self._build(told)
        if name not in self.__dict__:
            raise AttributeError(name)
        return self.__dict__[name]

    def _build(self, told: dict[str, Any]) -> None:
        """Build the route and the readers of its query and body."""
        with warnings.catch_warnings():  # as FastAPI does where readers are built at once
            warnings.simplefilter("ignore", UnsupportedFieldAttributeWarning)
            super().__init__(self.path, self.endpoint, **told)
            read = (*self.dependant.query_params, *self.dependant.body_params)
            for field in (*read, *filter(None, (self.body_field,))):
                field._type_adapter.rebuild()  # noqa: SLF001
