"""Scripts are read line by line, injects come when they should, and seconds are worth points."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.exercise.rules.clock import Came, Running, due_at, took_s, worth
from app.exercise.rules.script import AfterIn, InjectIn, WrongScript, read_script
from app.task.rules import OPEN, STEPS, rate

AT = datetime(2025, 6, 18, 2, 0, tzinfo=UTC)
GOOD = 'code: D\nname: 演练\ninjects:\n  - {id: a, at: "1:30", kind: call, title: 来电, target_s: 60}\n'


@pytest.mark.parametrize(
    ("source", "line", "zh"),
    [
        (GOOD.replace("kind: call", "kind: phone"), 4, "只能是"),
        (GOOD.replace("target_s: 60", "target_s: 0"), 4, "不能小于 1"),
        (GOOD + "  - {id: a, kind: text, title: 二, target_s: 60}\n", 5, "编号 a 重复"),
        (GOOD + "  - {id: b, after: {inject: c}, kind: text, title: 二, target_s: 60}\n", 5, "须写在前面"),
        (GOOD + "  - id: b\n    kind: sos\n    title: 求救\n    target_s: 60\n", 5, "family 与 device"),
        (GOOD + "days: 3\n", 5, "没有此项"),
        (GOOD.replace("name: 演练\n", ""), 1, "缺少此项"),
        ("code: [\n", 2, "不是正确的 YAML"),
        ("- a\n", 1, "列表"),
        ("code: &x D\nname: *x\n", 2, "引用"),
        ("code: D\nname: n\ninjects: []\n", 3, "至少一条"),
    ],
)
def test_a_mistake_is_told_by_its_line_in_both_languages(source: str, line: int, zh: str) -> None:
    with pytest.raises(WrongScript) as raised:
        read_script(source)
    told = raised.value.faults[0]
    assert (told.line, zh in told.zh) == (line, True), told
    assert told.en and not any("一" <= letter <= "鿿" for letter in told.en.replace("演练", "")), told.en


@given(st.text(max_size=300))
def test_whatever_stands_in_a_file_is_a_script_or_a_fault(source: str) -> None:
    faults = []
    try:
        read_script(source)
    except WrongScript as error:
        faults = error.faults
    assert all(one.line >= 1 and one.zh and one.en for one in faults)


@pytest.mark.parametrize(
    ("told", "seconds"), [('"1:30"', 90), ("17:00", 1020), ('"1:02:03"', 3723), ("45", 45)]
)
def test_times_are_minutes_and_seconds_after_the_start(told: str, seconds: int) -> None:
    assert read_script(GOOD.replace('"1:30"', told)).injects[0].at == seconds


def test_an_inject_comes_by_time_after_another_or_by_hand_and_a_pause_moves_it() -> None:
    base = {"id": "a", "kind": "call", "title": "t", "target_s": 60}
    running = Running(AT, timedelta(minutes=5))
    assert due_at(InjectIn(**base, at=60), running, {}) == AT + timedelta(minutes=6)
    assert due_at(InjectIn(**base), running, {}) is None
    came = {"x": Came(AT, None)}
    assert due_at(InjectIn(**base, after=AfterIn(inject="x", seconds=30)), running, came) == AT + timedelta(
        seconds=30
    )
    waits = InjectIn(**base, after=AfterIn(inject="x", seconds=30, done=True))
    assert due_at(waits, running, came) is None
    assert due_at(waits, running, {"x": Came(AT, AT + timedelta(seconds=9))}) == AT + timedelta(seconds=39)


@given(points=st.integers(0, 100), target=st.integers(1, 3600), took=st.integers(0, 9000))
def test_faster_is_never_worth_less(points: int, target: int, took: int) -> None:
    def of(seconds: int) -> int:
        found = worth(points, target, Came(AT, AT + timedelta(seconds=seconds)), over=False)
        assert found is not None
        return found

    assert 0 <= of(took + 1) <= of(took) <= points
    assert of(target) == points and of(2 * target + 1) == 0
    assert worth(points, target, Came(), over=True) is None
    assert (worth(points, target, Came(AT), over=False), worth(points, target, Came(AT), over=True)) == (
        None,
        0,
    )
    assert took_s(Came(AT, AT + timedelta(seconds=took)), AT + timedelta(days=1)) == took


def test_nothing_is_closed_unchecked_and_the_rate_leaves_out_what_was_dropped() -> None:
    assert {before for (before, step), after in STEPS.items() if after == "closed"} == {"checked"}
    assert {before for (before, _) in STEPS} == set(OPEN)
    assert (rate(194, 0, 203), rate(0, 2, 2), rate(1, 1, 3)) == (0.9557, None, 0.5)
