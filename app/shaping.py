"""Rows in the shapes of the wire, by the names that both have."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any, TypeVar

from pydantic import BaseModel
from pydantic_core import from_json
from sqlalchemy import Result

Shape = TypeVar("Shape", bound=BaseModel)
_REMEMBERED = 4096  # rows of a statement: some kilobytes each


def shaping(model: type[Shape], rows: Result[Any]) -> Callable[[Any], Shape]:
    """Return what makes a shape of each of these rows.

    A column that a newer program's migration added is none of ours; a field without a column keeps its
    default. The names are compared once, not for each row.
    """
    places = _places(model, tuple(rows.keys()))

    def shaped(row: Any) -> Shape:
        return model(**{name: row[place] for name, place in places})

    return shaped


@lru_cache(maxsize=512)
def _places(model: type[BaseModel], names: tuple[str, ...]) -> list[tuple[str, int]]:
    fields = model.model_fields
    return [(name, place) for place, name in enumerate(names) if name in fields]


def all_shaped(model: type[Shape], rows: Result[Any]) -> list[Shape]:
    """Return every row in a shape."""
    shaped = shaping(model, rows)
    return [shaped(row) for row in rows]


def all_remembered(model: type[Shape], rows: Result[Any], texts: frozenset[str] = frozenset()) -> list[Shape]:
    """Return every row in a shape; a row that was shaped before, value for value, is the same shape again.

    For frozen shapes of rows that are read again and again. `texts` are the columns that hold JSON as text.
    """
    shaped = _remembering(model, tuple(rows.keys()), texts)
    return [shaped(*row) for row in rows]


@lru_cache(maxsize=64)
def _remembering(model: type[Shape], names: tuple[str, ...], texts: frozenset[str]) -> Callable[..., Shape]:
    places = _places(model, names)

    @lru_cache(maxsize=_REMEMBERED)
    def shaped(*row: Any) -> Shape:
        return model(
            **{name: from_json(row[place]) if name in texts else row[place] for name, place in places}
        )

    return shaped
