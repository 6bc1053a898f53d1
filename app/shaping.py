"""Rows in the shapes of the wire, by the names that both have."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from pydantic import BaseModel
from sqlalchemy import Result

Shape = TypeVar("Shape", bound=BaseModel)


def shaping(model: type[Shape], rows: Result[Any]) -> Callable[[Any], Shape]:
    """Return what makes a shape of each of these rows.

    A column that a newer program's migration added is none of ours; a field without a column keeps its
    default. The names are compared once, not for each row.
    """
    places = [(name, place) for place, name in enumerate(rows.keys()) if name in model.model_fields]

    def shaped(row: Any) -> Shape:
        return model(**{name: row[place] for name, place in places})

    return shaped


def all_shaped(model: type[Shape], rows: Result[Any]) -> list[Shape]:
    """Return every row in a shape."""
    shaped = shaping(model, rows)
    return [shaped(row) for row in rows]
