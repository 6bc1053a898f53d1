"""The language of `when:`: what it says is what it means, and nothing else is read."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.reporting.rules.terms import FIGURES, FLAGS
from app.reporting.rules.when import Compare, Expression, Flag, Joined, WhenFault, compared, parse_when

figures = st.dictionaries(st.sampled_from(sorted(FIGURES)), st.integers(0, 20).map(float))
flags = st.frozensets(st.sampled_from(sorted(FLAGS)))


def _joined(inner: st.SearchStrategy[Expression]) -> st.SearchStrategy[Expression]:
    return st.builds(
        Joined, st.sampled_from(("and", "or")), st.lists(inner, min_size=2, max_size=3).map(tuple)
    )


comparisons = st.builds(
    Compare,
    st.lists(st.sampled_from(sorted(FIGURES)), min_size=1, max_size=3).map(tuple),
    st.sampled_from((">=", ">", "==")),
    st.integers(0, 20).map(float),
)
leaves = st.one_of(st.builds(Flag, st.sampled_from(sorted(FLAGS))), comparisons)
expressions = st.recursive(leaves, _joined, max_leaves=6).filter(lambda one: len(str(one)) <= 500)


@given(expressions, figures, flags)
def test_an_expression_written_and_read_again_means_the_same(
    expression: Expression, told: dict[str, float], up: frozenset[str]
) -> None:
    again = parse_when(str(expression))
    assert again.holds(told, up) == expression.holds(told, up)
    assert str(parse_when(str(again))) == str(again)


@given(expressions, figures, flags)
def test_it_means_what_python_would_mean_by_it_where_all_figures_are_known(
    expression: Expression, told: dict[str, float], up: frozenset[str]
) -> None:
    known = {name: told.get(name, 0.0) for name in FIGURES}
    names: dict[str, object] = {**known, **{name: name in up for name in FLAGS}}
    assert expression.holds(known, up) == bool(eval(str(expression), {"__builtins__": {}}, names))


@given(expressions.filter(lambda one: "==" not in str(one)), figures, flags, st.sampled_from(sorted(FIGURES)))
def test_more_of_a_thing_never_silences_a_trigger(
    expression: Expression, told: dict[str, float], up: frozenset[str], name: str
) -> None:
    if expression.holds(told, up):
        assert expression.holds({**told, name: told.get(name, 0) + 1}, up | {"media"})


@given(st.text(max_size=60) | st.text(alphabet="deadmi+>=()0 orn", max_size=60))
def test_no_text_does_anything_but_be_read_or_be_refused(words: str) -> None:
    try:
        found = parse_when(words)
    except WhenFault:
        return
    assert found.holds({}, frozenset()) in (True, False)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("", "不完整"),
        ("dead", "比较"),
        ("dead >=", "不完整"),
        ("dead>=many", "数值"),
        ("ghosts>=3", "ghosts"),
        ("media media", "多出"),
        ("(media", "不完整"),
        ("(media or", "不完整"),
        ("(media needs_help", "右括号"),
        ("media and not needs_help", "not"),
        ("dead<3", "不认识"),
        ("dead+media>=3", "media"),
        ("__import__('os')", "不认识"),
        ("(" * 11 + "media" + ")" * 11, "10层"),
        ("media or " * 60 + "media", "500"),
        ("dead>=1234567890123", "数值"),
    ],
)
def test_what_is_not_of_the_language_is_refused_with_the_reason(words: str, said: str) -> None:
    with pytest.raises(WhenFault, match=said):
        parse_when(words)


def test_and_binds_closer_than_or() -> None:
    found = parse_when("media or dead>=1 and needs_help")
    assert found.holds({}, frozenset({"media"}))
    assert not found.holds({"dead": 1}, frozenset())
    assert found.holds({"dead": 1}, frozenset({"needs_help"}))


def test_what_is_not_known_is_not_compared_but_added_as_nothing() -> None:
    found = parse_when("dead+missing>=0")
    assert not found.holds({}, frozenset())
    assert found.holds({"missing": 0}, frozenset())


def test_comparisons_of_one_figure_are_found() -> None:
    found = parse_when("burning_h>24 or (media and burning_h>=72) or burning_h+dead>=1")
    assert [one.number for one in compared(found, "burning_h")] == [24, 72]
