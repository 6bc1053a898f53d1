"""One table of colours for CAP, 12379 and broadcasts."""

from __future__ import annotations

from typing import get_type_hints

import pytest

from app.codecs.cap.schema import SEVERITIES
from app.codecs.cn12379.schema import COLOURS
from app.codecs.colours import (
    BY_12379,
    BY_BROADCAST,
    BY_CAP,
    BY_COLOUR,
    GRADES,
    UNKNOWN_12379,
    UNKNOWN_BROADCAST,
    UNKNOWN_CAP,
    Colour,
    Grade,
    colour_in,
    priority,
)
from app.codecs.ebm.message import SEVERITY_ORDER


def test_each_colour_is_called_by_its_name_everywhere() -> None:
    """Rules §B3: 一级红 > 二级橙 > 三级黄 > 四级蓝; 红 Extreme, 橙 Severe, 黄 Moderate, 蓝 Minor."""
    assert [
        (one.colour, one.grade_zh, one.cap, one.cn12379, one.broadcast, one.response) for one in GRADES
    ] == [
        ("red", "一级", "Extreme", "Red", 1, 1),
        ("orange", "二级", "Severe", "Orange", 2, 2),
        ("yellow", "三级", "Moderate", "Yellow", 3, 3),
        ("blue", "四级", "Minor", "Blue", 4, 4),
    ]


def test_every_value_that_a_message_may_have_is_in_the_table_or_is_unknown() -> None:
    assert {*BY_CAP, UNKNOWN_CAP} == set(SEVERITIES)
    assert {*BY_12379, UNKNOWN_12379} == set(COLOURS)
    assert {*BY_BROADCAST, UNKNOWN_BROADCAST} == set(range(5))
    assert set(BY_COLOUR) == set(Colour)


@pytest.mark.parametrize("column", [name for name in get_type_hints(Grade) if name != "evidence"])
def test_no_two_rows_share_a_value(column: str) -> None:
    assert len({getattr(one, column) for one in GRADES}) == len(GRADES)


def test_an_unknown_severity_is_the_lowest_not_the_highest() -> None:
    assert sorted([0, 4, 1, 3, 2], key=priority) == list(SEVERITY_ORDER)
    assert priority(15) == priority(0)


@pytest.mark.parametrize(
    ("headline", "colour"),
    [
        ("舒城县气象局发布暴雨橙色预警", Colour.ORANGE),
        ("解除大风蓝色预警[Ⅳ级/一般]", Colour.BLUE),
        ("暴雨黄色预警升级为红色", None),
        ("红色红色预警", Colour.RED),
        ("暴雨预警", None),
        ("", None),
    ],
)
def test_a_headline_names_its_colour(headline: str, colour: Colour | None) -> None:
    assert colour_in(headline) is colour
