"""The level table (domain/rules B2): every row at its bounds, monotone in every figure, 就高不就低."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.dispatch.figures.kinds import MEASURES, FigureKind
from app.dispatch.level.rules import LOWEST, propose, risen
from app.dispatch.level.table import PATH, level_table, read_table

TABLE = level_table()
NEW = timedelta()
CODES = ("12D02", "12Y00", "12G01", "12H05", "11G01", "11C02", "11D01", "12Q01", "11A01", "13A00", "14A00")

# family's code, figure, from where on it is 特别重大, 重大, 较大: domain/rules B2, row by row
ROWS: tuple[tuple[str, FigureKind, tuple[float, float, float]], ...] = (
    ("12D02", "dead", (30, 10, 3)),
    ("12D02", "seriously_injured", (100, 50, 10)),
    ("12D02", "loss", (10000, 5000, 1000)),
    ("12G01", "dead", (30, 10, 3)),
    ("12H05", "dead", (30, 10, 3)),
    ("12H05", "seriously_injured", (100, 50, 10)),
    ("12Y00", "dead", (30, 10, 3)),
    ("11G01", "area", (1000, 100, 1)),
    ("11G01", "dead", (30, 10, 3)),
    ("11G01", "seriously_injured", (100, 50, 10)),
    ("11C02", "dead", (300, 50, 10)),
    ("11C02", "magnitude", (7.0, 6.0, 5.0)),
    ("11D01", "dead", (30, 10, 3)),
    ("11D01", "loss", (1000, 500, 100)),
    ("11D01", "at_risk", (1000, 500, 100)),
    ("11D01", "loss_at_risk", (10000, 5000, 500)),
    ("12Q01", "dead", (30, 10, 3)),
    ("12Q01", "seriously_injured", (100, 50, 10)),
    ("12Q01", "evacuated", (50000, 10000, 5000)),
    ("12Q01", "loss", (10000, 2000, 500)),
)
BOUNDS = [(code, kind, level, limit) for code, kind, row in ROWS for level, limit in enumerate(row, start=1)]


@pytest.mark.parametrize(("code", "kind", "level", "limit"), BOUNDS)
def test_the_number_itself_belongs_to_the_higher_level_and_one_less_does_not(
    code: str, kind: FigureKind, level: int, limit: float
) -> None:
    less = 1 if MEASURES[kind].whole else 0.01
    at = propose(TABLE, code, {kind: limit}, NEW)
    assert at.level == level
    assert MEASURES[kind].zh in at.clauses[0].zh
    assert propose(TABLE, code, {kind: limit - less}, NEW).level == level + 1


figures = st.dictionaries(
    st.sampled_from(sorted(MEASURES)), st.floats(0, 100_000, allow_nan=False), max_size=len(MEASURES)
)
ages = st.timedeltas(NEW, timedelta(days=60))


@given(st.sampled_from(CODES), figures, st.sampled_from(sorted(MEASURES)), st.floats(0, 100_000), ages)
def test_no_figure_that_grows_ever_lowers_the_level_or_silences_a_trigger(
    code: str, told: dict[str, float], kind: str, more: float, age: timedelta
) -> None:
    before = propose(TABLE, code, told, age)
    after = propose(TABLE, code, {**told, kind: told.get(kind, 0) + more}, age)
    assert (after.level or LOWEST) <= (before.level or LOWEST)
    assert len(after.larger_risk) >= len(before.larger_risk)


@given(st.sampled_from(CODES), figures, ages)
def test_the_highest_of_all_criteria_wins(code: str, told: dict[str, float], age: timedelta) -> None:
    found = propose(TABLE, code, told, age)
    if found.level is None:
        assert found.clauses == ()
        return
    alone = [propose(TABLE, code, {kind: value}, age).level or LOWEST for kind, value in told.items()]
    assert found.level <= min(alone, default=LOWEST)  # lower still when the missing count with the dead
    assert {clause.level for clause in found.clauses} == {found.level}


@given(st.integers(1, 4), st.none() | st.integers(1, 4), st.none() | st.integers(1, 4))
def test_a_level_never_falls_by_itself(held: int, before: int | None, proposed: int | None) -> None:
    assert risen(held, before, proposed) <= held


def test_what_a_person_lowered_is_not_raised_again_by_the_same_figures() -> None:
    assert risen(4, 3, 3) == 4
    assert risen(4, 3, 2) == 2


@pytest.mark.parametrize(
    ("code", "days", "level"),
    [("11D01", 0, 3), ("12D02", 29, 4), ("12D02", 30, 3), ("12H05", 6, 4), ("12H05", 7, 3), ("12G01", 7, 3)],
)
def test_the_missing_count_with_the_dead_at_once_or_after_thirty_or_seven_days(
    code: str, days: int, level: int
) -> None:
    told = {"dead": 1.0, "missing": 2.0}
    assert propose(TABLE, code, told, timedelta(days=days)).level == level


@pytest.mark.parametrize(
    ("told", "fires"),
    [
        ({"at_risk": 10}, True),
        ({"at_risk": 9}, False),
        ({"trapped": 3}, True),
        ({"trapped": 2, "missing": 1}, True),
        ({"trapped": 2}, False),
        ({"evacuated": 500}, True),
        ({"evacuated": 499}, False),
    ],
)
def test_larger_risk_is_asked_of_work_safety_only(told: dict[str, float], *, fires: bool) -> None:
    assert bool(propose(TABLE, "12D02", told, NEW).larger_risk) is fires
    for code in ("11A01", "11G01", "11D01", "12H05", "14A00"):
        assert propose(TABLE, code, told, NEW).larger_risk == ()


def test_a_flood_has_no_table_and_a_forest_fire_is_general_at_least() -> None:
    assert propose(TABLE, "11A01", {"dead": 40}, NEW).level is None
    assert propose(TABLE, "11G01", {}, NEW).level == LOWEST


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("sum: [area], at_least: [1000, 100, 1, 0]", "sum: [area], at_least: [100, 1000, 1, 0]"),
        ("sum: [area], at_least: [1000, 100, 1, 0]", "sum: [area], at_least: [1000, 100, 0]"),
        ("sum: [area]", "sum: [acres]"),
        ("codes: [11G]", "codes: [11C]"),
        ("families:", "family:"),
    ],
)
def test_a_table_that_cannot_be_meant_stops_the_start(old: str, new: str) -> None:
    words = PATH.read_text(encoding="utf-8")
    assert old in words
    with pytest.raises(ValueError, match=r"分级|数字|/"):
        read_table(words.replace(old, new))
