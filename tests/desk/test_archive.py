"""What was written is found by its words, by whoever may see it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.desk.archive import reading
from app.desk.archive.keeper import ArchiveKeeper
from app.desk.archive.rules import NothingAsked, grams, question, words_of
from app.desk.archive.saying import told
from app.journal.concern import Concern
from app.journal.store import JournalRow
from app.refusals import InvalidInput
from tests.world import EAST_HILL, SECRET_KIND, STREAM, WEST_LAKE, ZONE, World


@given(st.text(max_size=30), st.text(min_size=2, max_size=10), st.text(max_size=30))
def test_a_word_is_found_wherever_it_stands(before: str, word: str, after: str) -> None:
    if word.lower() in (before + word + after).lower():  # İ and its like change their length in small letters
        assert set(grams(word)) <= set(grams(before + word + after))


@given(st.text(max_size=50))
def test_a_pair_is_an_integer_that_postgresql_can_hold(text: str) -> None:
    assert all(-(2**31) <= one < 2**31 for one in grams(text))


@pytest.mark.parametrize(
    ("text", "words", "start", "end"),
    [
        ("东岸村", ("东岸村",), None, None),
        ("东岸村 2025", ("东岸村",), (2025, 1, 1), (2026, 1, 1)),
        ("2025年 东岸 转移", ("东岸", "转移"), (2025, 1, 1), (2026, 1, 1)),
        ("东岸 2025-12", ("东岸",), (2025, 12, 1), (2026, 1, 1)),
        ("东岸 2025-02-28", ("东岸",), (2025, 2, 28), (2025, 3, 1)),
        ("东岸 2025-02-30", ("东岸", "2025-02-30"), None, None),
        ("SJ-20250618-001 2025 2024", ("SJ-20250618-001", "2024"), (2025, 1, 1), (2026, 1, 1)),
    ],
)
def test_a_question_is_words_and_a_time(
    text: str, words: tuple[str, ...], start: tuple[int, int, int] | None, end: tuple[int, int, int] | None
) -> None:
    asked = question(text, ZONE)
    assert asked.words == words
    assert [asked.start, asked.end] == [one and datetime(*one, tzinfo=ZONE) for one in (start, end)]


@pytest.mark.parametrize("text", ["", " ", "2025", "东", "东岸 村", "一一 二二 三三 四四 五五 六六 七七"])
def test_nothing_is_asked_by_a_year_alone_a_single_character_or_a_whole_letter(text: str) -> None:
    with pytest.raises(NothingAsked):
        question(text, ZONE)


def test_no_telephone_is_among_the_words_of_a_row() -> None:
    body = {
        "type": "x",
        "zh": "说明",
        "incident": {"title": "东岸", "callers": [{"phone": "19900000001", "name": "甲"}]},
    }
    assert words_of("立案", body) == "立案 说明 东岸 甲"


def test_what_the_timeline_has_no_words_for_is_told_as_the_log_or_by_its_names() -> None:
    row = JournalRow(STREAM, 1, datetime(2025, 6, 18, tzinfo=ZONE), "task.moved", Concern(()), "{}")
    body = '{"type": "task.moved", "at": "2025-06-18T00:00:00Z", "task": {"title": "东岸桥隐患"}}'
    assert told(replace(row, body=body))[0] == "task.moved 东岸桥隐患"


@pytest.mark.database
async def test_who_may_see_a_row_finds_it_and_nobody_else(world: World) -> None:
    await world.incident(title="东岸村三人被困", region_code=EAST_HILL)
    await world.incident(title="东岸村涉密", region_code=EAST_HILL, event_code=SECRET_KIND)
    await world.incident(title="西湖村来电100%_真", region_code=WEST_LAKE)
    keeper = ArchiveKeeper(world.database, STREAM)
    assert await keeper.look() == len(await world.events())
    assert await keeper.look() == 0

    async def found(who: str, words: str) -> list[str]:
        by = world.people[who]
        answer = await world.do(lambda tx: reading.find(tx, by, words, None, ZONE))
        assert answer.behind == 0
        return [line.zh for line in answer.lines]

    year = world.clock.now().astimezone(ZONE).year
    assert await found("officer", f"东岸村 {year}") == ["立案:东岸村涉密", "立案:东岸村三人被困"]
    assert await found("officer", f"东岸村 {year - 1}") == []
    assert await found("officer", "100%_真") == ["立案:西湖村来电100%_真"]
    assert await found("officer", "10%真") == []
    assert await found("east", "东岸村") == ["立案:东岸村三人被困"]
    assert await found("west", "东岸村") == []
    with pytest.raises(InvalidInput):
        await found("officer", "村")
