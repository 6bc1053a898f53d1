"""The part of the AsyncAPI document about `WS /ws/meeting`."""

from __future__ import annotations

from typing import Any, get_args

from pydantic import BaseModel

from app.dispatch.meeting.messages import MOST_BYTES, SAID, TOLD
from app.realtime.signalling.talk import LIMITS

DESCRIPTION = f"""\
Signalling between the browsers of one meeting, which send each other pictures and sound themselves.
 `WS /ws/meeting?meeting=ID&camera=1&microphone=1` with a session cookie takes the seat that is for
this account: of somebody who is rung, that is the answer. Programs, displays and auditors have none.

`welcome` comes first and names who is there; with `room`, pictures and sound go through LiveKit, which that
pass opens, and nobody offers. Else offer to each of them; whoever comes later (`peer_joined`)
offers to you. Descriptions go to the one screen they name and are kept by nobody: no trickle, so one offer
and one answer per pair. Then say `connected`, and `saw_video` of each whose first picture was decoded: the
server stamps these with its own clock. At most {MOST_BYTES} bytes a message,
{LIMITS.frames_per_s} messages a second.

Close codes: 1000 after `over`, or you left; 1008 for what is not understood, too much or not permitted; 4404
after `refused`; 4401, 4402 and 4403 as for `/ws`; after anything else come again.
"""


def summaries() -> dict[type[BaseModel], str]:
    """Return every message with what it means."""
    return {model: (model.__doc__ or "").strip() for model in (*TOLD, *SAID)}


def name_of(model: type[BaseModel]) -> str:
    """Return the word by which a message goes."""
    return str(get_args(model.model_fields["type"].annotation)[0])


def channel(binding: dict[str, Any]) -> dict[str, Any]:
    """Return the channel."""
    names = [name_of(model) for model in (*TOLD, *SAID)]
    messages = {name: {"$ref": f"#/components/messages/meeting.{name}"} for name in names}
    query = {
        "type": "object",
        "properties": {
            "meeting": {"type": "integer", "minimum": 1},
            "camera": {"enum": ["0", "1"]},
            "microphone": {"enum": ["0", "1"]},
        },
    }
    return {
        "address": "/ws/meeting",
        "description": DESCRIPTION,
        "messages": messages,
        "bindings": {"ws": {**binding, "query": query}},
    }


def operation(action: str, summary: str, models: tuple[type[BaseModel], ...]) -> dict[str, Any]:
    """Return an operation of the channel."""
    return {
        "action": action,
        "channel": {"$ref": "#/channels/meeting"},
        "summary": summary,
        "messages": [{"$ref": f"#/channels/meeting/messages/{name_of(model)}"} for model in models],
    }
