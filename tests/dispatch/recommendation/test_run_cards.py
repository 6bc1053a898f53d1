"""What an incident calls for: field.md §4.7 D12, alarms that add up, hours, seasons, the shipped cards."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.dispatch.recommendation.rules.run_card import Card, Need, Occasion, added, requirement
from app.dispatch.recommendation.settings import SHIPPED, load_force_rules
from tests.dispatch.recommendation.units import ZONE

NOON = datetime(2025, 6, 18, 12, tzinfo=ZONE)
FLOOD = Occasion("11A01", 4, True, NOON)
ONE = ((Need("boat"),),)


def card(name: str, **known: object) -> Card:
    return replace(Card(name, name, name, ONE), **known)  # type: ignore[arg-type]


def chosen(occasion: Occasion, *cards: Card) -> str | None:
    found = requirement(cards, occasion).card
    return found.id if found else None


def test_d12_the_kind_beats_the_gravity_and_both_together_beat_either() -> None:
    graded, kind = card("graded", life_threat=True), card("kind", types=("11A",))
    both = card("both", types=("11A",), life_threat=True)
    assert chosen(FLOOD, graded) == "graded"
    assert chosen(FLOOD, graded, kind) == "kind"
    assert chosen(FLOOD, graded, kind, both) == "both"
    assert chosen(replace(FLOOD, life_threat=False), graded, kind, both) == "kind"


@pytest.mark.parametrize(
    ("known", "at", "matches"),
    [
        ({"hours": (time(8), time(20))}, NOON, True),
        ({"hours": (time(8), time(12))}, NOON, False),  # half-open
        ({"hours": (time(22), time(6))}, NOON.replace(hour=2), True),  # across midnight
        ({"hours": (time(22), time(6))}, NOON, False),
        ({"season": ((10, 1), (5, 1))}, NOON, False),
        ({"season": ((10, 1), (5, 1))}, NOON.replace(month=1), True),  # across the new year
        ({"season": ((4, 1), (10, 1))}, NOON, True),
        ({}, NOON, True),  # null bounds are open
    ],
)
def test_d12_a_card_outside_its_window_does_not_count(
    known: dict[str, object], at: datetime, matches: bool
) -> None:
    assert (chosen(replace(FLOOD, at=at), card("windowed", **known)) is not None) == matches


@pytest.mark.parametrize(("level", "matches"), [(1, True), (2, True), (3, False), (4, False)])
def test_a_card_for_grave_incidents_counts_from_its_level_upwards(level: int, matches: bool) -> None:
    found = chosen(replace(FLOOD, level=level), card("grave", at_least_level=2))
    assert (found is not None) == matches


def test_the_longer_code_wins_then_the_window_then_the_order_of_the_file() -> None:
    group, exact = card("group", types=("11A",)), card("exact", types=("11A01",))
    assert chosen(FLOOD, group, exact) == "exact"
    by_day = card("by_day", types=("11A",), hours=(time(6), time(22)))
    assert chosen(FLOOD, group, by_day) == "by_day"
    assert chosen(FLOOD, group, card("later", types=("11A",))) == "group"


def test_alarms_add_up() -> None:
    alarms = ((Need("boat", 1, 6), Need("medical")), (Need("boat", 2, 10),))
    flood = card("flood", alarms=alarms)
    assert requirement([flood], FLOOD, 1).needs == (Need("boat", 1, 6), Need("medical"))
    assert requirement([flood], FLOOD, 2).needs == (Need("boat", 3, 16), Need("medical"))
    assert requirement([flood], FLOOD, 5).needs == (Need("boat", 3, 16), Need("medical"))


def test_without_a_card_a_team_of_each_capability_of_the_kind_is_wanted() -> None:
    found = requirement([], FLOOD)
    assert found.needs == (Need("flood_rescue"), Need("boat")) and not found.any_of
    assert requirement([], replace(FLOOD, event_code="12Y00")).any_of


_needs = st.builds(
    Need, st.sampled_from(("boat", "medical", "hazmat")), st.integers(0, 5), st.integers(0, 50)
)


@given(st.lists(st.lists(_needs, max_size=4), max_size=4), st.integers(0, 4))
def test_a_further_alarm_never_asks_for_less(alarms: list[list[Need]], first: int) -> None:
    few = {need.capability: need for need in added(alarms[:first])}
    many = {need.capability: need for need in added(alarms)}
    for capability, need in few.items():
        assert many[capability].teams >= need.teams and many[capability].people >= need.people


def test_the_shipped_cards_are_read_and_cover_the_demo_scenarios() -> None:
    rules = load_force_rules()
    assert chosen(FLOOD, *rules.cards) == "flood_life"
    assert chosen(replace(FLOOD, event_code="11G01", life_threat=False), *rules.cards) == "forest_fire"
    winter = replace(FLOOD, event_code="11G01", at=NOON.replace(month=11))
    assert chosen(winter, *rules.cards) == "forest_fire_season"
    assert chosen(replace(FLOOD, event_code="12D02"), *rules.cards) == "hazmat"
    assert rules.roads.is_night(NOON.replace(hour=2)) and not rules.roads.is_night(NOON)


@pytest.mark.parametrize(
    ("find", "put", "told"),
    [
        ("capability: medical", "capability: magic", "magic"),
        ("id: flood\n", "id: flood_life\n", "重复"),
        ("night_pace: 0.85", "night_pace: 0", "night_pace"),
        ("    otherwise: [5, 8]\n", "", "otherwise"),
        ("rest_min: 60", "rest_min: [", "出动卡文件"),
    ],
)
def test_a_wrong_file_is_named_with_what_is_wrong_in_it(
    tmp_path: Path, find: str, put: str, told: str
) -> None:
    text = SHIPPED.read_text(encoding="utf-8")
    assert find in text
    file = tmp_path / "run_cards.yaml"
    file.write_text(text.replace(find, put), encoding="utf-8")
    with pytest.raises(ValueError, match=str(file)) as refused:
        load_force_rules(file)
    assert told in str(refused.value)
