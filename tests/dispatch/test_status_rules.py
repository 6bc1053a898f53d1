"""The rules of round-ups: what an answer may hold, what a text says, lateness, the next round."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.dispatch.status_call.rules import words
from app.dispatch.status_call.rules.sheet import Question, doubts, faults, is_jump, nothing_to_report
from app.dispatch.status_call.rules.times import Every, late_minutes, next_due, remind_at, standing
from app.dispatch.status_call.rules.totals import totals
from tests.world import ZONE

DUE = datetime(2025, 6, 18, 3, 0, tzinfo=UTC)
MOVED = Question(1, "number", "转移人数", "人", minimum=0, maximum=99999, of_people=True, cumulative=True)
ROAD = Question(2, "choice", "道路", choices=("通", "断"))
POWER = Question(3, "yes_no", "是否有电")
LACKS = Question(4, "lacking", "缺什么", optional=True)
SAYS = Question(5, "text", "其他", optional=True)
SHEET = (MOVED, ROAD, POWER, LACKS, SAYS)
FINE: dict[int, Any] = {1: 23.0, 2: "通", 3: True, 4: ["雨衣30件"], 5: "无"}


def test_an_answer_that_fits_has_no_fault() -> None:
    assert faults(SHEET, FINE) == []
    assert faults(SHEET, {1: 0, 2: "断", 3: False}) == []


@pytest.mark.parametrize(
    ("number", "value", "said"),
    [
        (1, -3.0, "不能小于0"),
        (1, 100000.0, "不能大于99999"),
        (1, 2.5, "应为整数"),
        (1, True, "应为数字"),
        (1, "many", "应为数字"),
        (1, float("inf"), "应为数字"),
        (2, "堵", "应为以下之一"),
        (3, "是", "应答是或否"),
        (4, "雨衣", "最多列20项"),
        (4, ["x"] * 21, "最多列20项"),
        (5, "  ", "1–200字"),
        (9, 1.0, "没有第9题"),
    ],
)
def test_what_cannot_be_is_refused_with_its_question(number: int, value: Any, said: str) -> None:
    (fault,) = faults(SHEET, {**FINE, number: value})
    assert fault.number == number and said in fault.zh and fault.en


def test_a_question_left_out_is_named() -> None:
    assert [fault.number for fault in faults(SHEET, {1: 2.0})] == [2, 3]


def test_what_looks_wrong_is_taken_with_a_doubt() -> None:
    found = doubts(SHEET, {1: 5000.0}, 4200, {1: 6000.0})
    assert [(one.kind, one.limit) for one in found] == [("over_population", 4200), ("fell", 6000.0)]
    assert [one.kind for one in doubts(SHEET, {1: 90.0}, 0, {1: 20.0})] == ["jump"]
    assert doubts(SHEET, {1: 90.0}, 0, {}) == [] and doubts(SHEET, {2: "通"}, 1, {2: "断"}) == []


@pytest.mark.parametrize(
    ("before", "value", "jumps"),
    [(1, 4, False), (0, 10, True), (10, 30, True), (10, 29, False), (30, 10, True)],
)
def test_a_jump_is_three_times_and_ten(before: float, value: float, jumps: object) -> None:
    assert is_jump(before, value) is jumps


def test_nothing_to_report_says_nought_and_no_words() -> None:
    at_least_two = Question(6, "number", "至少", minimum=2)
    assert nothing_to_report((*SHEET, at_least_two)) == {1: 0.0, 3: False, 4: []}


@pytest.mark.parametrize(
    ("text", "call", "values"),
    [
        ("1=23 2=1 3=是 4=缺雨衣", None, {1: 23.0, 2: "通", 3: True, 4: ["雨衣"]}),
        ("#12 1=23人,2=断;3=否", 12, {1: 23.0, 2: "断", 3: False}),
        ("调度7:1:23 2:通 3:有 4:缺雨衣30件、水泵 5:桥断 等待", 7,
         {1: 23.0, 2: "通", 3: True, 4: ["雨衣30件", "水泵"], 5: "桥断 等待"}),
        ("1=-3", None, {1: -3.0}),
        ("\uff03\uff19 \uff11\uff1d\uff12\uff13\uff0c\uff12\uff1a\u65ad", 9, {1: 23.0, 2: "断"}),
        ("1=1,200 4=不缺", None, {1: 1200.0, 4: []}),
    ],
)  # fmt: skip
def test_a_text_is_read_as_people_write_it(text: str, call: int | None, values: dict[int, Any]) -> None:
    heard = words.heard(text)
    assert heard is not None and heard.call_id == call
    assert words.read(SHEET, heard.told) == (values, [])


@pytest.mark.parametrize("text", ["无情况", "#3 无情况。", "平安", "零报告"])
def test_nothing_to_report_is_one_word(text: str) -> None:
    heard = words.heard(text)
    assert heard is not None and heard.nothing


@pytest.mark.parametrize("text", ["桥断了", "1", "收到", "SOS 28.1234,118.2345", "", "今天1=2吗"])
def test_what_is_no_answer_is_left_alone(text: str) -> None:
    assert words.heard(text) is None


def test_what_cannot_be_read_is_named_and_never_guessed() -> None:
    heard = words.heard("1=很多 2=7 3=也许 8=1")
    assert heard is not None
    assert words.read(SHEET, heard.told) == ({}, [1, 2, 3, 8])


@given(st.text(max_size=80))
def test_no_text_breaks_the_reader(text: str) -> None:
    heard = words.heard(text)
    if heard is not None:
        values, unread = words.read(SHEET, heard.told)
        assert set(values) | set(unread) == set(heard.told)


@given(st.integers(0, 99999), st.booleans(), st.sampled_from(["通", "断"]))
def test_what_is_written_as_asked_is_read_as_meant(number: int, power: bool, road: str) -> None:
    heard = words.heard(f"#5 1={number} 2={road} 3={'是' if power else '否'}")
    assert heard is not None
    assert words.read(SHEET, heard.told)[0] == {1: float(number), 2: road, 3: power}


def test_the_text_that_asks_shows_how_to_answer() -> None:
    said = words.asking(12, "情况", SHEET, "18日11:00")
    assert "#12 1=数 2=序号 3=是 4=缺… 5=…" in said and "2.道路(1通/2断)" in said and "#12 无情况" in said


def test_a_begun_minute_counts_as_late() -> None:
    late = [late_minutes(DUE, DUE + timedelta(seconds=s)) for s in (-1, 0, 1, 60, 61, 360)]
    assert late == [0, 0, 1, 1, 2, 6]


def test_how_a_unit_stands() -> None:
    after = DUE + timedelta(seconds=1)
    assert [standing(DUE, None, at) for at in (DUE, after)] == ["waiting", "silent"]
    assert [standing(DUE, late, after) for late in (0, 6)] == ["answered", "late"]


def test_a_reminder_lies_between_asking_and_deadline() -> None:
    half = timedelta(minutes=30)
    assert remind_at(DUE - timedelta(hours=2), DUE, half) == DUE - half
    assert remind_at(DUE - half, DUE, half) is None and remind_at(DUE - half, DUE, None) is None


def test_every_four_hours_skips_what_was_missed() -> None:
    every = Every(4, (), timedelta(hours=1))
    assert next_due(every, DUE, DUE, ZONE) == DUE + timedelta(hours=4)
    assert next_due(every, DUE, DUE + timedelta(hours=9), ZONE) == DUE + timedelta(hours=12)
    assert next_due(every, DUE, DUE - timedelta(hours=9), ZONE) == DUE + timedelta(hours=4)


def test_eight_and_seventeen_are_those_of_the_county() -> None:
    every = Every(None, (time(17), time(8)), timedelta(hours=1))
    seen, at = [], DUE  # 11:00 in the county
    for _ in range(3):
        at = next_due(every, at, at, ZONE)
        seen.append(f"{at.astimezone(ZONE):%d %H:%M}")
    assert seen == ["18 17:00", "19 08:00", "19 17:00"]


@given(st.integers(1, 72), st.integers(-200, 200))
def test_the_next_round_can_still_be_kept(hours: int, later: int) -> None:
    now = DUE + timedelta(hours=later)
    due = next_due(Every(hours, (), timedelta()), DUE, now, ZONE)
    assert due > now and due > DUE and (due - DUE) % timedelta(hours=hours) == timedelta()


def test_totals_add_up_what_is_lacking_by_name() -> None:
    said: dict[str, dict[int, Any]] = {
        "甲": {1: 23.0, 2: "通", 3: True, 4: ["雨衣30件", "冲锋舟"]},
        "乙": {1: 4.0, 2: "断", 3: False, 4: ["雨衣 20 件"]},
        "丙": {1: 0.0},
    }
    moved, road, power, lacks, says = totals(SHEET, said)
    assert (moved.total, moved.answered, says.answered) == (27.0, 3, 0)
    assert road.counts == (("通", 1), ("断", 1)) and power.counts == (("是", 1), ("否", 1))
    assert [(one.item, one.quantity, one.unit, one.who) for one in lacks.lacking] == [
        ("雨衣", 50.0, "件", ("甲", "乙")),
        ("冲锋舟", None, "", ("甲",)),
    ]
