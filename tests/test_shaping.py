"""Rows in the shapes of the wire: remembered ones are the ones that would be made anew."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import IteratorResult
from sqlalchemy.engine.result import SimpleResultMetaData

from app.shaping import all_remembered, all_shaped
from app.wire import Fact


class Told(Fact):
    """A shape with all that rows hold: numbers, words, instants, JSON."""

    id: int
    word: str | None
    at: datetime
    late: bool
    listed: list[dict[str, int]]


NAMES = ("id", "word", "at", "late", "listed", "of_a_newer_program")
ROWS = st.lists(
    st.tuples(
        st.integers(0, 3),
        st.none() | st.sampled_from(("值", "守")),
        st.datetimes(datetime(2026, 1, 1), datetime(2026, 1, 2), timezones=st.just(UTC)),  # noqa: DTZ001
        st.booleans(),
        st.sampled_from(("[]", '[{"a": 1}]')),
        st.integers(),
    ),
    max_size=8,
)


def result(rows: Sequence[tuple[Any, ...]]) -> IteratorResult[Any]:
    return IteratorResult(SimpleResultMetaData(NAMES), iter(rows))


@given(ROWS)
def test_a_remembered_row_is_the_shape_that_would_be_made_anew(rows: list[tuple[Any, ...]]) -> None:
    read = {"[]": [], '[{"a": 1}]': [{"a": 1}]}
    anew = [(*row[:4], read[row[4]], row[5]) for row in rows]
    for _ in range(2):
        assert all_remembered(Told, result(rows), frozenset({"listed"})) == all_shaped(Told, result(anew))


def test_the_same_row_is_the_same_object_and_another_is_not() -> None:
    row = (1, "值", datetime(2026, 1, 1, tzinfo=UTC), False, "[]", 0)
    first, same, other = all_remembered(Told, result([row, row, (2, *row[1:])]), frozenset({"listed"}))
    assert first is same
    assert other.id == 2
