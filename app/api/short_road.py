"""The short road through a route: what FastAPI would do for a good request, without what ours never need.

For each request FastAPI opens two stacks for dependencies that must be closed, solves each dependency with
all that it could have, and looks at query, headers and cookies for parameters that are not there. Most of
our routes want the house, the transaction, who asks, some parameters and a body of JSON. Whatever is not
good (a fault in the request, another kind of body) goes FastAPI's own road, so that it answers as it always
does.
"""

from __future__ import annotations

import inspect
import json
from collections.abc import Callable, Coroutine, Mapping
from contextlib import AsyncExitStack
from typing import Any

from fastapi import Request, Response
from fastapi.datastructures import DefaultPlaceholder
from fastapi.dependencies.models import Dependant
from fastapi.dependencies.utils import _should_embed_body_fields, request_params_to_args
from fastapi.exceptions import ResponseValidationError
from fastapi.routing import APIRoute
from pydantic import BaseModel
from starlette.types import ASGIApp, Receive, Scope, Send

Handler = Callable[[Request], Coroutine[Any, Any, Response]]
Known = Mapping[Callable[..., Any], Callable[[Request], Any]]
"""Dependencies that need nothing but the request, and how each is found."""

_UNUSUAL = (
    "header_params",
    "cookie_params",
    "websocket_param_name",
    "http_connection_param_name",
    "response_param_name",
    "background_tasks_param_name",
    "security_scopes_param_name",
)
_SHAPED = ("include", "exclude", "exclude_unset", "exclude_defaults", "exclude_none")
_FAULTY: Any = object()


def short_handler(route: APIRoute, full: Handler, known: Known) -> Handler | None:
    """Return a handler that answers good requests as `full` does; None for a route that wants more."""
    dependant, field, call = route.dependant, route.response_field, route.dependant.call
    if field is None or call is None or not _is_plain(route, known):
        return None
    found = tuple((one.name, known[one.call]) for one in dependant.dependencies if one.name and one.call)
    wants_request, status = dependant.request_param_name, route.status_code or 200

    async def handler(request: Request) -> Response:
        values = await _told(dependant, request)
        if values is None:
            return await _in_full(full, request)
        for name, find in found:
            values[name] = find(request)
        if wants_request:
            values[wants_request] = request
        answer = await call(**values)
        if isinstance(answer, Response):
            return answer
        checked, faults = field.validate(answer, loc=("response",))
        if faults:
            raise ResponseValidationError(errors=faults, body=answer)
        return Response(field.serialize_json(checked), status_code=status, media_type="application/json")

    return handler


async def _told(dependant: Dependant, request: Request) -> dict[str, Any] | None:
    """Return what path, query and body say, by the names of the parameters; None when something is wrong."""
    values: dict[str, Any] = {}
    for params, received in (
        (dependant.path_params, request.path_params),
        (dependant.query_params, request.query_params if dependant.query_params else {}),
    ):
        if params:
            told, faults = request_params_to_args(params, received)
            if faults:
                return None
            values.update(told)
    for body in dependant.body_params:  # one at most
        sent = await _json(request)
        value, faults = (None, [_FAULTY]) if sent is _FAULTY else body.validate(sent)
        if faults:
            return None
        values[body.name] = value
    return values


def short_app(handler: Handler) -> ASGIApp:
    """Return the ASGI application of a handler that needs none of FastAPI's stacks."""

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        response = await handler(Request(scope, receive, send))
        await response(scope, receive, send)

    return app


def _is_plain(route: APIRoute, known: Known) -> bool:
    dependant, body = route.dependant, route.dependant.body_params
    return (
        all(one.name is not None and one.call in known for one in dependant.dependencies)
        and isinstance(route.response_class, DefaultPlaceholder)
        and route.response_model_by_alias
        and not any(getattr(route, f"response_model_{name}") for name in _SHAPED)
        and not any(getattr(dependant, name) for name in _UNUSUAL)
        and inspect.iscoroutinefunction(dependant.call)
        and (not body or (_is_whole_body(route) and not route._embed_body_fields))  # noqa: SLF001
    )


def _is_whole_body(route: APIRoute) -> bool:
    """Whether the body is one model that must be there, in JSON."""
    one, *others = route.dependant.body_params
    shape = one.field_info.annotation
    return (
        not others
        and type(one.field_info).__name__ == "Body"
        and one.field_info.is_required()
        and isinstance(shape, type)
        and issubclass(shape, BaseModel)
        and not _should_embed_body_fields(route.dependant.body_params)
    )


async def _json(request: Request) -> Any:
    """Return what the body says where it is JSON beyond doubt."""
    sent = await request.body()
    kind = request.headers.get("content-type", "")
    if not sent or kind.partition(";")[0].strip().lower() != "application/json":
        return _FAULTY
    try:
        return json.loads(sent)
    except ValueError:
        return _FAULTY


async def _in_full(full: Handler, request: Request) -> Response:
    """Answer by FastAPI's own road, which opens these two around every request."""
    async with AsyncExitStack() as outer, AsyncExitStack() as inner:
        request.scope["fastapi_inner_astack"] = outer
        request.scope["fastapi_function_astack"] = inner
        return await full(request)
