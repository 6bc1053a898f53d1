"""No pattern of the house runs away: the time it takes grows with the length of what is sent, no faster."""

from __future__ import annotations

import re

import pytest

from tests.attacks import patterns_of_the_house, runs_away


def test_no_pattern_of_the_house_runs_away() -> None:
    found = patterns_of_the_house()
    assert len(found) > 200, "the modules are not looked through any more"
    wild = {
        f"{module}: {pattern.pattern!r}": bad
        for pattern, module in found.items()
        if (bad := runs_away(pattern))
    }
    assert not wild


@pytest.mark.parametrize(
    "pattern",
    [
        r"(a+)+$",  # the classic
        r"(?:\d|\d\d)+x",  # two ways to read the same
        r"^(\D+?)\s*(\d+)$",  # was ours
        rb"[ \0]*([0-7]*)[ \0]*\Z",  # and this, of bytes
    ],
)
def test_patterns_that_run_away_are_seen(pattern: str | bytes) -> None:
    assert runs_away(re.compile(pattern))


@pytest.mark.parametrize("pattern", [r"[a-z]+\d*", r"^(?:#|调度)\s*+(\d{1,18})\s*+[:,]?\s*+", r"(?:ab)+\Z"])
def test_patterns_that_do_not_are_left_alone(pattern: str) -> None:
    assert runs_away(re.compile(pattern)) is None
