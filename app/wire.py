"""The base of every shape that leaves the house."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class Fact(BaseModel):
    """A frozen shape; unknown fields are refused so that a typing slip cannot lose data.

    Its validator is built when first used: nine hundred of them would cost each start a second.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", from_attributes=True, defer_build=True)


class Actor(Fact):
    """Who did it: an account; in an event's envelope None means a device or the clock."""

    id: int
    name: str
    role: str
