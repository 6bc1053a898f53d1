"""What follows from a level (domain/rules B4), what a colour proposes, and the words of an order."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.response.level.rules.consequences import TABLE, first_due, strictest
from app.response.level.rules.proposing import proposed_levels
from app.response.level.rules.words import OrderTold, paragraphs_of, title_of
from tests.world import ZONE


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


@pytest.mark.parametrize(
    ("level", "begun", "due"),
    [
        (4, "2025-06-20 07:59", "2025-06-20 08:00"),
        (4, "2025-06-20 08:00", "2025-06-20 17:00"),
        (4, "2025-06-20 23:00", "2025-06-21 08:00"),
        (3, "2025-06-20 23:00", "2025-06-21 03:00"),
        (2, "2025-06-21 07:10", "2025-06-21 09:10"),
        (1, "2025-06-21 07:10", "2025-06-21 08:10"),
    ],
)
def test_the_first_round_up_is_due_by_the_table(level: int, begun: str, due: str) -> None:
    assert first_due(level, local(begun), ZONE).astimezone(ZONE) == local(due)


def test_the_table_is_that_of_the_rules() -> None:
    rows = {
        level: (one.consultations, one.on_change, one.round_up_words[0], one.zero_report)
        for level, one in TABLE.items()
    }
    assert rows == {
        4: (1, False, "每日08:00、17:00", True),
        3: (1, True, "每4小时一次", True),
        2: (2, False, "每2小时一次", True),
        1: (3, False, "每1小时一次", True),
    }


@given(st.lists(st.integers(1, 4) | st.none()))
def test_the_strictest_level_is_the_smallest_number(levels: list[int | None]) -> None:
    known = [one for one in levels if one is not None]
    assert strictest(levels) == (min(known) if known else None)


@pytest.mark.parametrize(
    ("colour", "event", "levels"),
    [
        ("red", None, (1, 2)),
        ("orange", None, (2, 3)),
        ("yellow", None, (3, 4)),
        ("blue", None, (4,)),
        (None, "extraordinary", (1,)),
        ("yellow", "major", (2, 3)),
        (None, None, ()),
    ],
)
def test_a_colour_and_an_event_propose_levels(
    colour: str | None, event: str | None, levels: tuple[int, ...]
) -> None:
    assert proposed_levels(colour, event) == levels


def test_an_order_says_what_why_who_when_and_what_ends() -> None:
    told = OrderTold(
        kind="adjust",
        hazard="风暴潮",
        level=4,
        level_before=2,
        plan="防汛预案",
        basis="预警降为黄色",
        colour="yellow",
        commander="沈立",
        at=datetime(2025, 6, 21, 10, 0, tzinfo=UTC),
        areas=["东镇"],
        tasks=[],
        withdrawn=["市公安局:管控路段"],
        drill=True,
    )
    found = paragraphs_of(told, ZONE)
    assert found[0] == (
        "【演练】依据《防汛预案》、黄色预警、预警降为黄色。经沈立决定,自2025年6月21日18时00分起"
        "将风暴潮应急响应由二级调整为四级。"
    )
    assert found[1] == "适用范围:东镇。"
    assert found[-2:] == ["下列任务自即时起停止执行:", "1. 市公安局:管控路段"]
    assert title_of("terminate", "风暴潮", None, 4, drill=True) == "【演练】终止风暴潮四级应急响应"
