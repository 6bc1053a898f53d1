"""What those who got an alert are told when it changed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from app.broadcast.commands import Title, Words
from app.response.warning.rules.announcement import Told, Turned, announcement
from app.response.warning.rules.bulletin import ColourName
from app.response.warning.rules.chain import Standing

COLOURS: tuple[ColourName | None, ...] = ("red", "orange", "yellow", "blue", None)


@pytest.mark.parametrize(
    ("before", "colour", "standing", "turned", "title"),
    [
        ("red", "yellow", "in_force", "lowered", "暴雨预警降为黄色"),
        ("yellow", "red", "in_force", "raised", "暴雨预警升为红色"),
        ("red", "red", "in_force", "changed", "暴雨红色预警有更新"),
        (None, "red", "in_force", "changed", "暴雨预警有更新"),
        ("red", "yellow", "lifted", "lifted", "暴雨红色预警解除"),
        ("red", "red", "expired", "expired", "暴雨红色预警到期"),
    ],
)
def test_the_words_say_what_became_of_what_they_were_told(
    before: ColourName | None, colour: ColourName | None, standing: Standing, turned: Turned, title: str
) -> None:
    found = announcement(Told("暴雨", "市气象台", "不要过漫水桥。", colour, standing), before)
    assert (found.turned, found.title) == (turned, title)
    assert "市气象台" in found.text
    assert ("不要过漫水桥" in found.text) == (standing == "in_force"), "measures end with the warning"


@given(
    st.text(max_size=80),
    st.text(max_size=80),
    st.integers(0, 8_000).map("不要涉水".__mul__),
    st.sampled_from(COLOURS),
    st.sampled_from(COLOURS),
    st.sampled_from(["in_force", "lifted", "expired"]),
)
def test_whatever_a_warning_says_the_words_fit_what_takes_them(
    hazard: str,
    issuer: str,
    instruction: str,
    before: ColourName | None,
    colour: ColourName | None,
    standing: Standing,
) -> None:
    found = announcement(Told(hazard, issuer, instruction, colour, standing), before)
    assert len(found.text) <= 200
    assert TypeAdapter(Title).validate_python(found.title)
    assert TypeAdapter(Words).validate_python(found.text)
