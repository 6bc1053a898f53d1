"""The WebSocket's contract as AsyncAPI 3.0, made from the models.

`python -m app.realtime.asyncapi` writes `docs/asyncapi.yaml`; a test holds the two equal.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, get_args

import yaml
from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from app.desk.events import WireEvent
from app.dispatch.meeting.messages import SAID, TOLD
from app.realtime.messages import Head, Hello, Ping, Pong, Positions, Resync
from app.realtime.session import BAD_ORIGIN, DONE, FACTOR_DUE, NOT_LOGGED_IN, POLICY, TRY_LATER, Limits
from app.realtime.signalling import contract as meeting

PATH = Path(__file__).resolve().parents[2] / "docs" / "asyncapi.yaml"

_TOKEN = {"type": "http", "scheme": "bearer", "description": "an API token (docs/security.md)"}
_SESSION = {"type": "httpApiKey", "in": "cookie", "name": "zhishou_session"}
_SERVER = {
    "host": "localhost:8000",
    "protocol": "ws",
    "description": "`wss` behind TLS",
    "security": [
        {"$ref": "#/components/securitySchemes/session"},
        {"$ref": "#/components/securitySchemes/token"},
    ],
}
_AFTER = {"type": "integer", "minimum": 0, "description": "the highest seq the screen knows"}
_BINDING = {
    "method": "GET",
    "query": {"type": "object", "properties": {"after": _AFTER}},
    "bindingVersion": "0.1.0",
}
_DESCRIPTION = """\
One ordered stream of facts per county, and a telemetry lane beside it. Text frames with one JSON object each.

`WS /ws?after=SEQ`, authenticated by the session cookie, or by an API token in `Authorization: Bearer`.
`hello` comes first; then every event after `SEQ` that this account may see, in order, each once, and what
happens from then on. Without `after` only what happens from then on. Numbers have gaps where an event is
for other eyes; `head` says every 5 s that everything up to `seq` has been sent. **Remember the highest
`seq` of any event or `head`, and reconnect with it as `after`** (not `hello.head`: what was missed still
follows it). Who need not see personal data gets it masked.

`positions` is telemetry: it has no number, is not resumed, and a later message for a device wins. A screen
that was away for more than a minute loads the snapshot for the rest.

Close codes:

- {done} after `resync`: load the snapshot and connect with its `seq`.
- {policy}: the screen said something other than a ping, or over {frame_bytes} bytes,
  or over {frames} times a second.
- {later}: the screen reads too slowly, or the database is lost: reconnect with `after`.
- {login}: not logged in, or no longer. {factor}: the second factor is to be set up.
  {origin}: the page is not ours.
- Anything else: reconnect with `after`, after a random delay of up to 2 s.
"""

_SUMMARIES: dict[type[BaseModel], str] = {
    Hello: "The greeting: how far the journal reaches.",
    Head: "The heart-beat, every 5 s: everything up to `seq` has been sent.",
    Positions: "Positions that changed, about once a second.",
    Resync: "Load the snapshot again; the connection closes.",
    Pong: "The answer to a ping.",
    Ping: "The only thing a screen may say.",
}


def document() -> dict[str, Any]:
    """Return the AsyncAPI document as plain data."""
    events: tuple[type[BaseModel], ...] = get_args(get_args(WireEvent)[0])
    models: list[type[BaseModel]] = [*_SUMMARIES, *events, *TOLD, *SAID]
    _, schemas = models_json_schema(
        [(model, "serialization") for model in models], ref_template="#/components/schemas/{model}"
    )
    messages = {_types(model)[0]: _message(model, None) for model in _SUMMARIES}
    messages |= {kind: _message(model, kind) for model in events for kind in _types(model)}
    heard = [name for name in messages if name != "ping"]
    screen = {name: _ref("messages", name) for name in messages}
    for model, meaning in meeting.summaries().items():
        payload = {"summary": meaning, "payload": _ref("schemas", model.__name__)}
        messages[f"meeting.{meeting.name_of(model)}"] = payload
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "值守 Zhishou: real-time lane",
            "version": "1.0.0",
            "license": {"name": "Apache-2.0"},
            "description": _description(),
        },
        "defaultContentType": "application/json",
        "servers": {"centre": _SERVER},
        "channels": {
            "screen": {
                "address": "/ws",
                "messages": screen,
                "bindings": {"ws": _BINDING},
            },
            "meeting": meeting.channel(_BINDING),
        },
        "operations": {
            "tell": _operation("send", "What a screen is told.", heard),
            "ask": _operation("receive", "What a screen may say.", ["ping"]),
            "tellSeat": meeting.operation("send", "What a seat in a meeting is told.", TOLD),
            "askSeat": meeting.operation("receive", "What a seat in a meeting may say.", SAID),
        },
        "components": {
            "messages": messages,
            "schemas": schemas["$defs"],
            "securitySchemes": {"session": _SESSION, "token": _TOKEN},
        },
    }


def _description() -> str:
    limits = Limits()
    return _DESCRIPTION.format(
        done=DONE,
        policy=POLICY,
        later=TRY_LATER,
        login=NOT_LOGGED_IN,
        factor=FACTOR_DUE,
        origin=BAD_ORIGIN,
        frame_bytes=limits.frame_bytes,
        frames=limits.frames_per_s,
    )


def _types(model: type[BaseModel]) -> tuple[str, ...]:
    return get_args(model.model_fields["type"].annotation)


def _message(model: type[BaseModel], event_type: str | None) -> dict[str, Any]:
    schema = _ref("schemas", model.__name__)
    if event_type is None:
        return {"summary": _SUMMARIES[model], "payload": schema}
    narrowed = {"allOf": [schema, {"type": "object", "properties": {"type": {"const": event_type}}}]}
    return {"name": event_type, "summary": _meaning(model), "payload": narrowed}


def _meaning(model: type[BaseModel]) -> str:
    """Return the payload's own sentence: the wire model only adds the envelope."""
    payload = next(base for base in model.__mro__[1:] if "type" in vars(base).get("__annotations__", {}))
    return payload.__doc__ or ""


def _operation(action: str, summary: str, names: list[str]) -> dict[str, Any]:
    return {
        "action": action,
        "channel": {"$ref": "#/channels/screen"},
        "summary": summary,
        "messages": [{"$ref": f"#/channels/screen/messages/{name}"} for name in names],
    }


def _ref(kind: str, name: str) -> dict[str, str]:
    return {"$ref": f"#/components/{kind}/{name}"}


class _Dumper(yaml.SafeDumper):
    """Writes paragraphs as paragraphs."""


_Dumper.add_representer(
    str,
    lambda dumper, text: dumper.represent_scalar(
        "tag:yaml.org,2002:str", text, style="|" if "\n" in text else None
    ),
)


def _yaml(whole: dict[str, Any]) -> str:
    written: str = yaml.dump(whole, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=110)
    return written


def write() -> None:
    """Write the document to where it is committed."""
    PATH.write_text(_yaml(document()), encoding="utf-8")


if __name__ == "__main__":
    write()
