"""The events of responses."""

from __future__ import annotations

from typing import Literal

from app.response.level.facts import ResponseBrief
from app.wire import Fact


class ResponseChanged(Fact):
    """A response was proposed, activated, adjusted, ended or refused, signed, or consulted on."""

    type: Literal[
        "response.proposed",
        "response.activated",
        "response.adjusted",
        "response.terminated",
        "response.refused",
        "response.signed",
        "response.consulted",
    ]
    response: ResponseBrief
    step: int
    by: str
    words: str
