"""The base of every shape that leaves the house."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Any, ClassVar, Self

from pydantic import BaseModel, ConfigDict


class Fact(BaseModel):
    """A frozen shape; unknown fields are refused so that a typing slip cannot lose data.

    Its validator is built when first used: nine hundred of them would cost each start a second.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", from_attributes=True, defer_build=True)
    again: ClassVar[tuple[str, ...]] = ()
    """Fields that list facts which are told again and again: each is put into words once, as it is frozen."""

    @cached_property
    def json_text(self) -> str:
        """The fact as compact JSON."""
        return self.model_dump_json()

    def model_copy(self, *, update: Mapping[str, Any] | None = None, deep: bool = False) -> Self:
        """Return a copy, which is put into words anew."""
        copied = super().model_copy(update=update, deep=deep)
        copied.__dict__.pop("json_text", None)
        return copied


class Actor(Fact):
    """Who did it: an account; in an event's envelope None means a device or the clock."""

    id: int
    name: str
    role: str
