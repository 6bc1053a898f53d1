"""The base of every shape that leaves the house."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict


class Fact(BaseModel):
    """A frozen shape; unknown fields are refused so that a typing slip cannot lose data.

    Its validator is built when first used: nine hundred of them would cost each start a second.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", from_attributes=True, defer_build=True)


_Shape = TypeVar("_Shape", bound=Fact)


def fact_of(shape: type[_Shape], columns: Mapping[Any, Any]) -> _Shape:
    """Return the fact that a row holds, by the names of its columns.

    A column that the shape does not know, as a newer program's migration adds, is none of ours.
    """
    return shape(**{name: columns[name] for name in shape.model_fields if name in columns})


class Actor(Fact):
    """Who did it: an account; in an event's envelope None means a device or the clock."""

    id: int
    name: str
    role: str
