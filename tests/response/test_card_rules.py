"""Action cards: read strictly, written back the same; nothing done is lost and nothing goes out twice."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.response.plan.rules.card import Card, CardTask, card_text, read_card
from app.response.plan.rules.change import change, ended
from app.response.plan.rules.fit import Candidate, fitting, validity
from app.response.plan.shipped import shipped_cards

KEYS = st.sampled_from([f"t{n}" for n in range(8)])
LEVELS = st.integers(1, 4)


def task(key: str, levels: frozenset[int], *, stops: bool) -> CardTask:
    return CardTask(key, levels, "市公安局", "action", f"做{key}", 10, "", stops)


@st.composite
def cards(draw: st.DrawFn) -> Card:
    keys = draw(st.lists(KEYS, min_size=1, max_size=8, unique=True))
    return Card(
        "试验",
        tuple(task(key, draw(st.frozensets(LEVELS, min_size=1)), stops=draw(st.booleans())) for key in keys),
    )


@given(cards(), st.lists(LEVELS, min_size=1, max_size=8), st.sets(KEYS))
def test_whatever_way_the_level_goes_nothing_done_is_lost_and_nothing_goes_out_twice(
    card: Card, path: list[int], done: set[str]
) -> None:
    out: list[str] = []
    before: int | None = None
    for level in path:
        finished = set(out) & done
        told = change(card, level, out, finished, before)
        assert not {one.key for one in told.send} & set(out)  # nothing goes out twice
        assert set(told.withdraw) | set(told.keep) == set(out)  # nothing is forgotten
        assert finished <= set(told.keep)  # nothing done is taken back
        if before is not None and level <= before:
            assert told.withdraw == ()  # only a lowering takes back
        stopping = {one.key for one in card.tasks if one.stops}
        assert set(told.withdraw) <= stopping
        out = [*told.keep, *(one.key for one in told.send)]
        assert {one.key for one in card.at(level)} <= set(out)  # what the level asks for is out
        before = level
    gone = ended(card, out, done)
    assert not set(gone.withdraw) & done


@given(cards(), LEVELS, LEVELS)
def test_up_and_down_again_leaves_what_was_out_before(card: Card, low: int, high: int) -> None:
    low, high = max(low, high), min(low, high)
    first = [one.key for one in change(card, low, ()).send]
    up = change(card, high, first, (), low)
    out = [*up.keep, *(one.key for one in up.send)]
    down = change(card, low, out, (), high)
    assert set(first) <= set(down.keep) and down.send == ()
    assert change(card, low, down.keep, (), low).send == ()


@given(cards())
def test_a_card_that_is_written_reads_as_the_same_card(card: Card) -> None:
    assert read_card(card_text(card)) == (card, ())


@pytest.mark.parametrize("name", sorted(shipped_cards()))
def test_the_shipped_cards_are_right_and_order_more_at_every_higher_level(name: str) -> None:
    card, faults = read_card(shipped_cards()[name])
    assert card is not None and faults == () and card.levels == (1, 2, 3, 4)
    counts = [len(card.at(level)) for level in (4, 3, 2, 1)]
    assert counts == sorted(counts)


def test_the_card_of_hazardous_chemicals_has_the_eleven_tasks_of_the_scenario() -> None:
    card, _ = read_card(shipped_cards()["hazardous_chemicals"])
    assert card is not None and len(card.at(4)) == 11


WRONG = """card: 试验
tasks:
  - key: Bad Key
    levels: [4, 5]
    to: "@谁"
    text: 做
    due_min: 0
    on_lowering: maybe
  - key: a
    levels: []
    to: 市公安局
    due_min: 10
    on_lowering: stop
  - key: b
    levels: [4]
    to: 市公安局
    text: 做
    due_min: 10
    on_lowering: stop
    colour: red
"""


def test_every_mistake_is_named_with_its_line() -> None:
    card, faults = read_card(WRONG)
    assert card is None
    lines = {one.line: one.zh for one in faults}
    assert set(lines) == {3, 4, 5, 7, 8, 9, 20}
    assert "小写字母" in lines[3] and "1至4" in lines[4] and "@乡镇" in lines[5]
    assert lines[9] == "缺少“text”" and "不认识的项" in lines[20]


@pytest.mark.parametrize(
    ("text", "zh"),
    [
        ("", "文件为空"),
        ("card: [", "不是正确的YAML"),
        ("card: &a x\ntasks: *a", "不允许使用锚点和别名"),
        ("card: !!python/object:os.system x\ntasks: []", "不允许使用标签"),
        ("card: x\ntasks: []", "至少写一项任务"),
        ("x" * 300_000, "文件大于"),
    ],
)
def test_a_text_that_is_no_card_is_refused_in_words(text: str, zh: str) -> None:
    card, faults = read_card(text)
    assert card is None and any(zh in one.zh for one in faults)


def test_a_key_stands_once() -> None:
    one = "  - {key: a, levels: [4], to: 甲, text: 做, due_min: 5, on_lowering: stop}\n"
    card, faults = read_card("card: x\ntasks:\n" + one + one)
    assert card is None and [(f.line, f.zh) for f in faults] == [(4, "“a”与第3行重复")]


PLANS = [
    Candidate(1, "general", "总体", (), "990181000000", carded=True),
    Candidate(2, "special", "生产安全", ("12",), "990181000000", carded=False),
    Candidate(3, "special", "危化", ("12D",), "990181000000", carded=True),
    Candidate(4, "departmental", "环境", ("12D", "12Q"), "990181000000", carded=False),
    Candidate(5, "township", "东镇危化", ("12D",), "990181100000", carded=False),
    Candidate(6, "township", "西镇危化", ("12D",), "990181200000", carded=False),
]


def test_the_closest_plan_is_proposed_first_with_the_reason() -> None:
    found = fitting(PLANS, "12D02", "危险化学品泄漏", "990181100201", None)
    assert [one.plan_id for one in found] == [3, 2, 4, 5]
    assert found[0].zh == "事件类型 12D02危险化学品泄漏,属专项预案适用范围(12D)"
    assert found[1].zh.endswith("尚无行动卡")


def test_the_general_plan_comes_for_grave_events_and_where_none_is_special() -> None:
    assert [one.plan_id for one in fitting(PLANS, "12D02", "", "990181100201", 2)][-1] == 1
    assert [one.plan_id for one in fitting(PLANS, "13A00", "传染病", "", None)] == [1]


@pytest.mark.parametrize(
    ("last", "versions", "expected"),
    [
        (None, 1, "valid"),
        (None, 0, "none"),
        (date(2025, 6, 19), 1, "expired"),
        (date(2025, 6, 20), 1, "expiring"),
        (date(2025, 9, 18), 1, "expiring"),
        (date(2025, 9, 19), 1, "valid"),
    ],
)
def test_the_last_day_of_a_plan_is_included(last: date | None, versions: int, expected: str) -> None:
    assert validity(last, date(2025, 6, 20), versions=versions) == expected
