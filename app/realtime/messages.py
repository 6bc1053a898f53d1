"""What goes over `WS /ws` besides the journal's events: the shapes of the lane itself."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field

from app.tracking.facts import PositionFact
from app.wire import Fact


class Hello(Fact):
    """The first message: how far the journal reaches. What was missed follows, up to `head`."""

    type: Literal["hello"] = "hello"
    head: int
    at: datetime


class Head(Fact):
    """The heart-beat: everything up to `seq` that this screen may see has been sent before it."""

    type: Literal["head"] = "head"
    seq: int
    at: datetime


class Positions(Fact):
    """The positions that changed since the last such message. A later one for a device wins."""

    type: Literal["positions"] = "positions"
    at: datetime
    positions: list[PositionFact]


class Resync(Fact):
    """The screen must load the snapshot again: the stream cannot bring it up to date."""

    type: Literal["resync"] = "resync"
    reason: Literal["too_far_behind", "access_changed"]


class Ping(Fact):
    """The screen asks whether anybody is there; the only thing it may say."""

    type: Literal["ping"]
    id: Annotated[int, Field(ge=0, le=2**53 - 1, strict=True)]


class Pong(Fact):
    """The answer to a ping, with its number."""

    type: Literal["pong"] = "pong"
    id: int
