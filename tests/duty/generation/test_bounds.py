"""What cannot be meant is refused in both languages, before anybody tries to solve it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from app.duty.generation.rules.bounds import BadProblem, check
from app.duty.generation.rules.problem import Around, Fixed, Interval, Limits, Problem, Wish
from app.duty.generation.rules.solve import solve
from tests.duty.generation.month import FIRST, WANG, day, days, month, people, person, shift

GOOD = month(days(3), people(3))
BACKWARDS = Interval(FIRST, FIRST - timedelta(hours=1))
NAIVE = Interval(FIRST.replace(tzinfo=None), FIRST.replace(tzinfo=None) + timedelta(days=1))


def slot(**change: object) -> Problem:
    return replace(GOOD, slots=(replace(GOOD.slots[0], **change),))  # type: ignore[arg-type]


def somebody(**change: object) -> Problem:
    return replace(GOOD, candidates=(replace(person(WANG), **change),))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("problem", "zh", "en"),
    [
        (
            slot(end=FIRST - timedelta(hours=1)),
            "班次 d1:结束时间早于开始时间",
            "slot d1: ends before it starts",
        ),
        (slot(start=NAIVE.start, end=NAIVE.end), "班次 d1:时间须带时区", "slot d1: the time needs a zone"),
        (slot(end=FIRST + timedelta(hours=36)), "时长36小时,应为4至24小时", "36 h long, must be 4 to 24 h"),
        (slot(end=FIRST + timedelta(hours=1)), "时长1小时", "1 h long"),
        (slot(post="moon"), "没有值班点 moon", "no post moon"),
        (slot(seat="throne"), "应急指挥中心没有席位 throne", "emergency centre has no seat throne"),
        (slot(needed=0), "需要人数应为1至50", "needed must be 1 to 50"),
        (slot(needed=51), "需要人数应为1至50", "needed must be 1 to 50"),
        (somebody(fills=frozenset({("moon", "x")})), "人员 王军:没有席位 moon/x", "no seat moon/x"),
        (somebody(leave=(BACKWARDS,)), "人员 王军休假:结束时间早于开始时间", "leave of candidate 王军: ends"),
        (somebody(around=(Around(NAIVE),)), "前后班次:时间须带时区", "the time needs a zone"),
        (somebody(wishes=(Wish("want"),)), "意愿须指明一个班次或一个日期", "names a slot or a date"),
        (somebody(wishes=(Wish("want", "d1", day(1)),)), "意愿须指明", "names a slot or a date"),
        (somebody(wishes=(Wish("want", slot="d99"),)), "意愿中没有班次 d99", "no slot d99 to wish for"),
        (
            somebody(wishes=(Wish("want", "d1", weight=11),)),
            "意愿权重应为1至10",
            "weight of a wish is 1 to 10",
        ),
        (replace(GOOD, fixed=(Fixed("d9", WANG),)), "固定安排:没有班次 d9", "fixed: no slot d9"),
        (replace(GOOD, fixed=(Fixed("d1", 99),)), "固定安排:没有人员 99", "fixed: no person 99"),
        (replace(GOOD, slots=GOOD.slots * 2), "班次 d1 出现了2次", "slot d1 is given 2 times"),
        (replace(GOOD, posts=GOOD.posts * 2), "值班点 centre 出现了2次", "post centre is given 2 times"),
        (replace(GOOD, candidates=people(2) * 2), "人员 1 出现了2次", "person 1 is given 2 times"),
        (replace(GOOD, candidates=()), "没有可排班的人员", "there is nobody to put on duty"),
        (replace(GOOD, limits=Limits(max_per_month=-1)), "班次上限不能为负数", "cannot be negative"),
        (replace(GOOD, limits=Limits(min_rest=timedelta(-1))), "休息时长不能为负", "rest not negative"),
        (month(days(70), people(3)), "排班跨度70天,超过62天", "a roster of 70 days, more than 62"),
        (month(days(20_001), people(3)), "班次共20001个,超过上限20000个", "20001 slots, more than 20000"),
        (month(days(62), people(5_001)), "人员共5001个", "5001 candidates, more than 5000"),
        (
            month([shift(1, name=f"x{n}") for n in range(500)], people(900)),
            "共450000种组合,超过上限400000种",
            "450000 pairs of slot and candidate, more than 400000",
        ),
    ],
)
@pytest.mark.parametrize("ask", [check, lambda problem: solve(problem, seconds=1)])
def test_bad_input_is_refused_in_both_languages(
    problem: Problem, zh: str, en: str, ask: Callable[[Problem], object]
) -> None:
    with pytest.raises(BadProblem) as refused:
        ask(problem)
    assert zh in refused.value.zh and en in refused.value.en
    assert isinstance(refused.value, ValueError)


def test_what_is_good_passes() -> None:
    check(GOOD)
