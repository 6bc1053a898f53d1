"""How many people of a team can go, and from where we know it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.dispatch.recommendation.rules.staffing import Mark, Staffing, Word, staffing
from tests.dispatch.recommendation.units import NOW

MORNING, EVENING = NOW - timedelta(hours=4), NOW


@pytest.mark.parametrize(
    ("mark", "named", "returned", "elsewhere", "expected"),
    [
        # nothing of today: the register
        (Mark(True, None, 12), None, None, 0, Staffing(True, 12, "register")),
        (Mark(False, None, 12), None, None, 0, Staffing(False, 12, "register")),
        (Mark(True, None, 0), None, None, 0, Staffing(True, 0, "register")),  # nobody knows how many
        (Mark(True, EVENING, 12), None, None, 0, Staffing(True, 12, "marked")),
        # names count before a return, both before the register
        (Mark(False, None, 0), Word(11, MORNING), None, 0, Staffing(True, 11, "named")),
        (Mark(False, None, 0), Word(11, MORNING), Word(40, EVENING), 0, Staffing(True, 11, "named")),
        (Mark(True, None, 12), None, Word(40, MORNING), 0, Staffing(True, 40, "returned")),
        (Mark(True, None, 12), Word(0, MORNING), None, 0, Staffing(False, 0, "named")),
        (Mark(True, None, 12), None, Word(0, MORNING), 0, Staffing(False, 0, "returned")),
        # a later mark overrules the yes or no
        (Mark(False, EVENING, 12), Word(11, MORNING), None, 0, Staffing(False, 11, "marked")),
        (Mark(True, EVENING, 12), Word(0, MORNING), None, 0, Staffing(False, 0, "named")),
        (Mark(False, MORNING, 12), Word(11, EVENING), None, 0, Staffing(True, 11, "named")),
        # who is out with another team cannot go twice
        (Mark(True, None, 12), None, None, 5, Staffing(True, 7, "register", 5)),
        (Mark(True, None, 12), Word(5, MORNING), None, 5, Staffing(False, 0, "named", 5)),
        (Mark(True, None, 3), None, None, 5, Staffing(False, 0, "register", 5)),
    ],
)
def test_the_newest_word_counts(
    mark: Mark, named: Word | None, returned: Word | None, elsewhere: int, expected: Staffing
) -> None:
    assert staffing(mark, named, returned, elsewhere) == expected


_words = st.none() | st.builds(Word, st.integers(0, 60), st.sampled_from((MORNING, EVENING)))
_marks = st.builds(Mark, st.booleans(), st.sampled_from((None, MORNING, EVENING)), st.integers(0, 60))


@given(_marks, _words, _words, st.integers(0, 60))
def test_nobody_is_on_standby_with_nobody_and_people_out_never_add(
    mark: Mark, named: Word | None, returned: Word | None, gone: int
) -> None:
    found = staffing(mark, named, returned, gone)
    assert found.people >= 0
    assert found.people <= staffing(mark, named, returned, 0).people
    if found.on_standby and (named or returned):
        assert found.people > 0
