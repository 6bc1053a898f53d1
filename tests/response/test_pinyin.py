"""Names are found by their spelling."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app import pinyin

FLOOD = "樟川市防汛抗旱应急预案"


@pytest.mark.parametrize(
    "words", ["zhangchuan", "fangxun", "fxkh", "FX kh", "kanghan", "yjya", "zcs", "zhangchuanshif"]
)
def test_a_plan_is_found_by_syllables_and_by_first_letters_from_any_character_on(words: str) -> None:
    assert pinyin.is_spelling(words)
    assert pinyin.meets(words, FLOOD)


@pytest.mark.parametrize("words", ["angxun", "fkx", "senlin", "zhangchuanx"])
def test_a_part_of_a_syllable_or_another_order_finds_nothing(words: str) -> None:
    assert not pinyin.meets(words, FLOOD)


@pytest.mark.parametrize("words", ["", "防汛", "2024", "预案a", "'"])
def test_what_is_no_spelling_is_not_looked_up_as_one(words: str) -> None:
    assert not pinyin.is_spelling(words)


@given(st.text(max_size=30))
def test_every_name_is_met_by_its_own_spelling_and_its_first_letters(name: str) -> None:
    syllables = pinyin.spell(name)
    assert len(syllables) == len(name)
    plain = "".join(syllables).replace(" ", "").replace("'", "")
    if plain == "".join(syllables):
        assert pinyin.meets(plain, name)
